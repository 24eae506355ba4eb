// SPDX-License-Identifier: GPL-2.0
/*
 * Readers: threads that search the table and look twice at what they find.
 *
 * Three times of four a reader takes a reference and holds on to it, also
 * across sleep, which is what a reference is for.  Otherwise it stays in its
 * read-side section and takes none.  They run at the lowest priority: there
 * are many, and what frees the elements they look at must not starve.  Not so
 * where they hold a lock that updaters sleep on.
 */
#include <linux/sched.h>

#include "element.h"
#include "parts.h"

static void reader(struct torture_thread *t)
{
	struct torture_run *run = t->run;

	t->watched = run->cfg.pattern->flags & PATTERN_VERBS_SLEEP;
	if (!t->watched)
		set_user_nice(current, MAX_NICE);
	if (!gate_enter(run))
		return;
	do {
		if (rnd_below(&t->rnd, 4))
			read_reference(run, &t->rnd, true);
		else
			read_section(run, &t->rnd, true);
	} while (gate_pass(run));
}

int readers_start(struct torture_run *run)
{
	return group_start(run, &run->parts->readers, run->cfg.readers, reader,
			   "reader");
}

void readers_stop(struct torture_run *run)
{
	group_stop(&run->parts->readers);
}
