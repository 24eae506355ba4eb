/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stats.h - what a handful of samples says, and how sure it is
 *
 * Nothing is assumed of how the samples are distributed: times on a machine
 * that others use are anything but normal. The middle is the median; its 95 %
 * interval is made of two of the samples themselves (order statistics). Each
 * sample is above the true median with probability 1/2, so the number of those
 * below it is binomial, and the k-th smallest and k-th largest enclose it unless
 * fewer than k fall on one side. Of fewer than six samples even the smallest and
 * the largest do not enclose it with 95 %, and there is no interval.
 */
#ifndef LASTREF_STATS_H
#define LASTREF_STATS_H

#include <stdbool.h>
#include <stddef.h>

#define STATS_MIN_INTERVAL	6	/* samples for an interval */

struct stats {
	size_t n;
	double median;		/* of an even number: between the middle two */
	double low, high;	/* 95 % interval of the median ... */
	bool interval;		/* ... if there are enough samples */
	double min, max;
};

/*
 * Sorts the samples. 0, or -1 if there is none, or if one is not a finite
 * number: then *s is all zero.
 */
int stats_of(struct stats *s, double *samples, size_t n);

/* k, counted from 1, of the smallest sample of the interval; 0: too few. */
size_t stats_rank(size_t n);

/*
 * Of a[i] / b[i], taken in the same round, into @ratio, which has room for n.
 * -1 as stats_of(), and if a divisor is not above zero.
 */
int stats_ratio(struct stats *s, const double *a, const double *b, double *ratio, size_t n);

/* Of a ratio and a bound, given that equal things may differ by a factor. */
enum stats_verdict {
	STATS_REACHED,		/* all of the interval is */
	STATS_NOT_REACHED,	/* nothing of it is */
	STATS_UNDECIDED,	/* the bound lies within it */
	STATS_TOO_NOISY,	/* @noise is beyond STATS_NOISE_MAX: nothing is said */
	STATS_TOO_FEW,		/* there is no interval */
};

#define STATS_NOISE_MAX	3.0

/*
 * By how much two equal things differ on this machine: the farther end of the
 * interval of A/A ratios from 1, as a factor >= 1. Infinite without interval.
 */
double stats_noise(const struct stats *aa);

enum stats_verdict stats_at_most(const struct stats *s, double bound, double noise);
enum stats_verdict stats_at_least(const struct stats *s, double bound, double noise);

/* "reached", "not reached", "undecided", "machine too noisy", "too few rounds" */
const char *stats_verdict_name(enum stats_verdict v);

#endif
