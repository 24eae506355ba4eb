// SPDX-License-Identifier: GPL-2.0
/*
 * Domains: made, found, destroyed.
 *
 * A destroyed domain's queues are freed, but its own struct is kept among the
 * last few buried: a post to it finds that it is shut, and a caller is told
 * instead of writing to memory that is somebody else's by now.
 */
#include <linux/cpumask.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait_bit.h>

#include "domain.h"

#define GRAVES		16
#define SHARE_MAX	64	/* of the room, to a CPU at a time */

LIST_HEAD(domains);
/* Guards the list, and the graves. */
DEFINE_MUTEX(domains_mutex);

/* Under domains_mutex. */
static struct defer_domain *graves[GRAVES];
static unsigned int next_grave;

bool domain_get(struct defer_domain *d, unsigned long caller)
{
	if (!IS_ERR_OR_NULL(d) && refcount_inc_not_zero(&d->users))
		return true;
	WARN_ONCE(1,
		  "defer: there is no domain, or it is destroyed; called from %pS\n",
		  (void *)caller);
	return false;
}

void domain_put(struct defer_domain *d)
{
	if (refcount_dec_and_test(&d->users))
		wake_up_var(&d->users);
}

bool domain_in_callback(struct defer_domain *d)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (READ_ONCE(per_cpu_ptr(d->queues, cpu)->runner) == current)
			return true;
	return false;
}

/* Done is read first: what is accepted meanwhile only makes it larger. */
unsigned long domain_pending(struct defer_domain *d)
{
	unsigned long accepted = 0, done = 0;
	struct defer_queue *q;
	int cpu;

	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(d->queues, cpu);
		done += READ_ONCE(q->invoked) + READ_ONCE(q->overwritten);
	}
	smp_rmb();	/* a callback's count comes after its post's */
	for_each_possible_cpu(cpu)
		accepted += READ_ONCE(per_cpu_ptr(d->queues, cpu)->accepted);
	return accepted - done;
}

unsigned long domain_overwritten(struct defer_domain *d)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(d->queues, cpu)->overwritten);
	return sum;
}

/**
 * defer_domain_stats() - what a domain has done so far
 * @d: the domain, not destroyed
 * @stats: where to put it
 *
 * Context: any.
 */
void defer_domain_stats(struct defer_domain *d, struct defer_stats *stats)
{
	struct defer_queue *q;
	int cpu;

	memset(stats, 0, sizeof(*stats));
	stats->pending = domain_pending(d);
	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(d->queues, cpu);
		stats->posted += READ_ONCE(q->accepted);
		stats->invoked += READ_ONCE(q->invoked);
		stats->batches += READ_ONCE(q->batches);
		stats->grace_periods += READ_ONCE(q->grace_periods);
	}
	stats->refused = atomic_long_read(&d->refused);
	stats->posted += stats->refused;
	stats->double_posts = atomic_long_read(&d->double_posts);
	stats->expedites = atomic_long_read(&d->expedites);
	stats->grace_periods += stats->expedites;
	stats->bytes = sizeof(*d) + num_possible_cpus() * sizeof(*q);
}
EXPORT_SYMBOL_GPL(defer_domain_stats);

static bool name_ok(const char *name)
{
	size_t n = name ? strnlen(name, DEFER_NAME_LEN) : 0, i;

	for (i = 0; i < n; i++)
		if (!isalnum(name[i]) && !strchr("_-.", name[i]))
			return false;
	return n && n < DEFER_NAME_LEN && name[0] != '.';
}

static bool attr_ok(const struct defer_domain_attr *attr)
{
	return attr->over <= DEFER_REFUSE && attr->limit <= LONG_MAX / 2;
}

static void domain_init(struct defer_domain *d, const char *name,
			const struct defer_domain_attr *attr)
{
	int cpu;

	strscpy(d->name, name, sizeof(d->name));
	d->limit = attr->limit;
	d->policy = attr->over;
	d->share = clamp_t(long, d->limit / (4 * num_possible_cpus()), 1,
			   SHARE_MAX);
	atomic_long_set(&d->room, d->limit);
	refcount_set(&d->users, 1);
	lockdep_register_key(&d->run_key);
	lockdep_register_key(&d->work_key);
	for_each_possible_cpu(cpu)
		queue_init(per_cpu_ptr(d->queues, cpu), d);
}

/* What is left after destroy; nobody looks at it any more. */
static void domain_free(struct defer_domain *d)
{
	kfree(d);
}

static void domain_release(struct defer_domain *d)
{
	int cpu;

	for_each_possible_cpu(cpu)
		queue_exit(per_cpu_ptr(d->queues, cpu));
	d->gp.ops->exit(&d->gp);
	free_percpu(d->queues);
	d->queues = NULL;
	lockdep_unregister_key(&d->run_key);
	lockdep_unregister_key(&d->work_key);
}

