// SPDX-License-Identifier: GPL-2.0
/*
 * What a grace period takes, and what a domain and a head take of memory.
 */
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>

#include "peers.h"
#include "sets.h"

/* A back end that this kernel or this build has not is absent, no failure. */
static int open_domain(struct defer_domain **domain, const char *gp)
{
	int err = bench_domain_open(domain, gp, gp);

	return err == -ENOENT ? -EOPNOTSUPP : err;
}

#define NEEDS_BACK_END	.needs = "this back end"

/* A wait, and the back end of the domain it is of; none for the kernel's own. */
struct wait {
	const char *gp;
	int (*wait)(struct defer_domain *d);
};

static int wait_rcu(struct defer_domain *none)
{
	synchronize_rcu();
	return 0;
}

static int wait_rcu_expedited(struct defer_domain *none)
{
	synchronize_rcu_expedited();
	return 0;
}

static const struct wait waits[] = {
	{ NULL, wait_rcu },
	{ NULL, wait_rcu_expedited },
	{ "rcu", defer_synchronize },
	{ "rcu", defer_synchronize_expedited },
	{ "srcu", defer_synchronize },
	{ "sched", defer_synchronize },
	{ "gpctr", defer_synchronize },
};

static int setup_sync(struct bench_slot *slot)
{
	const struct wait *w = slot->row->what;
	struct defer_domain *d;
	int err;

	if (!w->gp)
		return 0;
	err = open_domain(&d, w->gp);
	if (!err)
		slot->priv = d;
	return err;
}

static void teardown_sync(struct bench_slot *slot)
{
	if (slot->priv)
		defer_domain_destroy(slot->priv);
}

static int run_sync(struct bench_slot *slot, u64 ops,
		    struct bench_sample *sample)
{
	const struct wait *w = slot->row->what;
	u64 start = ktime_get_ns();
	int err = w->wait(slot->priv);

	sample->amount = ktime_get_ns() - start;
	sample->ops = 1;
	return err;
}

#define SYNC(nr)							\
	.what = &waits[nr], .ops = 1, .run = run_sync,			\
	.setup = setup_sync, .teardown = teardown_sync, NEEDS_BACK_END

static const struct bench_row synchronize_rows[] = {
	{
		SYNC(0), .name = "synchronize_rcu",
		.about = "the kernel's",
	}, {
		SYNC(1), .name = "synchronize_rcu_expedited",
		.about = "the kernel's, at the cost of other CPUs",
	}, {
		SYNC(2), .name = "rcu",
		.about = "defer_synchronize(), back end rcu",
	}, {
		SYNC(3), .name = "rcu_expedited",
		.about = "defer_synchronize_expedited(), back end rcu",
	}, {
		SYNC(4), .name = "srcu",
		.about = "defer_synchronize(), back end srcu",
	}, {
		SYNC(5), .name = "sched",
		.about = "defer_synchronize(), back end sched",
	}, {
		SYNC(6), .name = "gpctr",
		.about = "defer_synchronize(), back end gpctr",
	},
};

const struct bench_set set_synchronize = {
	.name = "synchronize", .group = "defer", .unit = BENCH_NS,
	.about = "a grace period, waited for",
	.rows = synchronize_rows, .nr_rows = ARRAY_SIZE(synchronize_rows),
};

static int run_constant(struct bench_slot *slot, u64 ops,
			struct bench_sample *sample)
{
	sample->amount = slot->row->n;
	sample->ops = 1;
	return 0;
}

static int run_domain(struct bench_slot *slot, u64 ops,
		      struct bench_sample *sample)
{
	struct defer_stats stats;

	defer_domain_stats(slot->priv, &stats);
	sample->amount = stats.bytes;
	sample->ops = 1;
	return 0;
}

static const struct bench_row memory_rows[] = {
	{
		.name = "rcu_head", .run = run_constant, .ops = 1,
		.n = sizeof(struct rcu_head),
		.about = "what call_rcu() wants in an object",
	}, {
		.name = "defer_head", .run = run_constant, .ops = 1,
		.n = sizeof(struct defer_head),
		.about = "what defer_call() wants in an object",
	}, {
		.name = "domain", .run = run_domain, .ops = 1,
		.what = &waits[2], .setup = setup_sync,
		.teardown = teardown_sync,
		.about = "a domain with its queues of all CPUs",
	},
};

const struct bench_set set_memory = {
	.name = "memory", .group = "defer", .unit = BENCH_BYTES,
	.about = "what an object carries, and what a client has once",
	.rows = memory_rows, .nr_rows = ARRAY_SIZE(memory_rows),
};
