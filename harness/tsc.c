// SPDX-License-Identifier: GPL-2.0
/*
 * Two readings some time apart, each a clock between two counters. One that was
 * interrupted shows by its width, and is taken again.
 */
#include <stdbool.h>
#include <time.h>
#include <x86intrin.h>

#include "tsc.h"

#define APART_NS	20000000
#define WIDTH_MAX	20000		/* ticks; some microseconds */
#define TRIES		1000

struct reading {
	unsigned long long ticks;
	long long ns;
};

static bool take(struct reading *r)
{
	unsigned long long before, after;
	struct timespec ts;
	int i;

	for (i = 0; i < TRIES; i++) {
		before = __rdtsc();
		clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
		after = __rdtsc();
		r->ticks = before + (after - before) / 2;
		r->ns = ts.tv_sec * 1000000000LL + ts.tv_nsec;
		if (after - before < WIDTH_MAX)
			return true;
	}
	return false;
}

unsigned long tsc_khz(void)
{
	static unsigned long khz;
	struct timespec apart = { .tv_nsec = APART_NS };
	struct reading a, b;

	if (khz || !take(&a))
		return khz;
	nanosleep(&apart, NULL);
	if (take(&b) && b.ns > a.ns && b.ticks > a.ticks)
		khz = (double)(b.ticks - a.ticks) * 1e6 / (b.ns - a.ns);
	return khz;
}
