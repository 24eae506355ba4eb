// SPDX-License-Identifier: GPL-2.0
/*
 * LockCnt: what a visit costs, and what overlapping visits do to the cleanup.
 *
 *	lockcnt	a visit beside another, so that none starts from zero, against
 *		an atomic counter (claims L4, L5)
 *	cleanup	from the mark until a visit that ended last has cleaned up, with N
 *		visitors, each of whom visits half of its time. They must all
 *		be away at once, which takes 2^N turns (claim L10)
 */
#include <lastref/lockcnt.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/slab.h>

#include "sets.h"

#define VISIT_US	200
#define CLEANUPS	4
#define CLEANUP_MS	5000

struct counts {
	atomic_t atomic;
	struct lockcnt_word word;
	struct lockcnt_mutex mutex;
	struct lockcnt_percpu percpu;
};

/* One visit of each goes on all the time. */
static int setup_counts(struct bench_slot *slot)
{
	struct counts *c = kzalloc(sizeof(*c), GFP_KERNEL);
	int err;

	if (!c)
		return -ENOMEM;
	err = lockcnt_init(&c->percpu);
	if (err) {
		kfree(c);
		return err;
	}
	lockcnt_init(&c->word);
	lockcnt_init(&c->mutex);
	atomic_inc(&c->atomic);
	lockcnt_inc(&c->word);
	lockcnt_inc(&c->mutex);
	lockcnt_inc(&c->percpu);
	slot->priv = c;
	return 0;
}

static void teardown_counts(struct bench_slot *slot)
{
	struct counts *c = slot->priv;

	if (!c)
		return;
	lockcnt_dec(&c->word);
	lockcnt_dec(&c->mutex);
	lockcnt_dec(&c->percpu);
	lockcnt_destroy(&c->word);
	lockcnt_destroy(&c->mutex);
	lockcnt_destroy(&c->percpu);
	kfree(c);
}

/* The loop, with @visit inlined into it. */
static __always_inline int loop(struct bench_slot *slot, u64 ops,
				struct bench_sample *sample,
				void (*visit)(struct counts *c))
{
	u64 start = ktime_get_ns(), i;

	for (i = 0; i < ops; i++)
		visit(slot->priv);
	sample->amount = ktime_get_ns() - start;
	sample->ops = ops;
	return 0;
}

static __always_inline void visit_atomic(struct counts *c)
{
	atomic_inc(&c->atomic);
	atomic_dec(&c->atomic);
}

static __always_inline void visit_word(struct counts *c)
{
	lockcnt_inc(&c->word);
	lockcnt_dec(&c->word);
}

static __always_inline void visit_mutex(struct counts *c)
{
	lockcnt_inc(&c->mutex);
	lockcnt_dec(&c->mutex);
}

static __always_inline void visit_percpu(struct counts *c)
{
	lockcnt_inc(&c->percpu);
	lockcnt_dec(&c->percpu);
}

static int run_atomic(struct bench_slot *slot, u64 ops, struct bench_sample *s)
{
	return loop(slot, ops, s, visit_atomic);
}

static int run_word(struct bench_slot *slot, u64 ops, struct bench_sample *s)
{
	return loop(slot, ops, s, visit_word);
}

static int run_mutex(struct bench_slot *slot, u64 ops, struct bench_sample *s)
{
	return loop(slot, ops, s, visit_mutex);
}

static int run_percpu(struct bench_slot *slot, u64 ops, struct bench_sample *s)
{
	return loop(slot, ops, s, visit_percpu);
}

#define VISIT(label, sentence)						\
	{								\
		.name = #label, .about = (sentence), .run = run_##label, \
		.setup = setup_counts, .teardown = teardown_counts,	\
	}

static const struct bench_row lockcnt_rows[] = {
	VISIT(atomic, "atomic_inc() and atomic_dec()"),
	VISIT(word, "lockcnt_inc() and lockcnt_dec() of the single word"),
	VISIT(mutex, "of the mutex and counter"),
	VISIT(percpu, "of the per-CPU form"),
};

const struct bench_set set_lockcnt = {
	.name = "lockcnt", .group = "refs", .unit = BENCH_NS,
	.about = "a visit beside another, begun and ended",
	.rows = lockcnt_rows, .nr_rows = ARRAY_SIZE(lockcnt_rows),
};

struct house {
	struct bench_crew crew;
	struct lockcnt_word lc;
	bool marked;		/* by the one who measures; cleared under lc */
	u64 cleaned_at;
};

/* Called with the lock held and the count zero. */
static void clean_up(struct house *h)
{
	if (!READ_ONCE(h->marked))
		return;
	h->cleaned_at = ktime_get_ns();
	smp_store_release(&h->marked, false);	/* pairs with run_cleanup() */
}

static void visit(void *arg, unsigned int index)
{
	struct house *h = arg;

	lockcnt_inc(&h->lc);
	usleep_range(VISIT_US, VISIT_US + VISIT_US / 8);
	if (lockcnt_dec_and_lock(&h->lc)) {
		clean_up(h);
		lockcnt_unlock(&h->lc);
	}
	usleep_range(VISIT_US, VISIT_US + VISIT_US / 8);
}

static int setup_house(struct bench_slot *slot)
{
	struct house *h = kzalloc(sizeof(*h), GFP_KERNEL);

	if (!h)
		return -ENOMEM;
	lockcnt_init(&h->lc);
	h->crew.step = visit;
	h->crew.arg = h;
	slot->priv = h;
	return 0;
}

static void teardown_house(struct bench_slot *slot)
{
	struct house *h = slot->priv;

	if (h)
		lockcnt_destroy(&h->lc);
	kfree(h);
}

/* Who marks while nobody visits cleans up at once. */
static int mark_and_wait(struct house *h)
{
	unsigned long end = jiffies + msecs_to_jiffies(CLEANUP_MS);
	int err = 0;

	WRITE_ONCE(h->marked, true);
	lockcnt_inc(&h->lc);
	if (lockcnt_dec_and_lock(&h->lc)) {
		clean_up(h);
		lockcnt_unlock(&h->lc);
	}
	while (!err && smp_load_acquire(&h->marked)) {	/* clean_up() */
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		err = bench_wait_a_little();
	}
	return err;
}

static int run_cleanup(struct bench_slot *slot, u64 ops,
		       struct bench_sample *sample)
{
	struct house *h = slot->priv;
	int err = bench_crew_start(&h->crew, slot->row->n, slot->cpu);
	u64 sum = 0, start, i;

	if (err)
		return err;
	for (i = 0; i < ops && !err; i++) {
		start = ktime_get_ns();
		err = mark_and_wait(h);
		sum += h->cleaned_at - start;
	}
	bench_crew_stop(&h->crew);
	sample->amount = sum;
	sample->ops = ops;
	return err;
}

#define CLEANUP(visitors)						\
	{								\
		.name = "visitors/" #visitors, .n = (visitors),		\
		.ops = CLEANUPS, .run = run_cleanup,			\
		.setup = setup_house, .teardown = teardown_house,	\
		.about = "visitors there half of the time, each for itself", \
	}

static const struct bench_row cleanup_rows[] = {
	CLEANUP(0),
	CLEANUP(1),
	CLEANUP(2),
	CLEANUP(4),
	CLEANUP(6),
};

const struct bench_set set_cleanup = {
	.name = "cleanup", .group = "refs", .unit = BENCH_NS,
	.about = "from the mark to the cleanup, beside visits that overlap",
	.rows = cleanup_rows, .nr_rows = ARRAY_SIZE(cleanup_rows),
};
