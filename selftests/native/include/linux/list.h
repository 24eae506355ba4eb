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

#define hlist_first_rcu(head)	((head)->first)
#define hlist_next_rcu(node)	((node)->next)

/* @pos may be freed in the loop. */
#define hlist_for_each_entry_safe(pos, n, head, member)			\
	for (pos = hlist_entry_safe((head)->first, __typeof__(*(pos)),	\
				    member);				\
	     pos && ({ n = (pos)->member.next; 1; });			\
	     pos = hlist_entry_safe(n, __typeof__(*(pos)), member))

#endif
