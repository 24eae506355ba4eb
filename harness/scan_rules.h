/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scan_rules.h - which calls leave a callback behind, and which wait for it
 *
 * Three tables of names (scan_rules.c). A module that imports a call that posts needs,
 * for each kind of callback it posts, something that waits for that kind: its
 * own call of a barrier, or a function of the kernel that contains one, always
 * or on a condition. That it imports it does not show that it calls it, nor
 * when; that it does not shows that it cannot.
 */
#ifndef LASTREF_SCAN_RULES_H
#define LASTREF_SCAN_RULES_H

#include <stddef.h>

#include "module_file.h"

/* What waits for callbacks of one kind does nothing for another. */
enum scan_kind {
	SCAN_RCU, SCAN_SRCU, SCAN_TASKS, SCAN_TASKS_RUDE, SCAN_TASKS_TRACE,
	SCAN_RCU_WORK, SCAN_PERCPU_REF, NR_SCAN_KINDS
};

/* From bad to good. */
enum scan_verdict {
	SCAN_NONE,		/* it posts, and nothing it imports waits */
	SCAN_MAYBE,		/* what it imports may wait, on a condition */
	SCAN_INSIDE,		/* what it imports contains the barrier */
	SCAN_BARRIER,		/* it calls the barrier itself */
	SCAN_PERMANENT,		/* it cannot be unloaded */
	SCAN_QUIET,		/* it posts nothing */
	NR_SCAN_VERDICTS
};

/* Something that waits, or posts. */
struct scan_call {
	const char *name;
	unsigned int kinds;	/* bits of enum scan_kind */
	enum scan_verdict waits;	/* SCAN_NONE: this one posts */
	const char *why;
};

#define SCAN_CALLS_MAX	16

struct scan_result {
	enum scan_verdict verdict;	/* of the kind that comes off worst */
	unsigned int open;		/* kinds with nothing, or a maybe */
	const struct scan_call *posts[SCAN_CALLS_MAX];
	size_t nr_posts;
	const struct scan_call *waits[SCAN_CALLS_MAX];	/* for a kind it posts */
	size_t nr_waits;
};

void scan_judge(const struct module_file *m, struct scan_result *r);

/* "none", "maybe" ... as tables and JSON have it. */
const char *scan_verdict_name(enum scan_verdict verdict);

/* Whether somebody should look at the module. */
bool scan_suspect(enum scan_verdict verdict);

/* What a kind of callback is waited for with: "rcu_barrier()". */
const char *scan_barrier_of(enum scan_kind kind);

#endif
