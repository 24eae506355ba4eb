// SPDX-License-Identifier: GPL-2.0
/*
 * Flavors "defer/...": the deferral engine, a domain for each run.
 *
 * One flavor for each of the engine's back ends, and nothing but the back end's
 * name differs: what is tortured is the engine's posting, its queues, its
 * barrier, and how the back end finds grace periods (claims Q1, B10, W4).
 *
 * A pattern's callback takes an rcu_head.  The engine's head and that function
 * lie in the room that flavor_head leaves.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/string.h>

#include <lastref/defer.h>

#include "../patterns/flavor.h"

#define PREFIX	"defer/"

struct defer_flavor_head {
	union {
		struct rcu_head rcu;
		struct defer_head defer;
	};
	rcu_callback_t func;
};

static_assert(sizeof(struct defer_flavor_head) <= sizeof(struct flavor_head));
static_assert(sizeof(struct defer_cookie) <= sizeof(struct flavor_state));

static int defer_flavor_init(struct flavor *flavor,
			     const struct flavor_ops *ops)
{
	struct defer_domain_attr attr = {
		.gp = ops->name + strlen(PREFIX),
	};
	static atomic_t nr = ATOMIC_INIT(0);
	struct defer_domain *d;
	char name[32];

	snprintf(name, sizeof(name), "reftorture-%u", atomic_inc_return(&nr));
	d = defer_domain_create(name, &attr);
	if (IS_ERR(d))
		return PTR_ERR(d);
	flavor->domain = d;
	return 0;
}

static void defer_flavor_exit(struct flavor *flavor)
{
	defer_domain_destroy(flavor->domain);
}

static int defer_flavor_enter(struct flavor *flavor)
{
	return defer_read_lock(flavor->domain);
}

static void defer_flavor_leave(struct flavor *flavor, int idx)
{
	defer_read_unlock(flavor->domain, idx);
}

static void defer_flavor_invoke(struct defer_head *head)
{
	struct defer_flavor_head *fh = container_of(head,
						    struct defer_flavor_head,
						    defer);

	fh->func(&fh->rcu);
}

/*
 * Without a limit, and not closed, the domain refuses only a head that is
 * posted already, which its poster has made sure it is not.
 */
static void defer_flavor_call(struct flavor *flavor, struct rcu_head *head,
			      rcu_callback_t func)
{
	struct defer_flavor_head *fh = container_of(head,
						    struct defer_flavor_head,
						    rcu);
	int err;

	fh->func = func;
	err = defer_call(flavor->domain, &fh->defer, defer_flavor_invoke);
	WARN_ONCE(err, "%ps: post refused: %d\n", func, err);
}

static void defer_flavor_synchronize(struct flavor *flavor)
{
	defer_synchronize(flavor->domain);
}

static void defer_flavor_synchronize_expedited(struct flavor *flavor)
{
	defer_synchronize_expedited(flavor->domain);
}

static void defer_flavor_barrier(struct flavor *flavor)
{
	defer_barrier(flavor->domain);
}

static struct flavor_state defer_flavor_get_state(struct flavor *flavor)
{
	struct defer_cookie cookie;
	struct flavor_state state;

	defer_get_state(flavor->domain, &cookie);
	memcpy(&state, &cookie, sizeof(cookie));
	return state;
}

static bool defer_flavor_poll_state(struct flavor *flavor,
				    const struct flavor_state *state)
{
	struct defer_cookie cookie;

	memcpy(&cookie, state, sizeof(cookie));
	return defer_poll_state(flavor->domain, &cookie);
}

#define DEFER_FLAVOR(gp, what, with)					\
static int defer_##gp##_init(struct flavor *flavor)			\
{									\
	return defer_flavor_init(flavor, &flavor_defer_##gp);		\
}									\
									\
const struct flavor_ops flavor_defer_##gp = {				\
	.name			= PREFIX #gp,				\
	.about			= what,					\
	.flags			= with,					\
	.init			= defer_##gp##_init,			\
	.exit			= defer_flavor_exit,			\
	.enter			= defer_flavor_enter,			\
	.leave			= defer_flavor_leave,			\
	.call			= defer_flavor_call,			\
	.synchronize		= defer_flavor_synchronize,		\
	.synchronize_expedited	= defer_flavor_synchronize_expedited,	\
	.cb_barrier		= defer_flavor_barrier,			\
	.get_state		= defer_flavor_get_state,		\
	.poll_state		= defer_flavor_poll_state,		\
}

DEFER_FLAVOR(rcu, "a domain of the engine, over the kernel's RCU", 0);
DEFER_FLAVOR(srcu, "a domain of the engine, over SRCU",
	     FLAVOR_READERS_MAY_SLEEP);
DEFER_FLAVOR(sched, "a domain of the engine: every CPU has scheduled once",
	     FLAVOR_READERS_ATOMIC);
DEFER_FLAVOR(gpctr, "a domain of the engine: counters of readers, as QEMU's",
	     FLAVOR_READERS_MAY_SLEEP);
