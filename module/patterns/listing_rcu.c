// SPDX-License-Identifier: GPL-2.0
/*
 * The update side of listings B and C, which the document writes the same.
 *
 * Updaters exclude each other with list_lock; readers do not take it.  What
 * the listings differ in is who drops the table's reference and when, and
 * that stays in their files.
 */
#include "listing_rcu.h"

/**
 * listing_rcu_add() - the document's add()
 * @t: the table
 * @key: key of the new element
 *
 * The count is set before hlist_add_head_rcu() publishes the element, which
 * orders it for readers that find the element.
 *
 * Context: any but NMI.
 * Return: 0, -ENOMEM, or -EEXIST.
 */
int listing_rcu_add(struct ref_table *t, unsigned long key)
{
	struct el *el = alloc_object(t, key);
	unsigned long flags;

	if (!el)
		return -ENOMEM;
	rc_set(el, 1);
	spin_lock_irqsave(&t->list_lock, flags);
	if (search_for_element(t, key)) {
		spin_unlock_irqrestore(&t->list_lock, flags);
		el_kfree(el);
		return -EEXIST;
	}
	add_element(t, el);
	spin_unlock_irqrestore(&t->list_lock, flags);
	return 0;
}

/**
 * listing_rcu_search_for_update() - a reference in the update stream (R4)
 * @t: the table
 * @key: what to look for
 *
 * An element in the table has the table's reference, and only a holder of
 * list_lock removes it: the count is at least one, a plain increment will do.
 *
 * Context: any but NMI.
 * Return: the element, or ERR_PTR(-ENOENT).
 */
struct el *listing_rcu_search_for_update(struct ref_table *t,
					 unsigned long key)
{
	unsigned long flags;
	struct el *el;

	spin_lock_irqsave(&t->list_lock, flags);
	el = search_for_element(t, key);
	if (el)
		rc_inc(el);
	spin_unlock_irqrestore(&t->list_lock, flags);
	return el ?: ERR_PTR(-ENOENT);
}

/**
 * listing_rcu_remove() - delete() as far as the listings agree
 * @t: the table
 * @key: what to remove
 *
 * Context: any but NMI.
 * Return: the element, which is out of the table but still has the table's
 * reference, or NULL.
 */
struct el *listing_rcu_remove(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *el;

	spin_lock_irqsave(&t->list_lock, flags);
	el = search_for_element(t, key);
	if (el)
		remove_element(el);
	spin_unlock_irqrestore(&t->list_lock, flags);
	return el;
}
