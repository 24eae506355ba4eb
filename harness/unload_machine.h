/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unload_machine.h - a machine in which unload_demo comes and goes
 *
 * The agent is kept on CPU 0, where its insmod and rmmod run in its own process: on
 * which CPU the unload waits decides which callbacks it happens to wait for, so
 * a form that posts on CPU 1 must not meet it there.
 *
 * A crash that was foretold has a signature: an instruction fetched from where no text
 * is any more, at an address that was unload_demo's. Of what is left of an srcu_struct,
 * SRCU may die as well. Any other oops is a failure.
 */
#ifndef LASTREF_UNLOAD_MACHINE_H
#define LASTREF_UNLOAD_MACHINE_H

#include "unload.h"

struct unload_machine {
	struct rig rig;
	char *dir;
};

/* A line of unload_ledger: what became of the callbacks of one load and unload. */
struct unload_line {
	uint64_t posted;
	uint64_t at_exit;	/* of these, invoked when the exit path ended */
	uint64_t lost;		/* not yet invoked */
};

/* A clone, in its mode, and pinned. 0; -1 and err, with nothing to end. */
int unload_machine_boot(const struct unload *u, struct unload_machine *m,
			const struct unload_mode *mode, const char *name,
			struct errbuf *err);

/* insmod and rmmod: 0; > 0 the guest's errno; < 0: the machine has ended. */
int unload_machine_cycle(struct unload_machine *m, const struct unload_case *what);

/* The newest line of the ledger: from the machine, or what its console kept. */
int unload_machine_ledger(struct unload_machine *m, struct unload_line *line);
void unload_machine_last_words(const struct unload_machine *m, struct unload_line *line);

/* An unload is over: what it left goes into the count. */
void unload_count_line(struct unload_count *n, const struct unload_line *line);

/* It has ended: was it for the reason that was foretold? */
bool unload_machine_foretold(const struct unload_machine *m);

/* Has the kernel said that it lets go of an srcu_struct with callbacks queued? */
bool unload_machine_warned(const struct unload_machine *m);

/* What it has complained of besides: a headline, or NULL. */
const char *unload_machine_complaint(const struct unload_machine *m);

void unload_machine_free(struct unload_machine *m);

/* The first thing that was not as foretold is kept. */
__printf(2, 3)
void unload_problem(struct unload_cell *c, const char *fmt, ...);

#endif
