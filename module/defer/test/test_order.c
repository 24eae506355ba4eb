// SPDX-License-Identifier: GPL-2.0
/*
 * Who waits for what: barrier, flush and close are three different things.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "test.h"

static struct defer_domain *make(const char *name, const char *gp)
{
	struct defer_domain_attr attr = { .gp = gp };

	return defer_domain_create(name, &attr);
}

/* A callback that sleeps has returned when the barrier does. */
static int test_barrier_waits(const char *gp)
{
	struct defer_domain *d = make("order", gp);
	struct item item = { .sleep_ms = 100 };
	int i;

	CHECK(!IS_ERR(d));
	for (i = 0; i < 3; i++) {
		CHECK(!defer_call(d, &item.head, item_count));
		if (i)
			msleep(i * 40);	/* the work has begun with it */
		CHECK(!defer_barrier(d));
		CHECK(atomic_read(&item.ran) == i + 1);
	}
	CHECK(adds_up(d));
	CHECK(!defer_domain_destroy(d));
	return 0;
}

/* Nothing pending: no grace period is asked for. */
static int test_barrier_empty(const char *gp)
{
	struct defer_domain *d = make("order", gp);
	struct defer_stats s;

	CHECK(!IS_ERR(d));
	CHECK(!defer_barrier(d));
	defer_domain_stats(d, &s);
	CHECK(!s.grace_periods && !s.expedites && !s.batches);
	CHECK(!defer_domain_destroy(d));
	return 0;
}

/* Barriers end though a callback posts itself for ever; close ends that. */
static int test_repost(const char *gp)
{
	struct item item = { .domain = make("order", gp), .again = -1 };
	struct defer_domain *d = item.domain;
	int i, ran;

	CHECK(!IS_ERR(d));
	CHECK(!defer_call(d, &item.head, item_again));
	for (i = 0; i < 10; i++) {
		ran = atomic_read(&item.ran);
		CHECK(!defer_barrier(d));
		CHECK(atomic_read(&item.ran) > ran);
	}
	CHECK(defer_flush(d, 50) == -ETIMEDOUT);
	CHECK(!defer_close(d));
	CHECK(item.err == -ESHUTDOWN);
	ran = atomic_read(&item.ran);
	msleep(50);
	CHECK(atomic_read(&item.ran) == ran);
	CHECK(adds_up(d));
	CHECK(!defer_domain_destroy(d));
	return 0;
}

/* One barrier waits for one hop of a chain, a flush for all of them. */
static int test_flush_chain(const char *gp)
{
	struct item item = { .domain = make("order", gp), .again = 20 };
	struct defer_domain *d = item.domain;

	CHECK(!IS_ERR(d));
	CHECK(!defer_call(d, &item.head, item_again));
	CHECK(!defer_flush(d, 60000));
	CHECK(atomic_read(&item.ran) == 21);
	CHECK(adds_up(d));
	CHECK(!defer_domain_destroy(d));
	return 0;
}

/* Without anybody who waits a callback runs, too. */
static int test_nobody_waits(const char *gp)
{
	struct defer_domain *d = make("order", gp);
	struct item item = { };
	int ms;

	CHECK(!IS_ERR(d));
	CHECK(!defer_call(d, &item.head, item_count));
	for (ms = 0; ms < 20000 && !atomic_read(&item.ran); ms += 20)
		msleep(20);
	CHECK(atomic_read(&item.ran) == 1);
	CHECK(!defer_domain_destroy(d));
	return 0;
}

/* A callback waits for a reader who began before the post. */
static int test_reader_holds(const char *gp)
{
	struct defer_domain *d = make("order", gp);
	struct item item = { };
	int idx;

	CHECK(!IS_ERR(d));
	idx = defer_read_lock(d);
	CHECK(!defer_call(d, &item.head, item_count));
	mdelay(100);
	CHECK(!atomic_read(&item.ran));
	defer_read_unlock(d, idx);
	CHECK(!defer_barrier(d));
	CHECK(atomic_read(&item.ran) == 1);
	CHECK(!defer_domain_destroy(d));
	return 0;
}

