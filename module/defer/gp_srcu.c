// SPDX-License-Identifier: GPL-2.0
/*
 * Back end "srcu": an srcu_struct for each domain.
 *
 * Nobody else's readers delay its grace periods, and its readers may sleep.
 */
#include <linux/srcu.h>
#include <linux/string.h>

#include "gp.h"

static int srcu_gp_init(struct defer_gp *gp)
{
	return init_srcu_struct(&gp->srcu);
}

/*
 * A polled grace period may still be under way though nobody cares for its
 * cookie, and cleanup_srcu_struct() leaks what is not idle.  The barrier's
 * callbacks come behind all that was asked for.
 */
static void srcu_gp_exit(struct defer_gp *gp)
{
	srcu_barrier(&gp->srcu);
	synchronize_srcu_expedited(&gp->srcu);
	cleanup_srcu_struct(&gp->srcu);
}

static int srcu_gp_enter(struct defer_gp *gp)
	__acquires(&gp->srcu)
{
	return srcu_read_lock(&gp->srcu);
}

static void srcu_gp_leave(struct defer_gp *gp, int idx)
	__releases(&gp->srcu)
{
	srcu_read_unlock(&gp->srcu, idx);
}

static void srcu_gp_get_state(struct defer_gp *gp, struct defer_cookie *cookie)
{
	memset(cookie, 0, sizeof(*cookie));
	cookie->seq[0] = get_state_synchronize_srcu(&gp->srcu);
}

static void srcu_gp_start(struct defer_gp *gp, struct defer_cookie *cookie)
{
	memset(cookie, 0, sizeof(*cookie));
	cookie->seq[0] = start_poll_synchronize_srcu(&gp->srcu);
}

static bool srcu_gp_poll(struct defer_gp *gp, const struct defer_cookie *cookie)
{
	return poll_state_synchronize_srcu(&gp->srcu, cookie->seq[0]);
}

static void srcu_gp_expedite(struct defer_gp *gp)
{
	synchronize_srcu_expedited(&gp->srcu);
}

static void srcu_gp_synchronize(struct defer_gp *gp)
{
	synchronize_srcu(&gp->srcu);
}

const struct gp_ops gp_srcu = {
	.name		= "srcu",
	.about		= "an srcu_struct of the domain's own: readers may sleep",
	.flags		= GP_READERS_MAY_SLEEP,
	.init		= srcu_gp_init,
	.exit		= srcu_gp_exit,
	.enter		= srcu_gp_enter,
	.leave		= srcu_gp_leave,
	.get_state	= srcu_gp_get_state,
	.start		= srcu_gp_start,
	.poll		= srcu_gp_poll,
	.expedite	= srcu_gp_expedite,
	.synchronize	= srcu_gp_synchronize,
};
