// SPDX-License-Identifier: GPL-2.0
/*
 * Callback flood: forward progress.
 *
 * For about a second callbacks are posted as fast as the CPU can, beside a
 * chain: one callback that posts itself again as long as the flood lasts.  Then
 * all of them must be invoked within a bound.  A flavor whose grace periods or
 * callbacks fall behind under load shows here, and so does one that lets a
 * callback which posts itself keep the others from their turn.
 *
 * The bound is generous on purpose: FLOOD_PATIENCE_S, and a millisecond more
 * for each callback pending.  It tells progress from none, not fast from slow:
 * a stock kernel may hold callbacks back for ten seconds where they are lazy,
 * and an emulated machine has no speed to speak of.
 *
 * The flood is bounded in memory too, by MAX_PENDING and by the allocator: the
 * first "no" ends the burst.  Nothing here digs for memory.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "parts.h"

#define MAX_PENDING		100000
#define FLOOD_PATIENCE_S	30
#define LOOK_US			10000

/**
 * struct flood - the flood of a run
 * @run: the run
 * @thread: posts
 * @chain: posts itself until @chain_ends
 * @chain_ends: set by the thread, read by the chain
 * @posted: heads posted, the chain's each time
 * @invoked: and invoked; an invocation that posts again counts that first
 * @counted_posted: of @posted, in the run's books
 * @counted_invoked: of @invoked, in the run's books
 */
struct flood {
	struct torture_run *run;
	struct torture_thread thread;
	struct flavor_head chain;
	bool chain_ends;
	atomic_long_t posted, invoked;
	long counted_posted, counted_invoked;
};

struct flood_head {
	union {
		struct rcu_head head;
		struct flavor_head head_and_room;
	};
	struct flood *flood;
};

static void post(struct flood *f, struct rcu_head *head, rcu_callback_t func)
{
	atomic_long_inc(&f->posted);
	f->run->flavor.ops->call(&f->run->flavor, head, func);
}

/*
 * In this order the number of those posted is read too high if anything: equal
 * sums mean that all had been invoked, the last of the chain as well.
 */
static long flood_pending(const struct flood *f)
{
	long invoked = atomic_long_read(&f->invoked);

	smp_rmb();	/* pairs with the full barrier of atomic_long_inc_return() */
	return atomic_long_read(&f->posted) - invoked;
}

static void chain_callback(struct rcu_head *head)
{
	struct flood *f = container_of(head, struct flood,
				       chain.rcu);

	if (!READ_ONCE(f->chain_ends) && !READ_ONCE(f->run->fullstop))
		post(f, head, chain_callback);
	atomic_long_inc_return(&f->invoked);
}

static void flood_callback(struct rcu_head *head)
{
	struct flood_head *fh = container_of(head, struct flood_head, head);
	struct flood *f = fh->flood;

	kfree(fh);
	atomic_long_inc_return(&f->invoked);
}

static bool post_one(struct flood *f)
{
	struct flood_head *fh;

	fh = kmalloc(sizeof(*fh), GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
	if (!fh)
		return false;
	fh->flood = f;
	post(f, &fh->head, flood_callback);
	return true;
}

static void note_pending(struct flood *f)
{
	long pending = flood_pending(f);

	if (pending > atomic_long_read(&f->run->flood_max_pending))
		atomic_long_set(&f->run->flood_max_pending, pending);
}

/* Ends early when somebody waits at the gate, or for the end. */
static void burst(struct flood *f)
{
	struct torture_run *run = f->run;
	unsigned long end = jiffies + HZ / 2 + rnd_below(&f->thread.rnd, HZ);
	unsigned int n = 0;

	WRITE_ONCE(f->chain_ends, false);
	post(f, &f->chain.rcu, chain_callback);
	while (time_before(jiffies, end) && !gate_closing(run) &&
	       !thread_ending(run)) {
		if (flood_pending(f) >= MAX_PENDING)
			thread_sleep(run, USEC_PER_MSEC);
		else if (!post_one(f))
			break;
		if (++n % 256 == 0) {
			note_pending(f);
			cond_resched();
		}
	}
	note_pending(f);
	WRITE_ONCE(f->chain_ends, true);
	run_count(run, CNT_FLOODS);
}

static void count_flood(struct flood *f)
{
	long invoked = atomic_long_read(&f->invoked);
	long posted = atomic_long_read(&f->posted);

	run_count_add(f->run, CNT_FLOOD_POSTED, posted - f->counted_posted);
	run_count_add(f->run, CNT_FLOOD_INVOKED, invoked - f->counted_invoked);
	f->counted_posted = posted;
	f->counted_invoked = invoked;
}

/*
 * Wait until all are invoked; past the bound the check fails, once, but the
 * wait goes on: the chain's head cannot be used again before it is back.  A run
 * that ends meanwhile has not made the check.
 */
static void check_progress(struct flood *f)
{
	struct torture_run *run = f->run;
	unsigned long ms = FLOOD_PATIENCE_S * MSEC_PER_SEC + flood_pending(f);
	unsigned long end = jiffies + msecs_to_jiffies(ms);
	bool failed = false;

	while (flood_pending(f)) {
		if (!failed && time_after(jiffies, end)) {
			failed = true;
			check_ran(run, CHECK_FORWARD_PROGRESS);
			check_fail(run, CHECK_FORWARD_PROGRESS, NULL,
				   "%ld callbacks still pending %lu ms after a flood",
				   flood_pending(f), ms);
		}
		if (!thread_sleep(run, LOOK_US))
			return;
	}
	if (!failed)
		check_ran(run, CHECK_FORWARD_PROGRESS);
}

static void flood(struct torture_thread *t)
{
	struct flood *f = container_of(t, struct flood, thread);
	struct torture_run *run = t->run;

	while (thread_sleep_period(t, &run->cfg.flood, MSEC_PER_SEC)) {
		if (!gate_enter(run))
			return;
		burst(f);
		gate_leave(run);
		check_progress(f);
		count_flood(f);
	}
}

int flood_start(struct torture_run *run)
{
	struct flood *f = parts_alloc(run, 1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->run = run;
	run->parts->flood = f;
	return thread_start(run, &f->thread, flood, "flood", 0);
}

/* run->fullstop is set: the chain ends by itself. */
void flood_stop(struct torture_run *run)
{
	struct flood *f = run->parts->flood;

	if (!f)
		return;
	thread_stop(&f->thread);
	parts_settle(run, &f->posted, &f->invoked, "callbacks of a flood");
	count_flood(f);
	run->parts->flood = NULL;
}
