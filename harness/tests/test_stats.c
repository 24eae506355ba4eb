// SPDX-License-Identifier: GPL-2.0
/*
 * Statistics with known answers, and what is no statistics at all.
 *
 * The ranks are those of any table of the sign test: the smallest and largest
 * of 6 to 8 samples, the second of 9 to 11, the sixth of 20, the 40th of 100.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kt.h"
#include "stats.h"

static bool near(double a, double b)
{
	return fabs(a - b) <= fmax(fabs(a), fabs(b)) / 1000000000;
}

/* Of samples that are some: what kt_check() prints must be known before it. */
static struct stats of(double *x, size_t n)
{
	struct stats s;

	kt_check(!stats_of(&s, x, n), "%zu samples are refused", n);
	return s;
}

static void medians(void)
{
	double one[] = { 7 }, odd[] = { 9, 1, 5 }, even[] = { 4, 1, 3, 2 };
	double huge[] = { 1.7e308, 1.7e308 };
	struct stats s = of(one, 1);

	kt_check(s.median == 7 && !s.interval, "%g", s.median);
	s = of(odd, 3);
	kt_check(s.median == 5, "%g", s.median);
	kt_check(s.min == 1 && s.max == 9, "%g..%g", s.min, s.max);
	s = of(even, 4);
	kt_check(s.median == 2.5, "%g", s.median);
	s = of(huge, 2);
	kt_check(s.median == 1.7e308, "overflow: %g", s.median);
}

static void ranks(void)
{
	static const struct {
		size_t n, k;
	} known[] = {
		{ 0, 0 }, { 1, 0 }, { 5, 0 }, { 6, 1 }, { 8, 1 }, { 9, 2 }, { 11, 2 }, { 12, 3 },
		{ 15, 4 }, { 20, 6 }, { 25, 8 }, { 50, 18 }, { 100, 40 }, { 5000, 2431 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		kt_check(stats_rank(known[i].n) == known[i].k, "%zu samples: rank %zu, not %zu",
			 known[i].n, stats_rank(known[i].n), known[i].k);
}

static void intervals(void)
{
	double x[20];
	struct stats s;
	int i;

	for (i = 0; i < 20; i++)
		x[i] = 20 - i;
	s = of(x, 20);
	kt_check(s.interval, "no interval");
	kt_check(s.low == 6 && s.high == 15 && s.median == 10.5, "%g %g %g", s.low, s.median,
		 s.high);
	s = of(x, 5);
	kt_check(!s.interval, "five samples have none");
}

/* How often the interval of 15 samples misses the median of a lopsided thing. */
static void coverage(void)
{
	unsigned int missed = 0, round, i;
	double x[15], median = log(2);
	struct stats s;

	srand48(1);
	for (round = 0; round < 20000; round++) {
		for (i = 0; i < 15; i++)
			x[i] = -log(1 - drand48());
		stats_of(&s, x, 15);
		missed += s.low > median || s.high < median;
	}
	kt_check(missed > 500 && missed < 1000, "missed %u of 20000, the binomial says 703",
		 missed);
}

static void ratios(void)
{
	double a[] = { 2, 6, 12, 4 }, b[] = { 1, 2, 3, 4 }, ratio[4];
	struct stats s;

	kt_check(!stats_ratio(&s, a, b, ratio, 4), "refused");
	kt_check(s.median == 2.5, "%g", s.median);
	kt_check(s.min == 1 && s.max == 4, "%g %g", s.min, s.max);
}

static void broken(void)
{
	double bad[] = { 1, NAN, 2 }, inf[] = { INFINITY }, zero[] = { 0 }, less[] = { -1 };
	double one[] = { 1 }, ratio[1];
	struct stats s;

	kt_check(stats_of(&s, NULL, 0) < 0 && !s.n && !s.interval, "no samples");
	kt_check(stats_of(&s, bad, 3) < 0 && !s.n, "not a number");
	kt_check(stats_of(&s, inf, 1) < 0 && !s.n, "infinite");
	kt_check(stats_ratio(&s, one, zero, ratio, 1) < 0, "divided by zero");
	kt_check(stats_ratio(&s, one, less, ratio, 1) < 0, "a time below zero");
	kt_check(stats_ratio(&s, one, bad + 1, ratio, 1) < 0, "divided by what is no number");
	kt_check(stats_ratio(&s, one, one, ratio, 0) < 0, "no rounds");
}

static void noise(void)
{
	struct stats s = { .interval = true, .low = 0.8, .high = 1.1 };

	kt_check(near(stats_noise(&s), 1.25), "%g", stats_noise(&s));
	s.high = 1.5;
	kt_check(near(stats_noise(&s), 1.5), "%g", stats_noise(&s));
	s.low = 0;
	kt_check(isinf(stats_noise(&s)), "%g", stats_noise(&s));
	s.low = 1;
	s.interval = false;
	kt_check(isinf(stats_noise(&s)), "%g", stats_noise(&s));
}

static void verdicts(void)
{
	struct stats s = { .n = 9, .interval = true, .low = 0.4, .median = 0.5, .high = 0.6 };

	kt_check(stats_at_most(&s, 0.7, 1.0) == STATS_REACHED, "below");
	kt_check(stats_at_most(&s, 0.3, 1.0) == STATS_NOT_REACHED, "above");
	kt_check(stats_at_most(&s, 0.5, 1.0) == STATS_UNDECIDED, "within");
	kt_check(stats_at_most(&s, 0.7, 1.2) == STATS_UNDECIDED, "noise widens upward");
	kt_check(stats_at_most(&s, 0.35, 1.2) == STATS_UNDECIDED, "noise widens downward");
	kt_check(stats_at_least(&s, 0.3, 1.0) == STATS_REACHED, "at least");
	kt_check(stats_at_least(&s, 0.7, 1.0) == STATS_NOT_REACHED, "not at least");
	kt_check(stats_at_least(&s, 0.5, 1.0) == STATS_UNDECIDED, "about");
	kt_check(stats_at_least(&s, 0.35, 1.2) == STATS_UNDECIDED, "noise");
	kt_check(stats_at_most(&s, 100, 3.5) == STATS_TOO_NOISY, "noise beyond any verdict");
	kt_check(stats_at_most(&s, 100, INFINITY) == STATS_TOO_NOISY, "A/A without interval");
	kt_check(stats_at_most(&s, 100, NAN) == STATS_TOO_NOISY, "A/A is no number");
	s.interval = false;
	kt_check(stats_at_most(&s, 100, 1.0) == STATS_TOO_FEW, "no interval");
	kt_check(strcmp(stats_verdict_name(STATS_UNDECIDED), "undecided") == 0, "name");
}

static const struct kt_case cases[] = {
	{ "medians, of even numbers too", medians },
	{ "ranks of the 95 % interval, as tables have them", ranks },
	{ "the interval is made of samples", intervals },
	{ "the interval holds the median in 96.5 % of the cases", coverage },
	{ "ratios are taken within a round", ratios },
	{ "no samples, not a number, division by zero", broken },
	{ "noise is the farther end of A/A", noise },
	{ "a verdict, or none", verdicts },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
