// SPDX-License-Identifier: GPL-2.0
/*
 * How long a delete takes, how long it keeps everybody out, and how long until
 * what it deleted is free.
 *
 *	delete	delete() alone, with N readers always inside their sections. A's
 *		writer waits for them, B's and C's passes them by (claim R8)
 *	reclaim	from delete() until the free, with READERS who take references
 *		and give them back. Counting frees at once, deferral later
 *		(claims R9, L11)
 *	hold	the longest of some deletes that drop the last reference to an
 *		element with N parts, which QEMU's rwlock_ref frees under the
 *		write lock and rwlock_ref_bh in a bottom half (claim Q9)
 *
 * A longest time is a bad figure where something else may take the CPU in the
 * meantime: of a minute it is the scheduler's.  So a hold is taken with
 * interrupts off, as the lock has them anyway, nobody else wants the lock, the
 * delete is all but the hold then, and a sample is the longest of a few.
 */
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/minmax.h>

#include "sets.h"
#include "table.h"

#define DELETES		32
#define RECLAIMS	8
#define HOLDS		16
#define READERS		2
#define HOLD_US		20
#define RECLAIM_MS	5000

static void stay_inside(void *arg, unsigned int index)
{
	struct bench_table *b = arg;
	int idx = b->table.ops->enter(&b->table);

	udelay(HOLD_US);
	b->table.ops->leave(&b->table, idx);
}

static int run_delete(struct bench_slot *slot, u64 ops,
		      struct bench_sample *sample)
{
	struct bench_table *b = slot->priv;
	const struct ref_ops *verbs = b->table.ops;
	u64 sum = 0, start, i;
	int err;

	b->crew.step = stay_inside;
	b->crew.arg = b;
	err = bench_crew_start(&b->crew, slot->row->n, slot->cpu);
	if (err)
		return err;
	for (i = 0; i < ops && !err; i++) {
		start = ktime_get_ns();
		err = verbs->delete(&b->table, BENCH_KEY);
		sum += ktime_get_ns() - start;
		if (!err)
			err = verbs->add(&b->table, BENCH_KEY);
	}
	bench_crew_stop(&b->crew);
	sample->amount = sum;
	sample->ops = ops;
	return err;
}

static void use(void *arg, unsigned int index)
{
	bench_table_read(arg, HOLD_US);
}

/* The acquire pairs with the release in host_free(): freed_at is of that free. */
static int wait_until_free(struct bench_table *b, int freed)
{
	unsigned long end = jiffies + msecs_to_jiffies(RECLAIM_MS);
	int err = 0;

	while (!err && atomic_read_acquire(&b->freed) == freed) {
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		err = bench_wait_a_little();
	}
	return err;
}

static int run_reclaim(struct bench_slot *slot, u64 ops,
		       struct bench_sample *sample)
{
	struct bench_table *b = slot->priv;
	u64 sum = 0, start, i;
	int err, freed;

	b->crew.step = use;
	b->crew.arg = b;
	err = bench_crew_start(&b->crew, READERS, slot->cpu);
	if (err)
		return err;
	for (i = 0; i < ops && !err; i++) {
		udelay(2 * HOLD_US);	/* so that somebody holds it */
		freed = atomic_read(&b->freed);
		start = ktime_get_ns();
		err = b->table.ops->delete(&b->table, BENCH_KEY) ?:
		      wait_until_free(b, freed);
		sum += b->freed_at - start;
		if (!err)
			err = b->table.ops->add(&b->table, BENCH_KEY);
	}
	bench_crew_stop(&b->crew);
	sample->amount = sum;
	sample->ops = ops;
	return err;
}

/* Where locks sleep, interrupts cannot be off around one. */
static int setup_hold(struct bench_slot *slot)
{
	struct bench_table *b;
	int err;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return -EOPNOTSUPP;
	err = bench_table_setup(slot);
	if (err)
		return err;
	b = slot->priv;
	b->nr_parts = slot->row->n;
	return 0;
}

