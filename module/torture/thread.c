// SPDX-License-Identifier: GPL-2.0
/*
 * The threads of a run: a kthread each, with random numbers of its own.
 *
 * All randomness of a run comes from its seed.  Threads are started in a fixed
 * order, each takes the next sequence, and nobody draws from another's, so the
 * same seed gives each thread the same decisions again.
 *
 * A thread may end before it is told to: readers that exit at once do, and so
 * does everybody when run->fullstop is set.  The task is therefore held from
 * start to stop.  kthread_stop() then joins it whether it has yet to run, runs,
 * or is long gone, and when it returns no instruction of this module is left
 * to be executed by that thread.
 */
#include <linux/hash.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "parts.h"

/* How soon a change of a period is noticed. */
#define PERIOD_STEP_MS	200

/**
 * parts_seed() - hand out the next random sequence of a run
 * @run: the run
 * @rnd: seeded here
 */
void parts_seed(struct torture_run *run, struct rnd_state *rnd)
{
	unsigned int n;

	mutex_lock(&run->parts->threads_lock);
	n = ++run->parts->nr_seeded;
	mutex_unlock(&run->parts->threads_lock);
	prandom_seed_state(rnd, run->cfg.seed + n * GOLDEN_RATIO_64);
}

static int thread_main(void *arg)
{
	struct torture_thread *t = arg;

	t->body(t);
	return 0;
}

int thread_start_seeded(struct torture_run *run, struct torture_thread *t,
			void (*body)(struct torture_thread *t),
			const char *what, unsigned int index)
{
	struct task_struct *task;

	t->run = run;
	t->body = body;
	t->index = index;
	task = kthread_create(thread_main, t, "%s/%u.%s", what, index,
			      run->cfg.name);
	if (IS_ERR(task))
		return PTR_ERR(task);
	t->task = get_task_struct(task);
	mutex_lock(&run->parts->threads_lock);
	list_add_tail(&t->node, &run->parts->threads);
	mutex_unlock(&run->parts->threads_lock);
	wake_up_process(task);
	return 0;
}

int thread_start(struct torture_run *run, struct torture_thread *t,
		 void (*body)(struct torture_thread *t), const char *what,
		 unsigned int index)
{
	parts_seed(run, &t->rnd);
	return thread_start_seeded(run, t, body, what, index);
}

void thread_stop(struct torture_thread *t)
{
	if (!t->task)
		return;
	mutex_lock(&t->run->parts->threads_lock);
	list_del(&t->node);
	mutex_unlock(&t->run->parts->threads_lock);
	kthread_stop(t->task);
	put_task_struct(t->task);
	t->task = NULL;
}

int group_start(struct torture_run *run, struct thread_group *group,
		unsigned int nr, void (*body)(struct torture_thread *t),
		const char *what)
{
	unsigned int i;
	int err;

	if (!nr)
		return 0;
	group->threads = parts_alloc(run, nr, sizeof(*group->threads));
	if (!group->threads)
		return -ENOMEM;
	group->nr = nr;
	for (i = 0; i < nr; i++) {
		err = thread_start(run, &group->threads[i], body, what, i);
		if (err)
			return err;
	}
	return 0;
}

void group_stop(struct thread_group *group)
{
	unsigned int i;

	for (i = 0; i < group->nr; i++)
		thread_stop(&group->threads[i]);
}

/**
 * thread_sleep() - sleep, but not through the end of the thread
 * @run: the run
 * @us: how long, at most; a wakeup for any other reason ends it too
 *
 * kthread_stop() first sets what thread_ending() looks at, then wakes the
 * thread up.  The state is set before the look, so that this wakeup is not
 * lost between the two.
 *
 * Return: false when the thread shall end.
 */
bool thread_sleep(struct torture_run *run, u64 us)
{
	ktime_t expires = ns_to_ktime(us * NSEC_PER_USEC);

	set_current_state(TASK_IDLE);
	if (!thread_ending(run))
		schedule_hrtimeout_range(&expires, us * NSEC_PER_USEC / 16,
					 HRTIMER_MODE_REL);
	__set_current_state(TASK_RUNNING);
	return !thread_ending(run);
}

/**
 * thread_sleep_period() - wait for a thread's next turn
 * @t: the thread
 * @period: between turns; users may change it at any time; 0 means never
 * @unit_ms: of @period, in ms
 *
 * Turns come after half a period to one and a half, at random, so that those
 * of several threads and runs drift through each other.
 *
 * Return: false when the thread shall end.
 */
bool thread_sleep_period(struct torture_thread *t, const unsigned int *period,
			 unsigned int unit_ms)
{
	u32 dice = rnd_below(&t->rnd, 1024);
	u64 slept = 0;

	for (;;) {
		u64 want = (u64)READ_ONCE(*period) * unit_ms;
		u64 step = PERIOD_STEP_MS;

		if (want) {
			want = want / 2 + want * dice / 1024 + 1;
			if (slept >= want)
				return true;
			step = min_t(u64, want - slept, PERIOD_STEP_MS);
		}
		if (!thread_sleep(t->run, step * USEC_PER_MSEC))
			return false;
		slept += step;
	}
}
