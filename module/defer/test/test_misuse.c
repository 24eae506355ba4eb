// SPDX-License-Identifier: GPL-2.0
/*
 * Each misuse gives its errno, loses nothing and hangs nobody.
 *
 * Those that warn do so once a boot: who runs them clears that, and looks for
 * the warnings.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "test.h"

static struct defer_domain *make(const char *gp)
{
	struct defer_domain_attr attr = { .gp = gp };

	return defer_domain_create("misuse", &attr);
}

static int test_post_nothing(const char *gp)
{
	struct defer_domain *d = make(gp);
	struct item item = { };

	CHECK(!IS_ERR(d));
	CHECK(defer_call(NULL, &item.head, item_count) == -EINVAL);
	CHECK(defer_call(ERR_PTR(-ENOMEM), &item.head, item_count) == -EINVAL);
	CHECK(defer_barrier(NULL) == -ESHUTDOWN);
	CHECK(defer_call(d, NULL, item_count) == -EINVAL);
	CHECK(defer_call(d, &item.head, NULL) == -EINVAL);
	CHECK(defer_call(d, &item.head, (defer_func_t)&item) == -EINVAL);
	CHECK(defer_call_arg(d, NULL, NULL, NULL) == -EINVAL);
	CHECK(defer_free_cache(d, NULL, &item, head) == -EINVAL);
	CHECK(!defer_barrier(d));
	CHECK(adds_up(d) && !atomic_read(&item.ran));
	CHECK(!defer_domain_destroy(d));
	return 0;
}

static int test_post_twice(const char *gp)
{
	struct defer_domain *d = make(gp);
	struct item item = { };
	struct defer_stats s;

	CHECK(!IS_ERR(d));
	CHECK(!defer_call(d, &item.head, item_count));
	CHECK(defer_call(d, &item.head, item_count) == -EBUSY);
	CHECK(defer_call(d, &item.head, item_again) == -EBUSY);
	CHECK(!defer_barrier(d));
	CHECK(atomic_read(&item.ran) == 1);
	CHECK(!defer_call(d, &item.head, item_count));
	CHECK(!defer_barrier(d));
	CHECK(atomic_read(&item.ran) == 2);
	defer_domain_stats(d, &s);
	CHECK(s.posted == 4 && s.invoked == 2 && s.double_posts == 2);
	CHECK(adds_up(d));
	CHECK(!defer_domain_destroy(d));
	return 0;
}

/* No head is taken for a pending one, whatever it holds (claim W3). */
static int test_post_garbage(const char *gp)
{
	struct defer_domain *d = make(gp);
	struct item *items = kcalloc(512, sizeof(*items), GFP_KERNEL);
	int i;

	CHECK(!IS_ERR(d) && items);
	for (i = 0; i < 512; i++) {
		get_random_bytes(&items[i].head, sizeof(items[i].head));
		CHECK(!defer_call(d, &items[i].head, item_count));
	}
	CHECK(!defer_barrier(d));
	for (i = 0; i < 512; i++)
		CHECK(atomic_read(&items[i].ran) == 1);
	CHECK(adds_up(d));
	CHECK(!defer_domain_destroy(d));
	kfree(items);
	return 0;
}

static int test_post_closed(const char *gp)
{
	struct defer_domain *d = make(gp);
	struct item item = { };

	CHECK(!IS_ERR(d));
	CHECK(!defer_call(d, &item.head, item_count));
	CHECK(!defer_close(d));
	CHECK(atomic_read(&item.ran) == 1);
	CHECK(defer_call(d, &item.head, item_count) == -ESHUTDOWN);
	CHECK(defer_call_wait(d, &item.head, item_count) == -ESHUTDOWN);
	CHECK(!defer_close(d) && !defer_barrier(d) && !defer_flush(d, 1000));
	CHECK(!defer_synchronize(d));
	CHECK(adds_up(d));
	CHECK(!defer_domain_destroy(d));
	return 0;
}

