/* SPDX-License-Identifier: GPL-2.0 */
/* Also found by libc, which wants the system's. */
#ifndef NATIVE_LINUX_ERRNO_H
#define NATIVE_LINUX_ERRNO_H

#include_next <linux/errno.h>

#endif
