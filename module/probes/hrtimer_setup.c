// SPDX-License-Identifier: GPL-2.0
/* hrtimer_init() and the function in one call; since 6.13. */
#include <linux/hrtimer.h>

void probe(struct hrtimer *timer, enum hrtimer_restart (*func)(struct hrtimer *));
void probe(struct hrtimer *timer, enum hrtimer_restart (*func)(struct hrtimer *))
{
	hrtimer_setup(timer, func, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}