static int test_post_destroyed(const char *gp)
{
	struct defer_domain *d = make(gp);
	struct item item = { };

	CHECK(!IS_ERR(d));
	CHECK(!defer_domain_destroy(d));
	CHECK(defer_call(d, &item.head, item_count) == -ESHUTDOWN);
	CHECK(defer_barrier(d) == -ESHUTDOWN);
	CHECK(defer_flush(d, 1) == -ESHUTDOWN);
	CHECK(defer_synchronize(d) == -ESHUTDOWN);
	CHECK(defer_close(d) == -ESHUTDOWN);
	CHECK(defer_domain_destroy(d) == -ESHUTDOWN);
	CHECK(!defer_domain_destroy(NULL));
	CHECK(!atomic_read(&item.ran));
	return 0;
}

/* A callback that would wait for itself is told so, each time. */
static void wait_for_self(struct defer_head *head)
{
	struct item *item = container_of(head, struct item, head);

	if (defer_barrier(item->domain) == -EDEADLK &&
	    defer_flush(item->domain, 1) == -EDEADLK &&
	    defer_close(item->domain) == -EDEADLK &&
	    defer_domain_destroy(item->domain) == -EDEADLK &&
	    !defer_synchronize(item->domain))
		atomic_inc(&item->ran);
}

static int test_wait_in_callback(const char *gp)
{
	struct item item = { .domain = make(gp) };
	struct defer_domain *d = item.domain;

	CHECK(!IS_ERR(d));
	CHECK(!defer_call(d, &item.head, wait_for_self));
	CHECK(!defer_barrier(d));
	CHECK(atomic_read(&item.ran) == 1);
	/* The same by the work, without anybody who helps. */
	CHECK(!defer_call(d, &item.head, wait_for_self));
	while (!adds_up(d))
		msleep(20);
	CHECK(atomic_read(&item.ran) == 2);
	CHECK(!defer_domain_destroy(d));
	return 0;
}

/* Goes on also when it is refused, as a thread that nobody has told. */
static int post_on(void *arg)
{
	struct item *item = arg;
	int posted = 0;

	while (!kthread_should_stop()) {
		cond_resched();
		if (atomic_read(&item->ran) != posted)
			continue;
		item->err = defer_call(item->domain, &item->head, item_count);
		if (!item->err)
			posted++;
	}
	return posted;
}

#define POSTERS	4

/* Each post accepted was run, those in the midst of it at the time included. */
static int with_posters(struct defer_domain *d,
			int (*end)(struct defer_domain *d))
{
	struct item *items = kcalloc(POSTERS, sizeof(*items), GFP_KERNEL);
	struct task_struct *task[POSTERS];
	int i;

	CHECK(!IS_ERR(d) && items);
	for (i = 0; i < POSTERS; i++) {
		items[i].domain = d;
		task[i] = kthread_run(post_on, &items[i], "defer_test/%d", i);
		CHECK(!IS_ERR(task[i]));
	}
	msleep(300);
	CHECK(!end(d));
	msleep(100);
	for (i = 0; i < POSTERS; i++) {
		CHECK(kthread_stop(task[i]) == atomic_read(&items[i].ran));
		CHECK(atomic_read(&items[i].ran));
		CHECK(items[i].err == -ESHUTDOWN);
	}
	kfree(items);
	return 0;
}

static int test_close_with_posters(const char *gp)
{
	struct defer_domain *d = make(gp);

	CHECK(!with_posters(d, defer_close));
	CHECK(adds_up(d));
	CHECK(!defer_domain_destroy(d));
	return 0;
}

static int test_destroy_with_posters(const char *gp)
{
	return with_posters(make(gp), defer_domain_destroy);
}

