// SPDX-License-Identifier: GPL-2.0
/*
 * Running callbacks: by the work of the queue, or by who waits for them.
 *
 * One at a time runs a queue's callbacks, in the order of the posts; different
 * queues of a domain run at once.  A callback is counted as done here, after it
 * has returned to text that stays: its last instructions are its module's text,
 * and a module may unload as soon as all of its callbacks are counted.  So the
 * count may be neither the callback's own doing nor in a place the compiler
 * could make the callback jump to: there is always code after the call.
 */
#include <linux/log2.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "defer_trace.h"

#define BULK	64	/* objects freed at a time */

/* What one run of a chain has gathered. */
struct run {
	struct defer_queue *q;
	struct kmem_cache *cache;
	unsigned int nr;
	unsigned int uncounted;
	u64 stamp;
	u64 now;
	void *object[BULK];
};

static void give_room(struct defer_domain *d, long n)
{
	if (d->limit)
		atomic_long_add(n, &d->room);
}

/* They have returned; the room they took is free. */
static void count_done(struct run *run)
{
	struct defer_queue *q = run->q;

	WRITE_ONCE(q->invoked, q->invoked + run->uncounted);
	give_room(q->domain, run->uncounted);
	run->uncounted = 0;
}

static void note_latency(struct run *run, unsigned int n)
{
	u64 us = (run->now - run->stamp) / NSEC_PER_USEC;
	unsigned int i = us ? ilog2(us) : 0;

	run->q->hist[min_t(unsigned int, i, DEFER_HIST - 1)] += n;
}

static void free_gathered(struct run *run)
{
	if (!run->nr)
		return;
	if (run->cache)
		kmem_cache_free_bulk(run->cache, run->nr, run->object);
	else
		kfree_bulk(run->nr, run->object);
	run->now = ktime_get_mono_fast_ns();
	note_latency(run, run->nr);
	run->uncounted += run->nr;
	run->nr = 0;
	count_done(run);
	cond_resched();
}

static void gather(struct run *run, struct kmem_cache *cache, void *object)
{
	if (run->nr == BULK || run->cache != cache)
		free_gathered(run);
	run->cache = cache;
	run->object[run->nr++] = object;
}

/* The clock is read once a callback: one's end is about the next one's begin. */
static void note_time(struct run *run, void *func)
{
	u64 begin = run->now;

	run->now = ktime_get_mono_fast_ns();
	if (run->now - begin > run->q->longest_ns) {
		WRITE_ONCE(run->q->longest_func, func);
		WRITE_ONCE(run->q->longest_ns, run->now - begin);
	}
	note_latency(run, 1);
}

static void call(struct run *run, struct defer_head *head,
		 const struct defer_what *what)
{
	void *named = post_named(head, what);

	trace_defer_invoke(run->q->domain, head, named);
	what->func(head);
	note_time(run, named);
	if (++run->uncounted >= BULK) {
		count_done(run);
		cond_resched();
	}
}

static void run_head(struct run *run, struct defer_head *head)
{
	struct defer_what what;

	post_decode(head, &what);
	post_forget(head);
	switch (what.kind) {
	case DEFER_KIND_CALL:
		call(run, head, &what);
		break;
	case DEFER_KIND_FREE:
		gather(run, NULL, what.object);
		break;
	case DEFER_KIND_CACHE:
		gather(run, what.cache, what.object);
		break;
	case DEFER_KIND_BAD:
		run->q->overwritten++;
		give_room(run->q->domain, 1);
		WARN_ONCE(1, "defer: %s: a head was written to while it was pending, perhaps freed; its callback is not run\n",
			  run->q->domain->name);
		break;
	}
}

static void run_chain(struct defer_queue *q, const struct defer_chain *chain)
{
	struct defer_head *head, *next = chain->first;
	struct run run;

	run.q = q;
	run.nr = 0;
	run.cache = NULL;
	run.uncounted = 0;
	run.stamp = chain->stamp;
	run.now = ktime_get_mono_fast_ns();
	do {
		head = next;
		/* Before it runs: afterwards it may be anything. */
		next = &head->next == chain->last ? NULL : queue_after(head);
		run_head(&run, head);
	} while (next);
	free_gathered(&run);
	count_done(&run);
}

static bool run_next(struct defer_queue *q)
{
	struct defer_chain chain;
	bool found;

	mutex_lock(&q->run);
	WRITE_ONCE(q->runner, current);
	found = queue_next(q, &chain);
	if (found) {
		run_chain(q, &chain);
		queue_done(q);
	}
	WRITE_ONCE(q->runner, NULL);
	mutex_unlock(&q->run);
	return found;
}

/*
 * The mutex is let go between chains, so that nobody has to wait for more than
 * the chain that is running.
 */
bool queue_run(struct defer_queue *q, unsigned long epoch)
{
	bool ran = false;

	/* Pairs with update_oldest(). */
	while (smp_load_acquire(&q->oldest) <= epoch && run_next(q))
		ran = true;
	return ran;
}
