// SPDX-License-Identifier: GPL-2.0
/*
 * A queue: fresh posts, chains that wait for a grace period, a ready chain.
 *
 * Posts are linked in by one exchange of the tail and one store:
 *
 *	poster					collector, under q->lock
 *	------					------------------------
 *	head->next = NULL
 *	prev = xchg(&q->tail, &head->next)
 *						last = xchg(&q->tail, &q->fresh)
 *	*prev = head
 *
 * Both exchanges are full barriers.  They put all posts of a queue, and the
 * takings from it, into one order, so a head is taken exactly once, and taken
 * by the next who looks if its post had ended.  Between exchange and store
 * the chain is cut, and who walks it waits.  Not for long: the poster is in one
 * section with preemption off, and on its own CPU nobody walks meanwhile, since
 * chains are walked by tasks.  If the poster is interrupted by another poster,
 * up to an NMI, that one links in behind it and waits for nobody.
 *
 * The first post to an empty queue raises an irq_work, which queues the work.
 * Who empties the queue makes the next post a first one; so after every post
 * there comes a run of the work that finds it, or finds it taken by somebody
 * who put it into waiting[], where the work looks, too.  While anything waits
 * the work queues itself again.
 */
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "defer_trace.h"

#define POLL_DELAY	1	/* jiffies between two looks at a cookie */

struct workqueue_struct *defer_wq;

/* A first post, see above.  Any context. */
void queue_first(struct defer_queue *q)
{
	WRITE_ONCE(q->stamp, ktime_get_mono_fast_ns());
	irq_work_queue(&q->kick);
}

/* What a poster is just about to store. */
static struct defer_head *wait_for_link(struct defer_head **link)
{
	return smp_cond_load_relaxed(link, VAL);
}

/* Of a head that is not the last of its chain. */
struct defer_head *queue_after(struct defer_head *head)
{
	return wait_for_link(&head->next);
}

static bool chain_take(struct defer_queue *q, struct defer_chain *chain)
{
	if (READ_ONCE(q->tail) == &q->fresh)
		return false;
	chain->epoch = atomic_long_read(&q->domain->epoch);
	/* Seen by who sees the tail of the exchange below: see queue_idle(). */
	if (q->oldest == DEFER_NONE)
		WRITE_ONCE(q->oldest, chain->epoch);
	chain->first = wait_for_link(&q->fresh);
	/*
	 * Only a poster that gets &q->fresh from its exchange writes here, and
	 * the next such comes after ours.
	 */
	WRITE_ONCE(q->fresh, NULL);
	chain->last = xchg(&q->tail, &q->fresh);
	chain->stamp = READ_ONCE(q->stamp) ?: ktime_get_mono_fast_ns();
	WRITE_ONCE(q->stamp, 0);
	return true;
}

/* What is in @chain comes after what is in @to, whose epoch is older. */
static void chain_append(struct defer_chain *to, const struct defer_chain *chain)
{
	if (to->first) {
		WRITE_ONCE(*to->last, chain->first);
		to->last = chain->last;
	} else {
		*to = *chain;
	}
}

static void update_oldest(struct defer_queue *q)
{
	unsigned long oldest = DEFER_NONE;

	lockdep_assert_held(&q->lock);
	if (q->ready.first)
		oldest = q->ready.epoch;
	else if (q->nr_waiting)
		oldest = q->waiting[0].epoch;
	/* Pairs with the acquire in queue_idle() and in barrier.c. */
	smp_store_release(&q->oldest, oldest);
}

/*
 * To the last chain if it waits for the same grace period.  If all buckets are
 * taken, which at most GP_COOKIES unfinished cookies should rule out, it
 * may always wait for a later one.
 */
static void wait_for_cookie(struct defer_queue *q, struct defer_chain *chain)
{
	struct defer_chain *last = &q->waiting[q->nr_waiting - 1];

	if (q->nr_waiting &&
	    (q->nr_waiting == GP_COOKIES ||
	     !memcmp(&last->cookie, &chain->cookie, sizeof(chain->cookie)))) {
		chain_append(last, chain);
		last->cookie = chain->cookie;
		return;
	}
	q->waiting[q->nr_waiting++] = *chain;
}

