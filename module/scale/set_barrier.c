// SPDX-License-Identifier: GPL-2.0
/*
 * How long a client waits for its own callbacks.
 *
 *	idle	one callback of one's own, and nobody else's
 *	empty	nothing is pending
 *	flood	one callback of one's own, while another client floods
 *	domains	one callback of one's own, beside N-1 domains with one each
 *
 * A sample of the first three is one barrier, from the post of that callback on.
 *
 * rcu_barrier() waits for the flood's callbacks too. So both peers are put
 * beside the same flood, of call_rcu(); and the domain beside one of another
 * domain as well. The flood stays on another CPU, and begins before the
 * sample: with FLOOD_PENDING callbacks pending it is at its height.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/slab.h>

#include "peers.h"
#include "sets.h"

#define FLOOD_PENDING	50000
#define FLOOD_BATCH	64
#define FLOOD_START_MS	10000

/*
 * One own callback, from its post to the end of the barrier.  A barrier that
 * returned before the callback, or a callback that came before a grace period,
 * would win every comparison: there is no sample of it.
 */
static int time_own(struct bench_client *c, struct bench_sample *sample)
{
	int err = bench_client_fill(c, 1);
	struct rcu_gp_oldstate before;
	u64 start;

	if (err)
		return err;
	get_state_synchronize_rcu_full(&before);
	start = ktime_get_ns();
	err = bench_client_post(c, 1);
	c->peer->drain(c);
	sample->amount = ktime_get_ns() - start;
	sample->ops = 1;
	if (bench_client_pending(c) || !poll_state_synchronize_rcu_full(&before))
		return -EBADE;
	return err;
}

static int setup_client(struct bench_slot *slot)
{
	struct bench_client *c = bench_client_open(slot->row->what, 1);

	if (IS_ERR(c))
		return PTR_ERR(c);
	slot->priv = c;
	return 0;
}

static void teardown_client(struct bench_slot *slot)
{
	bench_client_close(slot->priv);
}

static int run_idle(struct bench_slot *slot, u64 ops,
		    struct bench_sample *sample)
{
	return time_own(slot->priv, sample);
}

static int run_empty(struct bench_slot *slot, u64 ops,
		     struct bench_sample *sample)
{
	struct bench_client *c = slot->priv;
	u64 start, i;

	c->peer->drain(c);
	start = ktime_get_ns();
	for (i = 0; i < ops; i++)
		c->peer->drain(c);
	sample->amount = ktime_get_ns() - start;
	sample->ops = ops;
	return 0;
}

#define ROW(peer, runs)							\
	.what = &peer_##peer, .run = (runs),				\
	.setup = setup_client, .teardown = teardown_client

static const struct bench_row idle_rows[] = {
	{
		ROW(call_rcu, run_idle), .name = "rcu_barrier", .ops = 1,
		.about = "call_rcu() and rcu_barrier()",
	}, {
		ROW(defer_call, run_idle), .name = "defer_barrier", .ops = 1,
		.about = "defer_call() and defer_barrier()",
	},
};

const struct bench_set set_idle = {
	.name = "idle", .group = "defer", .unit = BENCH_NS,
	.about = "a barrier with one own callback, on an idle machine",
	.rows = idle_rows, .nr_rows = ARRAY_SIZE(idle_rows),
};

static const struct bench_row empty_rows[] = {
	{
		ROW(call_rcu, run_empty), .name = "rcu_barrier",
		.about = "rcu_barrier() with no callback anywhere",
	}, {
		ROW(defer_call, run_empty), .name = "defer_barrier",
		.about = "defer_barrier() of an empty domain",
	},
};

const struct bench_set set_empty = {
	.name = "empty", .group = "defer", .unit = BENCH_NS,
	.about = "a barrier with nothing to wait for",
	.rows = empty_rows, .nr_rows = ARRAY_SIZE(empty_rows),
};

/* The other client. */
struct flood {
	struct bench_crew crew;
	struct defer_domain *domain;	/* NULL: it is call_rcu()'s */
	struct bench_client *own;	/* the one that waits */
	atomic_long_t pending;
};

struct drop {
	union {
		struct rcu_head rcu;
		struct defer_head defer;
	};
	struct flood *flood;
};

static void dropped(struct drop *drop)
{
	atomic_long_dec(&drop->flood->pending);
	kfree(drop);
}

static void drop_rcu(struct rcu_head *head)
{
	dropped(container_of(head, struct drop, rcu));
}

static void drop_defer(struct defer_head *head)
{
	dropped(container_of(head, struct drop, defer));
}

static void pour(struct flood *flood)
{
	struct drop *drop = kmalloc(sizeof(*drop), GFP_KERNEL);

	if (!drop)
		return;
	drop->flood = flood;
	atomic_long_inc(&flood->pending);
	if (!flood->domain)
		call_rcu(&drop->rcu, drop_rcu);
	else if (defer_call(flood->domain, &drop->defer, drop_defer))
		dropped(drop);
}

static void flood_step(void *arg, unsigned int index)
{
	struct flood *flood = arg;
	unsigned int i;

	if (atomic_long_read(&flood->pending) >= 2 * FLOOD_PENDING) {
		bench_wait_a_little();
		return;
	}
	for (i = 0; i < FLOOD_BATCH; i++)
		pour(flood);
}

