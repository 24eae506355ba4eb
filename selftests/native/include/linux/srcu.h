/* SPDX-License-Identifier: GPL-2.0 */
/* No flavor over SRCU is built here; struct flavor has room for one. */
#ifndef NATIVE_LINUX_SRCU_H
#define NATIVE_LINUX_SRCU_H

struct srcu_struct { };

#endif
