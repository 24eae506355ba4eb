// SPDX-License-Identifier: GPL-2.0
/* One report of the kernel, from its headline to its end. See splat_report.h. */
#include <string.h>

#include "compiler.h"
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

static void report_line(struct report *rep, const char *body, size_t line)
{
	bool full = rep->lines >= EXCERPT_LINES || rep->excerpt.len >= EXCERPT_BYTES;

	if (!rep->splat)
		return;
	if (!full)
		excerpt_line(&rep->excerpt, body);
	else if (rep->lines != CUT_OFF)
		textbuf_addf(&rep->excerpt, "[the rest is on the console from line %zu]\n",
			     line);
	rep->lines = full ? CUT_OFF : rep->lines + 1;
	rep->splat->excerpt = rep->excerpt.s;
}

static const struct {
	const char *text;
	unsigned char ends;
} end_marks[] = {
	{ "---[ end trace", BY_TRACE },
	{ "====================", BY_RULE },
	{ " </TASK>", BY_TASK },
	{ "---[ end Kernel panic", BY_PANIC },
	{ "Rebooting in ", BY_PANIC },
	{ "Kernel Offset: ", BY_PANIC },
	{ "Out of memory: Killed process ", BY_OOM },
	{ "Out of memory and no killable processes", BY_OOM },
	{ "Memory cgroup out of memory: Killed process ", BY_OOM },
};

static bool ends_report(const struct report *rep, const char *body)
{
	size_t i;

	if ((rep->row->ends & BY_ITSELF) || rep->postscript)
		return true;
	for (i = 0; i < ARRAY_SIZE(end_marks); i++)
		if ((rep->row->ends & end_marks[i].ends) && begins(body, end_marks[i].text))
			return true;
	return false;
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

void report_feed(struct report *rep, const char *body, size_t line,
		 const struct splat_part *part)
{
	if (++rep->age > REPORT_LINES) {
		report_close(rep);
		return;
	}
	if (others_took_over(rep, part)) {
		report_rest(rep);
		return;
	}
	report_line(rep, body, line);
	note_stack(rep, body);
	if (ends_report(rep, body))
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
