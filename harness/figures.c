// SPDX-License-Identifier: GPL-2.0
/*
 * A figure is left out where there is nothing to compare or to follow: one
 * kernel makes no matrix, two looks make no curve. Colours are of a palette
 * that the colour-blind can tell apart, on light and on dark.
 */
#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "human.h"
#include "tally.h"

#define WIDTH		760
#define LINES_MAX	12
#define NAMES_MAX	64

static const char palette[] =
	"set linetype 1 lc rgb '#4477aa' lw 1.6\nset linetype 2 lc rgb '#ee6677' lw 1.6\n"
	"set linetype 3 lc rgb '#228833' lw 1.6\nset linetype 4 lc rgb '#b8860b' lw 1.6\n"
	"set linetype 5 lc rgb '#3a9ec2' lw 1.6\nset linetype 6 lc rgb '#aa3377' lw 1.6\n"
	"set linetype 7 lc rgb '#777777' lw 1.6\nset linetype 8 lc rgb '#cc6600' lw 1.6\n"
	"set linetype cycle 8\n";

struct plan {
	struct plots *plots;
	struct figure *figures;
	size_t nr;
	char names[NAMES_MAX][96];	/* of lines: each has its colour in all figures */
	size_t nr_names;
};

/* The number of a name, which is added if it is new; or the capacity. */
static size_t number_of(char (*names)[96], size_t *nr, size_t most, const char *name)
{
	size_t i;

	for (i = 0; i < *nr; i++)
		if (!strcmp(names[i], name))
			return i;
	if (*nr < most)
		snprintf(names[(*nr)++], sizeof(names[0]), "%s", name);
	return i;
}

static FILE *begin(struct plan *p, enum figure_kind kind, unsigned int height, const char *title,
		   const char *words)
{
	struct figure *more = reallocarray(p->figures, p->nr + 1, sizeof(*more));
	struct figure *f;
	FILE *out;

	if (!more)
		return NULL;
	p->figures = more;
	f = &more[p->nr];
	f->kind = kind;
	snprintf(f->title, sizeof(f->title), "%s", title);
	snprintf(f->words, sizeof(f->words), "%s", words);
	out = plots_add(p->plots, WIDTH, height, &f->plot);
	if (!out)
		return NULL;
	p->nr++;
	fputs(palette, out);
	return out;
}

/* "plot $d0 ... title 'a', $d1 ..." after the blocks are written. */
static void end_lines(struct plan *p, FILE *out, const char (*names)[96], size_t count,
		      const char *style)
{
	size_t i, nr;

	for (i = 0; i < count; i++) {
		nr = number_of(p->names, &p->nr_names, NAMES_MAX, names[i]);
		fprintf(out, "%s$d%zu using 1:2 with %s lt %zu dt %zu title ", i ? ", " : "plot ",
			i, style, nr + 1, 1 + nr / 8);
		plots_quote(out, names[i]);
	}
	putc('\n', out);
}

/* Whether the sample and the one before it make a rate. */
static bool makes_rate(const struct run_result *r, size_t i)
{
	return r->samples[i].ms > r->samples[i - 1].ms &&
	       r->samples[i].ops >= r->samples[i - 1].ops;
}

static bool has_curve(const struct run_result *r)
{
	unsigned int rates = 0;
	size_t i;

	for (i = 1; i < r->nr_samples && !r->busted; i++)
		rates += makes_rate(r, i);
	return rates > 1;
}

static void put_rate(FILE *out, const struct run_result *r, size_t block)
{
	size_t i;

	fprintf(out, "$d%zu << EOD\n", block);
	for (i = 1; i < r->nr_samples; i++) {
		const struct sample *a = &r->samples[i - 1], *b = &r->samples[i];

		if (makes_rate(r, i))
			fprintf(out, "%.3f %.1f\n", b->ms / 1000.0,
				(b->ops - a->ops) * 1000.0 / (b->ms - a->ms));
	}
	fprintf(out, "EOD\n");
}

