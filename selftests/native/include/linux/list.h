/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_LIST_H
#define NATIVE_LINUX_LIST_H

#include <linux/kernel.h>

#define hlist_entry_safe(ptr, type, member)				\
({									\
	__typeof__(ptr) _ptr = (ptr);					\
									\
	_ptr ? container_of(_ptr, type, member) : NULL;			\
})

#endif
