// SPDX-License-Identifier: GPL-2.0
/*
 * Sites: who posts which function where, and how many are under way.
 *
 * The counts are per CPU and only ever grow. A post is counted before its head is
 * queued and a return after the function has returned, in this order:
 *
 *	post			callback		who asks
 *	posted++
 *	(the head is queued)
 *				started++
 *				the function
 *				returned++
 *							sums posted,
 *							then started,
 *							then returned
 *
 * What is summed later can only have grown, so posted - started is never too
 * high: a callback said to be pending is. It is exact when nobody posts.
 *
 * Whether nothing is under way is the opposite question, and wants the opposite order,
 * for a callback that posts itself again:
 *
 *	who asks, wrongly		callback
 *	sums posted: 1
 *					posted++	(2, and it is queued)
 *					returned++	(1)
 *	sums returned: 1
 *	1 == 1, "nothing"
 *
 * With returned summed first, equal means that at one moment between the two sums
 * each post had returned. If a callback may post another, this must be asked of the
 * sites of both at once: uc_sites_idle().
 *
 * A site is found without a lock, by posts in any context, and made under a raw
 * spinlock. It is retired when its module has gone and nothing of it is under
 * way, and used again a grace period later: until then a post may still be looking
 * at it.
 */
#define pr_fmt(fmt) "unloadcheck: " fmt

#include <linux/delay.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>

#include "check_fast.h"
#include "check_trace.h"

struct uc_site uc_sites[UC_SITES];
struct hlist_head uc_site_table[1 << UC_HASH_BITS];
static struct uc_count __percpu *counts;
static DEFINE_RAW_SPINLOCK(sites_lock);	/* making, swallowing and retiring */
static unsigned long made;

/*
 * The first site is nobody's: what is posted there is dropped. It counts as the
 * others do, since its trampoline must not be in flight when we go.
 */
static void uc_drop(struct rcu_head *unused)
{
}

/**
 * uc_stack() - the stack of who called what is hooked
 * @stack: where to put it, %UC_STACK entries
 * @from: the return address of what is hooked: here it begins
 *
 * Return: how many entries.
 */
unsigned int uc_stack(unsigned long *stack, unsigned long from)
{
	unsigned long all[UC_STACK + 8];	/* the hook, and we */
	unsigned int n = stack_trace_save(all, ARRAY_SIZE(all), 0);
	unsigned int i;

	for (i = 0; i < n && all[i] != from; i++)
		;
	if (i == n)
		i = 0;
	n = min(n - i, (unsigned int)UC_STACK);
	memcpy(stack, all + i, n * sizeof(*stack));
	return n;
}

static struct uc_site *free_site(void)
{
	static unsigned int next = 1;
	unsigned int i;

	for (i = 1; i < UC_SITES; i++) {
		struct uc_site *s = &uc_sites[next];

		next = next + 1 < UC_SITES ? next + 1 : 1;
		if (!s->owner && (!s->gp || poll_state_synchronize_rcu(s->gp)))
			return s;
	}
	return NULL;
}

static void clear_counts(struct uc_site *s)
{
	int cpu;

	for_each_possible_cpu(cpu)
		per_cpu_ptr(counts, cpu)[s - uc_sites] = (struct uc_count){};
}

static struct uc_site *make_site(const struct uc_key *key, struct uc_module *owner)
{
	struct uc_site *s = free_site();

	if (!s)
		return NULL;
	clear_counts(s);
	*s = (struct uc_site){
		.made = ++made,
		.func = key->func, .text = key->text, .from = key->from,
		.domain = key->domain, .flavor = key->flavor, .kind = key->kind,
		.init = within_module_init(key->text, owner->mod),
		.as = owner->swallow ? uc_sites : s,
		.count = counts + (s - uc_sites),
		.trampoline = uc_trampolines[s - uc_sites],
		.slot = uc_slots,
	};
	s->nr_stack = uc_stack(s->stack, s->from);
	smp_store_release(&s->owner, owner);	/* uc_next_site() */
	hlist_add_head_rcu(&s->node, uc_bucket(key));
	return s;
}

/**
 * uc_site_get() - the site of a post, made if it is the first from there
 * @key: what identifies it
 *
 * Context: any but NMI, preemption off.
 * Return: NULL if the module is not watched, or there is no place: a miss.
 */
struct uc_site *uc_site_get(const struct uc_key *key)
{
	struct uc_site *s = uc_site_find(key);
	struct uc_module *owner;
	unsigned long flags;

	if (s)
		return s;
	owner = uc_module_of(key->text);
	if (!owner || !owner->watched)
		return NULL;
	raw_spin_lock_irqsave(&sites_lock, flags);
	s = uc_site_find(key) ?: make_site(key, owner);
	raw_spin_unlock_irqrestore(&sites_lock, flags);
	if (s)
		trace_site(s);
	else
		atomic_long_inc(&owner->missed);
	return s;
}

/**
 * uc_sites_swallow() - drop what is posted to the sites of a module from now on
 * @owner: whose
 *
 * Context: process.
 */
void uc_sites_swallow(struct uc_module *owner)
{
	struct uc_site *s;

	raw_spin_lock_irq(&sites_lock);
	owner->swallow = true;
	for (s = uc_next_site(NULL); s; s = uc_next_site(s))
		if (s->owner == owner)
			WRITE_ONCE(s->as, uc_sites);
	raw_spin_unlock_irq(&sites_lock);
}

