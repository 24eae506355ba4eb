/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_RCULIST_H
#define NATIVE_LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

#define SHIM_UNLINKED	((struct hlist_node **)0x122)

static inline void hlist_add_head_rcu(struct hlist_node *n,
				      struct hlist_head *h)
{
	struct hlist_node *first = h->first;

	n->next = first;
	WRITE_ONCE(n->pprev, &h->first);
	rcu_assign_pointer(h->first, n);
	if (first)
		WRITE_ONCE(first->pprev, &n->next);
}

/* Readers may stand on @n: its next stays. */
static inline void hlist_del_rcu(struct hlist_node *n)
{
	struct hlist_node *next = n->next, **pprev = n->pprev;

	WRITE_ONCE(*pprev, next);
	if (next)
		WRITE_ONCE(next->pprev, pprev);
	WRITE_ONCE(n->pprev, SHIM_UNLINKED);
}

#define hlist_for_each_entry_rcu(pos, head, member, cond)		\
	for (pos = hlist_entry_safe(rcu_dereference((head)->first),	\
				    __typeof__(*(pos)), member);	\
	     pos;							\
	     pos = hlist_entry_safe(rcu_dereference((pos)->member.next), \
				    __typeof__(*(pos)), member))

#endif
