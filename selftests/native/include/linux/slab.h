/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_SLAB_H
#define NATIVE_LINUX_SLAB_H

#include <stdlib.h>

#define kcalloc(n, size, flags)		calloc(n, size)
#define kfree(ptr)			free(ptr)

#endif
