// SPDX-License-Identifier: GPL-2.0
/*
 * What was measured, as pictures: a figure a set.
 *
 * Rows named NAME/N are points of a curve NAME over N; others stand side by
 * side. Bars are the interval of the median, or all samples where it has none.
 */
#include <stdlib.h>
#include <string.h>

#include "bench_figures.h"
#include "bench_report.h"
#include "plot.h"

#define WIDTH	900
#define HEIGHT	300

/* Rows of the same curve; a row that is on none is its own. */
static bool same_curve(const struct bench_row *a, const struct bench_row *b)
{
	size_t n = strcspn(a->name, "/");

	return n == strcspn(b->name, "/") && !strncmp(a->name, b->name, n);
}

/* The first row of its curve? */
static bool begins_curve(const struct bench_set *s, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (same_curve(&s->rows[i], &s->rows[j]))
			return false;
	return true;
}

static bool has_curves(const struct bench_set *s)
{
	size_t i;

	for (i = 0; i < s->nr_rows; i++)
		if (!begins_curve(s, i))
			return true;
	return false;
}

static void put_point(FILE *out, const struct bench_data *d, const struct bench_row *r, double x)
{
	struct stats st;

	if (!bench_row_stats(d, r, &st))
		fprintf(out, "%g %g %g %g\n", x, st.median, st.interval ? st.low : st.min,
			st.interval ? st.high : st.max);
}

static void put_title(FILE *out, const struct bench_row *r)
{
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(r->name, "/"), r->name);
	fprintf(out, " title ");
	plots_quote(out, name);
}

static void put_curves(FILE *out, const struct bench_data *d, const struct bench_set *s)
{
	const char *comma = "plot ";
	size_t i, j;

	for (i = 0; i < s->nr_rows; i++) {
		if (!begins_curve(s, i))
			continue;
		fprintf(out, "$c%zu << END\n", i);
		for (j = i; j < s->nr_rows; j++) {
			const char *slash = strchr(s->rows[j].name, '/');

			if (same_curve(&s->rows[i], &s->rows[j]))
				put_point(out, d, &s->rows[j], slash ? atof(slash + 1) : 0);
		}
		fprintf(out, "END\n");
	}
	for (i = 0; i < s->nr_rows; i++) {
		if (!begins_curve(s, i) || !bench_row_complete(&s->rows[i], d->rounds))
			continue;
		fprintf(out, "%s$c%zu using 1:2:3:4 with yerrorlines", comma, i);
		put_title(out, &s->rows[i]);
		comma = ", ";
	}
	fprintf(out, "\n");
}

static void put_points(FILE *out, const struct bench_data *d, const struct bench_set *s)
{
	size_t i;

	fprintf(out, "$c << END\n");
	for (i = 0; i < s->nr_rows; i++)
		put_point(out, d, &s->rows[i], i);
	fprintf(out, "END\nset xrange [-0.5:%zu.5]\nset xtics (", s->nr_rows - 1);
	for (i = 0; i < s->nr_rows; i++) {
		fprintf(out, "%s", i ? ", " : "");
		plots_quote(out, s->rows[i].name);
		fprintf(out, " %zu", i);
	}
	fprintf(out, ")\nplot $c using 1:2:3:4 with yerrorbars pointtype 7 notitle\n");
}

/* gnuplot takes a figure without a point for an error. */
static bool measured(const struct bench_data *d, const struct bench_set *s)
{
	struct stats st;
	size_t i;

	for (i = 0; i < s->nr_rows; i++)
		if (!bench_row_stats(d, &s->rows[i], &st))
			return true;
	return false;
}

static void put_figure(FILE *out, const struct bench_data *d, const struct bench_set *s)
{
	char title[160];

	snprintf(title, sizeof(title), "%s: %s", s->name, s->about);
	fprintf(out, "set logscale y\nset title ");
	plots_quote(out, title);
	fprintf(out, "\nset ylabel '%s'\n", bench_unit_name(s->unit));
	if (has_curves(s))
		put_curves(out, d, s);
	else
		put_points(out, d, s);
}

static int save_figure(const struct plots *p, size_t id, const char *path, const char *words,
		       struct errbuf *err)
{
	FILE *out = fopen(path, "w");

	if (!out) {
		errbuf_set(err, "%s cannot be written", path);
		return -1;
	}
	plots_put(p, id, out, words);
	fclose(out);
	return 0;
}

int bench_report_plot(const struct bench_data *d, const char *dir, const char *stem,
		      struct errbuf *err)
{
	struct plots *p = plots_new();
	size_t i, id, next = 0;
	char path[4096];
	int ret;
	FILE *out;

	for (i = 0; i < d->nr_sets; i++) {
		out = measured(d, &d->sets[i]) ? plots_add(p, WIDTH, HEIGHT, &id) : NULL;
		if (out)
			put_figure(out, d, &d->sets[i]);
	}
	ret = p ? plots_draw(p, err) : -1;
	for (i = 0; i < d->nr_sets && !ret; i++) {
		if (!measured(d, &d->sets[i]))
			continue;
		snprintf(path, sizeof(path), "%s/%s-%s.svg", dir, stem, d->sets[i].name);
		ret = save_figure(p, next++, path, d->sets[i].about, err);
	}
	plots_free(p);
	return ret;
}
