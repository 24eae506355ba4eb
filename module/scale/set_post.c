// SPDX-License-Identifier: GPL-2.0
/*
 * What a post costs the one who posts, and what an object costs the machine.
 *
 *	post	the post alone: POSTS of them, the rest is not timed
 *	object	from the first of OBJECTS posts until the last object is free
 *
 * Objects are allocated before and are all of one size.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ktime.h>

#include "peers.h"
#include "sets.h"

#define POSTS	4096
#define OBJECTS	32768

/* Where nothing tells when kfree_rcu()'s objects are free, some time for it. */
#define LEAVE_ALONE_MS	100

static int setup(struct bench_slot *slot)
{
	struct bench_client *c = bench_client_open(slot->row->what,
						   slot->row->ops);

	if (IS_ERR(c))
		return PTR_ERR(c);
	slot->priv = c;
	return 0;
}

static void teardown(struct bench_slot *slot)
{
	bench_client_close(slot->priv);
}

static int run_post(struct bench_slot *slot, u64 ops,
		    struct bench_sample *sample)
{
	struct bench_client *c = slot->priv;
	int err = bench_client_fill(c, ops);
	u64 start;

	if (err)
		return err;
	start = ktime_get_ns();
	err = bench_client_post(c, ops);
	sample->amount = ktime_get_ns() - start;
	sample->ops = ops;
	if (!c->peer->drain(c))
		msleep(LEAVE_ALONE_MS);
	return err;
}

static int run_object(struct bench_slot *slot, u64 ops,
		      struct bench_sample *sample)
{
	struct bench_client *c = slot->priv;
	int err = bench_client_fill(c, ops);
	u64 start;

	if (err)
		return err;
	start = ktime_get_ns();
	err = bench_client_post(c, ops);
	if (!c->peer->drain(c) && !err)
		err = -EOPNOTSUPP;
	sample->amount = ktime_get_ns() - start;
	sample->ops = ops;
	return err;
}

#define ROW(peer, sentence)						\
	.name = #peer, .about = (sentence), .what = &peer_##peer,	\
	.setup = setup, .teardown = teardown

#define POST(peer, sentence)						\
	{ ROW(peer, sentence), .ops = POSTS, .run = run_post }
#define OBJECT(peer, sentence)						\
	{ ROW(peer, sentence), .ops = OBJECTS, .run = run_object,	\
	  .needs = "kvfree_rcu_barrier(): nothing tells when the last object is free" }

static const struct bench_row post_rows[] = {
	POST(call_rcu, "call_rcu(), whose callback is kfree()"),
	POST(kfree_rcu, "kfree_rcu()"),
	POST(defer_call, "defer_call(), whose callback is kfree()"),
	POST(defer_free, "defer_free()"),
};

const struct bench_set set_post = {
	.name = "post", .group = "defer", .unit = BENCH_NS,
	.about = "a post, for the one who posts",
	.rows = post_rows, .nr_rows = ARRAY_SIZE(post_rows),
};

/* Who watches comes and goes between runs: harness/bench_watch.c. */
static const struct bench_row watch_rows[] = {
	POST(call_rcu, "call_rcu(), whose callback is of this module"),
};

const struct bench_set set_watch = {
	.name = "watch", .group = "watch", .unit = BENCH_NS,
	.about = "a post that unloadcheck may count, for the one who posts",
	.rows = watch_rows, .nr_rows = ARRAY_SIZE(watch_rows),
};

static const struct bench_row object_rows[] = {
	OBJECT(call_rcu, "call_rcu() and kfree(), until rcu_barrier() returns"),
	OBJECT(kfree_rcu, "kfree_rcu(), until kvfree_rcu_barrier() returns"),
	OBJECT(defer_call, "defer_call() and kfree(), until defer_barrier() returns"),
	OBJECT(defer_free, "defer_free(), until defer_barrier() returns"),
};

const struct bench_set set_object = {
	.name = "object", .group = "defer", .unit = BENCH_PER_S,
	.about = "post, grace period and free, objects a second",
	.rows = object_rows, .nr_rows = ARRAY_SIZE(object_rows),
};
