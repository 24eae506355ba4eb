/* SPDX-License-Identifier: GPL-2.0 */
/* Also found by libc, which wants the system's. */
#ifndef NATIVE_LINUX_LIMITS_H
#define NATIVE_LINUX_LIMITS_H

#include_next <linux/limits.h>

#include <limits.h>

#endif
