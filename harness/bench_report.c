// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "bench_figures.h"
#include "bench_report.h"

#define WIDTH	16

/* A time, a rate or a size, in a unit that leaves few digits. */
static const char *show_value(char buf[WIDTH], enum bench_unit unit, double v)
{
	static const struct {
		double at_least, by;
		const char *name;
	} times[] = { { 1e9, 1e9, "s" }, { 1e6, 1e6, "ms" }, { 1e3, 1e3, "us" }, { 0, 1, "ns" } },
	rates[] = { { 1e6, 1e6, "M/s" }, { 1e3, 1e3, "k/s" }, { 0, 1, "/s" } };
	int i = 0;

	switch (unit) {
	case UNIT_NS:
		while (v < times[i].at_least)
			i++;
		snprintf(buf, WIDTH, "%.4g %s", v / times[i].by, times[i].name);
		break;
	case UNIT_PER_S:
		while (v < rates[i].at_least)
			i++;
		snprintf(buf, WIDTH, "%.4g %s", v / rates[i].by, rates[i].name);
		break;
	case UNIT_BYTES:
		snprintf(buf, WIDTH, "%.0f B", v);
		break;
	}
	return buf;
}

/* "lacks" or "failed" in place of numbers. */
static void write_missing(FILE *out, const struct bench_row *r)
{
	if (r->absent)
		fprintf(out, "absent, the kernel lacks %s\n", r->absent);
	else if (r->failed)
		fprintf(out, "failed: %s\n", r->failed);
	else
		fprintf(out, "not measured in every round\n");
}

static void write_row(FILE *out, const struct bench_data *d, const struct bench_set *s,
		      const struct bench_row *r)
{
	char median[WIDTH], low[WIDTH], high[WIDTH], min[WIDTH], max[WIDTH], ratio[WIDTH] = "";
	struct stats st, to_first;

	fprintf(out, "  %-26s ", r->name);
	if (bench_row_stats(d, r, &st)) {
		write_missing(out, r);
		return;
	}
	if (r != s->rows && !bench_ratio_stats(d, r, &s->rows[0], &to_first))
		snprintf(ratio, sizeof(ratio), "%.3gx", to_first.median);
	fprintf(out, "%10s %10s %10s %10s %10s %8s\n", show_value(median, s->unit, st.median),
		st.interval ? show_value(low, s->unit, st.low) : "-",
		st.interval ? show_value(high, s->unit, st.high) : "-",
		show_value(min, s->unit, st.min), show_value(max, s->unit, st.max), ratio);
}

/* A ratio, or what a row without one took. */
static const char *figure_value(char *text, const struct bench_figure *f,
				const struct bench_set *s, double value)
{
	if (!f->against)
		return show_value(text, s->unit, value);
	snprintf(text, WIDTH, "%.3gx", value);
	return text;
}

static void write_figure(FILE *out, const struct bench_data *d, const struct bench_set *s,
			 const struct bench_figure *f)
{
	enum stats_verdict verdict;
	char text[WIDTH];
	struct stats st;

	if (strcmp(f->set, s->name))
		return;
	fprintf(out, "  = %s%s%s, %s %s: ", f->row, f->against ? " to " : "",
		f->against ? f->against : "", f->at_least ? "at least" : "at most", f->text);
	if (bench_figure_judge(f, d, &st, &verdict)) {
		fprintf(out, "not measured\n");
		return;
	}
	fputs(figure_value(text, f, s, st.median), out);
	if (st.interval) {
		fprintf(out, " (%s", figure_value(text, f, s, st.low));
		fprintf(out, " to %s)", figure_value(text, f, s, st.high));
	}
	fprintf(out, ", %s\n", stats_verdict_name(verdict));
}

static void write_noise(FILE *out, double noise)
{
	if (isinf(noise))
		fprintf(out, "  noise: not known, it takes %d rounds\n", STATS_MIN_INTERVAL);
	else if (noise > STATS_NOISE_MAX)
		fprintf(out, "  noise: the first row differs from itself by a factor of %.3g:\n"
			"         on a machine as busy as this no verdict is given\n", noise);
	else
		fprintf(out, "  noise: the first row differs from itself by a factor of %.3g\n",
			noise);
}

static void write_set(FILE *out, const struct bench_data *d, const struct bench_set *s)
{
	size_t i;

	fprintf(out, "\n%s: %s\n  %-26s %10s %10s %10s %10s %10s %8s\n", s->name, s->about, "",
		"median", "95 % from", "to", "min", "max", "ratio");
	for (i = 0; i < s->nr_rows; i++)
		write_row(out, d, s, &s->rows[i]);
	if (s->unit != UNIT_BYTES)
		write_noise(out, bench_set_noise(d, s));
	for (i = 0; i < bench_nr_figures; i++)
		write_figure(out, d, s, &bench_figures[i]);
}

void bench_report_write(FILE *out, const struct bench_data *d)
{
	size_t i;

	for (i = 0; i < d->nr_sets; i++)
		write_set(out, d, &d->sets[i]);
	fprintf(out, "\n%zu rounds. Intervals are of the median, by order statistics; ratios are\n"
		"taken within a round, to the first row; = is a figure that is to be reached.\n",
		d->rounds);
}

size_t bench_report_failures(const struct bench_data *d)
{
	const struct bench_set *s;
	size_t n = 0, i;

	for (s = d->sets; s < d->sets + d->nr_sets; s++)
		for (i = 0; i < s->nr_rows; i++)
			n += !s->rows[i].absent && !bench_row_complete(&s->rows[i], d->rounds);
	return n;
}
