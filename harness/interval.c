// SPDX-License-Identifier: GPL-2.0
/*
 * That at least k of n trials succeed has, for the probability p of one, the
 * probability I_p(k, n - k + 1), the regularized incomplete beta function. It grows
 * with p: an end of the interval is found by halving.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "interval.h"

#define TAIL		0.025
#define HALVINGS	60
#define TERMS_MAX	10000
#define ENOUGH		(16 * DBL_EPSILON)

/* Of a continued fraction's convergents none may be zero, for the next divides by it. */
static double not_zero(double x)
{
	return fabs(x) < DBL_MIN ? DBL_MIN : x;
}

/*
 * The continued fraction of the incomplete beta function, from its first
 * term on, by the method of Lentz. Converges fast for x < (a + 1) / (a + b + 2).
 */
static double fraction(double a, double b, double x)
{
	double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), product = d;
	int m;

	for (m = 1; m < TERMS_MAX; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));

		d = 1 / not_zero(1 + even * d);
		c = not_zero(1 + even / c);
		product *= c * d;
		d = 1 / not_zero(1 + odd * d);
		c = not_zero(1 + odd / c);
		product *= c * d;
		if (fabs(c * d - 1) < ENOUGH)
			break;
	}
	return product;
}

static double incomplete_beta(double a, double b, double x)
{
	double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) +
			   a * log(x) + b * log1p(-x));

	if (x < (a + 1) / (a + b + 2))
		return front * fraction(a, b, x) / a;
	return 1 - front * fraction(b, a, 1 - x) / b;
}

/* Where the incomplete beta function, which grows with x, has this value. */
static double quantile(double a, double b, double value)
{
	double low = 0, high = 1;
	int i;

	for (i = 0; i < HALVINGS; i++) {
		double x = (low + high) / 2;

		if (incomplete_beta(a, b, x) < value)
			low = x;
		else
			high = x;
	}
	return (low + high) / 2;
}

struct interval interval_binomial(uint64_t seen, uint64_t trials)
{
	struct interval i = { 0, 1 };

	if (seen > trials || !trials)
		return i;
	if (seen)
		i.low = quantile(seen, trials - seen + 1, TAIL);
	if (seen < trials)
		i.high = quantile(seen + 1, trials - seen, 1 - TAIL);
	return i;
}

const char *interval_words(char buf[INTERVAL_MAX], uint64_t seen, uint64_t trials)
{
	struct interval i = interval_binomial(seen, trials);

	if (seen > trials || !trials)
		snprintf(buf, INTERVAL_MAX, "not tried");
	else
		snprintf(buf, INTERVAL_MAX, "%.3g %% [%.2g to %.3g]", 100.0 * seen / trials,
			 100 * i.low, 100 * i.high);
	return buf;
}
