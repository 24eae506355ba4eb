// SPDX-License-Identifier: GPL-2.0
/* call_rcu() that is not lazy where callbacks are offloaded; since 6.2. */
#include <linux/rcupdate.h>

void probe(struct rcu_head *head, rcu_callback_t func);
void probe(struct rcu_head *head, rcu_callback_t func)
{
	call_rcu_hurry(head, func);
}
