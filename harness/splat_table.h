/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the scanner knows about kernels, as data.
 *
 * A scanner gets its table as a parameter, so that a test can take a row away
 * and demand that somebody notices.
 */
#ifndef LASTREF_SPLAT_TABLE_H
#define LASTREF_SPLAT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <limits.h>

#include "splat.h"

/* Where in a segment the text of a headline stands. */
enum splat_where {
	AT_START,		/* first, after what printk puts before it */
	AFTER_NAME,		/* or after one or two "subsystem: " */
	ANYWHERE,		/* or in the middle, the headline begins there */
	INSIDE,			/* in the middle, the headline is the whole segment */
};

/* What ends the report that a headline begins. */
enum splat_ends {
	BY_ITSELF = 1 << 0,	/* the headline is all there is */
	BY_TRACE = 1 << 1,	/* ---[ end trace */
	BY_RULE = 1 << 2,	/* a rule of equal signs */
	BY_TASK = 1 << 3,	/* </TASK> */
	BY_PANIC = 1 << 4,	/* ---[ end Kernel panic, or what comes last before it */
	BY_OOM = 1 << 5,	/* Out of memory: Killed process */
	BY_OTHERS = 1 << 6,	/* lines that do not look like part of a report */
};

enum splat_flags {
	FATAL = 1 << 0,		/* splat.fatal */
	ONLY_JOINS = 1 << 1,	/* no report of its own */
	RENAMES = 1 << 2,	/* the joined report becomes one of this kind */
	LATE = 1 << 3,		/* may join one that seemed to have ended, or has a stack */
	HARMLESS = 1 << 4,	/* asked for: not reported, nor the traces that follow */
};

#define KIND(k)		(1u << (k))
#define ANY_KIND	UINT_MAX

struct splat_row {
	const char *text;	/* the headline begins so (INSIDE: has this in it) */
	const char *also;	/* and has this somewhere after it, or NULL */
	enum splat_kind kind;
	enum splat_where where;
	unsigned char ends;
	unsigned char flags;
	unsigned int joins;		/* kinds of an open report of which this is a part */
};

/* How a line begins that belongs to a report which others end. */
struct splat_part {
	const char *text;
	bool resumes;		/* even after such a report seemed to have ended */
};

/* How a line begins that marks the end of reports. */
struct splat_mark {
	const char *text;
	unsigned char ends;
};

struct splat_table {
	const struct splat_row *rows;	/* the first that fits decides */
	size_t nr_rows;
	const struct splat_mark *marks;
	size_t nr_marks;
	const struct splat_part *parts;
	size_t nr_parts;
	const char *const *echoes;	/* lines beginning so quote text: no headlines */
	size_t nr_echoes;
	size_t patience;	/* that many lines of others end a report BY_OTHERS */
};

extern const struct splat_table splat_table;

struct splat_scan *splat_scan_with(const struct splat_table *table);

#endif
