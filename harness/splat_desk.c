// SPDX-License-Identifier: GPL-2.0
/*
 * The desk: which line is a headline, and to which reports it belongs.
 *
 * Where several reports are open, lines go to all of them, but a stack and a
 * mark that ends a report belong to one: two CPUs that warn at once make two
 * reports, each of which ends once.
 */
#include <stdlib.h>
#include <string.h>

#include "splat_desk.h"
#include "splat_match.h"
#include "splat_prelude.h"
#include "splat_report.h"
#include "textbuf.h"
#include "trace.h"

#define MAX_REPORTS	6	/* open or resting at one time */
#define REST_LINES	64	/* how long a report may be taken up again */

struct desk {
	struct splat_index index;
	struct report report[MAX_REPORTS];
	struct report *speaker;	/* whose stack is being shown, or NULL */
	struct prelude cut;
	struct prelude cpu;
	struct trace_dump trace;
	struct splat splats[SPLAT_KEEP];
	size_t count;
};

struct desk *desk_new(const struct splat_table *table)
{
	struct desk *d = calloc(1, sizeof(*d));

	if (!d)
		abort();
	splat_index_init(&d->index, table);
	return d;
}

void desk_free(struct desk *d)
{
	size_t i;

	for (i = 0; i < d->count && i < SPLAT_KEEP; i++) {
		free(d->splats[i].headline);
		free(d->splats[i].excerpt);
	}
	for (i = 0; i < MAX_REPORTS; i++)
		report_close(&d->report[i]);
	prelude_free(&d->cut);
	prelude_free(&d->cpu);
	free(d);
}

size_t desk_count(const struct desk *d)
{
	return d->count;
}

const struct splat *desk_get(const struct desk *d, size_t i)
{
	return i < d->count && i < SPLAT_KEEP ? &d->splats[i] : NULL;
}

/* A free place; else the one that has waited longest loses its own. */
static struct report *report_place(struct desk *d)
{
	struct report *best = &d->report[0];
	size_t i;

	for (i = 0; i < MAX_REPORTS; i++) {
		struct report *rep = &d->report[i];

		if (rep->state == REPORT_CLOSED)
			return rep;
		if (rep->state > best->state ||
		    (rep->state == best->state && rep->age > best->age))
			best = rep;
	}
	report_close(best);
	return best;
}

static struct splat *splat_new(struct desk *d, const struct splat_row *row,
			       const char *headline, const struct place *place)
{
	struct textbuf head = { 0 };
	struct splat *splat;

	if (row->flags & HARMLESS)
		return NULL;
	if (d->count++ >= SPLAT_KEEP)
		return NULL;
	splat = &d->splats[d->count - 1];
	excerpt_line(&head, headline);
	head.len--;
	splat->headline = textbuf_take(&head);
	splat->kind = row->kind;
	splat->fatal = row->flags & FATAL;
	splat->offset = place->offset;
	splat->line = place->line;
	return splat;
}

/* A report whose excerpt begins with what was held back, if anything. */
static struct report *report_open(struct desk *d, const struct splat_row *row,
				  const char *headline, const struct place *place,
				  const struct prelude *before)
{
	struct report *rep;
	size_t i;

	for (i = 0; i < MAX_REPORTS && row->ends == BY_PANIC; i++)
		report_close(&d->report[i]);
	rep = report_place(d);
	if (d->speaker == rep)
		d->speaker = NULL;
	*rep = (struct report){
		.state = REPORT_OPEN, .row = row, .kind = row->kind,
		.patience = d->index.table->patience,
	};
	rep->splat = splat_new(d, row, headline, place);
	if (before && rep->splat) {
		textbuf_add(&rep->excerpt, before->text.s, before->text.len);
		rep->lines = before->lines;
		rep->splat->excerpt = rep->excerpt.s;
	}
	return rep;
}

/* ---- what a line belongs to ---- */

/* Open rather than resting, still without its stack, and then the youngest. */
static bool is_nearer(const struct report *a, const struct report *b)
{
	if (a->state != b->state)
		return a->state == REPORT_OPEN;
	if (a->has_stack != b->has_stack)
		return b->has_stack;
	return a->age < b->age;
}

static struct report *find_joined(struct desk *d, const struct splat_row *row)
{
	struct report *best = NULL;
	size_t i;

	for (i = 0; i < MAX_REPORTS; i++) {
		struct report *rep = &d->report[i];

		if (report_may_join(rep, row) && (!best || is_nearer(rep, best)))
			best = rep;
	}
	return best;
}

static bool any_open(const struct desk *d)
{
	size_t i;

	for (i = 0; i < MAX_REPORTS; i++)
		if (d->report[i].state == REPORT_OPEN)
			return true;
	return false;
}

/* A report that rests goes on if the line says so and nobody else is speaking. */
static void resume_or_forget(struct desk *d, const struct splat_part *part)
{
	bool resumes = part && part->resumes && !any_open(d);
	size_t i;

	for (i = 0; i < MAX_REPORTS; i++) {
		struct report *rep = &d->report[i];

		if (rep->state != REPORT_RESTING)
			continue;
		if (resumes && (rep->row->ends & BY_OTHERS)) {
			rep->state = REPORT_OPEN;
			resumes = false;
		} else if (++rep->rested > REST_LINES) {
			report_close(rep);
		}
	}
}

