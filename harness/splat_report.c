// SPDX-License-Identifier: GPL-2.0
/* One report of the kernel, from its headline to its end. See splat_report.h. */
#include <string.h>

#include "splat_report.h"
#include "splat_text.h"

#define MANY_OTHERS	3	/* lines of others, before a stack was seen */
#define CUT_OFF		((size_t)-1)	/* report.lines: no more are kept */

void excerpt_line(struct textbuf *b, const char *text)
{
	char safe[EXCERPT_WIDTH * 4 + 1];
	size_t len = strlen(text);

	print_safe(safe, sizeof(safe), text, len < EXCERPT_WIDTH ? len : EXCERPT_WIDTH);
	textbuf_addf(b, "%s\n", safe);
}

void report_close(struct report *rep)
{
	rep->state = REPORT_CLOSED;
}

static void report_rest(struct report *rep)
{
	if (rep->splat)
		rep->splat->complete = true;
	rep->state = REPORT_RESTING;
	rep->rested = 0;
}

static void keep_line(struct report *rep, const struct report_line *line)
{
	bool full = rep->lines >= EXCERPT_LINES || rep->excerpt.len >= EXCERPT_BYTES;

	if (!rep->splat)
		return;
	if (!full)
		excerpt_line(&rep->excerpt, line->text);
	else if (rep->lines != CUT_OFF)
		textbuf_addf(&rep->excerpt, "[the rest is on the console from line %zu]\n",
			     line->number);
	rep->lines = full ? CUT_OFF : rep->lines + 1;
	rep->splat->excerpt = rep->excerpt.s;
}

static void note_stack(struct report *rep, const char *body)
{
	if (begins(body, "Call Trace:")) {
		rep->has_stack = true;
		rep->stack_closed = false;
	} else if (begins(body, " </")) {
		rep->stack_closed = true;
	}
}

/* A line of someone else's: is it time to think that the report has ended? */
static bool others_took_over(struct report *rep, const struct splat_part *part)
{
	if (!(rep->row->ends & BY_OTHERS))
		return false;
	rep->others = part ? 0 : rep->others + 1;
	return rep->others && (rep->stack_closed || rep->others >= MANY_OTHERS);
}

void report_feed(struct report *rep, const struct report_line *line)
{
	if (++rep->age > REPORT_LINES) {
		report_close(rep);
		return;
	}
	if (others_took_over(rep, line->part)) {
		report_rest(rep);
		return;
	}
	keep_line(rep, line);
	note_stack(rep, line->text);
	if (rep->postscript || ((line->ends | BY_ITSELF) & rep->row->ends))
		report_rest(rep);
}

bool report_may_join(const struct report *rep, const struct splat_row *row)
{
	if (!(row->joins & KIND(rep->kind)))
		return false;
	if (rep->state == REPORT_OPEN)
		return (row->flags & LATE) || !rep->has_stack;
	return rep->state == REPORT_RESTING && (row->flags & LATE) &&
	       (rep->row->ends & BY_OTHERS || row->kind == rep->kind);
}

void report_join(struct report *rep, const struct splat_row *row)
{
	if (rep->state == REPORT_RESTING && (row->ends & BY_OTHERS))
		rep->row = row;
	else if (rep->state == REPORT_RESTING)
		rep->postscript = !(rep->row->ends & BY_OTHERS);
	rep->state = REPORT_OPEN;
	rep->others = 0;
	if (rep->row->flags & HARMLESS)
		rep->age = 0;
	if (row->flags & RENAMES)
		rep->kind = row->kind;
	if (!rep->splat)
		return;
	rep->splat->kind = rep->kind;
	rep->splat->fatal = rep->splat->fatal || (row->flags & FATAL);
}

void report_finish(struct report *rep)
{
	if (rep->state == REPORT_OPEN && (rep->row->ends & BY_OTHERS) && rep->stack_closed)
		report_rest(rep);
	report_close(rep);
}
