// SPDX-License-Identifier: GPL-2.0
/*
 * Back end "rcu": the kernel's own, polled.
 *
 * The cookies are the full ones, which see normal and expedited grace periods
 * alike.  Nothing is posted to call_rcu(): a grace period starts and ends
 * however long other people's lists of callbacks are.
 */
#include <linux/rcupdate.h>
#include <linux/string.h>

#include <lastref/compat.h>

#include "gp.h"

static_assert(sizeof(struct rcu_gp_oldstate) <= sizeof(struct defer_cookie));

static int rcu_gp_init(struct defer_gp *gp)
{
	return 0;
}

static void rcu_gp_exit(struct defer_gp *gp)
{
}

static int rcu_gp_enter(struct defer_gp *gp)
	__acquires(RCU)
{
	rcu_read_lock();
	return 0;
}

static void rcu_gp_leave(struct defer_gp *gp, int idx)
	__releases(RCU)
{
	rcu_read_unlock();
}

static void rcu_gp_get_state(struct defer_gp *gp, struct defer_cookie *cookie)
{
	memset(cookie, 0, sizeof(*cookie));
	get_state_synchronize_rcu_full((struct rcu_gp_oldstate *)cookie);
}

static void rcu_gp_start(struct defer_gp *gp, struct defer_cookie *cookie)
{
	memset(cookie, 0, sizeof(*cookie));
	start_poll_synchronize_rcu_full((struct rcu_gp_oldstate *)cookie);
}

static bool rcu_gp_poll(struct defer_gp *gp, const struct defer_cookie *cookie)
{
	return poll_state_synchronize_rcu_full((struct rcu_gp_oldstate *)cookie);
}

static void rcu_gp_expedite(struct defer_gp *gp)
{
	synchronize_rcu_expedited();
}

static void rcu_gp_synchronize(struct defer_gp *gp)
{
	synchronize_rcu();
}

const struct gp_ops gp_rcu = {
	.name		= "rcu",
	.about		= "the kernel's RCU, polled: rcu_read_lock(), preemption off",
	.init		= rcu_gp_init,
	.exit		= rcu_gp_exit,
	.enter		= rcu_gp_enter,
	.leave		= rcu_gp_leave,
	.get_state	= rcu_gp_get_state,
	.start		= rcu_gp_start,
	.poll		= rcu_gp_poll,
	.expedite	= rcu_gp_expedite,
	.synchronize	= rcu_gp_synchronize,
};
