// SPDX-License-Identifier: GPL-2.0
/*
 * The document's list, and the steps it leaves in words.
 *
 * A small hash table: few chains, so that readers walk over elements that are
 * being removed under them.  add_element() and remove_element() need the
 * update-side lock; search_for_element() needs it, or a read-side section, or
 * listing A's read lock.
 */
#include <linux/hash.h>
#include <linux/slab.h>

#include "pattern.h"

const struct ref_pattern *const ref_patterns[] = {
	&pattern_listing_a,
	&pattern_listing_b,
	&pattern_listing_c,
	&pattern_listing_c_sync,
	NULL
};

/*
 * A chain is never longer than the number of keys.  A busted form can bend
 * one into a ring; a walk ends anyway.
 */
#define MAX_WALK	4096

/**
 * ref_table_init() - make an empty table
 * @t: the table; the caller sets ops, host and flavor
 * @nr_buckets: number of chains, at least 1
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int ref_table_init(struct ref_table *t, unsigned int nr_buckets)
{
	t->buckets = kcalloc(nr_buckets, sizeof(*t->buckets), GFP_KERNEL);
	if (!t->buckets)
		return -ENOMEM;
	t->nr_buckets = nr_buckets;
	rwlock_init(&t->list_rwlock);
	spin_lock_init(&t->list_lock);
	return 0;
}

/**
 * ref_table_exit() - give back what ref_table_init() took
 * @t: the table, with no element in it that anybody still wants
 */
void ref_table_exit(struct ref_table *t)
{
	kfree(t->buckets);
	t->buckets = NULL;
}

static struct hlist_head *bucket(struct ref_table *t, unsigned long key)
{
	return &t->buckets[hash_long(key, 16) % t->nr_buckets];
}

/**
 * search_for_element() - the document's words, for a walk along one chain
 * @t: the table
 * @key: what to look for
 *
 * Context: any; under one of the protections named above.  What protects the
 * walk differs from listing to listing, so the list check is told "true" and
 * the table's flavor is the one to ask (PROVE_RCU would know only one).
 * Return: the element or NULL; good only as long as the protection.
 */
struct el *search_for_element(struct ref_table *t, unsigned long key)
{
	unsigned int steps = 0;
	struct el *el;

	hlist_for_each_entry_rcu(el, bucket(t, key), node, true) {
		if (el->key == key)
			return el;
		if (++steps > MAX_WALK)
			break;
	}
	return NULL;
}

void add_element(struct ref_table *t, struct el *el)
{
	el_note(el, EL_ADD, 1, 1);
	hlist_add_head_rcu(&el->node, bucket(t, el->key));
}

void remove_element(struct el *el)
{
	hlist_del_rcu(&el->node);
	el_note(el, EL_REMOVE, atomic_read(&el->rc), atomic_read(&el->rc));
}

/**
 * alloc_object() - the document's words, for a new element of a key
 * @t: the table it will go to
 * @key: its key
 *
 * Context: as the host's alloc; the torture's never sleeps.
 * Return: an element with no count yet, or NULL.
 */
struct el *alloc_object(struct ref_table *t, unsigned long key)
{
	struct el *el = t->host->alloc(t, key);

	if (!el)
		return NULL;
	el->key = key;
	el->table = t;
	el_note(el, EL_ALLOC, 0, 0);
	return el;
}
