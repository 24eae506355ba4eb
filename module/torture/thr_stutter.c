// SPDX-License-Identifier: GPL-2.0
/*
 * Stutter: now and then everything stops, and the books must balance.
 *
 * The gate is closed and waited for, so nobody holds a reference and nobody
 * changes the table.  A barrier then waits for every callback that was posted,
 * also by those who dropped a last reference on their way out.  What was added
 * and not freed is now exactly what is in the table, with the table's own
 * reference and no other.  An element that leaked, a reference that was never
 * given back, a callback that was lost: each shows here, and nowhere else.
 *
 * Load that starts and stops is also worth something by itself: grace periods
 * begin and end on idle CPUs.
 */
#include "element.h"
#include "parts.h"

/* How long a drain waits for the last participant; then it is not made. */
#define DRAIN_PATIENCE_MS	20000

/**
 * stutter_drain_check() - do the numbers of a run add up?
 * @run: the run, with nobody working on the table, after a barrier
 *
 * Context: may sleep.
 */
void stutter_drain_check(struct torture_run *run)
{
	u64 added = run_sum(run, CNT_ADDED), freed = run_sum(run, CNT_FREED);
	u64 posted = run_sum(run, CNT_POSTED);
	u64 invoked = run_sum(run, CNT_INVOKED);
	long backlog = atomic_long_read(&run->backlog);
	unsigned int not_one, live = elements_live(run, &not_one);

	run_count(run, CNT_DRAINS);
	check_ran(run, CHECK_NOTHING_LOST);
	if (added != freed + live)
		check_fail(run, CHECK_NOTHING_LOST, NULL,
			   "added %llu, but freed %llu and live %u",
			   added, freed, live);
	if (not_one)
		check_fail(run, CHECK_NOTHING_LOST, NULL,
			   "%u of %u live elements have a count other than the table's 1",
			   not_one, live);
	if (posted != invoked || backlog)
		check_fail(run, CHECK_NOTHING_LOST, NULL,
			   "posted %llu callbacks, but invoked %llu, backlog %ld",
			   posted, invoked, backlog);
}

/* At the end of the run its last drain is near, and this one only delays it. */
static void drain(struct torture_run *run)
{
	gate_close(&run->gate);
	if (!gate_wait_empty(&run->gate, DRAIN_PATIENCE_MS)) {
		run_count(run, CNT_DRAINS_MISSED);
	} else if (!thread_ending(run)) {
		run_settle(run);
		stutter_drain_check(run);
	}
	gate_open(&run->gate);
}

static void stutter(struct torture_thread *t)
{
	struct torture_run *run = t->run;

	while (thread_sleep_period(t, &run->cfg.stutter, 1))
		if (!gate_closing(run))		/* a user's pause */
			drain(run);
}

int stutter_start(struct torture_run *run)
{
	return thread_start(run, &run->parts->stutter, stutter, "stutter", 0);
}

void stutter_stop(struct torture_run *run)
{
	thread_stop(&run->parts->stutter);
}
