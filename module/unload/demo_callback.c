// SPDX-License-Identifier: GPL-2.0
/*
 * The callback, and the objects it is posted for.
 *
 * The length of a callback comes after all it has to do, as its epilogue does,
 * only longer: whoever takes "it has done its work" for "it has returned"
 * unloads the text it is in.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "demo.h"

bool demo_stop;
struct workqueue_struct *demo_wq;

static struct kmem_cache *cache, *old_cache;
static bool wq_gone;
static atomic_long_t outstanding;
static DECLARE_COMPLETION(all_done);

/* With a constructor a cache is not merged with another of its size. */
static void construct(void *obj)
{
	memset(obj, 0, sizeof(struct demo_object));
}

static struct demo_object *object_alloc(void)
{
	if (cache)
		return kmem_cache_alloc(cache, GFP_ATOMIC | __GFP_NOWARN);
	return kmalloc(sizeof(struct demo_object), GFP_ATOMIC | __GFP_NOWARN);
}

static void object_free(struct demo_object *obj)
{
	if (demo_cache)
		kmem_cache_free(cache, obj);
	else
		kfree(obj);
}

static void work_run(struct work_struct *work)
{
	unload_ledger_work_run(demo_ledger);
	object_free(container_of(work, struct demo_object, work));
}

static void spin(void)
{
	u64 end = ktime_get_ns() + demo_length_us * (u64)NSEC_PER_USEC;

	while (demo_length_us && ktime_get_ns() < end)
		cpu_relax();
}

/* The ledger's count comes first: what is not posted is not owed. */
static bool post(struct demo_object *obj)
{
	atomic_long_inc(&outstanding);
	unload_ledger_posted(demo_ledger);
	if (!demo_flavor->post(obj))
		return true;
	unload_ledger_invoked(demo_ledger);
	atomic_long_dec(&outstanding);
	return false;
}

/* For want of memory there is one callback less. */
void demo_post(void)
{
	struct demo_object *obj = object_alloc();

	if (!obj)
		return;
	obj->hops = demo_repost;
	if (!post(obj))
		object_free(obj);
}

static bool posts_again(struct demo_object *obj)
{
	if (!obj->hops || (demo_fullstop && READ_ONCE(demo_stop)))
		return false;
	if (obj->hops > 0)
		obj->hops--;
	return post(obj);
}

/*
 * To a workqueue that is gone it would be a use after free, and an oops on some
 * days.  That the work never runs is the same bug, and can be shown every day.
 */
static void queue(struct demo_object *obj)
{
	if (READ_ONCE(wq_gone))
		object_free(obj);
	else
		queue_work(demo_wq, &obj->work);
}

/* What every flavor's callback does, in the text of this module. */
void demo_callback(struct demo_object *obj)
{
	unload_ledger_invoked(demo_ledger);
	if (posts_again(obj)) {
		/* it is another post's now */
	} else if (demo_work) {
		INIT_WORK(&obj->work, work_run);
		unload_ledger_work(demo_ledger);
		queue(obj);
	} else {
		object_free(obj);
	}
	if (atomic_long_dec_and_test(&outstanding))
		complete(&all_done);
	spin();
}

/* They have done what they were for. Whether they have returned is another matter. */
void demo_wait_all_done(void)
{
	while (atomic_long_read(&outstanding))
		wait_for_completion(&all_done);
}

static struct kmem_cache *cache_create(const char *what)
{
	static char name[32];	/* one for each time: a leaked cache keeps its own */

	snprintf(name, sizeof(name), "unload_demo_%s%u", what,
		 unload_ledger_cycle(demo_ledger));
	return kmem_cache_create(name, sizeof(struct demo_object), 0, 0, construct);
}

/* What comes from now on is of a new one, if there is memory for it. */
void demo_cache_renew(void)
{
	struct kmem_cache *renewed = demo_cache ? cache_create("new_") : NULL;

	if (!renewed)
		return;
	old_cache = cache;
	cache = renewed;
}

void demo_cache_retire(void)
{
	kmem_cache_destroy(old_cache);
	old_cache = NULL;
}

int demo_objects_init(void)
{
	demo_wq = alloc_workqueue("unload_demo", 0, 0);
	if (!demo_wq)
		return -ENOMEM;
	if (!demo_cache)
		return 0;
	cache = cache_create("");
	if (cache)
		return 0;
	destroy_workqueue(demo_wq);
	return -ENOMEM;
}

/*
 * Since 6.12 kmem_cache_destroy() waits for kfree_rcu(), and if there is any, by
 * chance for callbacks too. With one of ours there always is, so that the kernel
 * never complains of what is left in the cache; wrong it is all the same.
 */
static void make_destroy_wait(void)
{
	struct demo_object *obj = kmalloc(sizeof(*obj), GFP_KERNEL);

	if (obj)
		kfree_rcu(obj, rcu);
}

/* cache and demo_wq stay what they were: late callbacks use them. */
void demo_cache_destroy(void)
{
	static bool gone;

	if (cache && !gone) {
		make_destroy_wait();
		kmem_cache_destroy(cache);
	}
	gone = true;
}

void demo_wq_destroy(void)
{
	if (wq_gone)
		return;
	WRITE_ONCE(wq_gone, true);
	destroy_workqueue(demo_wq);
}

void demo_objects_end(void)
{
	demo_wq_destroy();
	demo_cache_destroy();
}
