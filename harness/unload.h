/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unload.h - cycles of insmod and rmmod: each way out, in each mode
 *
 * Two questions a cell. What becomes of a machine in which nobody watches:
 * right forms share one, each machine of a wrong one is fresh. And what does
 * unloadcheck say: all forms share a machine, for it rescues them. What was pending when
 * the exit path ended is counted by unload_ledger in either case, so that a wrong form
 * that lived is known to have been lucky.
 */
#ifndef LASTREF_UNLOAD_H
#define LASTREF_UNLOAD_H

#include <time.h>

#include "interval.h"
#include "unload_case.h"
#include "unload_verdict.h"

#define UNLOAD_CYCLES	10
#define UNLOAD_DEMO	"unload_demo"

/* Loads and unloads, and what the ledger has of them. */
struct unload_count {
	unsigned int machines;
	unsigned int cycles;
	unsigned int crashes;		/* with the signature */
	unsigned int first_crash;	/* after how many cycles, the soonest; 0: none */
	unsigned int behind;		/* cycles that ended with callbacks to come */
	unsigned int warned;		/* of these, where the kernel let go of an srcu_struct */
	unsigned int lost;		/* and then with some that never came */
	uint64_t posted;
	uint64_t pending;		/* of these, when the exit path ended */
};

struct unload_cell {
	const struct unload_case *what;
	const struct unload_mode *mode;
	const char *lacks;		/* why it was not tried, or NULL */
	struct unload_count alone;
	struct unload_count watched;
	unsigned int rulings[NR_RULINGS];
	char problem[200];		/* what was not as foretold, or "" */
	bool not_done;			/* the problem is the harness's */
};

struct unload {
	const struct kernel *kernel;
	const struct options *options;
	const char *qemu;
	const char *dir;
	unsigned int cycles;
	struct unload_cell *cells;	/* by case, then by mode */
	size_t nr_cells;
	size_t nr_through;		/* of these; what the kernel lacks is none of them */
	time_t started, said;	/* the last line for who waits */
};

/* Whether it names a form, or the way out of some. */
bool unload_is_form(const char *word);

/* The cells of the cases that the operands name, or of all; and the control that must crash. */
void unload_plan(struct unload *u);

/* It takes minutes: what is being done, and what came of a cell, is a line on stderr. */
void unload_run(struct unload *u);
void unload_free(struct unload *u);

/* A line for who waits, with the time since the start. */
__printf(2, 3)
void unload_say(struct unload *u, const char *fmt, ...);

/* What was counted against what was foretold: into its problem. */
void unload_judge(struct unload_cell *c);

/* Of a wrong form: has a part of its own in the fresh machines of unload_alone.h. */
bool unload_cell_alone(const struct unload_cell *c);
const struct unload_fate *unload_cell_fate(const struct unload_cell *c);

/* One word of what came: "clean", "lucky", "hidden", "warned", "crashed", "not run". */
const char *unload_outcome(const struct unload_cell *c);

#endif
