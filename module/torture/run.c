// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a run; run.h draws it.
 *
 * Ending a run is the rcubarrier document's exit path, and the only one there
 * is: a stop by the user, the end of its time, its first failure, a start that
 * fails half way and rmmod all come through run_end() and run_free().
 *
 *	1. fullstop: nothing posts, adds or looks up any more
 *	2. stop the timer that would end the run, and all parts: what shuffles,
 *	   what writes, what reads, what fakes, what watches, in that order,
 *	   timers and works with them
 *	3. barrier of the flavor: every callback posted so far has returned
 *	4. empty the table through the pattern's own delete(), barrier again
 *	5. judge, and only then let go of memory
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/random.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "element.h"
#include "parts.h"

#define TIME_STEP_MS	10000ULL

/* Which runs there are, and who may start, stop or remove one. */
DEFINE_MUTEX(runs_mutex);
LIST_HEAD(runs);

const char *const run_state_names[NR_RUN_STATES] = {
	[RUN_STARTING]	= "starting",
	[RUN_RUNNING]	= "running",
	[RUN_PAUSED]	= "paused",
	[RUN_STOPPING]	= "stopping",
	[RUN_PASSED]	= "passed",
	[RUN_FAILED]	= "failed",
	[RUN_CAUGHT]	= "caught",
	[RUN_MISSED]	= "missed",
};

/**
 * run_find() - a run by name
 * @name: its name
 *
 * Context: runs_mutex held.
 */
struct torture_run *run_find(const char *name)
{
	struct torture_run *run;

	lockdep_assert_held(&runs_mutex);
	list_for_each_entry(run, &runs, node)
		if (!strcmp(run->cfg.name, name))
			return run;
	return NULL;
}

static int fill_table(struct torture_run *run)
{
	unsigned int key;
	int err;

	for (key = 0; key < run->cfg.keys; key++) {
		err = run->table.ops->add(&run->table, key);
		if (err)
			return err;
	}
	return 0;
}

/*
 * What a busted form left in the table may have a count that no delete()
 * brings to zero: the drain check tells of it.
 */
static void empty_table(struct torture_run *run)
{
	unsigned int key;

	for (key = 0; key < run->cfg.keys; key++) {
		run->table.ops->delete(&run->table, key);
		cond_resched();
	}
}

/**
 * run_settle() - wait for all that the pattern has put off so far
 * @run: the run, with nobody working on its table
 *
 * First what the pattern does by itself, which may end in a post.
 *
 * Context: may sleep.
 */
void run_settle(struct torture_run *run)
{
	ref_settle(&run->table);
	run->flavor.ops->cb_barrier(&run->flavor);
}

/* Steps 1 to 4; also for a run whose start failed after its table was filled. */
static void run_end(struct torture_run *run)
{
	WRITE_ONCE(run->fullstop, true);
	run->end_ns = ktime_get_mono_fast_ns();
	cancel_delayed_work_sync(&run->time_work);
	parts_stop(run);
	cancel_work_sync(&run->gp_work);	/* readers queue it */
	run_settle(run);
	stutter_drain_check(run);
	empty_table(run);
	run_settle(run);
	stutter_drain_check(run);
}

static void run_stop_work(struct work_struct *work)
{
	struct torture_run *run = container_of(work, struct torture_run,
					       stop_work);
	int state = atomic_read(&run->state);

	do {
		if (state != RUN_RUNNING && state != RUN_PAUSED)
			return;
	} while (!atomic_try_cmpxchg(&run->state, &state, RUN_STOPPING));

	run_end(run);
	/* All numbers, then the state: pairs with acquire in run_state(). */
	atomic_set_release(&run->state, check_verdict(run));
	complete_all(&run->ended);
}

static void run_gp_work(struct work_struct *work)
{
	struct torture_run *run = container_of(work, struct torture_run,
					       gp_work);

	run->flavor.ops->synchronize_expedited(&run->flavor);
}

/*
 * A timer may be late by an eighth of the way it was set ahead, which is 16 s
 * for a run of 150 s: so the way is made in steps.
 */
static void queue_time_work(struct torture_run *run)
{
	u64 ms = div_u64(run_elapsed_ns(run), NSEC_PER_MSEC);
	u64 end = (u64)run->cfg.time * MSEC_PER_SEC;

	if (ms >= end)
		run_request_stop(run);
	else
		queue_delayed_work(torture_wq, &run->time_work,
				   msecs_to_jiffies(min(end - ms, TIME_STEP_MS)));
}

static void run_time_work(struct work_struct *work)
{
	queue_time_work(container_of(to_delayed_work(work),
				     struct torture_run, time_work));
}

/**
 * run_request_stop() - begin to end a run
 * @run: the run
 *
 * A check can fail while the last parts are still being started.  The work
 * leaves such a run alone, and run_let_loose() looks again:
 *
 *	check_fail()			run_let_loose()
 *	------------			---------------
 *	stop_requested = true		state = RUNNING
 *	(full barrier: queue_work)	smp_mb()
 *	stop_work: STARTING? leave	stop_requested? queue_work
 *
 * Context: any but NMI; does not wait.  Harmless on a run that has ended.
 */
