/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One report of the kernel, from its headline to its end.
 *
 * It is open while its lines arrive, rests for a while after its end was seen
 * (a stall shows one CPU's stack, then another's), and is then closed.
 */
#ifndef LASTREF_SPLAT_REPORT_H
#define LASTREF_SPLAT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "splat.h"
#include "splat_table.h"
#include "textbuf.h"

/* Bounds of an excerpt; a report is given up after REPORT_LINES. */
#define EXCERPT_LINES	200
#define EXCERPT_BYTES	(24 * 1024)
#define EXCERPT_WIDTH	400
#define REPORT_LINES	400

enum report_state { REPORT_CLOSED, REPORT_OPEN, REPORT_RESTING };

struct report {
	enum report_state state;
	const struct splat_row *row;	/* says how it ends */
	enum splat_kind kind;
	struct splat *splat;	/* NULL: harmless, or more than are kept */
	struct textbuf excerpt;	/* splat->excerpt is its string */
	size_t lines;		/* in the excerpt */
	size_t age;		/* lines since its headline */
	size_t rested;		/* lines since its end */
	size_t others;		/* lines in a row that look like others' ... */
	struct textbuf held;	/* ... kept back: they are its own if it goes on */
	size_t patience;	/* as in struct splat_table */
	bool has_cut;		/* its "cut here" */
	bool has_stack;		/* its "Call Trace:" */
	bool stack_closed;
	bool postscript;	/* taken up again for one line */
};

/* A line as reports see it. */
struct report_line {
	const char *text;
	size_t number;
	const struct splat_part *part;	/* it looks like one of a report; or NULL */
	unsigned int ends;		/* reports of these ends */
};

/* The next line, while the report is open. */
void report_feed(struct report *rep, const struct report_line *line);

/* Whether a headline of this row is a part of the report, and make it one. */
bool report_may_join(const struct report *rep, const struct splat_row *row);
void report_join(struct report *rep, const struct splat_row *row);

/* Before the end was seen: because there is no more, or no more room. */
void report_close(struct report *rep);

/* The console has ended: an end that only others would have shown is one. */
void report_finish(struct report *rep);

/* One line, printable and not too wide, with its newline. */
void excerpt_line(struct textbuf *b, const char *text);

static inline bool begins(const char *text, const char *with)
{
	while (*with && *text == *with)
		text++, with++;
	return !*with;
}

#endif