/* To the ready chain with what has elapsed.  A later cookie implies an earlier. */
static void move_elapsed(struct defer_queue *q)
{
	struct defer_gp *gp = &q->domain->gp;
	unsigned int n = 0;

	while (n < q->nr_waiting && gp->ops->poll(gp, &q->waiting[n].cookie))
		chain_append(&q->ready, &q->waiting[n++]);
	q->nr_waiting -= n;
	memmove(q->waiting, q->waiting + n,
		q->nr_waiting * sizeof(q->waiting[0]));
}

/**
 * queue_collect() - give what was posted a grace period to wait for
 * @q: the queue
 * @start: have the grace period started, too; else the caller expedites
 *
 * The cookie is taken after the posts were, and its full barrier is between.
 *
 * Context: may sleep.
 */
void queue_collect(struct defer_queue *q, bool start)
{
	struct defer_gp *gp = &q->domain->gp;
	struct defer_chain chain;

	spin_lock(&q->lock);
	if (chain_take(q, &chain)) {
		move_elapsed(q);
		if (start) {
			trace_defer_gp(q->domain, "start");
			gp->ops->start(gp, &chain.cookie);
			q->grace_periods++;
		} else {
			gp->ops->get_state(gp, &chain.cookie);
		}
		wait_for_cookie(q, &chain);
	}
	spin_unlock(&q->lock);
}

/**
 * queue_next() - the chain to be run now
 * @q: the queue; the caller holds its @run
 * @chain: where to put it
 *
 * @oldest goes on speaking of it, until queue_done().
 *
 * Context: may sleep.
 * Return: false if none has elapsed.
 */
bool queue_next(struct defer_queue *q, struct defer_chain *chain)
{
	lockdep_assert_held(&q->run);
	spin_lock(&q->lock);
	move_elapsed(q);
	*chain = q->ready;
	q->ready.first = NULL;
	if (chain->first)
		q->batches++;
	spin_unlock(&q->lock);
	return chain->first;
}

/* What queue_next() has given has returned, all of it. */
void queue_done(struct defer_queue *q)
{
	spin_lock(&q->lock);
	update_oldest(q);
	spin_unlock(&q->lock);
}

/*
 *	idle?				collector
 *	-----				---------
 *					oldest = epoch
 *					xchg(&tail, &fresh)
 *	tail == &fresh, acquire		runs it all
 *	oldest, acquire			oldest = DEFER_NONE, release
 *
 * The first acquire pairs with the exchange: a queue whose posts have been taken
 * has an oldest.  The second pairs with the release: they have returned.
 */
bool queue_idle(struct defer_queue *q)
{
	/* Pairs with the exchange in chain_take(). */
	if (smp_load_acquire(&q->tail) != &q->fresh)
		return false;
	/* Pairs with the release in update_oldest(). */
	return smp_load_acquire(&q->oldest) == DEFER_NONE;
}

void queue_wake(struct defer_queue *q)
{
	queue_delayed_work(defer_wq, &q->work, 0);
}

static void queue_kick(struct irq_work *kick)
{
	queue_wake(container_of(kick, struct defer_queue, kick));
}

static bool crowded(struct defer_domain *d)
{
	return d->limit && d->policy == DEFER_EXPEDITE &&
	       atomic_long_read(&d->room) < (long)(d->limit / 2);
}

static void queue_work_func(struct work_struct *work)
{
	struct defer_queue *q = container_of(to_delayed_work(work),
					     struct defer_queue, work);
	bool hurry = crowded(q->domain);

	queue_collect(q, !hurry);
	if (hurry && !queue_idle(q))
		domain_expedite(q->domain);
	queue_run(q, DEFER_NONE);
	if (!queue_idle(q))
		queue_delayed_work(defer_wq, &q->work, POLL_DELAY);
}

void queue_init(struct defer_queue *q, struct defer_domain *d)
{
	q->domain = d;
	q->tail = &q->fresh;
	q->oldest = DEFER_NONE;
	q->kick = IRQ_WORK_INIT_LAZY(queue_kick);
	spin_lock_init(&q->lock);
	mutex_init(&q->run);
	lockdep_set_class_and_name(&q->run, &d->run_key, "defer_queue.run");
	INIT_DELAYED_WORK(&q->work, queue_work_func);
#ifdef CONFIG_LOCKDEP
	lockdep_init_map(&q->work.work.lockdep_map, "defer_queue.work",
			 &d->work_key, 0);
#endif
}

/* Nobody posts any more, and nothing is pending. */
void queue_exit(struct defer_queue *q)
{
	irq_work_sync(&q->kick);
	cancel_delayed_work_sync(&q->work);
}
