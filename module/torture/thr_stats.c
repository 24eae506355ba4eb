// SPDX-License-Identifier: GPL-2.0
/*
 * Stats: is every updater still getting somewhere, and does nobody sleep for
 * ever?
 *
 * A grace period that never ends, a callback that is never invoked, a lock that
 * was never given back: sooner or later the updaters stand still, and nothing
 * else need be wrong to see.  Each updater counts its turns; here they are
 * looked at once a second.
 *
 * What is measured is looks, not time.  When a whole machine, or the host of a
 * virtual one, stands still, so does this thread: then neither the updaters nor
 * the looks advance, and nobody is blamed for it.  While the gate is closed
 * updaters have no right to advance.
 *
 * Where the verbs of a pattern sleep, one who is never woken may be the only
 * one: others go on.  So the threads that use the verbs are looked at one by
 * one, as the kernel's hung task detector does: asleep, and has not been
 * switched to since the last look.  This goes on while the gate is closed,
 * where nobody is left who could wake a forgotten sleeper by chance.
 */
#include <linux/sched.h>

#include "parts.h"

#define LOOK_US		1000000
#define STALL_LOOKS	15
#define SLEEP_LOOKS	3

struct watch {
	unsigned long progress;
	unsigned int looks;	/* in a row that found no progress */
};

static void look(struct torture_run *run, const struct updater *updaters,
		 struct watch *watch, unsigned int i)
{
	unsigned long now = updater_progress(updaters, i);

	check_ran(run, CHECK_WRITER_STALL);
	if (now != watch->progress) {
		watch->progress = now;
		watch->looks = 0;
		return;
	}
	if (++watch->looks < STALL_LOOKS)
		return;
	watch->looks = 0;
	check_fail(run, CHECK_WRITER_STALL, NULL,
		   "updater %u made no progress in %d looks, a second apart; backlog %ld",
		   i, STALL_LOOKS, atomic_long_read(&run->backlog));
}

static bool still_asleep(struct torture_thread *t)
{
	unsigned long switches = t->task->nvcsw + t->task->nivcsw;
	bool same = switches == t->switches;

	t->switches = switches;
	return same && READ_ONCE(t->task->__state) == TASK_UNINTERRUPTIBLE;
}

static void look_for_sleepers(struct torture_run *run)
{
	struct torture_thread *t;

	mutex_lock(&run->parts->threads_lock);
	list_for_each_entry(t, &run->parts->threads, node) {
		if (!t->watched)
			continue;
		check_ran(run, CHECK_WRITER_STALL);
		t->asleep = still_asleep(t) ? t->asleep + 1 : 0;
		if (t->asleep == SLEEP_LOOKS)
			check_fail(run, CHECK_WRITER_STALL, NULL,
				   "%s/%d slept through %d looks, a second apart: nobody wakes it",
				   t->task->comm, t->task->pid, SLEEP_LOOKS);
		if (t->asleep >= SLEEP_LOOKS)
			wake_up_process(t->task);
	}
	mutex_unlock(&run->parts->threads_lock);
}

static void stats(struct torture_thread *t)
{
	struct torture_run *run = t->run;
	struct watch *watches = t->arg;
	unsigned int i;

	while (thread_sleep(run, LOOK_US)) {
		/* Pairs with the release in updaters_start(). */
		struct updater *u = smp_load_acquire(&run->parts->updaters);

		for (i = 0; u && i < run->cfg.updaters; i++) {
			if (gate_closing(run))
				watches[i].looks = 0;
			else
				look(run, u, &watches[i], i);
		}
		look_for_sleepers(run);
	}
}

int stats_start(struct torture_run *run)
{
	struct torture_thread *t = &run->parts->stats;

	if (!run->cfg.updaters)
		return 0;
	t->arg = parts_alloc(run, run->cfg.updaters, sizeof(struct watch));
	if (!t->arg)
		return -ENOMEM;
	return thread_start(run, t, stats, "stats", 0);
}

void stats_stop(struct torture_run *run)
{
	thread_stop(&run->parts->stats);
}
