// SPDX-License-Identifier: GPL-2.0
/*
 * CPU hotplug: CPUs go and come while everything runs.
 *
 * Callbacks posted on a CPU that goes are handed to another, timers and
 * hrtimers are moved, threads are pushed off.  Each of these has lost or
 * doubled a callback in its time (zoo 23).
 *
 * The machine has only one set of CPUs, so one run at a time may do this, and
 * however it ends, a failed start and rmmod included, it puts back every CPU it
 * took.  The boot CPU stays, and so does any CPU that was offline before.
 *
 * Linux 6.12 counts the scheduler's fair server among a CPU's running tasks, and
 * may warn of it when a CPU goes ("Dying CPU not properly vacated!", or an
 * underflow of running_bw).  It takes a CPU on which one task ran for long, as
 * with stall=.  Whoever wants both writes 0 to the files
 * /sys/kernel/debug/sched/fair_server/cpu<n>/runtime first.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/mutex.h>

#include "parts.h"

#define PUT_BACK_TRIES	50
#define PUT_BACK_US	100000
#define IDLE_MS		200	/* how soon a change from 0 is noticed */

static DEFINE_MUTEX(owner_lock);
static struct torture_run *owner;	/* under owner_lock */
static struct cpumask taken;		/* the owner's: it took these offline */

/* A CPU that may go: not the boot CPU, and not one that is needed here. */
static bool may_go(int cpu)
{
	return cpu != 0 && cpu_is_hotpluggable(cpu);
}

static void take(struct torture_run *run, int cpu)
{
	if (!cpu_online(cpu) || remove_cpu(cpu))
		return;
	cpumask_set_cpu(cpu, &taken);
	run_count(run, CNT_OFFLINES);
}

static bool put_back(struct torture_run *run, int cpu)
{
	if (!cpu_online(cpu) && add_cpu(cpu))
		return false;
	cpumask_clear_cpu(cpu, &taken);
	run_count(run, CNT_ONLINES);
	return true;
}

/* Both directions fail for a time when somebody else works on the CPUs. */
static void put_back_all(struct torture_run *run)
{
	unsigned int tries;
	int cpu;

	for_each_cpu(cpu, &taken) {
		for (tries = 0; !put_back(run, cpu); tries++) {
			if (tries == PUT_BACK_TRIES) {
				pr_err("run %s: CPU %d does not come back online; try: echo 1 > /sys/devices/system/cpu/cpu%d/online\n",
				       run->cfg.name, cpu, cpu);
				break;
			}
			schedule_timeout_idle(usecs_to_jiffies(PUT_BACK_US));
		}
	}
}

static bool become_owner(struct torture_run *run)
{
	bool mine;

	mutex_lock(&owner_lock);
	if (!owner) {
		owner = run;
		cpumask_clear(&taken);
	}
	mine = owner == run;
	mutex_unlock(&owner_lock);
	return mine;
}

/* Harmless for one who is not the owner. */
static void give_up(struct torture_run *run)
{
	mutex_lock(&owner_lock);
	if (owner == run) {
		put_back_all(run);
		owner = NULL;
	}
	mutex_unlock(&owner_lock);
}

/* The next present CPU after one at random, but never CPU 0. */
static void toggle(struct torture_run *run, int after)
{
	int cpu = cpumask_next(after, cpu_present_mask);

	if (cpu >= nr_cpu_ids)
		cpu = cpumask_next(0, cpu_present_mask);
	if (cpu >= nr_cpu_ids)
		return;
	if (cpumask_test_cpu(cpu, &taken))
		put_back(run, cpu);
	else if (may_go(cpu))
		take(run, cpu);
}

/*
 * A user may turn hotplug on and off while the run lasts.  Off gives everything
 * back; on while another run has it waits for its turn.
 */
static void hotplug(struct torture_thread *t)
{
	struct torture_run *run = t->run;
	u64 ms;

	do {
		ms = READ_ONCE(run->cfg.hotplug);
		if (!ms)
			give_up(run);
		else if (run_state(run) != RUN_PAUSED && become_owner(run))
			toggle(run, rnd_below(&t->rnd, nr_cpu_ids));
		ms = ms / 2 + rnd_below(&t->rnd, ms);
	} while (thread_sleep(run, (ms ?: IDLE_MS) * USEC_PER_MSEC));
}

static bool any_may_go(void)
{
	int cpu;

	for_each_online_cpu(cpu)
		if (may_go(cpu))
			return true;
	return false;
}

int hotplug_start(struct torture_run *run)
{
	if (run->cfg.hotplug && !any_may_go()) {
		pr_err("run %s: no CPU of this machine can go offline: start with hotplug=0\n",
		       run->cfg.name);
		return -EOPNOTSUPP;
	}
	if (run->cfg.hotplug && !become_owner(run)) {
		pr_err("run %s: another run already takes CPUs offline, and only one may: wait for its end, or start with hotplug=0\n",
		       run->cfg.name);
		return -EBUSY;
	}
	return thread_start(run, &run->parts->hotplug, hotplug, "hotplug", 0);
}

void hotplug_stop(struct torture_run *run)
{
	thread_stop(&run->parts->hotplug);
	give_up(run);
}
