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

/*
 * A chain is never longer than the number of keys.  A busted form can bend
 * one into a ring; a walk ends anyway.
 */
#define MAX_WALK	4096

/* Keys a chain, more or less: walks pass elements that are being removed. */
#define CHAIN		4

/**
 * ref_table_make_chains() - for a pattern with an init of its own
 * @t: the table
 *
 * Return: 0 or -ENOMEM.
 */
int ref_table_make_chains(struct ref_table *t)
{
	unsigned int n = max(1UL, t->nr_keys / CHAIN);

	t->buckets = kcalloc(n, sizeof(*t->buckets), GFP_KERNEL);
	if (!t->buckets)
		return -ENOMEM;
	t->nr_buckets = n;
	return 0;
}

/**
 * ref_table_init() - make an empty table
 * @t: the table, zeroed; the caller has set ops, host and flavor
 * @nr_keys: keys will be below this; at least 1
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; ref_table_exit() undoes a half made one, too.
 */
int ref_table_init(struct ref_table *t, unsigned long nr_keys)
{
	t->nr_keys = nr_keys;
	rwlock_init(&t->list_rwlock);
	spin_lock_init(&t->list_lock);
	return t->ops->init ? t->ops->init(t) : ref_table_make_chains(t);
}

/**
 * ref_table_exit() - give back what ref_table_init() took
 * @t: the table, with no element in it that anybody still wants
 */
void ref_table_exit(struct ref_table *t)
{
	if (!t->nr_keys)
		return;
	if (t->ops->exit)
		t->ops->exit(t);
	kfree(t->buckets);
	t->buckets = NULL;
	t->nr_buckets = 0;
	t->nr_keys = 0;
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
	el->deleted = false;
	el->counter = NULL;
	el_note(el, EL_ALLOC, 0, 0);
	return el;
}

/**
 * ref_search() - a bare search
 * @t: the table
 * @key: what to look for
 *
 * Context: between ops->enter and ops->leave.
 * Return: the element or NULL; good only until ops->leave.
 */
struct el *ref_search(struct ref_table *t, unsigned long key)
{
	return t->ops->search ? t->ops->search(t, key) :
				search_for_element(t, key);
}

static void chains_for_each(struct ref_table *t,
			    bool (*func)(struct el *el, void *arg), void *arg)
{
	struct hlist_node *next;
	struct el *el;
	unsigned int i;

	for (i = 0; i < t->nr_buckets; i++)
		hlist_for_each_entry_safe(el, next, &t->buckets[i], node)
			if (!func(el, arg))
				return;
}

/**
 * ref_for_each() - every element that can be found
 * @t: the table, which nobody else uses
 * @func: called for each until it says false; may free the element
 * @arg: for @func
 */
void ref_for_each(struct ref_table *t, bool (*func)(struct el *el, void *arg),
		  void *arg)
{
	if (t->ops->for_each)
		t->ops->for_each(t, func, arg);
	else
		chains_for_each(t, func, arg);
}

/**
 * ref_count() - how many references an element has
 * @el: an element of a table that nobody else uses
 *
 * Return: 1, the table's own, if all is well.
 */
int ref_count(struct el *el)
{
	return el->table->ops->count ? el->table->ops->count(el) :
				       atomic_read(&el->rc);
}

/**
 * ref_settle() - wait for what a pattern has put off by itself
 * @t: the table
 *
 * What it has put off through ref_host.call_rcu() is its flavor's barrier's
 * to wait for, which comes after this.
 *
 * Context: may sleep.
 */
void ref_settle(struct ref_table *t)
{
	if (t->ops->settle)
		t->ops->settle(t);
}
