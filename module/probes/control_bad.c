// SPDX-License-Identifier: GPL-2.0
/* Control: the same, with a function that no kernel has. It must not compile. */
#include <linux/module.h>
#include <linux/rcupdate.h>

void probe(struct rcu_head *head, rcu_callback_t func);
void probe(struct rcu_head *head, rcu_callback_t func)
{
	call_rcu_that_no_kernel_has(head, func);
}
