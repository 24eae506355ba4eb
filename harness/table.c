// SPDX-License-Identifier: GPL-2.0
/*
 * Everything that comes from outside passes human_clean() first, so a byte is
 * a column, and cutting by bytes is right. Only the progress bar, made here,
 * uses longer characters.
 */
#include <string.h>

#include "human.h"
#include "table.h"

#define INDENT		2
#define NAME_MIN	12
#define TAIL_MIN	14
#define TIME_PLACE	8	/* " 1:02:03" */
#define BAR_MAX		24

static const char *const mood_color[] = {
	[MOOD_NONE] = "",
	[MOOD_GOOD] = "\033[32m",
	[MOOD_BAD] = "\033[1;31m",
	[MOOD_ODD] = "\033[33m",
};

/* A cut is marked, so that nobody takes a part for the whole. */
static void fit(char *out, size_t size, const char *text, unsigned int width)
{
	human_clean(out, size, text);
	if (strlen(out) > width) {
		out[width] = '\0';
		if (width)
			out[width - 1] = '~';
	}
}

static void cell_left(FILE *out, const char *text, unsigned int width)
{
	char buf[256];

	if (!width)
		return;
	fit(buf, sizeof(buf), text, width);
	fprintf(out, "%-*s ", (int)width, buf);
}

static void cell_count(FILE *out, const char *text, unsigned int width)
{
	if (width)
		fprintf(out, "%*s ", (int)width, text);
}

void table_print_text(FILE *out, const struct table_layout *l, enum mood mood,
		      const char *text)
{
	const char *color = l->color ? mood_color[mood] : "";
	char buf[1024];

	fit(buf, sizeof(buf), text, l->width);
	fprintf(out, "%s%s%s", color, buf, *color ? "\033[0m" : "");
}

static unsigned int longest(unsigned int so_far, const char *text)
{
	size_t len = strlen(text);

	return len > so_far ? len : so_far;
}

void table_layout(struct table_layout *l, unsigned int width,
		  const struct table_block *blocks, size_t nr_blocks)
{
	/* In the order in which they are given up. */
	unsigned int *const expendable[] = {
		&l->rate, &l->near_misses, &l->ops, &l->flavor, &l->errors,
	};
	unsigned int fixed, name = NAME_MIN, flavor = strlen("flavor");
	size_t i, j;

	for (i = 0; i < nr_blocks; i++) {
		for (j = 0; j < blocks[i].nr_rows; j++) {
			name = longest(name, blocks[i].rows[j].name);
			flavor = longest(flavor, blocks[i].rows[j].flavor);
		}
	}
	l->width = width;
	l->flavor = flavor;
	l->ops = 5;
	l->rate = 5;
	l->near_misses = 5;
	l->errors = 5;
	for (i = 0; ; i++) {
		fixed = INDENT + 1;
		for (j = 0; j < 5; j++)
			fixed += *expendable[j] ? *expendable[j] + 1 : 0;
		l->name = name;
		if (fixed + name + TAIL_MIN > width)
			l->name = NAME_MIN;
		if (fixed + l->name + TAIL_MIN <= width || i == 5)
			break;
		*expendable[i] = 0;
	}
	/* Wide enough for all columns: the name may have what the tail can spare. */
	if (l->name < name && fixed + l->name + TAIL_MIN < width)
		l->name = width - fixed - TAIL_MIN;
	if (fixed + l->name > width)
		l->name = width > fixed ? width - fixed : 0;
	l->tail = width > fixed + l->name ? width - fixed - l->name : 0;
}

void table_print_titles(FILE *out, const struct table_layout *l)
{
	fprintf(out, "%s%*s", l->color ? "\033[2m" : "",
		l->width > INDENT ? INDENT : 0, "");
	cell_left(out, "pattern", l->name);
	cell_left(out, "flavor", l->flavor);
	cell_count(out, "ops", l->ops);
	cell_count(out, "ops/s", l->rate);
	cell_count(out, "near", l->near_misses);
	cell_count(out, "error", l->errors);
	fprintf(out, "%s", l->color ? "\033[0m" : "");
}

