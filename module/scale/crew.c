// SPDX-License-Identifier: GPL-2.0
/*
 * Threads beside the one that measures: readers, floods, visitors.
 *
 * They are of use only once all of them are at work.  A crew has started when
 * each of its threads has done a whole step; where one does not come to it
 * within CREW_START_MS, there is no sample rather than one of half a load.
 *
 * They stay off the CPU that measures, as long as there is another.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "scale.h"

#define CREW_START_MS	20000

struct bench_hand {
	struct bench_crew *crew;
	struct task_struct *task;
	unsigned int index;
	bool stepped;		/* set by the thread, once */
};

static int hand_main(void *arg)
{
	struct bench_hand *hand = arg;

	while (!kthread_should_stop()) {
		hand->crew->step(hand->crew->arg, hand->index);
		WRITE_ONCE(hand->stepped, true);
		cond_resched();
	}
	return 0;
}

/* The next CPU in turn that is not @not_on, if there is one. */
static unsigned int cpu_of(unsigned int index, unsigned int not_on)
{
	unsigned int cpu = not_on, i;

	for (i = 0; i <= index; i++) {
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
		if (cpu == not_on && num_online_cpus() > 1)
			i--;
	}
	return cpu;
}

static int hand_start(struct bench_hand *hand, unsigned int not_on)
{
	struct task_struct *task = kthread_create(hand_main, hand,
						  "bench_crew/%u", hand->index);

	if (IS_ERR(task))
		return PTR_ERR(task);
	hand->task = get_task_struct(task);
	kthread_bind(task, cpu_of(hand->index, not_on));
	wake_up_process(task);
	return 0;
}

static bool all_stepped(const struct bench_crew *crew)
{
	unsigned int i;

	for (i = 0; i < crew->nr; i++)
		if (!READ_ONCE(crew->hands[i].stepped))
			return false;
	return true;
}

static int wait_for_all(const struct bench_crew *crew)
{
	unsigned long end = jiffies + msecs_to_jiffies(CREW_START_MS);
	int err = 0;

	while (!err && !all_stepped(crew)) {
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		err = bench_wait_a_little();
	}
	return err;
}

/**
 * bench_crew_start() - put threads to work
 * @crew: what they do
 * @nr: how many; may be 0
 * @not_on: the CPU that measures
 *
 * Context: may sleep.
 * Return: 0 when all of them are at work, else a negative errno, and none is.
 */
int bench_crew_start(struct bench_crew *crew, unsigned int nr,
		     unsigned int not_on)
{
	unsigned int i;
	int err = 0;

	crew->nr = nr;
	crew->hands = kcalloc(nr, sizeof(*crew->hands), GFP_KERNEL);
	if (!crew->hands)
		return -ENOMEM;
	for (i = 0; i < nr && !err; i++) {
		crew->hands[i].crew = crew;
		crew->hands[i].index = i;
		err = hand_start(&crew->hands[i], not_on);
	}
	if (!err)
		err = wait_for_all(crew);
	if (err)
		bench_crew_stop(crew);
	return err;
}

/**
 * bench_crew_stop() - and home again
 * @crew: the crew, started or not
 *
 * Context: sleeps until each has finished its step.
 */
void bench_crew_stop(struct bench_crew *crew)
{
	unsigned int i;

	for (i = 0; crew->hands && i < crew->nr; i++) {
		if (!crew->hands[i].task)
			continue;
		kthread_stop(crew->hands[i].task);
		put_task_struct(crew->hands[i].task);
	}
	kfree(crew->hands);
	crew->hands = NULL;
}
