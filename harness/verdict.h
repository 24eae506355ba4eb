/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From evidence to verdict, as a pure function.
 *
 * Three witnesses that cannot lie for each other: the KTAP that came over the
 * results channel, the reason QEMU gives for the end of the machine, and the
 * splats on the console. Where they disagree that is a result of its own, and
 * no verdict is never a pass. The rules are a table (verdict.c), first match
 * wins; each says in one sentence what a person can act on.
 */
#ifndef LASTREF_VERDICT_H
#define LASTREF_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "ktap.h"
#include "splat.h"
#include "vm.h"

enum status {
	STATUS_PASS,
	STATUS_FAIL,		/* the code under test, or no verdict about it */
	STATUS_ERROR,		/* the harness or the host: worth a retry */
	STATUS_NOTRUN,		/* nothing was tested */
};

enum expect {
	EXPECT_PASS,		/* the right form: all ok, no splat, power off */
	EXPECT_CAUGHT,		/* a busted form: a check says so, machine unharmed */
	EXPECT_CRASH,		/* the machine dies, with a signature of its own */
};

struct evidence {
	enum expect expect;
	const char *signature;	/* EXPECT_CRASH: a splat must match; else NULL */
	const char *splat;	/* such a splat must come, others must not; or NULL */

	bool hello;		/* the agent spoke: PID 1 was reached */
	unsigned int steps;	/* how many the scenario has ... */
	unsigned int steps_done;	/* ... and how many ended as they should */
	const char *step_error;	/* which failed and how ("insmod x: File exists") */

	/* one for each KTAP the steps promise, also if no line of it came */
	const struct ktap *const *ktap;
	size_t nr_ktap;

	enum vm_end end;
	const char *end_reason;	/* as vm_end_reason() has it, or NULL */
	const struct splat_scan *splats;	/* finished */
	const char *deadline;	/* name of the deadline that fired, or NULL */
	const char *harness;	/* what the harness could not do (disk full), or NULL */
};

struct verdict {
	enum status status;
	const char *rule;	/* which row decided: a word for result.json */
	char *why;		/* one sentence; the caller frees it */
};

struct verdict verdict_reach(const struct evidence *e);

/* "pass", "FAIL", "ERROR", "not run" */
const char *status_name(enum status status);

/* NULL if the expression compiles, else why not (static text): for scenario files. */
const char *verdict_bad_regex(const char *regex);

#endif
