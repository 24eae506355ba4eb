// SPDX-License-Identifier: GPL-2.0
/*
 * The desk: which line is a headline, and to which reports it belongs.
 *
 * Two preludes are held back until something shows what they belong to: what
 * follows "cut here", and the registers that stand before a "Call Trace:".
 */
#include <stdlib.h>
#include <string.h>

#include "splat_desk.h"
#include "splat_match.h"
#include "splat_report.h"
#include "textbuf.h"

#define MAX_REPORTS	6	/* open or resting at one time */
#define REST_LINES	64	/* how long a report may be taken up again */
#define CUT_LINES	16	/* a sentence after "cut here" is not longer */
#define CPU_LINES	24	/* from "CPU: " to "Call Trace:" */

#define CUT_HERE	"------------[ cut here ]------------"

/* Where a headline begins on the console. */
struct place {
	size_t offset;
	size_t line;
};

struct prelude {
	struct textbuf text;
	size_t lines;		/* 0: none */
	struct place first;
};

struct desk {
	struct splat_index index;
	struct report report[MAX_REPORTS];
	struct prelude cut;
	struct prelude cpu;
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
	free(d->cut.text.s);
	free(d->cpu.text.s);
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

/* @p points into the segment, and not to its end. */
static struct place place_of(const struct segment *seg, const char *p)
{
	return (struct place){
		.offset = seg->offset + seg->from[p - seg->text],
		.line = seg->line,
	};
}

static void prelude_begin(struct prelude *p, const struct segment *seg, const char *body)
{
	textbuf_clear(&p->text);
	p->first = place_of(seg, body);
	p->lines = 1;
	excerpt_line(&p->text, body);
}

static void prelude_add(struct prelude *p, const char *body)
{
	if (p->lines) {
		excerpt_line(&p->text, body);
		p->lines++;
	}
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

/* An open one rather than one that rests, and of these the youngest. */
static bool is_nearer(const struct report *a, const struct report *b)
{
	if (a->state != b->state)
		return a->state == REPORT_OPEN;
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
	const char *second = strchr(d->cut.text.s, '\n') + 1;
	size_t len = *second ? strcspn(second, "\n") : strlen(CUT_HERE);
	struct textbuf head = { 0 };

	textbuf_add(&head, *second ? second : d->cut.text.s, len);
	report_close(report_open(d, &lost, head.s, &d->cut.first, &d->cut));
	free(head.s);
	d->cut.lines = 0;
}

static void hold_back(struct desk *d, const struct segment *seg, const char *body)
{
	if (begins(body, CUT_HERE)) {
		if (d->cut.lines)
			cut_is_lost(d);
		prelude_begin(&d->cut, seg, body);
	} else {
		prelude_add(&d->cut, body);
		if (d->cut.lines > CUT_LINES)
			cut_is_lost(d);
	}
	if (begins(body, "CPU: "))
		prelude_begin(&d->cpu, seg, body);
	else
		prelude_add(&d->cpu, body);
	if (d->cpu.lines > CPU_LINES)
		d->cpu.lines = 0;
}

/* A trace without a headline is better known by the line about its CPU. */
static struct report *open_trace(struct desk *d, const struct splat_row *row,
				 const char *headline, const struct place *place)
{
	struct textbuf head = { 0 };
	struct report *rep;

	if (!d->cpu.lines)
		return report_open(d, row, headline, place, NULL);
	textbuf_add(&head, d->cpu.text.s, strcspn(d->cpu.text.s, "\n"));
	rep = report_open(d, row, head.s, &d->cpu.first, &d->cpu);
	free(head.s);
	return rep;
}

/* The report that the headline joins or opens; NULL: it is none after all. */
static struct report *take_headline(struct desk *d, const struct splat_row *row,
				    const char *headline, const struct segment *seg)
{
	struct report *rep = find_joined(d, row);
	struct place place = place_of(seg, headline);

	if (rep)
		report_join(rep, row);
	else if (row->flags & ONLY_JOINS)
		return NULL;
	else if (row->kind == SPLAT_TRACE && !(row->flags & HARMLESS))
		rep = open_trace(d, row, headline, &place);
	else
		rep = report_open(d, row, headline, &place, d->cut.lines ? &d->cut : NULL);
	d->cut.lines = 0;
	d->cpu.lines = 0;
	return rep;
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
	static const struct splat_part own;
	const char *body = skip_printk_prefix(seg->text);
	struct report_line line = { .number = seg->line };
	const struct splat_part *part = NULL;
	struct report *taken = NULL;
	const struct splat_row *row;
	const char *headline;
	size_t i;

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
	line.text = body;
	line.ends = splat_ends(&d->index, body);
	for (i = 0; i < MAX_REPORTS; i++) {
		line.part = taken == &d->report[i] ? &own : part;
		if (d->report[i].state == REPORT_OPEN)
			report_feed(&d->report[i], &line);
	}
}

void desk_finish(struct desk *d)
{
	size_t i;

	if (d->cut.lines)
		cut_is_lost(d);
	for (i = 0; i < MAX_REPORTS; i++)
		report_finish(&d->report[i]);
}
