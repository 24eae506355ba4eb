// SPDX-License-Identifier: GPL-2.0
/* Control: uses nothing that any kernel lacks. It must compile. */
#include <linux/module.h>
#include <linux/rcupdate.h>

void probe(struct rcu_head *head, rcu_callback_t func);
void probe(struct rcu_head *head, rcu_callback_t func)
{
	call_rcu(head, func);
}
