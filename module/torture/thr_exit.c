// SPDX-License-Identifier: GPL-2.0
/*
 * Readers that do one thing and exit at once.
 *
 * A task that goes away right after its read-side section, or right after it
 * put the last reference, takes the exit path of RCU: what a scheduler tick
 * would have reported later is reported by do_exit().  A spawner starts such
 * readers over and over and joins each, most often long after it has exited.
 */
#include "element.h"
#include "parts.h"

#define SLOTS	4	/* readers of one spawner at a time */

struct exit_spawner {
	struct torture_thread thread;
	struct torture_thread child[SLOTS];
};

static void exit_reader(struct torture_thread *t)
{
	struct torture_run *run = t->run;

	if (!gate_try_enter(run))
		return;
	if (rnd_below(&t->rnd, 2))
		read_reference(run, &t->rnd, true);
	else
		read_section(run, &t->rnd, true);
	run_count(run, CNT_EXIT_READS);
	gate_leave(run);
}

/* No memory for another task is no failure: there will be some later. */
static void spawner(struct torture_thread *t)
{
	struct exit_spawner *s = container_of(t, struct exit_spawner, thread);
	struct torture_run *run = t->run;
	unsigned int slot = 0;

	while (thread_sleep(run, rnd_below(&t->rnd, 5000))) {
		struct torture_thread *child = &s->child[slot++ % SLOTS];

		if (gate_closing(run))
			continue;
		thread_stop(child);
		prandom_seed_state(&child->rnd, prandom_u32_state(&t->rnd));
		if (thread_start_seeded(run, child, exit_reader, "exit_reader",
					t->index))
			thread_sleep(run, 20 * USEC_PER_MSEC);
	}
}

int exit_readers_start(struct torture_run *run)
{
	unsigned int i, nr = run->cfg.exit_readers;
	struct exit_spawner *spawners;
	int err;

	if (!nr)
		return 0;
	spawners = parts_alloc(run, nr, sizeof(*spawners));
	if (!spawners)
		return -ENOMEM;
	run->parts->exit_spawners = spawners;
	for (i = 0; i < nr; i++) {
		err = thread_start(run, &spawners[i].thread, spawner, "spawner",
				   i);
		if (err)
			return err;
	}
	return 0;
}

/* First who starts new ones, then the last of those started. */
void exit_readers_stop(struct torture_run *run)
{
	struct exit_spawner *s = run->parts->exit_spawners;
	unsigned int i, slot;

	if (!s)
		return;
	for (i = 0; i < run->cfg.exit_readers; i++, s++) {
		thread_stop(&s->thread);
		for (slot = 0; slot < SLOTS; slot++)
			thread_stop(&s->child[slot]);
	}
}
