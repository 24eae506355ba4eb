// SPDX-License-Identifier: GPL-2.0
/*
 * Who posted what: pending heads added up by callback and poster, and the posts
 * that came too late.
 *
 * Pending heads are counted in the engine's own chains, under the queue's lock:
 * nobody runs them meanwhile.  What is being run just now is not looked at, for
 * its callbacks free it.  The walk is bounded; what is beyond is a number.
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#include "domain.h"

#define WALK_MAX	10000	/* heads of a chain looked at */

static void who_add(struct defer_who *who, void *func, void *from)
{
	unsigned int i;

	for (i = 0; i < who->nr; i++)
		if (who->row[i].func == func && who->row[i].from == from)
			break;
	if (i == DEFER_WHO_MAX) {
		who->others++;
		return;
	}
	if (i == who->nr) {
		who->row[i].func = func;
		who->row[i].from = from;
		who->nr++;
	}
	who->row[i].n++;
}

static void who_add_head(struct defer_who *who, struct defer_head *head)
{
	struct defer_what what;

	post_decode(head, &what);
	if (what.kind == DEFER_KIND_CALL)
		who_add(who, post_named(head, &what), (void *)what.from);
	else if (what.kind == DEFER_KIND_FREE)
		who_add(who, kfree, (void *)what.from);
	else
		who_add(who, kmem_cache_free, NULL);
}

static void who_add_chain(struct defer_who *who, const struct defer_chain *chain)
{
	struct defer_head *head = chain->first;
	unsigned int n;

	for (n = 0; head && n < WALK_MAX; n++) {
		who_add_head(who, head);
		if (&head->next == chain->last)
			return;
		head = queue_after(head);
	}
	if (head)
		who->cut = true;
}

/* What is pending and not being run; the caller has had it collected. */
void who_pending(struct defer_domain *d, struct defer_who *who)
{
	struct defer_queue *q;
	unsigned int i;
	int cpu;

	memset(who, 0, sizeof(*who));
	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(d->queues, cpu);
		spin_lock(&q->lock);
		who_add_chain(who, &q->ready);
		for (i = 0; i < q->nr_waiting; i++)
			who_add_chain(who, &q->waiting[i]);
		spin_unlock(&q->lock);
		cond_resched();
	}
}

/*
 * A late post, from any context: a row is claimed by its poster's address, once
 * and for all.
 */
void who_late(struct defer_domain *d, void *func, unsigned long from)
{
	unsigned long owner;
	unsigned int i;

	for (i = 0; i < DEFER_LATE_MAX; i++) {
		owner = cmpxchg(&d->late[i].from, 0, from);
		if (owner && owner != from)
			continue;
		WRITE_ONCE(d->late[i].func, func);
		atomic_long_inc(&d->late[i].n);
		return;
	}
}
