// SPDX-License-Identifier: GPL-2.0
/* Deadlines, ordered by cause and scaled: see deadline.h. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "deadline.h"

/*
 * For a machine of scale 1. Each leaves the one before it time to notice and to
 * print: the soft lockup's clock ticks every 2/5 of watchdog_thresh, PROVE_RCU adds 5
 * seconds to a stall, and the agent has hung tasks looked for every 5 seconds.
 */
#define STALL_S		12
#define SOFT_S		22
#define HUNG_S		32
#define SILENCE_S	45

/* What the kernel accepts at most: twice the largest watchdog_thresh. */
#define SOFT_MAX_S	120

/* An idle host boots a debug kernel in a quarter of this. */
#define BOOT_MS		60000
#define BOOT_SCALE_MAX	5.0

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static unsigned int scaled(unsigned int seconds, double scale)
{
	return (unsigned int)(seconds * scale + 0.999);
}

void deadline_compute(struct deadlines *d, long loop_ms, long boot_ms)
{
	double scale = larger((double)loop_ms / DEADLINE_LOOP_MS,
			      (double)boot_ms / DEADLINE_BOOT_MS);

	if (scale < 1.0)
		scale = 1.0;
	if (scale > DEADLINE_SCALE_MAX)
		scale = DEADLINE_SCALE_MAX;
	d->scale = scale;
	/*
	 * The soft lockup's limit binds first; what must come before it keeps its
	 * share, what comes after it needs no limit.
	 */
	d->soft_s = scaled(SOFT_S, scale);
	if (d->soft_s > SOFT_MAX_S)
		d->soft_s = SOFT_MAX_S;
	d->stall_s = d->soft_s * STALL_S / SOFT_S;
	d->hung_s = scaled(HUNG_S, scale);
	d->silence_s = scaled(SILENCE_S, scale);
}

int deadline_ms(const struct deadlines *d, unsigned int seconds)
{
	double ms = seconds * 1000.0 * d->scale;

	return ms < INT_MAX ? (int)ms : INT_MAX;
}

double deadline_busy(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	double load = 0.0, scale;

	if (getloadavg(&load, 1) != 1 || cpus < 1)
		load = 0.0;
	scale = larger(load / (cpus < 1 ? 1 : cpus), 1.0);
	return scale < BOOT_SCALE_MAX ? scale : BOOT_SCALE_MAX;
}

/* Nothing was measured yet; how busy the host is must do. */
int deadline_boot_ms(void)
{
	return BOOT_MS * deadline_busy();
}

void deadline_command(const struct deadlines *d, char *buf, size_t size)
{
	snprintf(buf, size, "deadlines %u %u %u", d->stall_s, d->soft_s,
		 d->hung_s);
}
