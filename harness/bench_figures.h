/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bench_figures.h - what is to be reached, and whether it was
 */
#ifndef LASTREF_BENCH_FIGURES_H
#define LASTREF_BENCH_FIGURES_H

#include "bench_data.h"
#include "stats.h"

struct bench_figure {
	const char *set;
	const char *row;
	const char *against;	/* another row of the set; NULL: a value by itself */
	double bound;
	bool at_least;		/* else at most */
	const char *text;	/* the bound as people say it */
};

extern const struct bench_figure bench_figures[];
extern const size_t bench_nr_figures;

/*
 * How much two samples of the same differ in this set; infinite without an
 * interval. Constants do not differ.
 */
double bench_set_noise(const struct bench_data *d, const struct bench_set *s);

/* Of a row's samples; -1 if it is not complete. */
int bench_row_stats(const struct bench_data *d, const struct bench_row *r, struct stats *st);

/* Of the rounds' ratios of two rows; -1 if either is not complete. */
int bench_ratio_stats(const struct bench_data *d, const struct bench_row *a,
		      const struct bench_row *b, struct stats *st);

/*
 * 0 with what was found and the verdict; -1 if the figure is of no row here, or
 * if a row of it is absent or has failed.
 */
int bench_figure_judge(const struct bench_figure *f, const struct bench_data *d,
		       struct stats *found, enum stats_verdict *verdict);

#endif
