// SPDX-License-Identifier: GPL-2.0
/* The name of del_timer_sync() since 6.2, and in older stable kernels. */
#include <linux/timer.h>

int probe(struct timer_list *timer);
int probe(struct timer_list *timer)
{
	return timer_delete_sync(timer);
}