static void plan_rates(struct plan *p, const struct case_result *c)
{
	char names[LINES_MAX][96], title[128], where[CASE_WHERE_MAX];
	size_t count = 0, i;
	FILE *out = NULL;

	snprintf(title, sizeof(title), "%s on %s", c->scenario, case_where(c, where));
	for (i = 0; i < c->nr_runs && count < LINES_MAX; i++) {
		const struct run_result *r = &c->runs[i];

		if (!has_curve(r))
			continue;
		if (!out)
			out = begin(p, FIGURE_RATES, 260, title,
				    "operations a second over time, a line for each run");
		if (!out)
			return;
		snprintf(names[count], sizeof(names[count]), "%s %s", r->pattern, r->flavor);
		put_rate(out, r, count++);
	}
	if (!out)
		return;
	fprintf(out, "set xlabel 'seconds since the run began'\nset ylabel 'operations a second'\n"
		"set xrange [0:*]\nset yrange [0:*]\nset format y '%%.0s%%c'\n");
	end_lines(p, out, names, count, "lines");
}

/* One histogram of all runs of a pattern and flavor on a kernel. */
struct merged {
	char name[96];
	const char *pattern, *flavor;
	uint64_t counts[64];	/* by the binary order of the upper bound */
	uint64_t total;
};

static unsigned int order_of(uint64_t ns)
{
	return ns ? 63 - __builtin_clzll(ns) : 0;
}

static uint64_t events_in(const struct histogram *h)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < h->nr_buckets; i++)
		sum += h->buckets[i].count;
	return sum;
}

static void merge(struct merged *m, const struct histogram *h)
{
	size_t i;

	for (i = 0; i < h->nr_buckets; i++) {
		m->counts[order_of(h->buckets[i].from_ns)] += h->buckets[i].count;
		m->total += h->buckets[i].count;
	}
}

static struct merged *find_merged(struct merged *all, size_t *nr, const struct run_result *r)
{
	struct merged *m;
	size_t i;

	for (i = 0; i < *nr; i++)
		if (!strcmp(all[i].pattern, r->pattern) && !strcmp(all[i].flavor, r->flavor))
			return &all[i];
	if (*nr == LINES_MAX)
		return NULL;
	m = &all[(*nr)++];
	memset(m, 0, sizeof(*m));
	m->pattern = r->pattern;
	m->flavor = r->flavor;
	snprintf(m->name, sizeof(m->name), "%s %s", r->pattern, r->flavor);
	return m;
}

static void merge_case(struct merged *all, size_t *nr, const struct case_result *c,
		       const char *name)
{
	struct merged *m;
	size_t i, j;

	for (i = 0; i < c->nr_runs; i++) {
		const struct run_result *r = &c->runs[i];

		for (j = 0; j < r->nr_histograms && !r->busted; j++) {
			if (strcmp(r->histograms[j].name, name) || !events_in(&r->histograms[j]))
				continue;
			m = find_merged(all, nr, r);
			if (m)
				merge(m, &r->histograms[j]);
		}
	}
}

/* 2^order ns */
static double seconds(unsigned int order)
{
	return (double)(1ULL << order) / 1e9;
}

static void put_merged(FILE *out, const struct merged *m, size_t block)
{
	unsigned int first = 0, last = 62, i;

	while (first < last && !m->counts[first])
		first++;
	while (last > first && !m->counts[last])
		last--;
	fprintf(out, "$d%zu << EOD\n%.9g 0\n", block, seconds(first));
	for (i = first; i <= last; i++)
		fprintf(out, "%.9g %.4f\n", seconds(i),
			100.0 * m->counts[i] / m->total);
	fprintf(out, "%.9g 0\nEOD\n", seconds(last + 1));
}

static void put_histograms(struct plan *p, FILE *out, const struct merged *all, size_t nr)
{
	char names[LINES_MAX][96];
	size_t i;

	for (i = 0; i < nr; i++) {
		put_merged(out, &all[i], i);
		snprintf(names[i], sizeof(names[i]), "%s", all[i].name);
	}
	fprintf(out, "set logscale x\nset format x '%%.0s%%cs'\nset ylabel 'events, %%'\n"
		"set xlabel 'time (logarithmic)'\nset yrange [0:*]\n");
	end_lines(p, out, names, nr, "steps");
}

