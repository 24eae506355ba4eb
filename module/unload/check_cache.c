// SPDX-License-Identifier: GPL-2.0
/*
 * How many callbacks are pending whose objects are of a given kmem_cache.
 *
 * Which cache an object is of, its slab tells: struct slab lies over the first page
 * of it and has a pointer to the cache. Where, is the kernel's own business, and so
 * it is learnt from an object of a cache of ours. Like the posts of a site they
 * are counted per CPU, before the head is queued and before the function is called
 * (after that the object may be free):
 *
 *	post			callback		kmem_cache_destroy()
 *	posted++
 *	(the head is queued)
 *				started++
 *				the function
 *							sums posted,
 *							then started
 *
 * A kernel that merges caches has one struct for several, and what is pending in
 * one is taken for pending in the others: there nothing is counted and nothing
 * claimed. Boot with slab_nomerge.
 *
 * A slot is a cache's from the first post until it is destroyed, and used again a
 * grace period later: until then a post may still be looking at it.
 */
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "check_fast.h"

#define SLOT_BITS	9
#define WINDOW		8	/* slots that a cache may be in */

struct uc_slot uc_slots[(1 << SLOT_BITS) + WINDOW];
struct uc_slot_count __percpu *uc_slot_counts;
static DEFINE_RAW_SPINLOCK(lock);	/* taking and leaving slots */
size_t uc_cache_at;			/* in the first page; 0: not known */
static const char *why_not = "it was not tried";

static struct uc_slot *window(const struct kmem_cache *cache)
{
	return &uc_slots[hash_ptr(cache, SLOT_BITS)];
}

static struct uc_slot *find(const struct kmem_cache *cache)
{
	struct uc_slot *s, *first = window(cache);

	for (s = first; s < first + WINDOW; s++)
		if (smp_load_acquire(&s->cache) == cache) /* take() */
			return s;
	return NULL;
}

static void clear(const struct uc_slot *s)
{
	int cpu;

	for_each_possible_cpu(cpu)
		per_cpu_ptr(uc_slot_counts, cpu)[s - uc_slots] = (struct uc_slot_count){};
}

static struct uc_slot *take(struct kmem_cache *cache)
{
	struct uc_slot *s, *first = window(cache), *found;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	found = find(cache);
	for (s = first; !found && s < first + WINDOW; s++) {
		if (s->cache || (s->gp && !poll_state_synchronize_rcu(s->gp)))
			continue;
		clear(s);
		smp_store_release(&s->cache, cache); /* find() */
		found = s;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	return found;
}

/**
 * uc_cache_post_anew() - the first post of objects of a cache from a site, or one of many
 * @site: remembers the slot; if there is none, it is a miss of its owner
 * @cache: of the object
 *
 * Context: any but NMI, preemption off.
 */
void notrace uc_cache_post_anew(struct uc_site *site, struct kmem_cache *cache)
{
	struct uc_slot *s = find(cache) ?: take(cache);
	struct uc_module *owner = READ_ONCE(site->owner);

	if (s) {
		WRITE_ONCE(site->slot, s);
		this_cpu_inc(uc_slot_counts[s - uc_slots].posted);
	} else if (owner) {
		atomic_long_inc(&owner->missed);
	}
}

/**
 * uc_cache_start() - a callback is about to be called
 * @head: of it
 *
 * Context: callbacks, within a section of RCU.
 */
void notrace uc_cache_start(const void *head)
{
	struct kmem_cache *cache = uc_cache_at ? uc_cache_of(head) : NULL;
	struct uc_slot *s = cache ? find(cache) : NULL;

	if (s)
		this_cpu_inc(uc_slot_counts[s - uc_slots].started);
}

/* Never too high; what had no slot when it was posted can make it negative. */
static long pending_in(const struct uc_slot *s)
{
	long pending = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		pending += READ_ONCE(per_cpu_ptr(uc_slot_counts, cpu)[s - uc_slots].posted);
	smp_mb(); /* the order above */
	for_each_possible_cpu(cpu)
		pending -= READ_ONCE(per_cpu_ptr(uc_slot_counts, cpu)[s - uc_slots].started);
	return pending;
}

/**
 * uc_cache_end() - a cache is about to be destroyed
 * @cache: it
 *
 * Its slot is given back, unless it is still needed to count callbacks.
 * Context: any, within a section of RCU.
 * Return: how many callbacks are pending for objects of it.
 */
unsigned long uc_cache_end(const struct kmem_cache *cache)
{
	struct uc_slot *s = uc_cache_at ? find(cache) : NULL;
	unsigned long flags;
	long pending;

	if (!s)
		return 0;
	pending = pending_in(s);
	if (pending > 0)
		return pending;
	raw_spin_lock_irqsave(&lock, flags);
	s->gp = get_state_synchronize_rcu();
	WRITE_ONCE(s->cache, NULL);
	raw_spin_unlock_irqrestore(&lock, flags);
	return 0;
}

static size_t learn(struct kmem_cache *cache)
{
	void *obj = kmem_cache_alloc(cache, GFP_KERNEL), **page;
	size_t i, at = 0;

	if (!obj)
		return 0;
	page = (void **)virt_to_head_page(obj);
	for (i = 1; !at && i < sizeof(struct page) / sizeof(*page); i++)
		if (READ_ONCE(page[i]) == cache)
			at = i * sizeof(*page);
	kmem_cache_free(cache, obj);
	return at;
}

/* Two that could be one, and are not where caches are not merged. */
static const char *learn_from_two(void)
{
	struct kmem_cache *a = kmem_cache_create("unloadcheck_a", 64, 0, 0, NULL);
	struct kmem_cache *b = kmem_cache_create("unloadcheck_b", 64, 0, 0, NULL);
	const char *why = NULL;

	if (!a || !b)
		why = "there is no memory";
	else if (a == b)
		why = "this kernel merges caches: boot with slab_nomerge";
	else
		uc_cache_at = learn(a);
	if (!why && !uc_cache_at)
		why = "a slab does not show its cache";
	kmem_cache_destroy(b);
	kmem_cache_destroy(a);
	return why;
}

/* Before the first post is counted. Where it cannot be had there is a rule less. */
void uc_caches_init(void)
{
	uc_slot_counts = __alloc_percpu(ARRAY_SIZE(uc_slots) *
					sizeof(struct uc_slot_count),
					sizeof(unsigned long));
	why_not = uc_slot_counts ? learn_from_two() : "there is no memory";
}

/* No posts any more, and none under way. */
void uc_caches_exit(void)
{
	uc_cache_at = 0;
	free_percpu(uc_slot_counts);
}

void uc_caches_features(struct seq_file *m)
{
	if (why_not)
		seq_printf(m, "cache_identity: no, %s\n", why_not);
	else
		seq_puts(m, "cache_identity: yes\n");
}
