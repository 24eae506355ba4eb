// SPDX-License-Identifier: GPL-2.0
/*
 * The threads: they run until the torture is over, and are joined all at once.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "defertorture.h"

#define MAX_THREADS	16

struct thread {
	struct task_struct *task;
	void (*body)(void *arg);
	void *arg;
};

static struct thread threads[MAX_THREADS];
static unsigned int nr_threads;

static int thread_main(void *arg)
{
	struct thread *t = arg;

	t->body(t->arg);
	return 0;
}

int dt_thread(void (*body)(void *arg), void *arg, const char *name)
{
	struct thread *t = &threads[nr_threads];
	struct task_struct *task;

	if (WARN_ON(nr_threads == MAX_THREADS))
		return -ENOSPC;
	t->body = body;
	t->arg = arg;
	task = kthread_create(thread_main, t, "defertorture/%s", name);
	if (IS_ERR(task))
		return PTR_ERR(task);
	t->task = get_task_struct(task);	/* it may end by itself */
	nr_threads++;
	wake_up_process(task);
	return 0;
}

void dt_threads_join(void)
{
	while (nr_threads) {
		struct thread *t = &threads[--nr_threads];

		kthread_stop(t->task);
		put_task_struct(t->task);
	}
}

/* kthread_stop() wakes the sleeper; the flag it looks at was set before. */
bool dt_sleep(unsigned int us)
{
	ktime_t expires = ns_to_ktime(us * NSEC_PER_USEC);

	set_current_state(TASK_IDLE);
	if (!dt_over())
		schedule_hrtimeout_range(&expires, us * NSEC_PER_USEC / 8,
					 HRTIMER_MODE_REL);
	__set_current_state(TASK_RUNNING);
	return !dt_over();
}
