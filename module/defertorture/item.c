// SPDX-License-Identifier: GPL-2.0
/*
 * What is posted, and what its callback does.
 *
 * An item is idle, posted, or its callback runs; whoever moves it on says from
 * where, so that a callback that runs twice, or for nothing, meets the wrong
 * state.  The callback counts itself invoked at its very end: a barrier that
 * returns while it still sleeps in the middle finds the count too low.
 */
#include <linux/delay.h>

#include "defertorture.h"

/*
 * A poster who holds a lock that the callback takes: with a wait he could not do
 * that, with a post he can (claim Q4).
 */
DEFINE_MUTEX(dt_mutex);
DEFINE_SPINLOCK(dt_lock);

/* A post in whatever context.  An item that is not idle is -EALREADY. */
static int post_as(struct dt_item *item, struct dt_domain *to,
		   enum dt_state from);

/* What a callback does; true if it has given its item away. */
static bool plain(struct dt_item *item)
{
	return false;
}

static bool sleeps(struct dt_item *item)
{
	unsigned int us = 100 * (item->hops + 1);

	usleep_range(us, 2 * us);
	mutex_lock(&dt_mutex);
	mutex_unlock(&dt_mutex);
	return false;
}

static bool reposts(struct dt_item *item)
{
	if (dt_over() && dt_ops->reposts_end)
		return false;
	if (!item->hops && dt_ops->reposts_end)
		return false;
	spin_lock(&dt_lock);
	item->hops -= !!item->hops;
	spin_unlock(&dt_lock);
	return !post_as(item, item->at, DT_RUNNING);
}

static bool crosses(struct dt_item *item)
{
	if (dt_over())
		return false;
	item->kind = DT_PLAIN;
	return !post_as(item, item->other, DT_RUNNING);
}

static bool closes(struct dt_item *item)
{
	defer_close(item->other->d);
	return false;
}

static bool (*const kinds[NR_DT_KINDS])(struct dt_item *item) = {
	[DT_PLAIN]	= plain,
	[DT_SLEEPS]	= sleeps,
	[DT_REPOSTS]	= reposts,
	[DT_CROSSES]	= crosses,
	[DT_CLOSES]	= closes,
};

static void callback(struct defer_head *head)
{
	struct dt_item *item = container_of(head, struct dt_item, head);
	struct dt_domain *at = item->at;
	int was = atomic_cmpxchg(&item->state, DT_POSTED, DT_RUNNING);

	dt_ran(DT_ONCE);
	if (was != DT_POSTED) {
		dt_fail(DT_ONCE, "run for an item in state %d, which is not posted",
			was);
		return;
	}
	WRITE_ONCE(item->life, item->life + 1);
	if (!kinds[item->kind](item))
		atomic_set(&item->state, DT_IDLE);
	atomic_long_inc(&at->invoked);
}

static int post_as(struct dt_item *item, struct dt_domain *to,
		   enum dt_state from)
{
	int err;

	if (atomic_cmpxchg(&item->state, from, DT_POSTED) != from)
		return -EALREADY;
	item->at = to;
	atomic_long_inc(&to->tried);
	if (from == DT_RUNNING)
		atomic_long_inc(&dt_posts[DT_CALLBACK]);
	err = dt_ops->call(to, item, callback);
	if (err) {
		atomic_set(&item->state, from);
		atomic_long_inc(&to->refused);
	}
	return err;
}

/**
 * dt_post() - post an idle item
 * @item: the item
 * @to: the domain
 *
 * Context: any, NMI included.
 * Return: 0, -EALREADY if it is not idle, or what the engine says.
 */
int dt_post(struct dt_item *item, struct dt_domain *to)
{
	return post_as(item, to, DT_IDLE);
}

/**
 * dt_burst() - post some items of a poster, of all kinds, to both domains
 * @p: the poster
 * @n: how many at most; those that are not idle are left out
 *
 * Context: any, NMI included; nobody else posts from @p meanwhile.
 */
void dt_burst(struct dt_poster *p, unsigned int n)
{
	while (n--) {
		struct dt_item *item = &p->items[p->next++ % DT_POOL];
		bool second = dt_below(&p->rnd, 2);

		if (atomic_read(&item->state) != DT_IDLE)
			continue;
		item->kind = dt_below(&p->rnd, DT_CLOSES);
		item->hops = dt_below(&p->rnd, DT_MAX_HOPS);
		item->other = second ? &dt_main : &dt_second;
		if (!dt_post(item, second ? &dt_second : &dt_main))
			atomic_long_inc(&dt_posts[p->context]);
	}
}
