// SPDX-License-Identifier: GPL-2.0
/*
 * Barrier threads: after a barrier, posted equals invoked.
 *
 * In the manner of rcutorture: each round every poster posts a batch of
 * callbacks, all posters at the same time, part of each batch from interrupt
 * context.  When all have posted one thread waits in the flavor's barrier and
 * adds up right after.  The callbacks are the round's own, so whatever else
 * the flavor is busy with, the two sums must be equal.
 *
 *	waiter				posters
 *	------				-------
 *	posting = number of posters
 *	round++ (release), wake up
 *					see the new round (acquire)
 *					post, count in posted
 *	wait for posting == 0		posting-- (full barrier), wake up
 *	barrier
 *	posted == invoked?
 *
 * A head is used again in the next round.  If the sums differ the round's
 * callbacks are still on their way, so there is no next round before they
 * have come.
 */
#include <linux/irq_work.h>
#include <linux/ktime.h>

#include "parts.h"

#define MAX_BATCH	64
#define ROUND_US	20000	/* longest rest between rounds */
#define STRAGGLER_US	10000	/* between looks for those that came late */

struct barrier_head {
	union {
		struct rcu_head head;
		struct flavor_head head_and_room;
	};
	struct barrier_state *state;
};

/**
 * struct barrier_poster - one that posts a batch each round
 * @thread: the thread
 * @state: of all
 * @work: posts the heads from @irq_from up to @batch
 * @irq_from: see @work
 * @batch: how many in this round
 * @heads: what is posted; idle whenever a round begins
 */
struct barrier_poster {
	struct torture_thread thread;
	struct barrier_state *state;
	struct irq_work work;
	unsigned int irq_from, batch;
	struct barrier_head heads[MAX_BATCH];
};

struct barrier_state {
	struct torture_run *run;
	struct torture_thread waiter;
	wait_queue_head_t wait_round, wait_posted;
	unsigned int round;
	atomic_t posting;	/* posters that have yet to post this round */
	atomic_long_t posted, invoked;
	long counted;		/* of invoked, in the run's books */
	unsigned int nr_posters;
	struct barrier_poster posters[];
};

/*
 * Touches nothing but the state, which stays if a callback comes too late
 * even for the end of the run.
 */
static void barrier_callback(struct rcu_head *head)
{
	struct barrier_head *bh = container_of(head, struct barrier_head, head);

	atomic_long_inc(&bh->state->invoked);
}

static void post(struct barrier_poster *p, unsigned int from, unsigned int to)
{
	struct torture_run *run = p->state->run;
	unsigned int i;

	for (i = from; i < to; i++) {
		p->heads[i].state = p->state;
		atomic_long_inc(&p->state->posted);
		run->flavor.ops->call(&run->flavor, &p->heads[i].head,
				      barrier_callback);
	}
	run_count_add(run, CNT_BARRIER_POSTED, to - from);
}

static void post_in_irq(struct irq_work *work)
{
	struct barrier_poster *p = container_of(work, struct barrier_poster,
						work);

	post(p, p->irq_from, p->batch);
}

static void post_batch(struct barrier_poster *p)
{
	struct rnd_state *rnd = &p->thread.rnd;

	p->batch = 1 + rnd_below(rnd, MAX_BATCH);
	p->irq_from = rnd_below(rnd, p->batch + 1);
	post(p, 0, p->irq_from);
	irq_work_queue(&p->work);
	irq_work_sync(&p->work);
}

static bool round_begun(const struct barrier_state *state, unsigned int round)
{
	/* Pairs with have_posted(): the count of posters is that of the round. */
	return smp_load_acquire(&state->round) != round;
}

static void poster(struct torture_thread *t)
{
	struct barrier_poster *p = container_of(t, struct barrier_poster,
						thread);
	struct barrier_state *state = p->state;
	unsigned int round = 0;

	for (;;) {
		wait_event_idle(state->wait_round,
				round_begun(state, round) ||
				thread_ending(t->run));
		if (thread_ending(t->run))
			break;
		round++;
		post_batch(p);
		if (atomic_dec_and_test(&state->posting))
			wake_up_all(&state->wait_posted);
	}
	/*
	 * The waiter is inside the gate, where others may wait for it; it must
	 * not sleep for a batch that never comes until it is stopped itself.
	 */
	wake_up_all(&state->wait_posted);
}

