/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_BITS_H
#define NATIVE_LINUX_BITS_H

#define BIT(nr)		(1UL << (nr))

#endif