/* A callback may close another domain, whose callbacks post to a third. */
static void close_other(struct defer_head *head)
{
	struct item *item = container_of(head, struct item, head);

	item->err = defer_domain_destroy(item->domain);
	atomic_inc(&item->ran);
}

static int test_close_other(const char *gp)
{
	struct item first = { .domain = make("order-b", gp) };
	struct item second = { .domain = make("order-c", gp), .again = 1 };
	struct defer_domain *a = make("order-a", gp);

	CHECK(!IS_ERR(a) && !IS_ERR(first.domain) && !IS_ERR(second.domain));
	CHECK(!defer_call(first.domain, &second.head, item_again));
	CHECK(!defer_call(a, &first.head, close_other));
	CHECK(!defer_barrier(a));
	CHECK(atomic_read(&first.ran) == 1 && !first.err);
	CHECK(atomic_read(&second.ran) && !second.err);
	CHECK(!defer_flush(second.domain, 60000));
	CHECK(atomic_read(&second.ran) == 2);
	CHECK(!defer_domain_destroy(second.domain));
	CHECK(!defer_domain_destroy(a));
	return 0;
}

static DEFINE_MUTEX(held_mutex);
static DEFINE_SPINLOCK(held_lock);

static void take_locks(struct defer_head *head)
{
	struct item *item = container_of(head, struct item, head);

	mutex_lock(&held_mutex);
	spin_lock_irq(&held_lock);
	atomic_inc(&item->ran);
	spin_unlock_irq(&held_lock);
	mutex_unlock(&held_mutex);
}

/* Who holds its locks can defer: the callback takes them itself (claim Q4). */
static int test_post_under_locks(const char *gp)
{
	struct defer_domain *d = make("order", gp);
	struct item item = { };
	unsigned long flags;
	int err;

	CHECK(!IS_ERR(d));
	mutex_lock(&held_mutex);
	spin_lock_irqsave(&held_lock, flags);
	err = defer_call(d, &item.head, take_locks);
	spin_unlock_irqrestore(&held_lock, flags);
	msleep(100);
	CHECK(!err && !atomic_read(&item.ran));
	mutex_unlock(&held_mutex);
	CHECK(!defer_barrier(d));
	CHECK(atomic_read(&item.ran) == 1);
	CHECK(!defer_domain_destroy(d));
	return 0;
}

static int barriers(void *arg)
{
	struct item *item = arg;
	int before, bad = 0, i;

	for (i = 0; i < 50; i++) {
		before = atomic_read(&item->ran);
		if (defer_call(item->domain, &item->head, item_count) ||
		    defer_barrier(item->domain) ||
		    atomic_read(&item->ran) != before + 1)
			bad++;
	}
	while (!kthread_should_stop())
		msleep(20);
	return bad;
}

#define WAITERS	6

static int test_barriers_at_once(const char *gp)
{
	struct item *items = kcalloc(WAITERS, sizeof(*items), GFP_KERNEL);
	struct defer_domain *d = make("order", gp);
	struct task_struct *task[WAITERS];
	int i;

	CHECK(!IS_ERR(d) && items);
	for (i = 0; i < WAITERS; i++) {
		items[i].domain = d;
		task[i] = kthread_run(barriers, &items[i], "defer_test/%d", i);
		CHECK(!IS_ERR(task[i]));
	}
	for (i = 0; i < WAITERS; i++)
		while (atomic_read(&items[i].ran) < 50)
			msleep(20);
	for (i = 0; i < WAITERS; i++)
		CHECK(!kthread_stop(task[i]));
	CHECK(!defer_barrier(d) && adds_up(d));
	CHECK(!defer_domain_destroy(d));
	kfree(items);
	return 0;
}

const struct defer_test order_tests[] = {
	{ "barrier_waits", test_barrier_waits },
	{ "barrier_empty", test_barrier_empty },
	{ "barriers_at_once", test_barriers_at_once },
	{ "repost", test_repost },
	{ "flush_chain", test_flush_chain },
	{ "nobody_waits", test_nobody_waits },
	{ "reader_holds", test_reader_holds },
	{ "close_other", test_close_other },
	{ "post_under_locks", test_post_under_locks },
	{ }
};
