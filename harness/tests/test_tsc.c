// SPDX-License-Identifier: GPL-2.0
/* What tsc_khz() says is what the counter does over a longer time. */
#include <stdlib.h>
#include <time.h>
#include <x86intrin.h>

#include "kt.h"
#include "tsc.h"

static double over_half_a_second(void)
{
	unsigned long long ticks = __rdtsc();
	struct timespec from, to;
	double seconds;

	clock_gettime(CLOCK_MONOTONIC_RAW, &from);
	do {
		clock_gettime(CLOCK_MONOTONIC_RAW, &to);
		seconds = to.tv_sec - from.tv_sec + (to.tv_nsec - from.tv_nsec) / 1e9;
	} while (seconds < 0.5);
	return (__rdtsc() - ticks) / seconds / 1000;
}

/* This measurement is a simple one: where it was interrupted it is off. */
static void measured_again(void)
{
	double khz = 0;
	int i;

	for (i = 0; i < 10; i++) {
		khz = over_half_a_second();
		if (tsc_khz() > khz * 0.99 && tsc_khz() < khz * 1.01)
			break;
	}
	kt_check(i < 10, "%lu, and over half a second %.0f", tsc_khz(), khz);
}

static void the_same_again(void)
{
	unsigned long khz = tsc_khz();

	kt_check(khz && khz == tsc_khz(), "%lu, then %lu", khz, tsc_khz());
}

static const struct kt_case cases[] = {
	{ "the measured speed", measured_again },
	{ "measured once", the_same_again },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
