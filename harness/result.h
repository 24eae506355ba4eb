/* SPDX-License-Identifier: GPL-2.0 */
/*
 * result.h - what came out, as data
 *
 * A worker fills a case_result, one scenario on one kernel, and writes it as
 * result.json into the directory of the case. The parent reads it back from
 * there, so that what is reported is what was kept, and a worker that died
 * half-way leaves a case without a result, which is an error and never a pass.
 *
 * Strings are owned by the structure that holds them; NULL means not known.
 * All of this is plain data: who judges is verdict.h, who tells it in words is
 * report.h.
 */
#ifndef LASTREF_RESULT_H
#define LASTREF_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler.h"
#include "errbuf.h"
#include "ktap.h"
#include "series.h"
#include "verdict.h"

/* One line of a run's KTAP. */
struct check_result {
	char *name;
	enum ktap_status status;	/* a skip: it did not run */
	char *note;			/* "ran 12345 times", "not run: barriers=0" */
};

struct run_result {
	char *name;
	char *pattern;
	char *flavor;
	char *busted;			/* NULL: the right form */
	unsigned int round;		/* from 1, for repeated steps */
	char *state;			/* the module's last word */
	bool as_foretold;
	char *problem;			/* in words, if not as foretold */
	uint64_t seed;
	uint64_t ops;
	uint64_t near_misses;
	uint64_t errors;
	long elapsed_ms;
	char *caught_by;		/* of a busted form */
	long caught_ms;			/* -1: not caught */
	char *bound;			/* what N operations without failure prove */
	char *failures;			/* check, biography, as the module tells it */
	struct check_result *checks;
	size_t nr_checks;
	struct sample *samples;		/* what it did over time */
	size_t nr_samples;
	struct histogram *histograms;	/* how long things took in it */
	size_t nr_histograms;
};

/* A selftest. */
struct test_result {
	char *name;
	unsigned int passed;
	unsigned int failed;
	unsigned int skipped;
	char *problem;			/* NULL: its KTAP is complete */
	char *failures;			/* the failed lines with their comments */
};

struct splat_result {
	char *kind;
	char *headline;
	char *excerpt;			/* addresses decoded */
	bool fatal;
	bool expected;
};

struct case_result {
	char *id;			/* name of its directory */
	char *scenario;
	char *about;
	char *kernel;
	char *release;
	char *accel;
	char *mode;			/* of the matrix; NULL: none */
	char *boot;			/* arguments of its kernel that --boot or the mode adds */
	enum expect expect;
	enum status status;
	char *rule;
	char *why;
	uint64_t seed;
	double seconds;
	long boot_ms;
	double scale;			/* of deadlines */
	unsigned int boots;		/* 2: the first never reached PID 1 */
	char *end;			/* of the machine: "poweroff" ... */
	char *again;			/* the command that repeats this case */
	char *notes;			/* lines: what a reader should know besides */
	struct run_result *runs;
	size_t nr_runs;
	struct test_result *tests;
	size_t nr_tests;
	struct splat_result *splats;
	size_t nr_splats;
};

/* Zeroed new elements at the end of the arrays; NULL without memory. */
struct run_result *case_add_run(struct case_result *c);
struct test_result *case_add_test(struct case_result *c);
struct splat_result *case_add_splat(struct case_result *c);
struct check_result *run_add_check(struct run_result *r);

/* States of runs whose end was not seen, beside those the module has. */
#define STATE_LOST		"lost"
#define STATE_NOT_STARTED	"not started"
#define STATE_INTERRUPTED	"interrupted"
bool run_interrupted(const struct run_result *r);

/* Where it ran: "6.12", "6.12 expedited". */
#define CASE_WHERE_MAX	64
const char *case_where(const struct case_result *c, char buf[CASE_WHERE_MAX]);

/* "pass", "FAIL", "ERROR"; "skipped" if it cannot be run here, else "not run". */
#define RULE_SKIPPED		"skipped"
const char *status_word(const struct case_result *c);

/* Add a line to notes. */
__printf(2, 3) void case_note(struct case_result *c, const char *fmt, ...);

void case_free(struct case_result *c);

/* Everything of one call of `lastref run`. */
struct tour_result {
	char *command;			/* as a shell takes it */
	char *started;			/* ISO 8601 */
	char *dir;			/* of the results */
	uint64_t seed;
	double seconds;
	bool interrupted;
	int exit_code;
	struct case_result *cases;
	size_t nr_cases;
};

void tour_free(struct tour_result *t);

/*
 * What every reader takes for granted is there: a text that a document lacks, or
 * that there was no memory for, becomes "?".
 */
void tour_fill_in(struct tour_result *t);

/* 0, or -1 and err. Written to a temporary name and renamed. */
int case_save(const struct case_result *c, const char *path, struct errbuf *err);
int case_load(struct case_result *c, const char *path, struct errbuf *err);
int tour_save(const struct tour_result *t, const char *path, struct errbuf *err);
int tour_load(struct tour_result *t, const char *path, struct errbuf *err);

#endif
