// SPDX-License-Identifier: GPL-2.0
/*
 * Stall: now and then a reader stays in its section for very long.
 *
 * It spins with an element under its eyes.  No grace period can end meanwhile,
 * callbacks pile up, drains and barriers wait; and when the section ends the
 * element must still be what it was.
 *
 * The bound is MAX_STALL_MS: less than the 3 s which are the shortest RCU CPU
 * stall timeout a kernel accepts, and far less than the 20 s of the soft lockup
 * detector.  So however a machine is set up, nobody else complains: any stall
 * warning in a run is a finding.  The spin cannot call cond_resched(), which
 * would be blocking inside a read-side section; being unable to go away is what
 * it is for.
 *
 * Only where grace periods matter.  In listing A a section is a read lock, and
 * everybody else would spin with interrupts off for as long.
 */
#include <linux/ktime.h>

#include "element.h"
#include "parts.h"

#define MIN_STALL_MS	200
#define MAX_STALL_MS	2000

static void spin(struct torture_run *run, unsigned int ms)
{
	u64 end = ktime_get_mono_fast_ns() + (u64)ms * NSEC_PER_MSEC;

	while (ktime_get_mono_fast_ns() < end && !thread_ending(run))
		cpu_relax();
}

static void stall_once(struct torture_thread *t)
{
	struct torture_run *run = t->run;
	struct ref_table *table = &run->table;
	unsigned int ms = MIN_STALL_MS +
			  rnd_below(&t->rnd, MAX_STALL_MS - MIN_STALL_MS);
	unsigned long key = rnd_below(&t->rnd, run->cfg.keys);
	int idx = table->ops->enter(table);
	struct el *el = ref_search(table, key);
	struct view view;

	if (el)
		view_take(run, &view, el, key, "section");
	spin(run, ms);
	if (el) {
		view_check(run, &view, "section");
		view_end_section(run, &view);
	}
	table->ops->leave(table, idx);
	run_count(run, CNT_STALLS);
}

/*
 * Not a participant at the gate: a bare section changes nothing that a drain
 * adds up, and a drain that must wait for it is worth having.
 */
static void stall(struct torture_thread *t)
{
	struct torture_run *run = t->run;

	while (thread_sleep_period(t, &run->cfg.stall, MSEC_PER_SEC))
		if (run_state(run) != RUN_PAUSED)
			stall_once(t);
}

int stall_start(struct torture_run *run)
{
	if (!(run->cfg.pattern->flags & PATTERN_USES_FLAVOR))
		return 0;
	return thread_start(run, &run->parts->stall, stall, "stall", 0);
}

void stall_stop(struct torture_run *run)
{
	thread_stop(&run->parts->stall);
}
