// SPDX-License-Identifier: GPL-2.0
/*
 * Memory: bounds that hold, and memory that comes back.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "test.h"

#define LIMIT	200

struct object {
	long payload[3];
	struct defer_head head;
};

static struct defer_domain *make(const char *gp, unsigned long limit,
				 enum defer_policy over)
{
	struct defer_domain_attr attr = {
		.gp = gp, .limit = limit, .over = over,
	};

	return defer_domain_create("bound", &attr);
}

static unsigned long pending(struct defer_domain *d)
{
	struct defer_stats s;

	defer_domain_stats(d, &s);
	return s.pending;
}

/* A flood for a while: some posts are refused, none is lost, none is too many. */
static int flood(const char *gp, enum defer_policy over)
{
	struct defer_domain *d = make(gp, LIMIT, over);
	unsigned long end = jiffies + HZ, most = 0;
	struct object *o = NULL;
	struct defer_stats s;
	int err;

	CHECK(!IS_ERR(d));
	while (time_before(jiffies, end)) {
		o = o ?: kmalloc(sizeof(*o), GFP_KERNEL);
		CHECK(o);
		err = defer_free(d, o, head);
		CHECK(!err || err == -ENOSPC);
		if (!err)
			o = NULL;
		most = max(most, pending(d));
		cond_resched();
	}
	kfree(o);
	CHECK(most <= LIMIT && most >= LIMIT / 2);
	CHECK(!defer_barrier(d) && adds_up(d));
	defer_domain_stats(d, &s);
	CHECK(s.refused && s.invoked > LIMIT);
	CHECK(over == DEFER_REFUSE || s.expedites);
	CHECK(!defer_domain_destroy(d));
	return 0;
}

static int test_refuse(const char *gp)
{
	return flood(gp, DEFER_REFUSE);
}

static int test_expedite(const char *gp)
{
	return flood(gp, DEFER_EXPEDITE);
}

/* Who waits is never refused. */
static int test_wait(const char *gp)
{
	struct item *items = kcalloc(10 * LIMIT, sizeof(*items), GFP_KERNEL);
	struct defer_domain *d = make(gp, LIMIT, DEFER_EXPEDITE);
	int i;

	CHECK(!IS_ERR(d) && items);
	for (i = 0; i < 10 * LIMIT; i++) {
		CHECK(!defer_call_wait(d, &items[i].head, item_count));
		CHECK(pending(d) <= LIMIT);
	}
	CHECK(!defer_barrier(d) && adds_up(d));
	for (i = 0; i < 10 * LIMIT; i++)
		CHECK(atomic_read(&items[i].ran) == 1);
	CHECK(!defer_domain_destroy(d));
	kfree(items);
	return 0;
}

/* The smallest limit: one CPU has all of it, then another. */
static int test_limit_of_one(const char *gp)
{
	struct defer_domain *d = make(gp, 1, DEFER_REFUSE);
	struct item a = { }, b = { };
	int i;

	CHECK(!IS_ERR(d));
	for (i = 1; i <= 5; i++) {
		CHECK(!defer_call(d, &a.head, item_count));
		CHECK(defer_call(d, &b.head, item_count) == -ENOSPC);
		CHECK(!defer_barrier(d));
		CHECK(atomic_read(&a.ran) == i && !atomic_read(&b.ran));
	}
	CHECK(adds_up(d));
	CHECK(!defer_domain_destroy(d));
	return 0;
}

/* Objects of a cache come back before the cache goes (claim B11). */
static int test_free_cache(const char *gp)
{
	struct kmem_cache *cache = kmem_cache_create("defer_test",
						     sizeof(struct object), 0,
						     0, NULL);
	struct defer_domain *d = make(gp, 0, DEFER_EXPEDITE);
	struct object *o;
	int i;

	CHECK(!IS_ERR(d) && cache);
	for (i = 0; i < 1000; i++) {
		o = i % 3 ? kmem_cache_alloc(cache, GFP_KERNEL) :
			    kmalloc(sizeof(*o), GFP_KERNEL);
		CHECK(o);
		CHECK(!(i % 3 ? defer_free_cache(d, cache, o, head) :
			defer_free(d, o, head)));
	}
	CHECK(!defer_domain_destroy(d));
	kmem_cache_destroy(cache);
	return 0;
}

struct typed {
	struct defer_head head;
	int ran;
};

static void typed_ran(struct typed *t)
{
	t->ran++;
}

static void arg_ran(void *arg)
{
	++*(int *)arg;
}

/* The callback gets the object (claim Q2), or what it was to be given (W3). */
static int test_signatures(const char *gp)
{
	struct defer_domain *d = make(gp, 0, DEFER_EXPEDITE);
	struct typed t = { };
	struct defer_arg arg;
	int ran = 0;

	CHECK(!IS_ERR(d));
	CHECK(!defer_call_typed(d, &t, typed_ran, head));
	CHECK(!defer_call_arg(d, &arg, arg_ran, &ran));
	CHECK(!defer_barrier(d));
	CHECK(t.ran == 1 && ran == 1);
	CHECK(!defer_domain_destroy(d));
	return 0;
}

const struct defer_test bound_tests[] = {
	{ "bound_refuse", test_refuse },
	{ "bound_expedite", test_expedite },
	{ "bound_wait", test_wait },
	{ "bound_of_one", test_limit_of_one },
	{ "free_cache", test_free_cache },
	{ "signatures", test_signatures },
	{ }
};