/* All cases that ran where case @first did, which is the first of them. */
static void plan_histogram(struct plan *p, const struct tour_result *t, size_t first,
			   enum figure_kind kind, const char *name, const char *words)
{
	char where[CASE_WHERE_MAX], other[CASE_WHERE_MAX], title[128];
	struct merged *all = calloc(LINES_MAX, sizeof(*all));
	size_t nr = 0, i;
	FILE *out;

	case_where(&t->cases[first], where);
	for (i = first; all && i < t->nr_cases; i++)
		if (!strcmp(case_where(&t->cases[i], other), where))
			merge_case(all, &nr, &t->cases[i], name);
	snprintf(title, sizeof(title), "on %s", where);
	out = nr ? begin(p, kind, 260, title, words) : NULL;
	if (out)
		put_histograms(p, out, all, nr);
	free(all);
}

static bool first_there(const struct tour_result *t, size_t index)
{
	char where[CASE_WHERE_MAX], other[CASE_WHERE_MAX];
	size_t i;

	case_where(&t->cases[index], where);
	for (i = 0; i < index; i++)
		if (!strcmp(case_where(&t->cases[i], other), where))
			return false;
	return true;
}

static void row_name(const struct tally *row, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s", row->pattern, strcmp(row->flavor, "rcu") ? " " : "",
		 strcmp(row->flavor, "rcu") ? row->flavor : "");
}

static void put_tics(FILE *out, const char *axis, const char (*names)[96], size_t nr)
{
	size_t i;

	fprintf(out, "set %stics (", axis);
	for (i = 0; i < nr; i++) {
		if (i)
			fputs(", ", out);
		plots_quote(out, names[i]);
		fprintf(out, " %zu", i);
	}
	fprintf(out, ")%s\n", *axis == 'x' ? " rotate by -30" : "");
}

/* What stands on the axes of a figure: forms or patterns, and kernels. */
struct axes {
	char rows[NAMES_MAX][96];
	char wheres[NAMES_MAX][96];
	size_t nr_rows, nr_wheres;
};

/* Without its mode: these are too many for colours. */
static void kernel_name(const struct tally *row, char *buf, size_t size)
{
	snprintf(buf, size, "%.*s", (int)strcspn(row->kernel, " "), row->kernel);
}

/* A line for each catch: seconds, a place near its form, which kernel. */
static char *catches(struct axes *a, const struct tally *rows, size_t count)
{
	char *text = NULL, name[96];
	size_t size, i, w, f;
	FILE *out = open_memstream(&text, &size);
	unsigned int j;

	for (i = 0; out && i < count; i++) {
		if (!rows[i].nr_caught)
			continue;
		row_name(&rows[i], name, sizeof(name));
		f = number_of(a->rows, &a->nr_rows, NAMES_MAX, name);
		kernel_name(&rows[i], name, sizeof(name));
		w = number_of(a->wheres, &a->nr_wheres, NAMES_MAX, name);
		for (j = 0; j < rows[i].nr_caught && f < NAMES_MAX && w < NAMES_MAX; j++)
			fprintf(out, "%.4f %.2f %zu\n", (rows[i].caught_ms[j] + 0.5) / 1000.0,
				f + w % 9 * 0.07 - 0.28, w);
	}
	if (out)
		fclose(out);
	return text;
}

