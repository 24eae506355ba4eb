/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LockCnt: a count of visits and a lock that know of each other.  QEMU's, whose
 * document says what it is good for; names are those, without the qemu_.
 *
 * A list is walked and callbacks are called on the way.  A callback may delete
 * any node, the next one too, and may walk the list again.  So whoever deletes
 * only marks, and nodes are unlinked and freed when no walk is going on.  A
 * lockcnt counts the walks, or visits, and has a lock for those who change the
 * list, with two rules between them:
 *
 *	L1  What it protects is freed only while the count is zero and the lock
 *	    is taken.
 *	L2  While the count is zero and the lock is taken no visit starts.
 *
 * Together: who holds the lock and finds the count zero is alone, until it
 * unlocks.  A visit beside other visits never looks at the lock (L4), and who
 * holds the lock while visits go on may still insert, and mark.
 *
 *	visit				change
 *	-----				------
 *	lockcnt_inc(lc)
 *					lockcnt_lock(lc)
 *					lockcnt_count(lc) is 1: insert or mark
 *	walk, call back			lockcnt_unlock(lc)
 *	lockcnt_dec_and_lock(lc): true
 *					lockcnt_inc(lc) waits
 *	unlink and free the marked
 *	lockcnt_unlock(lc)
 *					walks
 *
 * Three forms, each a type, share the names of the ten operations below (L3).
 * That costs nothing: the compiler picks the function by the argument's type.
 *
 *	struct lockcnt_word	counter and lock in one word: a visit costs
 *				what an atomic counter costs (L5, L6)
 *	struct lockcnt_mutex	a mutex and a counter: the obvious form (L6)
 *	struct lockcnt_percpu	visits share no cache line; the lock sums, and
 *				waits for a grace period to do so
 *
 * In what context:
 *
 *	init, destroy, lock, dec_and_lock, dec_if_lock		may sleep
 *	inc							may sleep: from
 *								zero it waits
 *								for the lock
 *	unlock, inc_and_unlock		by the task that holds the lock
 *	dec, count						any
 *
 * might_sleep() holds callers to it even when there is nothing to wait for,
 * and lockdep knows the lock, and inc as an operation that waits for it.  The
 * end of a visit is waited for by nobody, so a visit is no lock to lockdep.
 *
 * In what order (LKMM's words): inc, lock, count, and the two dec that lock are
 * ACQUIRE; dec, and unlock with or without inc, are RELEASE.  So who finds the
 * count zero under the lock has the accesses of every visit behind it, and a
 * visit has behind it what was done while the count was zero.
 *
 * A visit too many for the count, or the end of a visit that never began, is a
 * bug whose extent nobody knows.  It is warned of once, and the count
 * saturates: it never again changes, and is never zero, so nothing it protects
 * is freed any more.  A leak instead of a use after free.  The lock goes on
 * working.  The per-CPU form notices when it sums.
 */
#ifndef _LASTREF_LOCKCNT_H
#define _LASTREF_LOCKCNT_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

/* What lockcnt_count() says of a count that over- or underflowed. */
#define LOCKCNT_SATURATED	UINT_MAX

/* Every form has room for as many visits, 128 million. */
#define LOCKCNT_MAX		(128U << 20)

/*
 * The race windows of all three forms.  Tests make them long; it has to be
 * defined before this file is included.
 */
#ifndef lockcnt_window
#define lockcnt_window()	do { } while (0)
#endif

/*
 * The check of might_sleep() without its offer to reschedule, which would be
 * a good part of what a visit costs.
 */
#define lockcnt_may_sleep()	__might_sleep(__FILE__, __LINE__)

#define lockcnt_warn(what) \
	WARN_ONCE(1, "lockcnt: " what "; saturated, nothing it protects will be freed\n")

#include "lockcnt_word.h"
#include "lockcnt_mutex.h"
#include "lockcnt_percpu.h"

#define LOCKCNT_OF(lc, op)					\
	_Generic(*(lc),						\
		 struct lockcnt_word : lockcnt_word_##op,	\
		 struct lockcnt_mutex : lockcnt_mutex_##op,	\
		 struct lockcnt_percpu : lockcnt_percpu_##op)

/**
 * lockcnt_init() - make a lockcnt of no visits, and free
 * @lc: a lockcnt of any form
 *
 * Each place that calls it is a lock class of its own to lockdep.
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM, which only the per-CPU form returns.
 */
#define lockcnt_init(lc)						\
({									\
	static struct lock_class_key __lockcnt_key;			\
									\
	LOCKCNT_OF(lc, init)(lc, #lc, &__lockcnt_key);			\
})

/**
 * lockcnt_destroy() - the end of a lockcnt
 * @lc: a lockcnt that has neither visit nor holder; anything else is warned of
 *
 * Context: may sleep.
 */
#define lockcnt_destroy(lc)	LOCKCNT_OF(lc, destroy)(lc)

/**
 * lockcnt_inc() - start a visit
 * @lc: a lockcnt of any form; the caller does not hold its lock
 *
 * From zero it waits while somebody holds the lock (L2); beside other visits
 * it never does (L4), so a visit may be started within a visit.
 *
 * Context: may sleep.  ACQUIRE.
 */
#define lockcnt_inc(lc)		LOCKCNT_OF(lc, inc)(lc)

/**
 * lockcnt_dec() - end a visit
 * @lc: a lockcnt of any form
 *
 * Never looks at the lock.
 *
 * Context: any.  RELEASE.
 */
#define lockcnt_dec(lc)		LOCKCNT_OF(lc, dec)(lc)

/**
 * lockcnt_dec_and_lock() - end a visit; if it was the last, take the lock
 * @lc: a lockcnt of any form, visited by the caller
 *
 * The last visit ends and the lock is taken at once: no visit starts in
 * between (L3).  The per-CPU form takes the lock to find out.
 *
 * Context: may sleep.  ACQUIRE if true, RELEASE if false.
 * Return: true with the lock held and the count zero, else false.
 */
#define lockcnt_dec_and_lock(lc)	LOCKCNT_OF(lc, dec_and_lock)(lc)

/**
 * lockcnt_dec_if_lock() - end a visit only if it is the last, and take the lock
 * @lc: a lockcnt of any form, visited by the caller
 *
 * For a walk that wants to free in its midst: if true, free, and go on after
 * lockcnt_inc_and_unlock(); if false, the visit goes on and nothing changed.
 *
 * Context: may sleep.  ACQUIRE if true.
 * Return: true with the lock held and the count zero, else false.
 */
#define lockcnt_dec_if_lock(lc)	LOCKCNT_OF(lc, dec_if_lock)(lc)

/**
 * lockcnt_inc_and_unlock() - start a visit and give back the lock, at once
 * @lc: a lockcnt of any form, locked by the caller
 *
 * Context: by the task that took the lock.  RELEASE.
 */
#define lockcnt_inc_and_unlock(lc)	LOCKCNT_OF(lc, inc_and_unlock)(lc)

/**
 * lockcnt_lock() - take the lock
 * @lc: a lockcnt of any form
 *
 * Waits for other holders, not for visits, and may be called in a visit.
 *
 * Context: may sleep.  ACQUIRE.
 */
#define lockcnt_lock(lc)	LOCKCNT_OF(lc, lock)(lc)

/**
 * lockcnt_unlock() - give back the lock
 * @lc: a lockcnt of any form, locked by the caller
 *
 * The word form does not touch @lc once another can have the lock, so the next
 * holder may free the memory @lc is in.  With a mutex it may not.
 *
 * Context: by the task that took the lock.  RELEASE.
 */
#define lockcnt_unlock(lc)	LOCKCNT_OF(lc, unlock)(lc)

/**
 * lockcnt_count() - how many visits there are
 * @lc: a lockcnt of any form
 *
 * Zero under the lock is a promise that holds until the lock is given back
 * (L2); everything else may have changed before it is looked at.
 *
 * Context: any.  ACQUIRE.
 * Return: the number of visits, LOCKCNT_SATURATED if they cannot be known.
 */
#define lockcnt_count(lc)	LOCKCNT_OF(lc, count)(lc)

#endif /* _LASTREF_LOCKCNT_H */
