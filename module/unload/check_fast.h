/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a post costs who posts: to find its site, and to count it.
 *
 * This is inline in the hooks, for a call and its return are a good part of what is
 * to be done. What is rare goes the long way, in check_hook.c: the first post
 * from a place, functions of the kernel's, modules that others use.
 *
 * A site says by one pointer how its posts are counted, and so by which trampoline
 * they come back: as itself, or as the first site, when they are dropped. It is
 * read once, so that both are of the same site whenever it changes.
 */
#ifndef LASTREF_UNLOAD_CHECK_FAST_H
#define LASTREF_UNLOAD_CHECK_FAST_H

#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rculist.h>

#include "check.h"

#define UC_HASH_BITS	10

/* check_site.c */
extern struct hlist_head uc_site_table[1 << UC_HASH_BITS];

/* check_cache.c: what is pending for objects of a cache */
struct uc_slot {
	struct kmem_cache *cache;	/* NULL: free, after gp */
	unsigned long gp;
};

struct uc_slot_count {
	unsigned long posted, started;
};

extern size_t uc_cache_at;
extern struct uc_slot uc_slots[];
extern struct uc_slot_count __percpu *uc_slot_counts;

/* The text is told apart best: func is the kernel's for many, if it is not the text. */
static __always_inline struct hlist_head *uc_bucket(const struct uc_key *key)
{
	unsigned long mix = key->text ^ (key->from << 7) ^
			    (unsigned long)key->domain;

	return &uc_site_table[hash_long(mix, UC_HASH_BITS)];
}

static __always_inline bool uc_is_site(const struct uc_site *s,
				       const struct uc_key *key)
{
	return s->func == key->func && s->from == key->from &&
	       s->text == key->text && s->domain == key->domain &&
	       s->flavor == key->flavor;
}

/* With preemption off, or sites_lock held. */
static __always_inline struct uc_site *uc_site_find(const struct uc_key *key)
{
	struct uc_site *s;

	hlist_for_each_entry_rcu(s, uc_bucket(key), node)
		if (uc_is_site(s, key))
			return s;
	return NULL;
}

/* The cache that an object is of, if it is of one; uc_cache_at is known. */
static __always_inline struct kmem_cache *uc_cache_of(const void *obj)
{
	unsigned long addr = (unsigned long)obj;
	struct folio *folio;

	if (addr < PAGE_OFFSET || addr >= (unsigned long)high_memory)
		return NULL;
	folio = page_folio(pfn_to_page((addr - PAGE_OFFSET) >> PAGE_SHIFT));
	return folio_test_slab(folio) ?
	       *(struct kmem_cache **)((void *)folio + uc_cache_at) : NULL;
}

/* A slot that was remembered is another's a grace period after it was given back. */
static __always_inline void uc_cache_post(struct uc_site *site, const void *head)
{
	struct kmem_cache *cache = uc_cache_of(head);
	struct uc_slot *slot = READ_ONCE(site->slot);

	if (!cache)
		return;
	if (likely(smp_load_acquire(&slot->cache) == cache)) /* take() */
		this_cpu_inc(uc_slot_counts[slot - uc_slots].posted);
	else
		uc_cache_post_anew(site, cache);
}

/**
 * uc_site_post() - count a post
 * @s: where it is made
 * @head: what is queued
 *
 * Context: any but NMI, preemption off.
 * Return: the function to queue in place of the site's own.
 */
static __always_inline rcu_callback_t uc_site_post(struct uc_site *s,
						   const void *head)
{
	const struct uc_site *as = READ_ONCE(s->as);

	if (uc_cache_at)
		uc_cache_post(s, head);
	this_cpu_inc(as->count->posted);
	return as->trampoline;
}

#endif /* LASTREF_UNLOAD_CHECK_FAST_H */
