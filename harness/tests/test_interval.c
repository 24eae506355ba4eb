// SPDX-License-Identifier: GPL-2.0
/*
 * The interval against its own definition: at each end, what was seen or more of it
 * has a probability of one in forty, summed up term by term.
 */
#include <math.h>
#include <string.h>

#include "interval.h"
#include "kt.h"

#define TRIALS_MAX	60
#define EXACT		0.000000001
#define TO_FIVE		0.00001

/* Of exactly @k of @n, by the product of its factors. */
static double exactly(unsigned int k, unsigned int n, double p)
{
	double product = 1;
	unsigned int i;

	for (i = 0; i < k; i++)
		product *= p * (n - i) / (i + 1);
	for (i = k; i < n; i++)
		product *= 1 - p;
	return product;
}

static double between(unsigned int from, unsigned int to, unsigned int n, double p)
{
	double sum = 0;

	for (; from <= to; from++)
		sum += exactly(from, n, p);
	return sum;
}

static void by_definition(void)
{
	unsigned int n, k;

	for (n = 1; n <= TRIALS_MAX; n++) {
		for (k = 0; k <= n; k++) {
			struct interval i = interval_binomial(k, n);

			if (k)
				kt_check(fabs(between(k, n, n, i.low) - 0.025) < EXACT,
					 "%u of %u: low %g", k, n, i.low);
			else
				kt_check(i.low == 0, "none of %u: low %g", n, i.low);
			if (k < n)
				kt_check(fabs(between(0, k, n, i.high) - 0.025) < EXACT,
					 "%u of %u: high %g", k, n, i.high);
			else
				kt_check(i.high == 1, "all of %u: high %g", n, i.high);
		}
	}
}

/* As printed in tables of this interval. */
static void as_printed(void)
{
	static const struct {
		unsigned int k, n;
		double low, high;
	} known[] = {
		{ 0, 10, 0, 0.3085 }, { 5, 10, 0.1871, 0.8129 },
		{ 10, 10, 0.6915, 1 }, { 3, 20, 0.0321, 0.3789 },
		{ 50, 50, 0.9289, 1 },
	};
	size_t j;

	for (j = 0; j < ARRAY_SIZE(known); j++) {
		struct interval i = interval_binomial(known[j].k, known[j].n);

		kt_check(fabs(i.low - known[j].low) < 6 * TO_FIVE &&
			 fabs(i.high - known[j].high) < 6 * TO_FIVE,
			 "%u of %u: [%.5f, %.5f]", known[j].k, known[j].n, i.low, i.high);
	}
}

/* None of a million: the upper end is near -ln(0.025) / n. */
static void many_trials(void)
{
	struct interval none = interval_binomial(0, 1000000);
	struct interval half = interval_binomial(500000, 1000000);

	kt_check(fabs(none.high * 1000000 - 3.68887) < TO_FIVE, "none: %g", none.high);
	kt_check(fabs(half.low - 0.49902) < TO_FIVE && fabs(half.high - 0.50098) < TO_FIVE,
		 "half: [%g, %g]", half.low, half.high);
}

static void nothing_known(void)
{
	struct interval none = interval_binomial(0, 0), odd = interval_binomial(3, 2);

	kt_check(none.low == 0 && none.high == 1, "no trials: [%g, %g]", none.low, none.high);
	kt_check(odd.low == 0 && odd.high == 1, "3 of 2: [%g, %g]", odd.low, odd.high);
}

static void in_words(void)
{
	char buf[INTERVAL_MAX];

	kt_check(!strcmp(interval_words(buf, 12, 12), "100 % [74 to 100]"), "%s", buf);
	kt_check(!strcmp(interval_words(buf, 0, 230), "0 % [0 to 1.59]"), "%s", buf);
	kt_check(!strcmp(interval_words(buf, 0, 0), "not tried"), "%s", buf);
}

static const struct kt_case cases[] = {
	{ "each end is what it is defined to be", by_definition },
	{ "values that are known", as_printed },
	{ "many trials", many_trials },
	{ "no trials, or a slip", nothing_known },
	{ "in words", in_words },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
