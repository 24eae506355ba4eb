// SPDX-License-Identifier: GPL-2.0
/*
 * What was measured, for programs.
 */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "bench_figures.h"
#include "bench_report.h"

static json_t *samples_json(const double *x, size_t n)
{
	json_t *all = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(all, isnan(x[i]) ? json_null() : json_real(x[i]));
	return all;
}

static void put_stats(json_t *o, const struct stats *st)
{
	json_object_set_new(o, "median", json_real(st->median));
	json_object_set_new(o, "min", json_real(st->min));
	json_object_set_new(o, "max", json_real(st->max));
	if (!st->interval)
		return;
	json_object_set_new(o, "low", json_real(st->low));
	json_object_set_new(o, "high", json_real(st->high));
}

static json_t *row_json(const struct bench_data *d, const struct bench_set *s,
			const struct bench_row *r)
{
	json_t *o = json_pack("{s:s, s:s}", "name", r->name, "about", r->about), *ratio;
	struct stats st;

	if (r->absent)
		json_object_set_new(o, "absent", json_string(r->absent));
	if (r->failed)
		json_object_set_new(o, "failed", json_string(r->failed));
	if (!r->absent && r->samples)
		json_object_set_new(o, "samples", samples_json(r->samples, d->rounds));
	if (r == s->rows && r->again)
		json_object_set_new(o, "again", samples_json(r->again, d->rounds));
	if (bench_row_stats(d, r, &st))
		return o;
	put_stats(o, &st);
	if (r != s->rows && !bench_ratio_stats(d, r, &s->rows[0], &st)) {
		ratio = json_object();
		put_stats(ratio, &st);
		json_object_set_new(o, "ratio", ratio);
	}
	return o;
}

static json_t *set_json(const struct bench_data *d, const struct bench_set *s)
{
	double noise = bench_set_noise(d, s);
	json_t *rows = json_array();
	size_t i;

	for (i = 0; i < s->nr_rows; i++)
		json_array_append_new(rows, row_json(d, s, &s->rows[i]));
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", s->name, "about", s->about,
			 "unit", bench_unit_name(s->unit),
			 "noise", isinf(noise) ? json_null() : json_real(noise), "rows", rows);
}

static json_t *figure_json(const struct bench_data *d, const struct bench_figure *f)
{
	enum stats_verdict verdict;
	struct stats st;
	json_t *o;

	if (!bench_data_set(d, f->set))
		return NULL;
	o = json_pack("{s:s, s:s, s:s?, s:f, s:b}", "set", f->set, "row", f->row, "against",
		      f->against, "bound", f->bound, "at_least", f->at_least);
	if (bench_figure_judge(f, d, &st, &verdict)) {
		json_object_set_new(o, "verdict", json_string("not measured"));
		return o;
	}
	put_stats(o, &st);
	json_object_set_new(o, "verdict", json_string(stats_verdict_name(verdict)));
	return o;
}

int bench_report_json(const struct bench_data *d, const char *name, const char *kernel,
		      const char *accel, const char *path, struct errbuf *err)
{
	json_t *sets = json_array(), *figures = json_array(), *all;
	size_t i;
	int ret;

	for (i = 0; i < d->nr_sets; i++)
		json_array_append_new(sets, set_json(d, &d->sets[i]));
	for (i = 0; i < bench_nr_figures; i++)
		json_array_append_new(figures, figure_json(d, &bench_figures[i]));
	all = json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:s, s:o, s:o}", "bench", name,
			"kernel", kernel, "release", d->release, "accel", accel, "cpus",
			(int)d->cpus, "rounds", (int)d->rounds, "interval",
			"95 % of the median, by order statistics", "sets", sets, "figures",
			figures);
	ret = all ? json_dump_file(all, path, JSON_INDENT(1)) : -1;
	json_decref(all);
	if (ret)
		errbuf_set(err, "%s cannot be written", path);
	return ret;
}
