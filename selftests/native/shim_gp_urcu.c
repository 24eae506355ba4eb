// SPDX-License-Identifier: GPL-2.0
/*
 * Grace periods from liburcu, its memb flavor.
 *
 * Its struct rcu_head is other than include/linux/types.h has, and of the same
 * size, which is all that matters to who hands one on.
 */
#include <assert.h>

#include <urcu/urcu-memb.h>

#include <shim_gp.h>

static_assert(sizeof(struct rcu_head) == 2 * sizeof(void *),
	      "liburcu's struct rcu_head is not what <linux/types.h> has");

const char *const shim_gp_name = "urcu";

void shim_gp_register(void)
{
	urcu_memb_register_thread();
}

void shim_gp_unregister(void)
{
	urcu_memb_unregister_thread();
}

void shim_gp_enter(void)
{
	urcu_memb_read_lock();
}

void shim_gp_leave(void)
{
	urcu_memb_read_unlock();
}

void shim_gp_wait(void)
{
	urcu_memb_synchronize_rcu();
}

void shim_gp_call(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	urcu_memb_call_rcu(head, func);
}

void shim_gp_barrier(void)
{
	urcu_memb_barrier();
}
