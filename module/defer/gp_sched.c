// SPDX-License-Identifier: GPL-2.0
/*
 * Back end "sched": the algorithm of 2003 (claims W4, W5).
 *
 * "The RCU algorithm works by waiting until every processor in the system has
 * scheduled at least once."  A reader switches preemption off and does not
 * sleep, so it is on its CPU from beginning to end; a CPU that has scheduled
 * since the grace period began has no reader left from before.
 *
 * Each CPU that may run readers has a bit in @unseen when a grace period
 * begins, and loses it in one of two ways:
 *
 *  - A work item of ours runs there.  It is a task, so the CPU has scheduled,
 *    or could have: a worker between two works is in nobody's section.
 *  - An interrupt of ours finds that what it interrupted could have been
 *    scheduled away: no preempt count, no softirq, or the idle loop itself.
 *    That is quick, and is how a grace period is expedited.  It is also the
 *    way out where a realtime task lets no worker run, and where workers have
 *    left a CPU that is about to go.
 *
 * An idle CPU is not passed over.  An interrupt may be a reader, and only the
 * CPU itself can tell that it is in none.
 *
 * Clearing the bit is what orders one CPU's past against the future:
 *
 *	gp				CPU 1
 *	--				-----
 *					section: reads p, leaves
 *	unlink p
 *	(b) set all bits
 *					test_and_clear (full barrier, s)
 *					section: cannot find p
 *	all bits clear, (c)
 *	free p
 *
 * If the CPU sees its bit set, it has seen the unlinking (b with s); what its
 * earlier sections did comes before the clear bit (s with c).  A work that was
 * queued for one grace period and runs in the next tells the truth of the
 * next: that there is no section there when it clears the bit.
 *
 * A CPU that comes up later than (b) has no section from before.  One that
 * goes down stays a reader until it is dead.  @leaving has it from the first
 * step down to the last:
 *
 *	gp				CPU 1
 *	--				-----
 *					hotplug begins: leaving |= 1
 *					section begins
 *	unlink p
 *					not online any more
 *	unseen = online | leaving
 *	wait				section ends (interrupts are off)
 *					dead: leaving, unseen &= ~1
 *
 * Without @leaving the CPU would not be waited for here.  So a callback of
 * CPU hotplug that runs after the CPU is dead must not wait for a grace period
 * of this back end.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "gp.h"
#include "gp_own.h"

/* How long works alone may take before interrupts have a look. */
#define PATIENCE_JIFFIES	(HZ / 20)

static struct gp_own sched_gp_own;
static DEFINE_PER_CPU(struct work_struct, sched_gp_work);
/* Protects @leaving, and that @unseen has no CPU that is dead. */
static DEFINE_SPINLOCK(sched_gp_lock);
static struct cpumask sched_gp_leaving;
static struct cpumask sched_gp_unseen;
static enum cpuhp_state sched_gp_state_dead, sched_gp_state_leaving;

/* This CPU is in no section now.  True: it was the last one. */
static bool sched_gp_saw(int cpu)
{
	return cpumask_test_and_clear_cpu(cpu, &sched_gp_unseen) &&	/* s */
	       cpumask_empty(&sched_gp_unseen);
}

static void sched_gp_ran(struct work_struct *work)
{
	int cpu = get_cpu();
	bool last = false;

	/* Where its CPU has gone a work runs elsewhere, and proves nothing. */
	if (work == &per_cpu(sched_gp_work, cpu))
		last = sched_gp_saw(cpu);
	put_cpu();
	if (last)
		gp_own_news(&sched_gp_own);
}

/*
 * The idle task has preemption off at all times, and is in no section for all
 * that; whoever it calls that is in one has a higher count.
 */
static bool sched_gp_interrupted_could_schedule(void)
{
	unsigned int count = preempt_count() & (PREEMPT_MASK | SOFTIRQ_MASK);

	if (is_idle_task(current))
		return count == PREEMPT_DISABLE_OFFSET;
	return IS_ENABLED(CONFIG_PREEMPT_COUNT) && !count;
}

static void sched_gp_look(void *unused)
{
	if (sched_gp_interrupted_could_schedule())
		sched_gp_saw(smp_processor_id());
}

static void sched_gp_look_everywhere(void)
{
	preempt_disable();
	sched_gp_saw(smp_processor_id());	/* who runs grace periods reads nothing */
	smp_call_function_many(&sched_gp_unseen, sched_gp_look, NULL, true);
	preempt_enable();
}

static void sched_gp_queue_works(void)
{
	int cpu;

	for_each_cpu(cpu, &sched_gp_unseen)
		if (cpu_online(cpu))
			queue_work_on(cpu, system_highpri_wq,
				      &per_cpu(sched_gp_work, cpu));
}

