// SPDX-License-Identifier: GPL-2.0
/* One report of the kernel, from its headline to its end. See splat_report.h. */
#include <stdlib.h>
#include <string.h>

#include "splat_report.h"
#include "splat_text.h"

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
	free(rep->held.s);
	rep->held = (struct textbuf){ 0 };
	rep->state = REPORT_CLOSED;
}

static void report_rest(struct report *rep)
{
	if (rep->splat)
		rep->splat->complete = true;
	textbuf_clear(&rep->held);
	rep->others = 0;
	rep->rested = 0;
	rep->state = REPORT_RESTING;
}

/* Lines, each with its newline, of which the last has this number. */
static void keep(struct report *rep, const char *text, size_t len, size_t nr,
		 size_t number)
{
	bool full = rep->lines >= EXCERPT_LINES || rep->excerpt.len >= EXCERPT_BYTES;

	if (!rep->splat)
		return;
	if (!full)
		textbuf_add(&rep->excerpt, text, len);
	else if (rep->lines != CUT_OFF)
		textbuf_addf(&rep->excerpt, "[the rest is on the console from line %zu]\n",
			     number - nr + 1);
	rep->lines = full ? CUT_OFF : rep->lines + nr;
	rep->splat->excerpt = rep->excerpt.s;
}

static void keep_line(struct report *rep, const struct report_line *line)
{
	struct textbuf *held = &rep->held;

	if (held->len)
		keep(rep, held->s, held->len, rep->others, line->number - 1);
	textbuf_clear(held);
	excerpt_line(held, line->text);
	keep(rep, held->s, held->len, 1, line->number);
	textbuf_clear(held);
	rep->others = 0;
}

/* A stack is complete at " </TASK>", unless the next one is announced. */
static void note_stack(struct report *rep, const struct report_line *line)
{
	if (begins(line->text, " </"))
		rep->stack_closed = true;
	else if (begins(line->text, "Call Trace:") ||
		 (line->part && line->part->resumes))
		rep->stack_closed = false;
}

/* It looks like someone else's: has the report ended, or is it but torn? */
static void hold_line(struct report *rep, const struct report_line *line)
{
	rep->others++;
	if (rep->stack_closed || rep->others >= rep->patience)
		report_rest(rep);
	else
		excerpt_line(&rep->held, line->text);
}

void report_feed(struct report *rep, const struct report_line *line)
{
	if (++rep->age > REPORT_LINES) {
		report_close(rep);
		return;
	}
	if ((rep->row->ends & BY_OTHERS) && !line->part) {
		hold_line(rep, line);
		return;
	}
	keep_line(rep, line);
	note_stack(rep, line);
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
	if (rep->row->flags & HARMLESS)
		rep->age = 0;
	if (rep->kind == SPLAT_BUG_OTHER && row->kind != SPLAT_TRACE)
		rep->row = row;		/* the headline was torn, here is the next */
	if (rep->row == row || (row->flags & RENAMES))
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
