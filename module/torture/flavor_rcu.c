// SPDX-License-Identifier: GPL-2.0
/*
 * Flavor "rcu": the kernel's own, one domain for everybody.
 */
#include "../patterns/flavor.h"

static int rcu_flavor_init(struct flavor *flavor)
{
	return 0;
}

static void rcu_flavor_exit(struct flavor *flavor)
{
}

static int rcu_flavor_enter(struct flavor *flavor) __acquires(RCU)
{
	rcu_read_lock();
	return 0;
}

static void rcu_flavor_leave(struct flavor *flavor, int idx)
	__releases(RCU)
{
	rcu_read_unlock();
}

static void rcu_flavor_call(struct flavor *flavor, struct rcu_head *head,
			    rcu_callback_t func)
{
	call_rcu(head, func);
}

static void rcu_flavor_synchronize(struct flavor *flavor)
{
	synchronize_rcu();
}

static void rcu_flavor_synchronize_expedited(struct flavor *flavor)
{
	synchronize_rcu_expedited();
}

static void rcu_flavor_barrier(struct flavor *flavor)
{
	rcu_barrier();
}

static struct flavor_state rcu_flavor_get_state(struct flavor *flavor)
{
	return (struct flavor_state){
		.seq = { get_state_synchronize_rcu() },
	};
}

static bool rcu_flavor_poll_state(struct flavor *flavor,
				  const struct flavor_state *state)
{
	return poll_state_synchronize_rcu(state->seq[0]);
}

const struct flavor_ops flavor_rcu = {
	.name			= "rcu",
	.about			= "the kernel's RCU: call_rcu(), rcu_barrier()",
	.init			= rcu_flavor_init,
	.exit			= rcu_flavor_exit,
	.enter		= rcu_flavor_enter,
	.leave		= rcu_flavor_leave,
	.call			= rcu_flavor_call,
	.synchronize		= rcu_flavor_synchronize,
	.synchronize_expedited	= rcu_flavor_synchronize_expedited,
	.cb_barrier		= rcu_flavor_barrier,
	.get_state		= rcu_flavor_get_state,
	.poll_state		= rcu_flavor_poll_state,
};
