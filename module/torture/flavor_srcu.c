// SPDX-License-Identifier: GPL-2.0
/*
 * Flavor "srcu": a sleepable domain for each run.
 *
 * Nobody else's readers delay its grace periods, its readers may block, and it
 * has a barrier of its own: rcu_barrier() would not wait for call_srcu()
 * (claim B10).
 */
#include "../patterns/flavor.h"

static int srcu_flavor_init(struct flavor *flavor)
{
	return init_srcu_struct(&flavor->srcu);
}

static void srcu_flavor_exit(struct flavor *flavor)
{
	cleanup_srcu_struct(&flavor->srcu);
}

static int srcu_flavor_enter(struct flavor *flavor)
	__acquires(&flavor->srcu)
{
	return srcu_read_lock(&flavor->srcu);
}

static void srcu_flavor_leave(struct flavor *flavor, int idx)
	__releases(&flavor->srcu)
{
	srcu_read_unlock(&flavor->srcu, idx);
}

static void srcu_flavor_call(struct flavor *flavor, struct rcu_head *head,
			     rcu_callback_t func)
{
	call_srcu(&flavor->srcu, head, func);
}

static void srcu_flavor_synchronize(struct flavor *flavor)
{
	synchronize_srcu(&flavor->srcu);
}

static void srcu_flavor_synchronize_expedited(struct flavor *flavor)
{
	synchronize_srcu_expedited(&flavor->srcu);
}

static void srcu_flavor_barrier(struct flavor *flavor)
{
	srcu_barrier(&flavor->srcu);
}

static struct flavor_state srcu_flavor_get_state(struct flavor *flavor)
{
	return (struct flavor_state){
		.seq = { get_state_synchronize_srcu(&flavor->srcu) },
	};
}

static bool srcu_flavor_poll_state(struct flavor *flavor,
				   const struct flavor_state *state)
{
	return poll_state_synchronize_srcu(&flavor->srcu, state->seq[0]);
}

const struct flavor_ops flavor_srcu = {
	.name			= "srcu",
	.about			= "an srcu_struct of the run's own: call_srcu(), srcu_barrier()",
	.flags			= FLAVOR_READERS_MAY_SLEEP,
	.init			= srcu_flavor_init,
	.exit			= srcu_flavor_exit,
	.enter		= srcu_flavor_enter,
	.leave		= srcu_flavor_leave,
	.call			= srcu_flavor_call,
	.synchronize		= srcu_flavor_synchronize,
	.synchronize_expedited	= srcu_flavor_synchronize_expedited,
	.cb_barrier		= srcu_flavor_barrier,
	.get_state		= srcu_flavor_get_state,
	.poll_state		= srcu_flavor_poll_state,
};