static int test_create_bad(const char *gp)
{
	struct defer_domain_attr attr = { .gp = "no such" };
	struct defer_domain *d = make(gp);

	CHECK(!IS_ERR(d));
	CHECK(make(gp) == ERR_PTR(-EEXIST));
	CHECK(defer_domain_create("bad", &attr) == ERR_PTR(-ENOENT));
	attr.gp = gp;
	CHECK(defer_domain_create(NULL, &attr) == ERR_PTR(-EINVAL));
	CHECK(defer_domain_create("", &attr) == ERR_PTR(-EINVAL));
	CHECK(defer_domain_create("a/b", &attr) == ERR_PTR(-EINVAL));
	CHECK(defer_domain_create(".", &attr) == ERR_PTR(-EINVAL));
	CHECK(defer_domain_create("0123456789012345678901234567890123456789",
				  &attr) == ERR_PTR(-EINVAL));
	attr.limit = ULONG_MAX;
	CHECK(defer_domain_create("bad", &attr) == ERR_PTR(-EINVAL));
	attr.limit = 0;
	attr.over = 77;
	CHECK(defer_domain_create("bad", &attr) == ERR_PTR(-EINVAL));
	CHECK(!defer_domain_destroy(d));
	return 0;
}

static int post_shared(void *arg)
{
	struct item *item = arg;
	int accepted = 0, i;

	for (i = 0; i < 20000; i++)
		if (!defer_call(item->domain, &item->head, item_count))
			accepted++;
	while (!kthread_should_stop())
		msleep(20);
	return accepted;
}

/* Of those who post one head at once only one is accepted each time. */
static int test_post_at_once(const char *gp)
{
	struct task_struct *task[POSTERS];
	struct item *item = kzalloc(sizeof(*item), GFP_KERNEL);
	struct defer_domain *d = make(gp);
	int accepted = 0, i;

	CHECK(!IS_ERR(d) && item);
	item->domain = d;
	for (i = 0; i < POSTERS; i++) {
		task[i] = kthread_run(post_shared, item, "defer_test/%d", i);
		CHECK(!IS_ERR(task[i]));
	}
	for (i = 0; i < 50; i++)
		CHECK(!defer_barrier(d));
	for (i = 0; i < POSTERS; i++)
		accepted += kthread_stop(task[i]);
	CHECK(!defer_barrier(d));
	CHECK(accepted && accepted == atomic_read(&item->ran));
	CHECK(adds_up(d));
	CHECK(!defer_domain_destroy(d));
	kfree(item);
	return 0;
}

/* A head that is written to while it is pending is noticed, and not called. */
static int test_overwritten(const char *gp)
{
	struct defer_domain *d = make(gp);
	struct item item = { };
	struct defer_stats s;

	CHECK(!IS_ERR(d));
	CHECK(!defer_call(d, &item.head, item_count));
	item.head.what = 0x6b6b6b6b6b6b6b6bUL;
	CHECK(!defer_barrier(d));
	defer_domain_stats(d, &s);
	CHECK(!atomic_read(&item.ran) && !s.pending && s.posted == 1);
	CHECK(!defer_domain_destroy(d));
	return 0;
}

/* Fails only for want of memory, which is not an error of the engine's. */
static int test_create(const char *gp)
{
	struct defer_domain_attr attr = { .gp = gp };
	struct defer_domain *d = defer_domain_create("create", &attr);

	if (d == ERR_PTR(-ENOMEM))
		return -ENOMEM;
	CHECK(!IS_ERR(d));
	CHECK(!defer_domain_destroy(d));
	return 0;
}

const struct defer_test misuse_tests[] = {
	{ "post_nothing", test_post_nothing },
	{ "post_twice", test_post_twice },
	{ "post_garbage", test_post_garbage },
	{ "post_closed", test_post_closed },
	{ "post_destroyed", test_post_destroyed },
	{ "wait_in_callback", test_wait_in_callback },
	{ "close_with_posters", test_close_with_posters },
	{ "destroy_with_posters", test_destroy_with_posters },
	{ "post_at_once", test_post_at_once },
	{ "overwritten", test_overwritten },
	{ "create", test_create },
	{ "create_bad", test_create_bad },
	{ }
};
