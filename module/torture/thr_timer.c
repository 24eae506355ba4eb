// SPDX-License-Identifier: GPL-2.0
/*
 * Readers in timer context, and the rover that carries them over the CPUs.
 *
 * Softirq readers interrupt the updaters and the other readers between any two
 * instructions with interrupts on, hold references for a moment, and put them
 * where nothing may sleep.  Each visits one CPU after the other, a few jiffies
 * apart, so also those that have just come online.
 *
 * A timer whose handler arms it on another CPU has a trap.  Removing it looks
 * for a running handler on the CPU where the timer is pending now, and that is
 * no longer the CPU where the handler still runs:
 *
 *	CPU 0				CPU 1
 *	-----				-----
 *	handler
 *	  add_timer_on(timer, 1)
 *					timer_shutdown_sync(timer): pending
 *					here, no handler runs here: done
 *	  last instructions
 *
 * Nothing of the rover may be touched after the rearming, then; and before its
 * memory or this code goes away, rovers_wait() waits for the handler itself:
 * it runs with softirqs disabled, which a grace period of RCU waits for.
 */
#include <lastref/compat.h>

#include "element.h"
#include "parts.h"

/* A visit lasts as long as one read, or as a few short ones. */
#define VISIT_NS	(200 * NSEC_PER_USEC)

static void rover_arrive(struct timer_list *timer)
{
	struct rover *rover = container_of(timer, struct rover, timer);
	struct torture_run *run = rover->run;

	if (gate_try_enter(run)) {
		rover->visit(rover);
		gate_leave(run);
	}
	if (!READ_ONCE(run->fullstop))
		rover_start(rover);
}

void rover_init(struct torture_run *run, struct rover *rover,
		void (*visit)(struct rover *rover))
{
	rover->run = run;
	rover->visit = visit;
	parts_seed(run, &rover->rnd);
	rover->cpu = rnd_below(&rover->rnd, nr_cpu_ids);
	timer_setup(&rover->timer, rover_arrive, 0);
}

/*
 * Send the rover on.  A timer added on a CPU that is already gone would not
 * fire before it comes back; with preemption disabled the CPU cannot go
 * between the choice and the adding, and if it goes later it hands its timers
 * over.
 */
void rover_start(struct rover *rover)
{
	rover->timer.expires = jiffies + 1 + rnd_below(&rover->rnd, 4);
	preempt_disable();
	rover->cpu = next_online_cpu(rover->cpu);
	add_timer_on(&rover->timer, rover->cpu);
	preempt_enable();
}

void rover_stop(struct rover *rover)
{
	timer_shutdown_sync(&rover->timer);
}

void rovers_wait(void)
{
	synchronize_rcu();
}

static void timer_read(struct rover *rover)
{
	struct torture_run *run = rover->run;
	u64 end = ktime_get_mono_fast_ns() + rnd_below(&rover->rnd, VISIT_NS);

	do {
		if (rnd_below(&rover->rnd, 2))
			read_reference(run, &rover->rnd, false);
		else
			read_section(run, &rover->rnd, false);
		run_count(run, CNT_TIMER_READS);
	} while (ktime_get_mono_fast_ns() < end);
}

int timer_readers_start(struct torture_run *run)
{
	unsigned int i, nr = run->cfg.timer_readers;
	struct rover *rovers;

	if (!nr || run->cfg.pattern->flags & PATTERN_VERBS_SLEEP)
		return 0;
	rovers = parts_alloc(run, nr, sizeof(*rovers));
	if (!rovers)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		rover_init(run, &rovers[i], timer_read);
	for (i = 0; i < nr; i++)
		rover_start(&rovers[i]);
	run->parts->timer_readers = rovers;
	return 0;
}

void timer_readers_stop(struct torture_run *run)
{
	unsigned int i;

	if (!run->parts->timer_readers)
		return;
	for (i = 0; i < run->cfg.timer_readers; i++)
		rover_stop(&run->parts->timer_readers[i]);
	rovers_wait();
	run->parts->timer_readers = NULL;
}
