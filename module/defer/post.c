// SPDX-License-Identifier: GPL-2.0
/*
 * Posting: check, count and link in, as one section.
 *
 * The section has preemption off, so it is a reader of RCU, and so a closer can
 * fence it, in whatever context it is:
 *
 *	poster				defer_close()
 *	------				-------------
 *	preempt_disable()
 *	d->shut is not set
 *					d->shut = true
 *	counts, links in		synchronize_rcu_expedited()
 *	preempt_enable()
 *					every post accepted is on a queue
 *
 * A head is marked while it is pending.  Its upper half then holds a hash of
 * its own address and a secret of this boot; its lower half says what to do,
 * as the distance of the callback from the engine's text, which is less than
 * 2 GB, or as the distance of the head from the object to free.  A head that
 * holds anything else is not pending, whatever it holds, but for one chance in
 * four thousand million; so it needs no initialisation, and memory that was
 * copied does not count.  The mark is set by a compare-and-exchange: of two who
 * post a head at once, one is refused.  It is taken off before the callback is
 * entered, from then on the head is its owner's.
 *
 * What there is to do is little, calls and returns would be half of it: each
 * exported function has the section inline.
 */
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "defer_trace.h"

static_assert(BITS_PER_LONG == 64, "the mark of a head wants 64 bits");

/* Lower halves that no callback has: it would be 2 GB away. */
#define WHAT_FREE	0x80000000U
#define WHAT_CACHE	(WHAT_FREE + DEFER_FREE_SPAN)
#define WHAT_END	(WHAT_CACHE + DEFER_FREE_SPAN)

static unsigned long secret __ro_after_init;

void __init post_init(void)
{
	secret = get_random_long();
}

static unsigned long mark(const struct defer_head *head)
{
	return (((unsigned long)head ^ secret) * GOLDEN_RATIO_64) &
	       GENMASK(63, 32);
}

static bool marked(const struct defer_head *head, unsigned long what)
{
	return ((what ^ mark(head)) >> 32) == 0;
}

/* Distances are from here. */
static unsigned long text_base(void)
{
	return (unsigned long)&post_decode;
}

void post_decode(const struct defer_head *head, struct defer_what *what)
{
	u32 low = READ_ONCE(head->what);

	what->from = head->from;
	if (!marked(head, READ_ONCE(head->what))) {
		what->kind = DEFER_KIND_BAD;
	} else if (low >= WHAT_FREE && low < WHAT_CACHE) {
		what->kind = DEFER_KIND_FREE;
		what->object = (void *)head - (low - WHAT_FREE);
	} else if (low >= WHAT_CACHE && low < WHAT_END) {
		what->kind = DEFER_KIND_CACHE;
		what->object = (void *)head - (low - WHAT_CACHE);
	} else {
		what->kind = DEFER_KIND_CALL;
		what->func = (defer_func_t)(text_base() + (s32)low);
	}
}

/* From here on the head is its owner's. */
void post_forget(struct defer_head *head)
{
	WRITE_ONCE(head->what, 0);
}

/* One more may be pending?  A CPU asks for some room at a time. */
static noinline bool take_room(struct defer_domain *d)
{
	long room, n;

	if (likely(this_cpu_dec_return(d->queues->credit) >= 0))
		return true;
	this_cpu_inc(d->queues->credit);
	room = atomic_long_read(&d->room);
	do {
		n = min(room, d->share);
		if (n <= 0)
			return false;
	} while (!atomic_long_try_cmpxchg(&d->room, &room, room - n));
	this_cpu_add(d->queues->credit, n - 1);
	return true;
}

/* The head is ours, or pending already.  May the domain take it? */
static __always_inline int post_begin(struct defer_domain *d,
				      struct defer_head *head, u32 low)
{
	unsigned long old = READ_ONCE(head->what);

	if (unlikely(READ_ONCE(d->shut)))
		return -ESHUTDOWN;
	if (unlikely(marked(head, old) ||
		     !try_cmpxchg(&head->what, &old, mark(head) | low)))
		return -EBUSY;
	if (d->limit && unlikely(!take_room(d))) {
		post_forget(head);
		return -ENOSPC;
	}
	return 0;
}

static __always_inline void post_end(struct defer_domain *d,
				     struct defer_head *head,
				     unsigned long from)
{
	head->from = from;
	trace_defer_post(d, head, from);
	this_cpu_inc(d->queues->accepted);
	queue_push(this_cpu_ptr(d->queues), head);
}

static __always_inline int post(struct defer_domain *d, struct defer_head *head,
				u32 low, unsigned long from)
{
	int err;

	if (IS_ERR_OR_NULL(d) || unlikely(!head))
		return -EINVAL;
	preempt_disable_notrace();
	err = post_begin(d, head, low);
	if (likely(!err))
		post_end(d, head, from);
	preempt_enable_notrace();
	return err;
}

/*
 * The lower half for a callback, if it is one.  Text is near the end of the
 * addresses: NULL would be within 2 GB, too, beyond the end.
 */
static bool distance_of(defer_func_t func, u32 *low)
{
	long distance = (unsigned long)func - text_base();

	*low = distance;
	return (long)func < 0 && distance == (s32)*low &&
	       !(*low >= WHAT_FREE && *low < WHAT_END);
}

