// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for callbacks: barrier, flush, and for readers: synchronize.
 *
 * A barrier first has every queue collected, and then makes the epoch go up.
 * A collector reads the epoch before it takes posts off a queue:
 *
 *	poster		barrier				other collector
 *	------		-------				---------------
 *	posts
 *			collects, or finds it idle
 *							epoch is e, takes
 *			fetches e, sets e + 1
 *							epoch is e + 1, takes
 *	posts again
 *
 * So what was posted before the barrier is in a chain of epoch e or older, in
 * whoever's hands; and what is collected later, as callbacks that post
 * themselves again are, is of a later one and not waited for.  A queue keeps
 * its order, therefore all of it is done when the oldest of each queue is later
 * than e.  No list of what to wait for, no callback on every CPU's queue; a
 * domain with nothing pending is left after a look at each queue.
 *
 * Barriers at the same time wait for the same chains, and for the same
 * expedited grace periods.  Who waits does what is to be done: it expedites,
 * then runs the callbacks itself, or waits for who is running them.
 *
 * Named barriers: (A) the full barrier below makes posts that happened before
 * the call visible to the look at the queues, pairing with the exchange in
 * queue_push(); (B) the acquire of q->oldest pairs with the release in
 * update_oldest(): the callbacks have returned.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/sched.h>

#include "defer_trace.h"

void domain_expedite(struct defer_domain *d)
{
	atomic_long_inc(&d->expedites);
	trace_defer_gp(d, "expedite");
	d->gp.ops->expedite(&d->gp);
}

/* Every post has been given a grace period to wait for. */
void domain_collect(struct defer_domain *d)
{
	int cpu;

	for_each_possible_cpu(cpu)
		queue_collect(per_cpu_ptr(d->queues, cpu), true);
}

static bool collect_all(struct defer_domain *d)
{
	struct defer_queue *q;
	bool found = false;
	int cpu;

	smp_mb();	/* A */
	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(d->queues, cpu);
		if (queue_idle(q))
			continue;
		queue_collect(q, false);
		found = true;
	}
	return found;
}

/* All callbacks posted before this have returned. */
void domain_drain(struct defer_domain *d)
{
	struct defer_queue *q;
	unsigned long epoch;
	int cpu;

	if (!collect_all(d))
		return;
	epoch = atomic_long_fetch_inc(&d->epoch);
	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(d->queues, cpu);
		/* B */
		while (smp_load_acquire(&q->oldest) <= epoch)
			if (!queue_run(q, epoch))
				domain_expedite(d);
	}
}

/* May the caller wait for the domain's callbacks? */
static int wait_begin(struct defer_domain *d, const char *what,
		      unsigned long caller)
{
	might_sleep();
	if (!domain_get(d, caller))
		return -ESHUTDOWN;
	if (!domain_in_callback(d))
		return 0;
	WARN_ONCE(1, "%s: called by a callback of %s, it would wait for itself: %pS\n",
		  what, d->name, (void *)caller);
	domain_put(d);
	return -EDEADLK;
}

/**
 * defer_barrier() - wait until callbacks have returned
 * @d: the domain
 *
 * Waits for all callbacks posted before the call; for none that is posted later,
 * so it ends although callbacks post themselves again.  Expedites, and runs
 * callbacks itself.  With nothing pending it neither waits nor disturbs
 * anybody.
 *
 * Orders: what those callbacks did has happened.  No grace period is promised:
 * that is defer_synchronize().
 *
 * Context: may sleep; not from a callback of the same domain.
 * Return: 0; -EDEADLK from a callback of the domain, -ESHUTDOWN if it is
 * destroyed, which both warn once and waited for nothing.
 */
int defer_barrier(struct defer_domain *d)
{
	int err = wait_begin(d, "defer_barrier", _RET_IP_);

	if (err)
		return err;
	trace_defer_barrier(d, "begin");
	domain_drain(d);
	trace_defer_barrier(d, "end");
	domain_put(d);
	return 0;
}
EXPORT_SYMBOL_GPL(defer_barrier);

/**
 * defer_flush() - wait until nothing is pending
 * @d: the domain
 * @ms: begin no new round after so many milliseconds
 *
 * Waits for what callbacks post, too, as long as they end some time.
 *
 * Orders: as defer_barrier().
 *
 * Context: may sleep; not from a callback of the same domain.
 * Return: 0, and at one moment since the call nothing was pending; -ETIMEDOUT
 * if there always was; else as defer_barrier().
 */
int defer_flush(struct defer_domain *d, unsigned int ms)
{
	unsigned long end = jiffies + msecs_to_jiffies(ms);
	int err = wait_begin(d, "defer_flush", _RET_IP_);

	if (err)
		return err;
	do {
		domain_drain(d);
		if (!domain_pending(d))
			goto out;
	} while (time_before(jiffies, end));
	err = -ETIMEDOUT;
out:
	domain_put(d);
	return err;
}
EXPORT_SYMBOL_GPL(defer_flush);

/**
 * defer_synchronize() - wait for a grace period of the domain's back end
 * @d: the domain
 *
 * Waits for readers, for no callback.  Allowed in callbacks and in a closed
 * domain.
 *
 * Orders: what was done before the call is seen by readers who begin after it;
 * what readers did who began before it has happened.
 *
 * Context: may sleep; in no reader's section of that back end.
 * Return: 0, or -ESHUTDOWN if it is destroyed.
 */
int defer_synchronize(struct defer_domain *d)
{
	might_sleep();
	if (!domain_get(d, _RET_IP_))
		return -ESHUTDOWN;
	d->gp.ops->synchronize(&d->gp);
	domain_put(d);
	return 0;
}
EXPORT_SYMBOL_GPL(defer_synchronize);

/**
 * defer_synchronize_expedited() - the same, at once
 * @d: the domain
 *
 * Context: as defer_synchronize(); may disturb other CPUs.
 * Return: as defer_synchronize().
 */
int defer_synchronize_expedited(struct defer_domain *d)
{
	might_sleep();
	if (!domain_get(d, _RET_IP_))
		return -ESHUTDOWN;
	domain_expedite(d);
	domain_put(d);
	return 0;
}
EXPORT_SYMBOL_GPL(defer_synchronize_expedited);
