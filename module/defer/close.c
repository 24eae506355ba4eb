// SPDX-License-Identifier: GPL-2.0
/*
 * Closing: no more posts, then no more callbacks.
 *
 * First the flag, then the fence for posters who had not seen it (post.c has
 * the picture), then one barrier.  One is enough: after the fence nothing can be
 * added, so a callback that posts itself again is refused, and it knows.
 */
#include <linux/export.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/wait_bit.h>

#include "defer_trace.h"

/* What was left, and whose it is; it is run now. */
static void report_pending(struct defer_domain *d)
{
	struct defer_who who;
	unsigned int i;

	domain_collect(d);
	who_pending(d, &who);
	for (i = 0; i < who.nr; i++)
		pr_info("rcudefer: %s: pending when closed: %lu of %ps, posted by %pS\n",
			d->name, who.row[i].n, who.row[i].func,
			who.row[i].from);
}

/* What its callbacks, or somebody else, would have left behind. */
static void report_late(struct defer_domain *d)
{
	unsigned int i;

	for (i = 0; i < DEFER_LATE_MAX && d->late[i].from; i++)
		pr_info("rcudefer: %s: refused while closing: %ld of %ps, posted by %pS\n",
			d->name, atomic_long_read(&d->late[i].n),
			d->late[i].func, (void *)d->late[i].from);
}

static void close_once(struct defer_domain *d)
{
	trace_defer_close(d, "begin");
	synchronize_rcu_expedited();
	report_pending(d);
	domain_drain(d);
	report_late(d);
	trace_defer_close(d, "end");
	/* Pairs with the acquire of who closes at the same time. */
	smp_store_release(&d->closed, true);
	wake_up_var(&d->closed);
}

static bool is_closed(struct defer_domain *d)
{
	/* Pairs with the release in close_once(). */
	return smp_load_acquire(&d->closed);
}

/**
 * defer_close() - the last callback
 * @d: the domain
 *
 * Refuses new posts, waits for posters who are at it, runs what is pending.  When
 * it returns no callback of the domain is running or will run; the module may go
 * as soon as it has destroyed the domain.  Closing twice is no error: the second
 * waits for the first.
 *
 * Orders: as defer_barrier(); and what posters did before a post that was
 * accepted has happened.
 *
 * Context: may sleep; not from a callback of the same domain.
 * Return: 0; -EDEADLK from a callback of the domain, -ESHUTDOWN if it is
 * destroyed; both warn once, and nothing has changed.
 */
int defer_close(struct defer_domain *d)
{
	might_sleep();
	if (!domain_get(d, _RET_IP_))
		return -ESHUTDOWN;
	if (domain_in_callback(d)) {
		WARN_ONCE(1, "%s: called by a callback of %s, it would wait for itself: %pS\n",
			  __func__, d->name, (void *)_RET_IP_);
		domain_put(d);
		return -EDEADLK;
	}
	if (!xchg(&d->shut, true))
		close_once(d);
	else
		wait_var_event(&d->closed, is_closed(d));
	domain_put(d);
	return 0;
}
EXPORT_SYMBOL_GPL(defer_close);
