// SPDX-License-Identifier: GPL-2.0
/*
 * Broken pieces between the torture and the engine.
 *
 * The engine itself stays whole.  What is put in its place is as small as the bug
 * was where it happened (the bug zoo), and a check that does not notice it is
 * worth nothing.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/smp.h>

#include <lastref/barrier_2005.h>

#include "defertorture.h"

#define EVERY		64	/* one post in so many goes wrong */
#define LATE_US		30000	/* longer than a grace period, or not */
#define TOO_LATE_MS	200

static int call_right(struct dt_domain *to, struct dt_item *item,
		      defer_func_t func)
{
	return defer_call(to->d, &item->head, func);
}

static int barrier_right(struct dt_domain *d)
{
	return defer_barrier(d->d);
}

/* The next CPU is late with its post. */
static void be_late(const atomic_t *count)
{
	unsigned int us = get_random_u32() % LATE_US;

	usleep_range(us, us + us / 8 + 1);
}

/* So late that all who have posted are back, or as good as never. */
static void be_too_late(const atomic_t *count)
{
	ktime_t end = ktime_add_ms(ktime_get(), TOO_LATE_MS);

	while (atomic_read(count) && ktime_before(ktime_get(), end))
		usleep_range(100, 200);
}

static int barrier_2005(struct dt_domain *d)
{
	static const struct barrier_2005_form form = { .between = be_late };

	return defer_barrier_2005(d->d, &form);
}

const struct dt_ops dt_right_engine = {
	.call		= call_right,
	.wait		= barrier_right,
	.reposts_end	= true,
	.limit		= DT_LIMIT,
};

const struct dt_ops dt_right_2005 = {
	.call		= call_right,
	.wait		= barrier_2005,
	.wait_posts	= true,
	.reposts_end	= true,
	.limit		= DT_LIMIT,
};

static int barrier_no_bias(struct dt_domain *d)
{
	static const struct barrier_2005_form form = {
		.no_bias = true,
		.between = be_too_late,
	};

	return defer_barrier_2005(d->d, &form);
}

struct last {
	struct defer_head head;
	struct completion done;
};

static void last_callback(struct defer_head *head)
{
	complete(&container_of(head, struct last, head)->done);
}

/* Behind the last on this CPU's queue; but there are other queues. */
static int barrier_by_last_callback(struct dt_domain *d)
{
	struct last last;
	int err;

	init_completion(&last.done);
	atomic_long_inc(&d->tried);
	err = defer_call(d->d, &last.head, last_callback);
	if (!err)
		wait_for_completion(&last.done);
	atomic_long_inc(err ? &d->refused : &d->invoked);
	return err;
}

static bool now_and_then(void)
{
	static atomic_t n = ATOMIC_INIT(0);

	return atomic_inc_return(&n) % EVERY == 0;
}

static defer_func_t right_callback;

/* The item may be in use again: a copy of it is as good as the old one. */
static void callback_twice(struct defer_head *head)
{
	struct dt_item *item = container_of(head, struct dt_item, head);
	bool again = item->kind == DT_PLAIN && now_and_then();
	struct dt_item copy;

	if (again)
		copy = *item;
	right_callback(head);
	if (again) {
		atomic_set(&copy.state, DT_IDLE);
		right_callback(&copy.head);
	}
}

static int call_twice(struct dt_domain *to, struct dt_item *item,
		      defer_func_t func)
{
	right_callback = func;
	return defer_call(to->d, &item->head, callback_twice);
}

/* As if the queue of a CPU were forgotten when it goes. */
static int call_lost(struct dt_domain *to, struct dt_item *item,
		     defer_func_t func)
{
	if (raw_smp_processor_id() && now_and_then())
		return 0;
	return defer_call(to->d, &item->head, func);
}

static int call_early(struct dt_domain *to, struct dt_item *item,
		      defer_func_t func)
{
	if (item->kind != DT_PLAIN || !in_task())
		return defer_call(to->d, &item->head, func);
	func(&item->head);
	return 0;
}

const struct dt_busted dt_busted_forms[] = {
	{
		.name = "no_bias", .zoo = 13, .caught_by = DT_BARRIER,
		.about = "the barrier of 2005 counts from zero, and a CPU is late",
		.ops = {
			.call = call_right, .wait = barrier_no_bias,
			.wait_posts = true,
			.reposts_end = true, .limit = DT_LIMIT,
		},
	}, {
		.name = "last_callback", .zoo = 12, .caught_by = DT_BARRIER,
		.about = "instead of a barrier, a last callback signals a completion",
		.ops = {
			.call = call_right, .wait = barrier_by_last_callback,
			.reposts_end = true, .limit = DT_LIMIT,
		},
	}, {
		.name = "twice", .zoo = 18, .caught_by = DT_ONCE,
		.about = "a callback runs twice for one post",
		.ops = {
			.call = call_twice, .wait = barrier_right,
			.reposts_end = true, .limit = DT_LIMIT,
		},
	}, {
		.name = "lost", .zoo = 23, .caught_by = DT_ARITHMETIC,
		.about = "a post on another CPU than 0 is forgotten",
		.ops = {
			.call = call_lost, .wait = barrier_right,
			.reposts_end = true, .limit = DT_LIMIT,
		},
	}, {
		.name = "early", .zoo = 0, .caught_by = DT_GRACE,
		.about = "a callback runs without a grace period",
		.ops = {
			.call = call_early, .wait = barrier_right,
			.reposts_end = true, .limit = DT_LIMIT,
		},
	}, {
		.name = "no_stop_flag", .zoo = 10, .caught_by = DT_QUIET,
		.about = "callbacks post themselves again after the end",
		.ops = {
			.call = call_right, .wait = barrier_right,
			.reposts_end = false, .limit = DT_LIMIT,
		},
	}, {
		.name = "no_limit", .zoo = 25, .caught_by = DT_BOUND,
		.about = "the domain that is flooded has no limit",
		.ops = {
			.call = call_right, .wait = barrier_right,
			.reposts_end = true, .limit = 0,
		},
	},
};

const unsigned int dt_nr_busted = ARRAY_SIZE(dt_busted_forms);
