// SPDX-License-Identifier: GPL-2.0
/*
 * Shuffle: the run's threads are herded from CPU to CPU.
 *
 * Each time one CPU is left out and its threads must go elsewhere; after the
 * last CPU none is left out once.  An idle CPU reports its quiescent states in
 * ways a busy one never does, callbacks stay behind on a CPU where nobody of
 * the run posts any more, and threads meet on one CPU that never met before.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "parts.h"

/*
 * Leave out the CPU after @idle.  No CPU may go meanwhile: a kthread may be sent
 * to one that is on its way out, after that has been vacated.
 */
static int herd(struct torture_run *run, struct cpumask *mask, int idle)
{
	struct torture_thread *t;

	cpus_read_lock();
	cpumask_copy(mask, cpu_possible_mask);
	idle = cpumask_next(idle, cpu_online_mask);
	if (idle < nr_cpu_ids)
		cpumask_clear_cpu(idle, mask);
	else
		idle = -1;
	if (cpumask_intersects(mask, cpu_online_mask)) {
		mutex_lock(&run->parts->threads_lock);
		list_for_each_entry(t, &run->parts->threads, node)
			set_cpus_allowed_ptr(t->task, mask);
		mutex_unlock(&run->parts->threads_lock);
		run_count(run, CNT_SHUFFLES);
	}
	cpus_read_unlock();
	return idle;
}

static void shuffle(struct torture_thread *t)
{
	struct torture_run *run = t->run;
	cpumask_var_t mask;
	int idle = -1;

	while (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		if (!thread_sleep(run, 100 * USEC_PER_MSEC))
			return;
	while (thread_sleep_period(t, &run->cfg.shuffle, 1))
		idle = herd(run, mask, idle);
	free_cpumask_var(mask);
}

int shuffle_start(struct torture_run *run)
{
	return thread_start(run, &run->parts->shuffle, shuffle, "shuffle", 0);
}

void shuffle_stop(struct torture_run *run)
{
	thread_stop(&run->parts->shuffle);
}
