/* SPDX-License-Identifier: GPL-2.0 */
/*
 * QEMU's documents protect one pointer, foo.  Here is one for each key: see
 * slots.c.  Patterns that use them have SLOTS_OPS among their verbs.
 *
 *	document			file
 *	--------			----
 *	foo				*foo(t, key)
 *	atomic_rcu_read(&foo)		foo_read(t, key)
 *	old = foo; foo = new		old = foo_swap(t, key, new)
 */
#ifndef _LASTREF_SLOTS_H
#define _LASTREF_SLOTS_H

#include "pattern.h"

static inline struct el __rcu **foo(struct ref_table *t, unsigned long key)
{
	return &t->slots[key % t->nr_keys];
}

/* What protects it differs from pattern to pattern, as in table.c. */
static inline struct el *foo_read(struct ref_table *t, unsigned long key)
{
	return rcu_dereference_check(*foo(t, key), true);
}

struct el *foo_swap(struct ref_table *t, unsigned long key, struct el *new);

int slots_init(struct ref_table *t);
void slots_exit(struct ref_table *t);
void slots_for_each(struct ref_table *t,
		    bool (*func)(struct el *el, void *arg), void *arg);

#define SLOTS_OPS				\
	.search		= foo_read,		\
	.init		= slots_init,		\
	.exit		= slots_exit,		\
	.for_each	= slots_for_each

#endif /* _LASTREF_SLOTS_H */
