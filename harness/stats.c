// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/*
 * The largest k with P(fewer than k of n samples below the median) <= 2.5 %.
 * The terms of the binomial are summed as logarithms: 2^-n underflows.
 */
size_t stats_rank(size_t n)
{
	double below = 0, log_term = -(double)n * log(2);
	size_t k;

	for (k = 0; k < n; k++) {
		below += exp(log_term);
		if (below > 0.025)
			break;
		log_term += log((double)(n - k) / (k + 1));
	}
	return k;
}

int stats_of(struct stats *s, double *samples, size_t n)
{
	size_t i, k;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < n; i++)
		if (!isfinite(samples[i]))
			return -1;
	if (!n)
		return -1;
	qsort(samples, n, sizeof(*samples), compare);
	s->n = n;
	s->min = samples[0];
	s->max = samples[n - 1];
	s->median = n % 2 ? samples[n / 2] : samples[n / 2 - 1] / 2 + samples[n / 2] / 2;
	k = stats_rank(n);
	if (k) {
		s->interval = true;
		s->low = samples[k - 1];
		s->high = samples[n - k];
	}
	return 0;
}

int stats_ratio(struct stats *s, const double *a, const double *b, double *ratio, size_t n)
{
	size_t i;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < n; i++) {
		if (!(b[i] > 0))
			return -1;
		ratio[i] = a[i] / b[i];
	}
	return stats_of(s, ratio, n);
}

double stats_noise(const struct stats *aa)
{
	if (!aa->interval || !(aa->low > 0))
		return INFINITY;
	return fmax(aa->high, 1 / aa->low);
}

/* The interval, as wide as noise makes it, against [0, @bound]. */
static enum stats_verdict judge(const struct stats *s, double low, double high, double bound,
				double noise)
{
	if (!s->interval)
		return STATS_TOO_FEW;
	if (!(noise <= STATS_NOISE_MAX))
		return STATS_TOO_NOISY;
	if (high * noise <= bound)
		return STATS_REACHED;
	return low / noise > bound ? STATS_NOT_REACHED : STATS_UNDECIDED;
}

enum stats_verdict stats_at_most(const struct stats *s, double bound, double noise)
{
	return judge(s, s->low, s->high, bound, noise);
}

/* x >= bound is 1/x <= 1/bound; a ratio of zero is at least nothing. */
enum stats_verdict stats_at_least(const struct stats *s, double bound, double noise)
{
	return judge(s, 1 / s->high, 1 / s->low, 1 / bound, noise);
}

const char *stats_verdict_name(enum stats_verdict v)
{
	static const char *const names[] = {
		[STATS_REACHED] = "reached",
		[STATS_NOT_REACHED] = "not reached",
		[STATS_UNDECIDED] = "undecided",
		[STATS_TOO_NOISY] = "machine too noisy",
		[STATS_TOO_FEW] = "too few rounds",
	};

	return names[v];
}
