// SPDX-License-Identifier: GPL-2.0
/*
 * LockCnt as a mutex and a counter.  Claims L1-L4, L6.
 *
 * The counter goes from zero to one, and from one to zero together with
 * taking the lock, under the mutex only.  Every other change is made with the
 * counter alone, by compare-and-exchange so that it does not become one of the
 * former on the way.  lockcnt_dec() may end the last visit, and needs no mutex
 * for that: who holds it at that moment sees the count become zero, which is no
 * worse than having found it so.
 *
 *	visit			holder
 *	-----			------
 *				mutex_lock
 *	inc: count is 0
 *	mutex_lock waits
 *				count is 0: free everything (A, B)
 *				mutex_unlock
 *	count = 1
 *	mutex_unlock
 *
 * Ordering, in the letters of lockcnt_word.c:
 *
 *   A	What was done by a holder who found the count zero comes before the next
 *	visit: the mutex sees to it.  Visits beside that one come after it,
 *	because every change of the count but dec is fully ordered.
 *   B	dec's RELEASE pairs with the ACQUIRE of whoever finds that the visit is
 *	over: count, and the two dec that lock.
 */
#include "check_id.h"
#define LOCKCNT_FORM mutex
#include "lockcnt_form_ops.h"

#define FULL		((int)LOCKCNT_MAX)
#define SATURATED	(INT_MIN / 2)	/* far from zero and from wrapping */

static void saturate(struct lockcnt_mutex *lc)
{
	atomic_set(&lc->visits, SATURATED);
}

/* The count was @old before it was changed: was there anything to change? */
static void check_inc(struct lockcnt_mutex *lc, int old)
{
	if (likely(old >= 0 && old < FULL))
		return;
	saturate(lc);
	if (old >= 0)
		lockcnt_warn("too many visits");
}

static void check_dec(struct lockcnt_mutex *lc, int old)
{
	if (likely(old > 0))
		return;
	saturate(lc);
	if (old == 0)
		lockcnt_warn("the end of a visit that never began");
}

/* Adds @n where there are @least visits.  Fully ordered. */
static bool add_beside(struct lockcnt_mutex *lc, int least, int n)
{
	int old = atomic_read(&lc->visits);

	do {
		if (old < least || old >= FULL)
			return false;
	} while (!atomic_try_cmpxchg(&lc->visits, &old, old + n));
	return true;
}

void lockcnt_mutex_inc(struct lockcnt_mutex *lc)
{
	lockcnt_may_sleep();
	if (likely(add_beside(lc, 1, 1)))
		return;
	mutex_lock(&lc->mutex);
	check_inc(lc, atomic_fetch_inc(&lc->visits));
	mutex_unlock(&lc->mutex);
}

void lockcnt_mutex_dec(struct lockcnt_mutex *lc)
{
	check_dec(lc, atomic_fetch_dec_release(&lc->visits));
}

bool lockcnt_mutex_dec_and_lock(struct lockcnt_mutex *lc)
{
	int old;

	lockcnt_may_sleep();
	if (add_beside(lc, 2, -1))
		return false;
	mutex_lock(&lc->mutex);
	lockcnt_window();
	old = atomic_fetch_dec(&lc->visits);
	check_dec(lc, old);
	if (old == 1)
		return true;
	mutex_unlock(&lc->mutex);
	return false;
}

bool lockcnt_mutex_dec_if_lock(struct lockcnt_mutex *lc)
{
	int old = atomic_read(&lc->visits);

	lockcnt_may_sleep();
	if (old > 1)
		return false;
	mutex_lock(&lc->mutex);
	lockcnt_window();
	old = atomic_cmpxchg(&lc->visits, 1, 0);
	if (old == 1)
		return true;
	check_dec(lc, old);
	mutex_unlock(&lc->mutex);
	return false;
}

void lockcnt_mutex_inc_and_unlock(struct lockcnt_mutex *lc)
{
	check_inc(lc, atomic_fetch_inc(&lc->visits));
	mutex_unlock(&lc->mutex);
}

void lockcnt_mutex_lock(struct lockcnt_mutex *lc)
{
	mutex_lock(&lc->mutex);
}

void lockcnt_mutex_unlock(struct lockcnt_mutex *lc)
{
	mutex_unlock(&lc->mutex);
}

unsigned int lockcnt_mutex_count(struct lockcnt_mutex *lc)
{
	int visits = atomic_read_acquire(&lc->visits);	/* (B) */

	if (visits < 0)
		return LOCKCNT_SATURATED;
	return visits;
}

int lockcnt_mutex_init(struct lockcnt_mutex *lc, const char *name,
		       struct lock_class_key *key)
{
	__mutex_init(&lc->mutex, name, key);
	atomic_set(&lc->visits, 0);
	return 0;
}

void lockcnt_mutex_destroy(struct lockcnt_mutex *lc)
{
	int visits = atomic_read(&lc->visits);
	bool locked = mutex_is_locked(&lc->mutex);

	WARN_ONCE(visits > 0 || locked,
		  "lockcnt: destroyed with %d visits, %d holders\n",
		  visits, locked);
	mutex_destroy(&lc->mutex);
}

/*
 * Busted visit_from_zero (L2, zoo 22): inc is the counter alone, always.
 *
 *	visit			holder
 *	-----			------
 *				mutex_lock
 *				count is 0
 *	count = 1
 *	looks at an element	kfree(element)
 */
static void inc_from_zero(union lockcnt_any *lc)
{
	atomic_inc(&lc->mutex.visits);
}

static const struct lockcnt_busted busted[] = {
	{
		.name = "visit_from_zero",
		.about =
			"a visit starts without the mutex although the count is zero",
		.claim = "L2",
		.zoo = 22,
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.ops = LOCKCNT_FORM_OPS(inc_from_zero, form_lock,
					form_dec_if_lock),
	},
};

const struct lockcnt_form lockcnt_form_mutex = {
	.name = "mutex",
	.about = "a mutex and a counter",
	.ops = LOCKCNT_FORM_OPS(form_inc, form_lock, form_dec_if_lock),
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};