static struct defer_domain *domain_alloc(const char *name,
					 const struct defer_domain_attr *attr)
{
	const struct gp_ops *ops = gp_find(attr->gp);
	struct defer_domain *d;
	int err = -ENOMEM;

	if (!ops)
		return ERR_PTR(-ENOENT);
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return ERR_PTR(-ENOMEM);
	d->queues = alloc_percpu_gfp(struct defer_queue, GFP_KERNEL | __GFP_NOWARN);
	if (d->queues) {
		d->gp.ops = ops;
		err = ops->init(&d->gp);
	}
	if (err) {
		free_percpu(d->queues);
		kfree(d);
		return ERR_PTR(err);
	}
	domain_init(d, name, attr);
	return d;
}

static bool name_taken(const char *name)
{
	struct defer_domain *d;

	list_for_each_entry(d, &domains, node)
		if (!strcmp(d->name, name))
			return true;
	return false;
}

/**
 * __defer_domain_create() - what defer_domain_create() calls
 * @name: its name
 * @attr: how it is to be, or NULL
 * @owner: the client
 *
 * Context: may sleep.
 * Return: as defer_domain_create().
 */
struct defer_domain *
__defer_domain_create(const char *name, const struct defer_domain_attr *attr,
		      struct module *owner)
{
	static const struct defer_domain_attr defaults;
	struct defer_domain *d = ERR_PTR(-EEXIST);

	might_sleep();
	if (!attr)
		attr = &defaults;
	if (!name_ok(name) || !attr_ok(attr))
		return ERR_PTR(-EINVAL);
	mutex_lock(&domains_mutex);
	if (!name_taken(name))
		d = domain_alloc(name, attr);
	if (!IS_ERR(d)) {
		d->owner = owner;
		list_add_tail(&d->node, &domains);
		debugfs_domain_create(d);
	}
	mutex_unlock(&domains_mutex);
	return d;
}
EXPORT_SYMBOL_GPL(__defer_domain_create);

void domain_bury(struct defer_domain *d)
{
	struct defer_domain *old;

	mutex_lock(&domains_mutex);
	old = graves[next_grave];
	graves[next_grave] = d;
	next_grave = (next_grave + 1) % GRAVES;
	mutex_unlock(&domains_mutex);
	if (old)
		domain_free(old);
}

/**
 * defer_domain_destroy() - close a domain and free it
 * @d: the domain, or NULL, or an ERR_PTR: nothing is done
 *
 * Waits for whoever is inside a call that may sleep.  Posts that come too late
 * are refused and warn, as long as the engine remembers the domain: it does
 * until 16 more have been destroyed.
 *
 * Context: may sleep; not from a callback of the same domain.
 * Return: 0, or as defer_close(), and then it is not destroyed.
 */
int defer_domain_destroy(struct defer_domain *d)
{
	bool first;
	int err;

	if (IS_ERR_OR_NULL(d))
		return 0;
	err = defer_close(d);
	if (err)
		return err;
	mutex_lock(&domains_mutex);
	first = !d->destroyed;
	WRITE_ONCE(d->destroyed, true);
	mutex_unlock(&domains_mutex);
	if (!first)
		return -ESHUTDOWN;
	/* Its directory goes before its name is free for another. */
	debugfs_domain_remove(d);
	mutex_lock(&domains_mutex);
	list_del(&d->node);
	mutex_unlock(&domains_mutex);
	domain_put(d);
	wait_var_event(&d->users, !refcount_read(&d->users));
	domain_release(d);
	domain_bury(d);
	return 0;
}
EXPORT_SYMBOL_GPL(defer_domain_destroy);

void domains_exit(void)
{
	unsigned int i;

	for (i = 0; i < GRAVES; i++)
		if (graves[i])
			domain_free(graves[i]);
}

/**
 * defer_read_lock() - begin a reader's section of the domain's back end
 * @d: the domain
 *
 * Context: as the back end has it: for rcu any; the section must not sleep
 * unless the back end says that readers may.
 * Return: what defer_read_unlock() wants.
 */
int defer_read_lock(struct defer_domain *d)
{
	return d->gp.ops->enter(&d->gp);
}
EXPORT_SYMBOL_GPL(defer_read_lock);

/**
 * defer_read_unlock() - end it
 * @d: the domain
 * @idx: what defer_read_lock() returned
 *
 * Context: that of defer_read_lock().
 */
void defer_read_unlock(struct defer_domain *d, int idx)
{
	d->gp.ops->leave(&d->gp, idx);
}
EXPORT_SYMBOL_GPL(defer_read_unlock);

/**
 * defer_get_state() - a cookie for a grace period that has not begun yet
 * @d: the domain
 * @cookie: where to put it
 *
 * Nobody is asked to begin one.  Orders: a full barrier.
 *
 * Context: interrupts enabled; does not sleep.
 */
void defer_get_state(struct defer_domain *d, struct defer_cookie *cookie)
{
	d->gp.ops->get_state(&d->gp, cookie);
}
EXPORT_SYMBOL_GPL(defer_get_state);

/**
 * defer_poll_state() - has the grace period of a cookie ended?
 * @d: the domain
 * @cookie: from defer_get_state()
 *
 * Orders: if so, a full barrier.
 *
 * Context: interrupts enabled; does not sleep.
 * Return: true if it has; may say no too long, never yes too early.
 */
bool defer_poll_state(struct defer_domain *d, const struct defer_cookie *cookie)
{
	return d->gp.ops->poll(&d->gp, cookie);
}
EXPORT_SYMBOL_GPL(defer_poll_state);
