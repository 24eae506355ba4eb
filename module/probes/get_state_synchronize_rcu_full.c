// SPDX-License-Identifier: GPL-2.0
/* A cookie that sees normal and expedited grace periods alike; since 6.1. */
#include <linux/rcupdate.h>

bool probe(struct rcu_gp_oldstate *state);
bool probe(struct rcu_gp_oldstate *state)
{
	get_state_synchronize_rcu_full(state);
	return poll_state_synchronize_rcu_full(state);
}
