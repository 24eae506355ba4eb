/* SPDX-License-Identifier: GPL-2.0 */
/* Lists to which anybody adds, and from which one takes all. */
#ifndef NATIVE_LINUX_LLIST_H
#define NATIVE_LINUX_LLIST_H

#include <linux/kernel.h>

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

static inline void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}

static inline void llist_add(struct llist_node *n, struct llist_head *list)
{
	n->next = READ_ONCE(list->first);
	while (!__atomic_compare_exchange_n(&list->first, &n->next, n, false,
					    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		;
}

static inline struct llist_node *llist_del_all(struct llist_head *list)
{
	return __atomic_exchange_n(&list->first, NULL, __ATOMIC_SEQ_CST);
}

#define llist_entry_safe(ptr, type, member)				\
({									\
	struct llist_node *_ptr = (ptr);				\
									\
	_ptr ? container_of(_ptr, type, member) : NULL;			\
})

#define llist_for_each_entry_safe(pos, n, node, member)			\
	for (pos = llist_entry_safe(node, __typeof__(*(pos)), member);	\
	     pos && ({ n = llist_entry_safe((pos)->member.next,		\
					    __typeof__(*(pos)), member); 1; }); \
	     pos = n)

#endif
