// SPDX-License-Identifier: GPL-2.0
/*
 * Wrong forms, alone: fresh machines, each until it crashes or its cycles are over.
 *
 * After an unload it is waited until the ledger has seen all that was posted,
 * plus a moment for the last one to return: then nothing more can happen, and
 * the next cycle may come. Where the kernel holds callbacks back for ten seconds
 * one cycle a machine will do, and several machines wait at the same time; they
 * are idle meanwhile. So do those whose callbacks may never come.
 */
#include <time.h>

#include "unload_alone.h"
#include "unload_machine.h"

#define MACHINES	4		/* for a cell, at the least */
#define AT_ONCE		16		/* of those that wait */
#define PATIENCE	20		/* cycles of what must crash */
#define POLL_MS		40
#define COME_MS		5000		/* until what is pending has been run, */
#define LAZY_MS		14000		/* and where the kernel holds it back */

struct trial {
	struct unload_machine m;
	struct unload_cell *c;
	unsigned int cycles;
	int ret;		/* of the last one */
	long long until;	/* its callbacks have come by then */
};

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static bool begin(struct unload *u, struct trial *t, struct unload_cell *c)
{
	struct errbuf err;
	char name[128];

	*t = (struct trial){ .c = c };
	snprintf(name, sizeof(name), "%s-%s-%u", c->what->name, c->mode->name,
		 ++c->alone.machines);
	if (!unload_machine_boot(u, &t->m, c->mode, name, &err))
		return true;
	unload_problem(c, "%s", err.text);
	c->not_done = true;
	return false;
}

/* What call_srcu() posts is never lazy. */
static unsigned int patience_ms(const struct unload_cell *c)
{
	return c->mode->lazy && !unload_cell_fate(c)->warned ? LAZY_MS : COME_MS;
}

static void load_and_unload(struct trial *t)
{
	t->cycles++;
	t->c->alone.cycles++;
	t->ret = unload_machine_cycle(&t->m, t->c->what);
	t->until = now_ms() + (long long)(patience_ms(t->c) * t->m.rig.deadlines.scale);
}

static void crashed(struct trial *t)
{
	struct unload_count *n = &t->c->alone;
	const struct splat *worst;
	struct unload_line line;

	rig_end(&t->m.rig);
	worst = splat_worst(t->m.rig.splats);
	if (!unload_machine_foretold(&t->m)) {
		unload_problem(t->c, "ended without the signature (an oops in " UNLOAD_DEMO
			       "'s text that is gone): %s",
			       worst ? worst->headline : vm_end_reason(t->m.rig.vm));
		return;
	}
	n->crashes++;
	n->warned += unload_machine_warned(&t->m);
	if (!n->first_crash || t->cycles < n->first_crash)
		n->first_crash = t->cycles;
	unload_machine_last_words(&t->m, &line);
	unload_count_line(n, &line);
}

/* Until all that was posted has come, or the machine has gone. */
static int wait_for_all(struct trial *t, struct unload_line *line)
{
	int ret;

	do {
		rig_watch(&t->m.rig, POLL_MS);
		if (!rig_alive(&t->m.rig))
			return -1;
		ret = unload_machine_ledger(&t->m, line);
	} while (!ret && line->lost && now_ms() < t->until);
	if (!ret)
		rig_watch(&t->m.rig, POLL_MS);
	return rig_alive(&t->m.rig) ? ret : -1;
}

/* What came of the last unload; whether there may be another one. */
static bool outlived(struct trial *t)
{
	struct unload_line line = { 0 };

	if (!t->ret)
		t->ret = wait_for_all(t, &line);
	if (t->ret < 0) {
		crashed(t);
		return false;
	}
	if (t->ret) {
		unload_problem(t->c, "%s", vm_status_text(t->m.rig.vm));
		return false;
	}
	unload_count_line(&t->c->alone, &line);
	if (unload_machine_warned(&t->m)) {
		t->c->alone.warned++;
		t->c->alone.lost += line.lost > 0;
	} else if (line.lost) {
		unload_problem(t->c, "%llu callbacks never came", (unsigned long long)line.lost);
	}
	return !line.lost;
}

/* Of one that crashed it was asked already what for. */
static void end(struct trial *t)
{
	const char *more;

	if (t->ret >= 0) {
		rig_end(&t->m.rig);
		more = unload_machine_complaint(&t->m);
		if (more)
			unload_problem(t->c, "%s", more);
	}
	unload_machine_free(&t->m);
}

/* As many as it takes for a probability that means something. */
static bool wants_more(const struct unload *u, const struct unload_cell *c)
{
	return !c->problem[0] && (c->alone.machines < MACHINES || c->alone.cycles < u->cycles);
}

/* What must crash may take its time, and ends the sooner. */
static unsigned int most_cycles(const struct unload *u, const struct unload_cell *c)
{
	return unload_cell_fate(c)->dies && u->cycles < PATIENCE ? PATIENCE : u->cycles;
}

static void one_by_one(struct unload *u, struct unload_cell *c)
{
	struct trial t;
	bool lives;

	while (wants_more(u, c) && begin(u, &t, c)) {
		do {
			load_and_unload(&t);
			lives = outlived(&t);
		} while (lives && t.cycles < most_cycles(u, c));
		end(&t);
	}
}

static bool only_waits(const struct unload_cell *c)
{
	return unload_cell_alone(c) && (c->mode->lazy || unload_cell_fate(c)->warned);
}

/* The next that waits: NULL if there is none. */
static struct unload_cell *next_to_wait(struct unload *u, size_t *at)
{
	for (; *at < u->nr_cells; ++*at) {
		struct unload_cell *c = &u->cells[*at];

		if (only_waits(c) && wants_more(u, c))
			return c;
	}
	return NULL;
}

static void several_wait(struct unload *u, void (*told)(struct unload *u, struct unload_cell *c))
{
	struct trial trials[AT_ONCE];
	struct unload_cell *c;
	size_t at = 0, done = 0, n, i;

	do {
		for (n = 0; n < AT_ONCE && (c = next_to_wait(u, &at));)
			if (begin(u, &trials[n], c))
				load_and_unload(&trials[n++]);
		if (n)
			unload_say(u, "%zu machines wait for what comes late, or never", n);
		for (i = 0; i < n; i++) {
			outlived(&trials[i]);
			end(&trials[i]);
		}
		for (; done < at; done++)
			if (only_waits(&u->cells[done]))
				told(u, &u->cells[done]);
	} while (n);
}

void unload_alone(struct unload *u, void (*told)(struct unload *u, struct unload_cell *c))
{
	size_t i;

	for (i = 0; i < u->nr_cells; i++) {
		struct unload_cell *c = &u->cells[i];

		if (!unload_cell_alone(c) || only_waits(c))
			continue;
		one_by_one(u, c);
		told(u, c);
	}
	several_wait(u, told);
}
