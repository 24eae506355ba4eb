/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A reference count that gets with one addition, for kernels with and without
 * one of their own.
 *
 * atomic_inc_not_zero() has to compare and exchange, and under contention it does
 * so more than once.  Here a get is an unconditional addition, and what it
 * found tells afterwards whether it was too late.  For that the count must be
 * able to be dead, and to stay so however often it is added to.  So the range of
 * an int is divided, and each zone is so wide that no number of CPUs can
 * carry the count out of it before one of them has put it back:
 *
 *	 0 .. INT_MAX			alive: references, less one
 *	-1				NONE: the last one was put, nobody has
 *					declared the end yet
 *	-INT_MAX/2 .. -2		DEAD, near the middle
 *	INT_MIN .. -INT_MAX/2 - 1	SATURATED, near the middle
 *
 * The last put takes the count from 0 to NONE, and then declares the end: it
 * exchanges NONE for DEAD.  A get that comes in between finds NONE, makes it 0,
 * and has a reference: then the exchange fails, and the put was not the last.
 *
 *	put			get
 *	---			---
 *	0 -> NONE
 *				NONE -> 0: a reference
 *	NONE -> DEAD fails: not the last
 *
 * Each slow path works with the value its own addition returned.  A put that
 * looks again can find the count of others: it may have come back to life and
 * died for good meanwhile, and the object may be gone.  For this last reason the
 * put has to be in a read-side section of whatever the object's free waits for.
 */
#ifndef _LASTREF_RCUREF_H
#define _LASTREF_RCUREF_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/limits.h>

#define LR_RCUREF_NONE		(-1)
#define LR_RCUREF_DEAD		(-(INT_MAX / 4))
#define LR_RCUREF_SATURATED	(INT_MIN + INT_MAX / 4)
/* Below this it is saturated, above it, and below NONE, dead. */
#define LR_RCUREF_DEADS		(-(INT_MAX / 2))

/* The race window of a put.  Tests make it long, before they include this. */
#ifndef lr_rcuref_window
#define lr_rcuref_window(ref)	((void)(ref))
#endif

/**
 * struct lr_rcuref - a count
 * @refs: as drawn above
 */
struct lr_rcuref {
	atomic_t refs;
};

/**
 * lr_rcuref_init() - set a count before its object is published
 * @ref: the count
 * @n: references, at least 1
 */
static inline void lr_rcuref_init(struct lr_rcuref *ref, unsigned int n)
{
	atomic_set(&ref->refs, n - 1);
}

/**
 * lr_rcuref_read() - how many references there are, about
 * @ref: the count
 *
 * Return: the number; 0 at the end; INT_MAX when it is saturated.
 */
static inline int lr_rcuref_read(struct lr_rcuref *ref)
{
	int refs = atomic_read(&ref->refs);

	if (refs < LR_RCUREF_DEADS)
		return INT_MAX;
	return refs < 0 ? 0 : refs + 1;
}

/* What get found was below zero: @old. */
static inline bool lr_rcuref_get_slow(struct lr_rcuref *ref, int old)
{
	if (old == LR_RCUREF_NONE)
		return true;
	if (old == INT_MAX || old < LR_RCUREF_DEADS) {
		WARN_ONCE(old == INT_MAX, "rcuref: too many references; saturated\n");
		atomic_set(&ref->refs, LR_RCUREF_SATURATED);
		return true;
	}
	atomic_set(&ref->refs, LR_RCUREF_DEAD);
	return false;
}

/**
 * lr_rcuref_get() - a reference, unless it is too late
 * @ref: the count
 *
 * Context: any, in a section that keeps @ref in memory.  No ordering: who was
 * given the object by another finds it ordered by that.
 * Return: false when the object has met its end.
 */
static inline bool lr_rcuref_get(struct lr_rcuref *ref)
{
	int old = atomic_fetch_add_relaxed(1, &ref->refs);

	if (likely(old >= 0 && old != INT_MAX))
		return true;
	return lr_rcuref_get_slow(ref, old);
}

/* What put's own subtraction left is below zero: @now. */
static inline bool lr_rcuref_put_slow(struct lr_rcuref *ref, int now)
{
	if (now == LR_RCUREF_NONE) {
		lr_rcuref_window(ref);
		/* Fully ordered: all that was done with the object comes first. */
		return atomic_try_cmpxchg(&ref->refs, &now, LR_RCUREF_DEAD);
	}
	if (now < LR_RCUREF_DEADS) {
		atomic_set(&ref->refs, LR_RCUREF_SATURATED);
		return false;
	}
	WARN_ONCE(1, "rcuref: put of a reference that nobody had\n");
	atomic_set(&ref->refs, LR_RCUREF_DEAD);
	return false;
}

/**
 * lr_rcuref_put() - give a reference back
 * @ref: the count
 *
 * Context: any, in a section that keeps @ref in memory.  RELEASE; and ACQUIRE
 * if true.
 * Return: true for the last one, who is to free the object.
 */
static inline bool lr_rcuref_put(struct lr_rcuref *ref)
{
	int now = atomic_sub_return_release(1, &ref->refs);

	if (likely(now >= 0))
		return false;
	return lr_rcuref_put_slow(ref, now);
}

#endif /* _LASTREF_RCUREF_H */
