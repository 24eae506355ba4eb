// SPDX-License-Identifier: GPL-2.0
/* Deletes a timer so that it cannot be armed again; since 6.2, and in stable. */
#include <linux/timer.h>

int probe(struct timer_list *timer);
int probe(struct timer_list *timer)
{
	return timer_shutdown_sync(timer);
}
