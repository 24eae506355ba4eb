/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Read KTAP (and TAP 13/14) as kernel tests write it, and say whether it is
 * a complete account.
 *
 * Fed line by line, since the lines come from a serial port. A result that
 * cannot be trusted is a problem, and a KTAP with a problem is not complete:
 * a missing plan, fewer or more results than planned, numbers that are
 * missing, repeated or out of order, a torn line, kernel text inside a
 * result, a parent that contradicts its children, "Bail out!".
 */
#ifndef LASTREF_KTAP_H
#define LASTREF_KTAP_H

#include <stdbool.h>
#include <stddef.h>

enum ktap_status {
	KTAP_PASS,		/* ok */
	KTAP_FAIL,		/* not ok, also # TIMEOUT and # ERROR */
	KTAP_SKIP,		/* # SKIP: not run, never a pass */
	KTAP_XFAIL,		/* # XFAIL, # TODO: failed, as was foretold */
	KTAP_NR_STATUS
};

struct ktap_result {
	enum ktap_status status;
	unsigned int number;	/* as printed */
	unsigned int depth;	/* 0: top level */
	unsigned int line;	/* of the KTAP, from 1 */
	bool parent;		/* has subtests: counts for itself, not in totals */
	char *path;		/* "parent/child" */
	char *name;		/* last element of the path */
	char *note;		/* text after the directive, or "" */
	char *diag;		/* diagnostic lines of this result, each with \n, or "" */
};

struct ktap;

struct ktap *ktap_new(void);
void ktap_free(struct ktap *k);

/* One line; a trailing \n or \r\n does no harm. May hold any bytes. */
void ktap_line(struct ktap *k, const char *line, size_t len);

/* No more lines will come: what is missing now is missing. */
void ktap_finish(struct ktap *k);

/* After ktap_finish(): all that was planned is there and nothing is odd. */
bool ktap_complete(const struct ktap *k);

/* The first problem in words, or NULL; then all of them ("line 7: ..."). */
const char *ktap_problem(const struct ktap *k);
size_t ktap_problems(const struct ktap *k);
const char *ktap_problem_at(const struct ktap *k, size_t i);

/* Results in order of appearance; parents come after their children. */
size_t ktap_results(const struct ktap *k);
const struct ktap_result *ktap_result_at(const struct ktap *k, size_t i);

/* How many leaf results have this status. */
unsigned int ktap_count(const struct ktap *k, enum ktap_status status);

/* Comments before the plan or the first result (seed, pattern ...), or "". */
const char *ktap_preamble(const struct ktap *k);

const char *ktap_status_name(enum ktap_status status);

#endif