static __always_inline int post_call(struct defer_domain *d,
				     struct defer_head *head,
				     defer_func_t func, unsigned long from)
{
	u32 low;

	if (unlikely(!distance_of(func, &low)))
		return -EINVAL;
	return post(d, head, low, from);
}

/**
 * defer_call() - run func(head) after a grace period
 * @d: the domain
 * @head: in the object; need not be initialised, must not be pending
 * @func: the callback; it is run by a task, and may sleep and post
 *
 * Orders: what the caller did before is seen by @func, and what readers did in
 * sections that had begun before the call has happened when it runs.
 *
 * Context: any, NMI included.  Never blocks and never allocates (claims B1, Q1).
 * Return: 0, and @func will run once; or, and the head is the caller's still:
 * -ESHUTDOWN of a domain closed or destroyed, -ENOSPC over the limit, -EBUSY
 * when it is pending already, -EINVAL without a domain, head or function.  The
 * last two are bugs and warn once, and so does a post to a destroyed domain.
 */
int defer_call(struct defer_domain *d, struct defer_head *head,
	       defer_func_t func)
{
	int err = post_call(d, head, func, _RET_IP_);

	if (unlikely(err))
		refused(d, func, _RET_IP_, err);
	return err;
}
EXPORT_SYMBOL_GPL(defer_call);

static bool wait_for_room(struct defer_domain *d, unsigned long from)
{
	bool wait;

	if (!domain_get(d, from))
		return false;
	wait = !domain_in_callback(d);
	if (wait)
		domain_drain(d);
	domain_put(d);
	return wait;
}

/**
 * defer_call_wait() - defer_call() by a caller who can wait for room
 * @d: the domain
 * @head: in the object
 * @func: the callback
 *
 * Who waits expedites, and runs callbacks itself.
 *
 * Context: may sleep.  A callback of the same domain does not wait.
 * Return: as defer_call(); -ENOSPC only to a callback of the same domain.
 */
int defer_call_wait(struct defer_domain *d, struct defer_head *head,
		    defer_func_t func)
{
	int err;

	might_sleep();
	for (;;) {
		err = post_call(d, head, func, _RET_IP_);
		if (likely(err != -ENOSPC) || !wait_for_room(d, _RET_IP_))
			break;
	}
	if (unlikely(err))
		refused(d, func, _RET_IP_, err);
	return err;
}
EXPORT_SYMBOL_GPL(defer_call_wait);

static void call_with_arg(struct defer_head *head)
{
	struct defer_arg *arg = container_of(head, struct defer_arg, head);

	arg->func(arg->arg);
}

/**
 * defer_call_arg() - defer_call() as it was in 2003
 * @d: the domain
 * @head: the head, with room for function and argument
 * @func: the callback
 * @arg: what it is given (claim W3)
 *
 * Context: any, NMI included.
 * Return: as defer_call().
 */
int defer_call_arg(struct defer_domain *d, struct defer_arg *head,
		   void (*func)(void *arg), void *arg)
{
	int err = -EINVAL;
	u32 low;

	if (!IS_ERR_OR_NULL(d) && head &&
	    distance_of((defer_func_t)(void *)func, &low) &&
	    distance_of(call_with_arg, &low)) {
		preempt_disable_notrace();
		err = post_begin(d, &head->head, low);
		if (likely(!err)) {
			/* Not before it is ours: it may be pending. */
			head->func = func;
			head->arg = arg;
			post_end(d, &head->head, _RET_IP_);
		}
		preempt_enable_notrace();
	}
	if (unlikely(err))
		refused(d, (defer_func_t)(void *)func, _RET_IP_, err);
	return err;
}
EXPORT_SYMBOL_GPL(defer_call_arg);

/* Whom to name for a callback: not our own. */
void *post_named(const struct defer_head *head, const struct defer_what *what)
{
	if (what->func != call_with_arg)
		return what->func;
	return container_of(head, struct defer_arg, head)->func;
}

/**
 * __defer_free() - what defer_free() calls
 * @d: the domain
 * @head: in the object
 * @offset: how far into the object
 *
 * Context: any, NMI included.
 * Return: as defer_call().
 */
int __defer_free(struct defer_domain *d, struct defer_head *head, size_t offset)
{
	int err = post(d, head, WHAT_FREE + offset, _RET_IP_);

	if (unlikely(err))
		refused(d, (defer_func_t)(void *)kfree, _RET_IP_, err);
	return err;
}
EXPORT_SYMBOL_GPL(__defer_free);

/**
 * __defer_free_cache() - what defer_free_cache() calls
 * @d: the domain
 * @cache: where the object is from
 * @head: in the object
 * @offset: how far into the object
 *
 * Context: any, NMI included.
 * Return: as defer_call().
 */
int __defer_free_cache(struct defer_domain *d, struct kmem_cache *cache,
		       struct defer_head *head, size_t offset)
{
	int err = -EINVAL;

	if (likely(cache))
		err = post(d, head, WHAT_CACHE + offset, (unsigned long)cache);
	if (unlikely(err))
		refused(d, (defer_func_t)(void *)kmem_cache_free, _RET_IP_, err);
	return err;
}
EXPORT_SYMBOL_GPL(__defer_free_cache);