void run_request_stop(struct torture_run *run)
{
	WRITE_ONCE(run->stop_requested, true);
	queue_work(torture_wq, &run->stop_work);
}

static void run_let_loose(struct torture_run *run)
{
	atomic_set(&run->state, RUN_RUNNING);
	smp_mb();	/* drawn above */
	if (READ_ONCE(run->stop_requested))
		queue_work(torture_wq, &run->stop_work);
}

/* Step 5, and the way back from any point of run_alloc(). */
static void run_free(struct torture_run *run)
{
	cancel_work_sync(&run->stop_work);
	elements_exit(run);
	if (run->flavor.ops)
		run->flavor.ops->exit(&run->flavor);
	bio_exit(run);
	free_percpu(run->pc);
	kvfree(run);
}

static int run_set_up(struct torture_run *run)
{
	int err;

	run->pc = alloc_percpu(struct run_percpu);
	if (!run->pc)
		return -ENOMEM;
	err = bio_init(run);
	if (err)
		return err;
	err = run->cfg.flavor->init(&run->flavor);
	if (err)
		return err;
	run->flavor.ops = run->cfg.flavor;
	return elements_init(run);
}

static struct torture_run *run_alloc(const struct run_config *cfg)
{
	struct torture_run *run = kvzalloc(sizeof(*run), GFP_KERNEL);
	int err;

	if (!run)
		return ERR_PTR(-ENOMEM);
	run->cfg = *cfg;
	while (!run->cfg.seed)
		run->cfg.seed = get_random_u32();
	INIT_WORK(&run->stop_work, run_stop_work);
	INIT_DELAYED_WORK(&run->time_work, run_time_work);
	INIT_WORK(&run->gp_work, run_gp_work);
	run->next_gp_wait = jiffies;
	init_completion(&run->ended);
	gate_init(&run->gate);
	err = run_set_up(run);
	if (err) {
		run_free(run);
		return ERR_PTR(err);
	}
	return run;
}

/**
 * run_start() - make a run and let it loose
 * @cfg: what to run; its name must not be taken
 *
 * Context: runs_mutex held; may sleep.
 * Return: the run, or ERR_PTR(): -ENOMEM, or what a part could not have.
 */
struct torture_run *run_start(const struct run_config *cfg)
{
	struct torture_run *run;
	int err;

	lockdep_assert_held(&runs_mutex);
	run = run_alloc(cfg);
	if (IS_ERR(run))
		return run;
	run->start_ns = ktime_get_mono_fast_ns();
	err = fill_table(run);
	if (!err)
		err = parts_start(run);
	if (!err)
		err = ctl_run_dir_create(run);
	if (err) {
		run_end(run);
		run_free(run);
		return ERR_PTR(err);
	}
	list_add_tail(&run->node, &runs);
	if (run->cfg.time)	/* run_end() cancels it, so it comes first */
		queue_time_work(run);
	run_let_loose(run);
	return run;
}

/**
 * run_stop() - end a run and wait until it has been judged
 * @run: the run
 *
 * Context: runs_mutex held; sleeps, seconds at the most.
 * Return: 0, or -EALREADY when it had ended before.
 */
int run_stop(struct torture_run *run)
{
	lockdep_assert_held(&runs_mutex);
	if (run_state_ended(run_state(run)))
		return -EALREADY;
	run_request_stop(run);
	wait_for_completion(&run->ended);
	return 0;
}

/**
 * run_pause() - hold all threads of a run at its gate
 * @run: the run
 *
 * Its time goes on.
 *
 * Context: runs_mutex held.
 * Return: 0, or -EALREADY when it is not running.
 */
int run_pause(struct torture_run *run)
{
	lockdep_assert_held(&runs_mutex);
	if (atomic_cmpxchg(&run->state, RUN_RUNNING, RUN_PAUSED) != RUN_RUNNING)
		return -EALREADY;
	gate_close(&run->gate);
	return 0;
}

/**
 * run_resume() - undo run_pause()
 * @run: the run
 *
 * Context: runs_mutex held.
 * Return: 0, or -EALREADY when it is not paused.
 */
int run_resume(struct torture_run *run)
{
	lockdep_assert_held(&runs_mutex);
	if (atomic_cmpxchg(&run->state, RUN_PAUSED, RUN_RUNNING) != RUN_PAUSED)
		return -EALREADY;
	gate_open(&run->gate);
	return 0;
}

/**
 * run_remove() - end a run if it has not ended, and forget it
 * @run: the run; gone afterwards
 *
 * Context: runs_mutex held; sleeps until nobody reads its files any more.
 */
void run_remove(struct torture_run *run)
{
	run_stop(run);
	ctl_run_dir_remove(run);
	list_del(&run->node);
	run_free(run);
}
