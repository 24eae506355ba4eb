/* SPDX-License-Identifier: GPL-2.0 */
/*
 * step.h - one line of a scenario's [steps]
 *
 * The words are rows of a table (step.c); scenario.h tells their grammar. A
 * line is cut and checked when the scenario is read, so that a slip of the pen
 * is found before a machine is booted. What only the guest can know (which
 * patterns exist, which values a key takes) is left to the module, whose own
 * error_log is quoted when it refuses.
 */
#ifndef LASTREF_STEP_H
#define LASTREF_STEP_H

#include <stdbool.h>
#include <stddef.h>

#include "errbuf.h"

#define RUN_NAME_MAX	31

enum step_kind {
	STEP_DO,
	STEP_TORTURE,
	STEP_START,
	STEP_SELFTEST,
	STEP_REPEAT,
	STEP_END,
};

/* What a torture= or start= line asks for. */
struct torture_spec {
	char run[RUN_NAME_MAX + 1];
	char *pattern;
	char *flavor;		/* "rcu" if not given */
	char *busted;		/* NULL: the right form */
	char *keys;		/* the other words, as they came; never NULL */
	unsigned int time;	/* seconds, 0 if not given */
};

struct step {
	enum step_kind kind;
	unsigned int line;	/* in the scenario's file */
	char *text;		/* as written, for messages and marks */
	struct torture_spec torture;	/* STEP_TORTURE, STEP_START */
	unsigned int count;	/* STEP_REPEAT */
	size_t partner;		/* STEP_REPEAT, STEP_END: index of the other */
};

/* Fills *step from "word = value"; 0, or -1 and err (without file and line). */
int step_parse(struct step *step, const char *word, const char *value,
	       struct errbuf *err);
void step_free(struct step *step);

/* Whether such a step has a row of its own in the live table. */
bool step_has_row(enum step_kind kind);

/* "do", "torture" ... */
const char *step_word(enum step_kind kind);

#endif