static void print_bar(FILE *out, const struct table_layout *l,
		      const struct table_row *r)
{
	long left = r->time_ms > r->elapsed_ms ? r->time_ms - r->elapsed_ms : 0;
	char buf[HUMAN_MAX], time[HUMAN_MAX + 8];
	unsigned int cells, full, place, i;

	/* The time has the same place whatever its length, unless it is absurd. */
	snprintf(time, sizeof(time), " %s", human_s(buf, left));
	place = strlen(time) > TIME_PLACE ? strlen(time) : TIME_PLACE;
	if (place + 1 > l->tail)
		return;
	cells = l->tail - place < BAR_MAX ? l->tail - place : BAR_MAX;
	full = r->time_ms > 0 && r->elapsed_ms > 0 ?
		(double)r->elapsed_ms / r->time_ms * cells : 0;
	for (i = 0; i < cells; i++)
		fputs(i < full ? (l->utf8 ? "\u2588" : "#") :
		      (l->utf8 ? "\u2591" : "-"), out);
	fputs(time, out);
}

static void print_tail(FILE *out, const struct table_layout *l,
		       const struct table_row *r, unsigned int width)
{
	const char *color = l->color ? mood_color[r->mood] : "";
	char buf[256];

	if (!r->ended && r->timed && !strcmp(r->state, "running")) {
		print_bar(out, l, r);
		return;
	}
	fit(buf, sizeof(buf), r->ended ? r->verdict :
	    *r->state ? r->state : "waiting", width);
	fprintf(out, "%s%s%s", color, buf, *color ? "\033[0m" : "");
}

static void cell_errors(FILE *out, const struct table_layout *l, uint64_t n,
			enum mood mood)
{
	const char *color = l->color && n ? mood_color[mood] : "";
	char buf[HUMAN_MAX];

	fputs(color, out);
	cell_count(out, human_count(buf, n), l->errors);
	fputs(*color ? "\033[0m" : "", out);
}

static unsigned int numbers_width(const struct table_layout *l)
{
	return (l->ops ? l->ops + 1 : 0) + (l->rate ? l->rate + 1 : 0) +
	       (l->near_misses ? l->near_misses + 1 : 0) + (l->errors ? l->errors + 1 : 0);
}

void table_print_row(FILE *out, const struct table_layout *l,
		     const struct table_row *r)
{
	char buf[HUMAN_MAX];

	fprintf(out, "%*s", l->width > INDENT ? INDENT : 0, "");
	cell_left(out, r->name, l->name);
	cell_left(out, r->flavor, l->flavor);
	/* A verdict that needs more than its column takes the numbers' place. */
	if (r->ended && strlen(r->verdict) > l->tail) {
		print_tail(out, l, r, l->tail + numbers_width(l));
		return;
	}
	cell_count(out, r->counted ? human_count(buf, r->ops) : "", l->ops);
	cell_count(out, r->counted ? human_count(buf, r->rate) : "", l->rate);
	cell_count(out, r->counted ? human_count(buf, r->near_misses) : "", l->near_misses);
	if (r->counted)
		cell_errors(out, l, r->errors, r->mood == MOOD_GOOD ? MOOD_NONE : MOOD_BAD);
	else
		cell_count(out, "", l->errors);
	print_tail(out, l, r, l->tail);
}

void table_print_head(FILE *out, const struct table_layout *l,
		      const struct table_block *b)
{
	const char *color = l->color ? mood_color[b->mood] : "";
	char line[512], clean[512], time[HUMAN_MAX];

	human_s(time, b->elapsed_ms / 1000 * 1000);
	snprintf(line, sizeof(line), "%s%s%s: %s", b->title, b->started ? ", " : "",
		 b->started ? time : "", b->started || b->ended ? b->phase : "waiting");
	fit(clean, sizeof(clean), line, l->width);
	fprintf(out, "%s%s%s%s", l->color ? "\033[1m" : "", color, clean,
		l->color ? "\033[0m" : "");
}
