/* SPDX-License-Identifier: GPL-2.0 */
/*
 * interval.h - how often a thing happens, from how often it was seen to happen
 *
 * Two crashes in two cycles do not show that every cycle crashes. The interval
 * is that of Clopper and Pearson: each end is the probability at which what was
 * seen, or more of it, would come about one time in forty. It covers the true
 * probability at least 95 times in a hundred, however few the trials are, which the
 * approximations do not.
 */
#ifndef LASTREF_INTERVAL_H
#define LASTREF_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

struct interval {
	double low, high;	/* 0 to 1 */
};

#define INTERVAL_MAX	40

/* With 95 % confidence. [0, 1] without trials, or with more @seen than there were. */
struct interval interval_binomial(uint64_t seen, uint64_t trials);

/* "67 % [9 to 99]", or "not tried": what a table holds of it. */
const char *interval_words(char buf[INTERVAL_MAX], uint64_t seen, uint64_t trials);

#endif