static int timed_delete(struct bench_table *b, u64 *longest)
{
	unsigned long flags;
	u64 start;
	int err;

	local_irq_save(flags);
	start = ktime_get_ns();
	err = b->table.ops->delete(&b->table, BENCH_KEY);
	*longest = max(*longest, ktime_get_ns() - start);
	local_irq_restore(flags);
	return err;
}

/*
 * Each delete comes after a sleep, in which the bottom half, if there is one, has
 * come to rest: all find caches as cold, and none its work queued already.
 */
static int run_hold(struct bench_slot *slot, u64 ops,
		    struct bench_sample *sample)
{
	struct bench_table *b = slot->priv;
	u64 longest = 0, i;
	int err = 0, freed;

	for (i = 0; i < ops && !err; i++) {
		freed = atomic_read(&b->freed);
		err = bench_wait_a_little() ?:
		      timed_delete(b, &longest) ?:
		      wait_until_free(b, freed) ?:
		      b->table.ops->add(&b->table, BENCH_KEY);
	}
	sample->amount = longest;
	sample->ops = 1;
	return err;
}

#define OF_PATTERN(label)						\
	.what = #label, .needs = "this pattern",			\
	.setup = bench_table_setup, .teardown = bench_table_teardown
#define DELETE(label, readers)						\
	{								\
		OF_PATTERN(label), .name = #label "/" #readers,		\
		.n = (readers), .ops = DELETES, .run = run_delete,	\
		.about = "delete(), beside as many readers",		\
	}
#define RECLAIM(label, sentence)					\
	{								\
		OF_PATTERN(label), .name = #label, .ops = RECLAIMS,	\
		.run = run_reclaim, .about = (sentence),		\
	}
#define HOLD(label, parts)						\
	{								\
		.name = #label "/" #parts, .what = #label, .n = (parts), \
		.ops = HOLDS, .run = run_hold, .setup = setup_hold,	\
		.teardown = bench_table_teardown,			\
		.needs = "locks that spin",				\
		.about = "the longest of some deletes, of so many parts", \
	}

static const struct bench_row delete_rows[] = {
	DELETE(listing_a, 0),
	DELETE(listing_a, 1),
	DELETE(listing_a, 2),
	DELETE(listing_a, 4),
	DELETE(listing_b, 0),
	DELETE(listing_b, 1),
	DELETE(listing_b, 2),
	DELETE(listing_b, 4),
	DELETE(listing_c, 0),
	DELETE(listing_c, 1),
	DELETE(listing_c, 2),
	DELETE(listing_c, 4),
};

const struct bench_set set_delete = {
	.name = "delete", .group = "refs", .unit = BENCH_NS,
	.about = "delete(), beside readers that stay 20 us each",
	.rows = delete_rows, .nr_rows = ARRAY_SIZE(delete_rows),
};

static const struct bench_row reclaim_rows[] = {
	RECLAIM(listing_a, "freed by the last release"),
	RECLAIM(listing_b, "the last release posts, a callback frees"),
	RECLAIM(listing_c, "a callback drops the table's reference"),
	RECLAIM(listing_c_sync, "delete waits, the last release frees"),
};

const struct bench_set set_reclaim = {
	.name = "reclaim", .group = "refs", .unit = BENCH_NS,
	.about = "from delete() to the free, beside two readers",
	.rows = reclaim_rows, .nr_rows = ARRAY_SIZE(reclaim_rows),
};

/* Down to where there is nothing to move out but a kfree(). */
static const struct bench_row hold_rows[] = {
	HOLD(rwlock_ref, 1024),
	HOLD(rwlock_ref, 64),
	HOLD(rwlock_ref, 0),
	HOLD(rwlock_ref_bh, 1024),
	HOLD(rwlock_ref_bh, 64),
	HOLD(rwlock_ref_bh, 0),
};

const struct bench_set set_hold = {
	.name = "hold", .group = "refs", .unit = BENCH_NS,
	.about = "the longest write-side hold, freeing in it or in a bottom half",
	.rows = hold_rows, .nr_rows = ARRAY_SIZE(hold_rows),
};