/*
 * A flood that callbacks keep up with never has that many pending; then it
 * is at its height when the time is over.
 */
static int flood_start(struct flood *flood, unsigned int cpu)
{
	unsigned long end = jiffies + msecs_to_jiffies(FLOOD_START_MS);
	int err = bench_crew_start(&flood->crew, 1, cpu);

	while (!err && atomic_long_read(&flood->pending) < FLOOD_PENDING &&
	       time_before(jiffies, end))
		err = bench_wait_a_little();
	return err;
}

static void flood_stop(struct flood *flood)
{
	bench_crew_stop(&flood->crew);
	if (flood->domain)
		defer_barrier(flood->domain);
	else
		rcu_barrier();
}

static int setup_flood(struct bench_slot *slot)
{
	struct flood *flood = kzalloc(sizeof(*flood), GFP_KERNEL);
	struct bench_client *own;

	if (!flood)
		return -ENOMEM;
	slot->priv = flood;
	flood->crew.step = flood_step;
	flood->crew.arg = flood;
	own = bench_client_open(slot->row->what, 1);
	if (IS_ERR(own))
		return PTR_ERR(own);
	flood->own = own;
	return slot->row->n ? bench_domain_open(&flood->domain, "flood", NULL) :
			      0;
}

static void teardown_flood(struct bench_slot *slot)
{
	struct flood *flood = slot->priv;

	if (!flood)
		return;
	if (flood->domain)
		defer_domain_destroy(flood->domain);
	bench_client_close(flood->own);
	kfree(flood);
}

static int run_flood(struct bench_slot *slot, u64 ops,
		     struct bench_sample *sample)
{
	struct flood *flood = slot->priv;
	int err = flood_start(flood, slot->cpu);

	if (!err)
		err = time_own(flood->own, sample);
	flood_stop(flood);
	return err;
}

#define FLOOD(peer)							\
	.what = &peer_##peer, .ops = 1, .run = run_flood,		\
	.setup = setup_flood, .teardown = teardown_flood

static const struct bench_row flood_rows[] = {
	{
		FLOOD(call_rcu), .name = "rcu_barrier",
		.about = "call_rcu() and rcu_barrier(), beside a flood of call_rcu()",
	}, {
		FLOOD(defer_call), .name = "defer_barrier",
		.about = "defer_call() and defer_barrier(), beside a flood of call_rcu()",
	}, {
		FLOOD(defer_call), .name = "beside_a_domain", .n = true,
		.about = "the same, beside a flood of another domain",
	},
};

const struct bench_set set_flood = {
	.name = "flood", .group = "defer", .unit = BENCH_NS,
	.about = "a barrier with one own callback, while another client floods",
	.rows = flood_rows, .nr_rows = ARRAY_SIZE(flood_rows),
};

/* As many clients as the row says; the first is the one that waits. */
struct many {
	unsigned int nr;
	struct bench_client *clients[];
};

static int setup_many(struct bench_slot *slot)
{
	struct many *many = kzalloc(struct_size(many, clients, slot->row->n),
				    GFP_KERNEL);
	struct bench_client *c;

	if (!many)
		return -ENOMEM;
	slot->priv = many;
	while (many->nr < slot->row->n) {
		c = bench_client_open(slot->row->what, 1);
		if (IS_ERR(c))
			return PTR_ERR(c);
		many->clients[many->nr++] = c;
	}
	return 0;
}

static void teardown_many(struct bench_slot *slot)
{
	struct many *many = slot->priv;

	while (many && many->nr)
		bench_client_close(many->clients[--many->nr]);
	kfree(many);
}

static int run_many(struct bench_slot *slot, u64 ops,
		    struct bench_sample *sample)
{
	struct many *many = slot->priv;
	unsigned int i;
	int err = 0;

	for (i = 1; i < many->nr && !err; i++) {
		struct bench_client *c = many->clients[i];

		err = bench_client_fill(c, 1) ?: bench_client_post(c, 1);
	}
	if (!err)
		err = time_own(many->clients[0], sample);
	for (i = 1; i < many->nr; i++)
		many->clients[i]->peer->drain(many->clients[i]);
	return err;
}

#define MANY(peer, label, count)					\
	{								\
		.name = label "/" #count, .n = (count),			\
		.what = &peer_##peer, .ops = 1, .run = run_many,	\
		.setup = setup_many, .teardown = teardown_many,		\
		.about = "its own callback, among as many clients with one each", \
	}

static const struct bench_row domains_rows[] = {
	MANY(call_rcu, "rcu_barrier", 1),
	MANY(call_rcu, "rcu_barrier", 64),
	MANY(defer_call, "defer_barrier", 1),
	MANY(defer_call, "defer_barrier", 4),
	MANY(defer_call, "defer_barrier", 16),
	MANY(defer_call, "defer_barrier", 64),
};

const struct bench_set set_domains = {
	.name = "domains", .group = "defer", .unit = BENCH_NS,
	.about = "a barrier with one own callback, among other clients",
	.rows = domains_rows, .nr_rows = ARRAY_SIZE(domains_rows),
};
