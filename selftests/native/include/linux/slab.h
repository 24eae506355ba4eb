/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_SLAB_H
#define NATIVE_LINUX_SLAB_H

#include <stdlib.h>

#define kcalloc(n, size, flags)		calloc(n, size)
#define kzalloc(size, flags)		calloc(1, size)
#define kvzalloc(size, flags)		calloc(1, size)
#define kfree(ptr)			free(ptr)
#define kvfree(ptr)			free(ptr)

#define struct_size(p, array, n) \
	(sizeof(*(p)) + (n) * sizeof(*((p)->array)))

#endif