static void plan_caught(struct plan *p, const struct tally *rows, size_t count)
{
	struct axes a = { .nr_rows = 0 };
	char *text = catches(&a, rows, count);
	FILE *out = NULL;
	size_t w;

	if (text && a.nr_rows)
		out = begin(p, FIGURE_CAUGHT, 90 + 24 * a.nr_rows, "every catch",
			    "time to catch of each busted form, a dot for each time it was caught");
	if (!out) {
		free(text);
		return;
	}
	fprintf(out, "$d << EOD\n%sEOD\nset logscale x\nset format x '%%.0s%%cs'\n"
		"set xlabel 'time until it was caught (logarithmic)'\nset yrange [%zu.5:-0.5]\n",
		text, a.nr_rows - 1);
	put_tics(out, "y", (const char (*)[96])a.rows, a.nr_rows);
	for (w = 0; w < a.nr_wheres; w++) {
		fprintf(out, "%s$d using ($3==%zu?$1:1/0):2 with points pt %d ps 0.8 lt %zu title ",
			w ? ", " : "plot ", w, w < 8 ? 7 : 5, w + 1);
		plots_quote(out, a.wheres[w]);
	}
	putc('\n', out);
	free(text);
}

static double rate_of(const struct tally *row)
{
	return row->elapsed_ms > 0 ? row->ops * 1000.0 / row->elapsed_ms : 0;
}

static char *cells(struct axes *a, const struct tally *rows, size_t count)
{
	char *text = NULL, name[96], rate[HUMAN_MAX];
	size_t size, i, x, y;
	FILE *out = open_memstream(&text, &size);

	for (i = 0; out && i < count; i++) {
		if (rows[i].busted || rate_of(&rows[i]) < 1)
			continue;
		row_name(&rows[i], name, sizeof(name));
		x = number_of(a->rows, &a->nr_rows, NAMES_MAX, name);
		y = number_of(a->wheres, &a->nr_wheres, NAMES_MAX, rows[i].kernel);
		if (x < NAMES_MAX && y < NAMES_MAX)
			fprintf(out, "%zu %zu %.1f %s\n", x, y, rate_of(&rows[i]),
				human_count(rate, rate_of(&rows[i])));
	}
	if (out)
		fclose(out);
	return text;
}

/*
 * Kernels grow downwards, where there is room. Boxes and not an image: a cell
 * that is missing stays empty.
 */
static void plan_matrix(struct plan *p, const struct tally *rows, size_t count)
{
	struct axes a = { .nr_rows = 0 };
	char *text = cells(&a, rows, count);
	FILE *out = NULL;

	if (text && a.nr_wheres > 1)
		out = begin(p, FIGURE_MATRIX, 130 + 22 * a.nr_wheres, "operations a second",
			    "operations a second of each pattern on each kernel, darker is less");
	if (out) {
		put_tics(out, "x", (const char (*)[96])a.rows, a.nr_rows);
		put_tics(out, "y", (const char (*)[96])a.wheres, a.nr_wheres);
		fprintf(out, "$d << EOD\n%sEOD\nset logscale cb\n"
			"unset grid\nunset key\nunset colorbox\n"
			"set palette defined (0 '#46327e', 0.5 '#2a6f97', 1 '#1d7d4f')\n"
			"set style fill solid noborder\n"
			"set xrange [-0.5:%zu.5]\nset yrange [%zu.5:-0.5]\n"
			"plot $d using 1:2:(0.47):(0.45):3 with boxxyerror lc palette",
			text, a.nr_rows - 1, a.nr_wheres - 1);
		fprintf(out, ", '' using 1:2:4 with labels tc rgb '#ffffff' font ',11'\n");
	}
	free(text);
}

struct figure *figures_plan(struct plots *plots, const struct tour_result *t, size_t *nr)
{
	struct plan p = { .plots = plots };
	struct tally *rows;
	size_t count, i;

	rows = tally_runs(t, &count);
	plan_matrix(&p, rows, count);
	plan_caught(&p, rows, count);
	for (i = 0; i < t->nr_cases; i++)
		plan_rates(&p, &t->cases[i]);
	for (i = 0; i < t->nr_cases; i++)
		if (first_there(t, i))
			plan_histogram(&p, t, i, FIGURE_RECLAIM, "reclaim",
				       "time from delete to free, in per cent of the elements");
	for (i = 0; i < t->nr_cases; i++)
		if (first_there(t, i))
			plan_histogram(&p, t, i, FIGURE_BARRIER, "barrier",
				       "how long barriers took, in per cent of the barriers");
	tally_free(rows, count);
	*nr = p.nr;
	return p.figures;
}
