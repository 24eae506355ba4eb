/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Find the kernel's cries for help in a console.
 *
 * A scanner is fed console bytes as they arrive, in pieces of any size; how
 * the bytes are cut makes no difference to the result. A splat is known from
 * the moment its headline is complete, and its excerpt grows until the trace
 * ends, so a live view and a post-mortem use the same object.
 *
 * What is a headline, how its report ends and what belongs to an earlier
 * report is data: splat_table.c.
 */
#ifndef LASTREF_SPLAT_H
#define LASTREF_SPLAT_H

#include <stdbool.h>
#include <stddef.h>

enum splat_kind {
	SPLAT_OOPS,		/* page fault, NULL, general protection, other traps */
	SPLAT_TEXT_GONE,	/* an oops: executing an address that has no symbol */
	SPLAT_DOUBLE_FAULT,
	SPLAT_STACK,		/* stack guard page, overrun, canary */
	SPLAT_INT3,		/* breakpoint that nobody owns */
	SPLAT_BUG,		/* kernel BUG at file:line, invalid opcode */
	SPLAT_PANIC,
	SPLAT_WARN,
	SPLAT_RCU_STALL,
	SPLAT_SOFT_LOCKUP,
	SPLAT_HARD_LOCKUP,
	SPLAT_HUNG_TASK,
	SPLAT_LOCKDEP,
	SPLAT_ATOMIC_SLEEP,	/* sleeping function, scheduling while atomic */
	SPLAT_KASAN,
	SPLAT_KCSAN,
	SPLAT_KFENCE,
	SPLAT_UBSAN,
	SPLAT_ODEBUG,
	SPLAT_KMEMLEAK,
	SPLAT_REFCOUNT,
	SPLAT_LIST,
	SPLAT_SLAB,
	SPLAT_BAD_PAGE,
	SPLAT_WORKQUEUE,	/* workqueue lockup, or one that leaks a lock */
	SPLAT_OOM,
	SPLAT_PAGE_ALLOC,	/* page allocation failure */
	SPLAT_LOST,		/* printk dropped messages: anything may be missing */
	SPLAT_BUG_OTHER,	/* a line "BUG: ..." of no known kind */
	SPLAT_TRACE,		/* a stack trace or oops whose headline is lost */
	SPLAT_NR_KINDS
};

struct splat {
	enum splat_kind kind;
	bool fatal;		/* the kernel does not go on as if nothing was */
	bool complete;		/* the end of the report was seen */
	size_t offset;		/* byte of the console where the headline begins */
	size_t line;		/* console line of the headline, from 1 */
	char *headline;		/* without time stamp and prefixes, printable */
	char *excerpt;		/* lines of the report, printable, each with \n */
};

struct splat_scan;

struct splat_scan *splat_scan_new(void);
void splat_scan_free(struct splat_scan *s);

/* Hand over the next @n bytes of the console. */
void splat_scan_feed(struct splat_scan *s, const char *bytes, size_t n);

/* The console has ended: judge its last, unfinished line, close all reports. */
void splat_scan_finish(struct splat_scan *s);

/*
 * Splats in order of their headlines. At most SPLAT_KEEP are kept, but
 * splat_count() counts them all: splat_get() of a higher one is NULL.
 * A splat's kind and excerpt may still change until it is complete.
 */
#define SPLAT_KEEP	64
size_t splat_count(const struct splat_scan *s);
const struct splat *splat_get(const struct splat_scan *s, size_t i);

/* The one a reader wants first: the first fatal one, else the first. */
const struct splat *splat_worst(const struct splat_scan *s);

/* "oops", "rcu-stall", ...: a word for tables and JSON. */
const char *splat_kind_name(enum splat_kind kind);

/*
 * Whether the extended regular expression matches the splat: its headline or
 * anything in its excerpt. "." matches a newline, so "fetch.*rcu_do_batch"
 * spans the report; "^" is the start of the headline or of the excerpt.
 */
bool splat_matches(const struct splat *splat, const char *regex);

#endif