/* Callbacks run with softirqs off: no other one on this CPU at the same time. */
static DEFINE_PER_CPU(bool, in_callback);

bool uc_in_callback(void)
{
	return this_cpu_read(in_callback);
}

void notrace uc_invoke(struct rcu_head *head, unsigned int nr)
{
	rcu_callback_t func = READ_ONCE(uc_sites[nr].func);

	if (unlikely(READ_ONCE(uc_sites[nr].park))) {
		uc_park(head, nr);
		return;
	}
	this_cpu_inc(counts[nr].started);
	uc_cache_start(head);
	this_cpu_write(in_callback, true);
	func(head);
	this_cpu_write(in_callback, false);
	/* The head may be freed by now, and the text of func even be gone. */
	this_cpu_inc(counts[nr].returned);
}

#define SUM(s, what)							\
({									\
	unsigned long _sum = 0;						\
	int _cpu;							\
									\
	for_each_possible_cpu(_cpu)					\
		_sum += READ_ONCE(per_cpu_ptr(counts, _cpu)[(s) - uc_sites].what); \
	_sum;								\
})

/**
 * uc_site_sum() - what is under way, never too high
 * @s: of which site
 *
 * What came while it was summed is left out of it, so that differences are not negative.
 * Context: any.
 * Return: started is posted at most, and returned is started at most.
 */
struct uc_sum uc_site_sum(const struct uc_site *s)
{
	struct uc_sum sum;

	sum.posted = SUM(s, posted);
	smp_mb(); /* the order above */
	sum.started = min(SUM(s, started), sum.posted);
	smp_mb(); /* the same */
	sum.returned = min(SUM(s, returned), sum.started);
	return sum;
}

static bool idle(const struct uc_site *s)
{
	unsigned long returned = SUM(s, returned);

	smp_mb(); /* the opposite order above */
	return SUM(s, posted) == returned;
}

static bool asked(const struct uc_site *s, const struct uc_facts *f)
{
	/* Pairs with make_site(). */
	return !f || (smp_load_acquire(&s->owner) && uc_concerns(s, f));
}

/**
 * uc_sites_idle() - was there a moment at which nothing was under way?
 * @f: of the sites that this verdict concerns; NULL: of all
 *
 * Where nobody posts but callbacks, it stays so.
 * Context: any.
 */
bool uc_sites_idle(const struct uc_facts *f)
{
	unsigned long posted = 0, returned = 0;
	struct uc_site *s;

	for (s = uc_sites; s < uc_sites + UC_SITES; s++)
		if (asked(s, f))
			returned += SUM(s, returned);
	smp_mb(); /* the opposite order above */
	for (s = uc_sites; s < uc_sites + UC_SITES; s++)
		if (asked(s, f))
			posted += SUM(s, posted);
	return posted == returned;
}

struct uc_site *uc_next_site(struct uc_site *s)
{
	for (s = s ? s + 1 : uc_sites; s < uc_sites + UC_SITES; s++)
		if (smp_load_acquire(&s->owner)) /* make_site() */
			return s;
	return NULL;
}

/* Sites are numbered as they are made: the last number. */
unsigned long uc_sites_made(void)
{
	return READ_ONCE(made);
}

unsigned long uc_swallowed(void)
{
	return uc_site_sum(&uc_sites[0]).posted;
}

unsigned int uc_sites_free(void)
{
	unsigned int i, n = 0;

	for (i = 1; i < UC_SITES; i++)
		n += !READ_ONCE(uc_sites[i].owner);
	return n;
}

/**
 * uc_sites_retire() - give back the sites of a module that goes
 * @owner: whose
 * @init_only: only those whose text is of its init
 *
 * One with callbacks under way is kept: they will still come through it.
 * Context: process.
 * Return: false if one was kept, which then needs @owner.
 */
bool uc_sites_retire(struct uc_module *owner, bool init_only)
{
	struct uc_site *s;
	bool all = true;

	for (s = uc_next_site(NULL); s; s = uc_next_site(s)) {
		if (s->owner != owner || (init_only && !s->init))
			continue;
		if (!idle(s)) {
			all = false;
			continue;
		}
		raw_spin_lock_irq(&sites_lock);
		hlist_del_rcu(&s->node);
		s->gp = get_state_synchronize_rcu();
		WRITE_ONCE(s->owner, NULL);
		raw_spin_unlock_irq(&sites_lock);
	}
	return all;
}

int uc_sites_init(void)
{
	counts = __alloc_percpu(UC_SITES * sizeof(struct uc_count),
				sizeof(unsigned long));
	uc_sites[0] = (struct uc_site){
		.func = uc_drop, .count = counts, .trampoline = uc_trampolines[0],
	};
	return counts ? 0 : -ENOMEM;
}

/*
 * Our own way out has the problem we look for in others: heads that are queued
 * carry addresses of our text. Posts go around the trampolines by now, so none is
 * added. Once all have been counted back, the last of them may still have the end
 * of uc_invoke() before it. Callbacks of every flavor run with softirqs off, which
 * is a reader to synchronize_rcu().
 */
void uc_sites_exit(void)
{
	unsigned long said = jiffies;

	while (!uc_sites_idle(NULL)) {
		rcu_barrier();
		msleep(20);
		if (time_after(jiffies, said + 10 * HZ)) {
			pr_notice("waits for callbacks that it has seen posted and not yet run\n");
			said = jiffies;
		}
	}
	synchronize_rcu();
	free_percpu(counts);
}