static void sched_gp_find(struct gp_own *own)
{
	unsigned long patience = jiffies + PATIENCE_JIFFIES;

	spin_lock(&sched_gp_lock);
	cpumask_or(&sched_gp_unseen, cpu_online_mask, &sched_gp_leaving);
	spin_unlock(&sched_gp_lock);
	while (!cpumask_empty(&sched_gp_unseen)) {
		if (gp_own_hurries(own) || time_after(jiffies, patience))
			sched_gp_look_everywhere();
		if (cpumask_empty(&sched_gp_unseen))
			break;
		sched_gp_queue_works();
		gp_own_rest(own);
	}
}

static int sched_gp_stays(unsigned int cpu)
{
	spin_lock(&sched_gp_lock);
	cpumask_clear_cpu(cpu, &sched_gp_leaving);
	spin_unlock(&sched_gp_lock);
	return 0;
}

static int sched_gp_leaves(unsigned int cpu)
{
	spin_lock(&sched_gp_lock);
	cpumask_set_cpu(cpu, &sched_gp_leaving);
	spin_unlock(&sched_gp_lock);
	return 0;
}

/* Also after a CPU that would not come up. */
static int sched_gp_dead(unsigned int cpu)
{
	spin_lock(&sched_gp_lock);
	cpumask_clear_cpu(cpu, &sched_gp_leaving);
	cpumask_clear_cpu(cpu, &sched_gp_unseen);
	spin_unlock(&sched_gp_lock);
	gp_own_news(&sched_gp_own);
	return 0;
}

static int sched_gp_global_init(void)
{
	int cpu, err;

	for_each_possible_cpu(cpu)
		INIT_WORK(&per_cpu(sched_gp_work, cpu), sched_gp_ran);
	gp_own_init(&sched_gp_own, sched_gp_find);
	err = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN,
					"lastref/sched:dead", NULL, sched_gp_dead);
	if (err < 0)
		return err;
	sched_gp_state_dead = err;
	err = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN,
					"lastref/sched:leaves", sched_gp_stays,
					sched_gp_leaves);
	if (err < 0) {
		cpuhp_remove_state_nocalls(sched_gp_state_dead);
		return err;
	}
	sched_gp_state_leaving = err;
	return 0;
}

/* A work that lost its race may still be on its way when nobody waits for it. */
static void sched_gp_global_exit(void)
{
	int cpu;

	gp_own_exit(&sched_gp_own);
	cpuhp_remove_state_nocalls(sched_gp_state_leaving);
	cpuhp_remove_state_nocalls(sched_gp_state_dead);
	for_each_possible_cpu(cpu)
		cancel_work_sync(&per_cpu(sched_gp_work, cpu));
}

static int sched_gp_init(struct defer_gp *gp)
{
	return 0;
}

static void sched_gp_exit(struct defer_gp *gp)
{
}

static int sched_gp_enter(struct defer_gp *gp)
{
	preempt_disable();
	return 0;
}

static void sched_gp_leave(struct defer_gp *gp, int idx)
{
	preempt_enable();
}

static void sched_gp_get_state(struct defer_gp *gp, struct defer_cookie *cookie)
{
	gp_own_get_state(&sched_gp_own, cookie);
}

static void sched_gp_start(struct defer_gp *gp, struct defer_cookie *cookie)
{
	gp_own_start(&sched_gp_own, cookie);
}

static bool sched_gp_poll(struct defer_gp *gp, const struct defer_cookie *cookie)
{
	return gp_own_poll(&sched_gp_own, cookie);
}

static void sched_gp_expedite(struct defer_gp *gp)
{
	gp_own_expedite(&sched_gp_own);
}

static void sched_gp_synchronize(struct defer_gp *gp)
{
	gp_own_synchronize(&sched_gp_own);
}

/**
 * synchronize_kernel() - wait until every CPU has scheduled once
 *
 * The introduction's call of 2003 (claim W5): when it returns, every stretch of
 * code that ran with preemption off when it was called has ended, on every CPU,
 * interrupt handlers included.
 *
 * Ordering: a full barrier.  What was done before the call is seen by every such
 * stretch that is not waited for, and what those that are waited for did is
 * seen after it returns.
 *
 * Context: may sleep; not in a callback of CPU hotplug that runs after a CPU is
 * dead.
 */
void synchronize_kernel(void)
{
	gp_own_synchronize(&sched_gp_own);
}
EXPORT_SYMBOL_GPL(synchronize_kernel);

const struct gp_ops gp_sched = {
	.name		= "sched",
	.about		= "2003's: every CPU has scheduled once; preemption off",
	.global_init	= sched_gp_global_init,
	.global_exit	= sched_gp_global_exit,
	.init		= sched_gp_init,
	.exit		= sched_gp_exit,
	.enter		= sched_gp_enter,
	.leave		= sched_gp_leave,
	.get_state	= sched_gp_get_state,
	.start		= sched_gp_start,
	.poll		= sched_gp_poll,
	.expedite	= sched_gp_expedite,
	.synchronize	= sched_gp_synchronize,
};
