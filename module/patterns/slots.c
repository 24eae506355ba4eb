// SPDX-License-Identifier: GPL-2.0
/*
 * A pointer for each key, where listings A to C have chains.
 *
 * There is nothing to walk: who has read the pointer has the element.  What is
 * left of add() and delete() is to swap one pointer for another.
 */
#include <linux/slab.h>

#include "slots.h"

int slots_init(struct ref_table *t)
{
	t->slots = kcalloc(t->nr_keys, sizeof(*t->slots), GFP_KERNEL);
	return t->slots ? 0 : -ENOMEM;
}

void slots_exit(struct ref_table *t)
{
	kfree(t->slots);
	t->slots = NULL;
}

/**
 * foo_swap() - publish another element, or none
 * @t: the table
 * @key: of the slot
 * @new: what takes its place, or NULL
 *
 * Context: under what protects updates.  RELEASE: who finds @new finds it as it
 * is now.
 * Return: what was there, or NULL.
 */
struct el *foo_swap(struct ref_table *t, unsigned long key, struct el *new)
{
	struct el *old = rcu_dereference_protected(*foo(t, key), true);

	if (new)
		el_note(new, EL_ADD, 1, 1);
	rcu_assign_pointer(*foo(t, key), new);
	if (old)
		el_note(old, EL_REMOVE, 1, 1);
	return old;
}

void slots_for_each(struct ref_table *t,
		    bool (*func)(struct el *el, void *arg), void *arg)
{
	unsigned long key;
	struct el *el;

	for (key = 0; key < t->nr_keys; key++) {
		el = foo_read(t, key);
		if (el && !func(el, arg))
			return;
	}
}