/* False: the thread shall end, and who has posted is not known. */
static bool have_posted(struct barrier_state *state)
{
	struct torture_run *run = state->run;

	atomic_set(&state->posting, state->nr_posters);
	/* Pairs with round_begun(). */
	smp_store_release(&state->round, state->round + 1);
	wake_up_all(&state->wait_round);
	wait_event_idle(state->wait_posted,
			!atomic_read(&state->posting) || thread_ending(run));
	return !atomic_read(&state->posting);
}

static void check_barrier(struct barrier_state *state)
{
	struct torture_run *run = state->run;
	u64 start = ktime_get_mono_fast_ns();
	long posted, invoked;

	run->flavor.ops->cb_barrier(&run->flavor);
	invoked = atomic_long_read(&state->invoked);
	posted = atomic_long_read(&state->posted);
	run_hist_add(run, HIST_BARRIER, ktime_get_mono_fast_ns() - start);
	run_count(run, CNT_BARRIERS);
	check_ran(run, CHECK_BARRIER);
	if (posted != invoked)
		check_fail(run, CHECK_BARRIER, NULL,
			   "after the barrier %ld callbacks are posted, but %ld invoked",
			   posted, invoked);
}

/* What has come since the last time, for the run's own books. */
static void count_invoked(struct barrier_state *state)
{
	long now = atomic_long_read(&state->invoked);

	run_count_add(state->run, CNT_BARRIER_INVOKED, now - state->counted);
	state->counted = now;
}

static void barrier_round(struct barrier_state *state)
{
	struct torture_run *run = state->run;

	if (!have_posted(state))
		return;
	check_barrier(state);
	while (atomic_long_read(&state->posted) !=
	       atomic_long_read(&state->invoked))
		if (!thread_sleep(run, STRAGGLER_US))
			return;
	count_invoked(state);
	thread_sleep(run, rnd_below(&state->waiter.rnd, ROUND_US));
}

static void waiter(struct torture_thread *t)
{
	struct torture_run *run = t->run;

	if (!gate_enter(run))
		return;
	do {
		barrier_round(run->parts->barrier);
	} while (gate_pass(run));
}

static struct barrier_state *barrier_alloc(struct torture_run *run)
{
	unsigned int i, nr = run->cfg.barriers;
	struct barrier_state *state;

	state = parts_alloc(run, 1, struct_size(state, posters, nr));
	if (!state)
		return NULL;
	state->run = run;
	state->nr_posters = nr;
	init_waitqueue_head(&state->wait_round);
	init_waitqueue_head(&state->wait_posted);
	for (i = 0; i < nr; i++) {
		state->posters[i].state = state;
		init_irq_work(&state->posters[i].work, post_in_irq);
	}
	return state;
}

int barriers_start(struct torture_run *run)
{
	struct barrier_state *state;
	unsigned int i;
	int err;

	if (!run->cfg.barriers)
		return 0;
	state = barrier_alloc(run);
	if (!state)
		return -ENOMEM;
	run->parts->barrier = state;
	for (i = 0; i < state->nr_posters; i++) {
		err = thread_start(run, &state->posters[i].thread, poster,
				   "poster", i);
		if (err)
			return err;
	}
	return thread_start(run, &state->waiter, waiter, "barrier", 0);
}

void barriers_stop(struct torture_run *run)
{
	struct barrier_state *state = run->parts->barrier;
	unsigned int i;

	if (!state)
		return;
	thread_stop(&state->waiter);
	for (i = 0; i < state->nr_posters; i++)
		thread_stop(&state->posters[i].thread);
	parts_settle(run, &state->posted, &state->invoked,
		     "callbacks of the barrier threads");
	count_invoked(state);
	run->parts->barrier = NULL;
}
