/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tree of results that a KTAP is, and what is wrong with it.
 *
 * Subtests are indented more than the result that closes them, so there is a
 * stack of levels by indentation: a deeper line opens a level, and a result of
 * an outer level closes all inner ones, as their parent.
 */
#ifndef LASTREF_KTAP_TREE_H
#define LASTREF_KTAP_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler.h"
#include "ktap.h"
#include "ktap_line.h"
#include "textbuf.h"

#define KTAP_MAX_DEPTH	16
#define KTAP_MAX_RESULTS	65536
#define KTAP_MAX_PROBLEMS	64

struct level {
	unsigned int indent;
	bool has_version;
	bool has_plan;
	bool late_plan;		/* came after results: nothing may follow it */
	unsigned int plan;
	unsigned int seen;
	unsigned int last;	/* highest number so far */
	unsigned int failed;
	size_t first;		/* index of the first result of this level or deeper */
	size_t newest;		/* index + 1 of its newest result, 0: none */
	struct textbuf diag;	/* comments since that */
	char name[64];		/* "# Subtest: name", or "" */
};

struct ktap {
	struct level level[KTAP_MAX_DEPTH];
	unsigned int depth;	/* levels in use */
	struct ktap_result *results;
	size_t nr_results;
	size_t cap_results;
	char *problems[KTAP_MAX_PROBLEMS];
	size_t nr_problems;
	unsigned int counts[KTAP_NR_STATUS];
	unsigned int line;
	struct textbuf preamble;
	struct ktap_parsed parsed;	/* the line at hand */
	bool bailed;
	bool finished;
};

__printf(2, 3) void tree_problem(struct ktap *k, const char *fmt, ...);

/* The open level a line of this indentation belongs to; there must be one. */
struct level *tree_level_at(struct ktap *k, unsigned int indent);

/* The same, and one is opened if the line is deeper than all. */
struct level *tree_level(struct ktap *k, unsigned int indent);

/* A result in its place: closes subtests, checks the number. */
void tree_result(struct ktap *k, const struct ktap_parsed *p);

/* The one result of a plan that says why nothing was run. */
void tree_skip_all(struct ktap *k, struct level *l, const char *why);

/* No more lines. */
void tree_finish(struct ktap *k);

void tree_free(struct ktap *k);

#endif
