// SPDX-License-Identifier: GPL-2.0
/*
 * Flavors: a table of what posts a callback, and the barrier that goes with it.
 */
#include <linux/err.h>
#include <linux/rcupdate_trace.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>

#include <lastref/compat.h>

#include "demo.h"

DEFINE_STATIC_SRCU(demo_srcu);
static struct defer_domain *domain;

static void invoked(struct rcu_head *head)
{
	demo_callback(container_of(head, struct demo_object, rcu));
}

static int post_rcu(struct demo_object *obj)
{
	call_rcu(&obj->rcu, invoked);
	return 0;
}

static int post_hurry(struct demo_object *obj)
{
	call_rcu_hurry(&obj->rcu, invoked);
	return 0;
}

static int post_srcu(struct demo_object *obj)
{
	call_srcu(&demo_srcu, &obj->rcu, invoked);
	return 0;
}

static void barrier_srcu(void)
{
	srcu_barrier(&demo_srcu);
}

static int post_tasks(struct demo_object *obj)
{
	call_rcu_tasks(&obj->rcu, invoked);
	return 0;
}

static int post_tasks_trace(struct demo_object *obj)
{
	call_rcu_tasks_trace(&obj->rcu, invoked);
	return 0;
}

static void invoked_work(struct work_struct *work)
{
	demo_callback(container_of(to_rcu_work(work), struct demo_object, rwork));
}

static int post_work(struct demo_object *obj)
{
	INIT_RCU_WORK(&obj->rwork, invoked_work);
	queue_rcu_work(demo_wq, &obj->rwork);
	return 0;
}

/* The callbacks queue the work, and that has to run as well. */
static void barrier_work(void)
{
	rcu_barrier();
	flush_workqueue(demo_wq);
}

static void invoked_ref(struct percpu_ref *ref)
{
	percpu_ref_exit(ref);
	demo_callback(container_of(ref, struct demo_object, ref));
}

static int post_ref(struct demo_object *obj)
{
	int err = percpu_ref_init(&obj->ref, invoked_ref, 0,
				  GFP_ATOMIC | __GFP_NOWARN);

	if (!err)
		percpu_ref_kill(&obj->ref);
	return err;
}

static void invoked_defer(struct defer_head *head)
{
	demo_callback(container_of(head, struct demo_object, defer));
}

static int post_defer(struct demo_object *obj)
{
	return defer_call(domain, &obj->defer, invoked_defer);
}

static void barrier_defer(void)
{
	defer_barrier(domain);
}

static int init_defer(void)
{
	domain = defer_domain_create("unload_demo", NULL);
	return PTR_ERR_OR_ZERO(domain);
}

static void end_defer(void)
{
	defer_domain_destroy(domain);
}

/* Instead of a barrier: no more posts, and none left. */
void demo_close(void)
{
	if (domain)
		defer_close(domain);
}

static const struct demo_flavor flavors[] = {
	{ "rcu", NULL, post_rcu, rcu_barrier, barrier_srcu },
	{ "hurry", NULL, post_hurry, rcu_barrier, barrier_srcu },
	{ "srcu", NULL, post_srcu, barrier_srcu, rcu_barrier },
	{ "tasks", NULL, post_tasks, rcu_barrier_tasks, rcu_barrier },
	{ "tasks_trace", NULL, post_tasks_trace, rcu_barrier_tasks_trace, rcu_barrier },
	{ "rcu_work", NULL, post_work, barrier_work, barrier_srcu },
	{ "percpu_ref", NULL, post_ref, rcu_barrier, barrier_srcu },
	{ "defer", init_defer, post_defer, barrier_defer, rcu_barrier, end_defer },
};

const struct demo_flavor *demo_flavor_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flavors); i++)
		if (!strcmp(flavors[i].name, name))
			return &flavors[i];
	return NULL;
}