/* "cut here", and no headline after it: something ended here all the same. */
static void cut_is_lost(struct desk *d)
{
	static const struct splat_row lost = {
		.kind = SPLAT_TRACE, .ends = BY_ITSELF,
	};
	char *head = prelude_line(&d->cut, 1);

	report_close(report_open(d, &lost, head, &d->cut.first, &d->cut));
	prelude_drop(&d->cut);
	free(head);
}

static void hold_back(struct desk *d, const struct segment *seg, const char *body)
{
	struct place place = place_of(seg, body);

	cut_hold(&d->cut, &place, body);
	if (cut_is_overdue(&d->cut, any_open(d)))
		cut_is_lost(d);
	cpu_hold(&d->cpu, &place, body);
}

/* A trace without a headline is better known by the line about its CPU. */
static struct report *open_trace(struct desk *d, const struct splat_row *row,
				 const char *headline, const struct place *place)
{
	struct report *rep;
	char *head;

	if (!d->cpu.lines)
		return report_open(d, row, headline, place, NULL);
	head = prelude_line(&d->cpu, 0);
	rep = report_open(d, row, head, &d->cpu.first, &d->cpu);
	free(head);
	return rep;
}

/* The report that the headline joins or opens; NULL: it is none after all. */
static struct report *take_headline(struct desk *d, const struct splat_row *row,
				    const char *headline, const struct segment *seg)
{
	bool stack = row->kind == SPLAT_TRACE && !(row->flags & HARMLESS);
	struct report *rep = find_joined(d, row);
	struct place place = place_of(seg, headline);

	if (rep)
		report_join(rep, row);
	else if (row->flags & ONLY_JOINS)
		return NULL;
	else if (stack)
		rep = open_trace(d, row, headline, &place);
	else
		rep = report_open(d, row, headline, &place, d->cut.lines ? &d->cut : NULL);
	if (stack) {
		d->speaker = rep;
		rep->has_stack = true;
	} else if (!rep->has_cut && d->cut.lines) {
		cut_use(&d->cut);
		rep->has_cut = true;
	}
	prelude_drop(&d->cpu);
	return rep;
}

/*
 * A mark that ends one report at most: that of the stack being shown, unless it
 * ends in another way; if there is none, the youngest that ends so.
 */
static struct report *ended_by(struct desk *d, unsigned int ends)
{
	struct report *best = NULL;
	size_t i;

	if (!ends)
		return NULL;
	if (d->speaker && d->speaker->state == REPORT_OPEN &&
	    ((d->speaker->row->ends & ends) || ends == BY_TASK))
		return d->speaker;
	for (i = 0; i < MAX_REPORTS; i++) {
		struct report *rep = &d->report[i];

		if (rep->state == REPORT_OPEN && (rep->row->ends & ends) &&
		    (!best || rep->age < best->age))
			best = rep;
	}
	return best;
}

static void feed_reports(struct desk *d, const struct segment *seg, const char *body,
			 const struct report *taken, const struct splat_part *part)
{
	static const struct splat_part own;
	unsigned int ends = splat_ends(&d->index, body);
	struct report *ended = ended_by(d, ends & (BY_TRACE | BY_TASK));
	struct report_line line = { .text = body, .number = seg->line };
	size_t i;

	for (i = 0; i < MAX_REPORTS; i++) {
		struct report *rep = &d->report[i];

		line.part = rep == taken ? &own : part;
		line.ends = rep == ended ? ends : ends & ~(BY_TRACE | BY_TASK);
		if (rep->state == REPORT_OPEN)
			report_feed(rep, &line);
	}
	if (d->speaker && d->speaker->state != REPORT_OPEN)
		d->speaker = NULL;
}

static bool is_busy(const struct desk *d)
{
	size_t i;

	for (i = 0; i < MAX_REPORTS; i++)
		if (d->report[i].state != REPORT_CLOSED)
			return true;
	return false;
}

void desk_line(struct desk *d, const struct segment *seg)
{
	const char *body = skip_printk_prefix(seg->text);
	const struct splat_part *part = NULL;
	struct report *taken = NULL;
	const struct splat_row *row;
	const char *headline;

	if (trace_takes(&d->trace, body))
		return;
	if (is_busy(d))
		part = splat_part(&d->index, seg->text);
	row = splat_match(&d->index, seg, &headline);
	if (row)
		taken = take_headline(d, row, headline, seg);
	if (taken)
		body = headline;
	else
		hold_back(d, seg, body);
	resume_or_forget(d, taken ? NULL : part);
	if (any_open(d))
		feed_reports(d, seg, body, taken, part);
}

void desk_finish(struct desk *d)
{
	size_t i;

	if (d->cut.lines)
		cut_is_lost(d);
	for (i = 0; i < MAX_REPORTS; i++)
		report_finish(&d->report[i]);
}
