/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LockCnt in a single word: counter and lock change together.
 *
 *	bit	31			  2   1 0
 *		+-------------------------+-----+
 *		|	  visits	  |state|
 *		+-------------------------+-----+
 *
 *	state	0 free, 1 locked, 2 locked and somebody may be waiting
 *
 * Both rules of a lockcnt are about counter and lock at the same time, so in
 * one word each operation is one compare-and-exchange: a visit that starts
 * from zero changes (0, free) into (1, free), which fails if the lock was
 * taken meanwhile; the last visit that wants the lock changes (1, free) into
 * (0, locked), and there is no moment when it has neither visit nor lock.
 * Waiting, and who is to be woken, is the subject of lockcnt_word.c.
 *
 * The sign bit belongs to the visits.  A word below zero is saturated: it had
 * a visit too many or too few.
 *
 * Use through lockcnt.h, which has the contract.
 */
#ifndef _LASTREF_LOCKCNT_WORD_H
#define _LASTREF_LOCKCNT_WORD_H

#ifndef _LASTREF_LOCKCNT_H
#error "include <lastref/lockcnt.h>"
#endif

struct lockcnt_word {
	atomic_t word;
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	struct lockdep_map dep_map;
#endif
};

#define LOCKCNT_WORD_FREE	0
#define LOCKCNT_WORD_LOCKED	1
#define LOCKCNT_WORD_WAITERS	2
#define LOCKCNT_WORD_STATE	3	/* mask of the above */
#define LOCKCNT_WORD_VISIT	4	/* one of them */
/* One more would reach the sign bit. */
#define LOCKCNT_WORD_FULL	(INT_MAX & ~LOCKCNT_WORD_STATE)

int lockcnt_word_init(struct lockcnt_word *lc, const char *name,
		      struct lock_class_key *key);
void lockcnt_word_destroy(struct lockcnt_word *lc);
void lockcnt_word_inc_and_unlock(struct lockcnt_word *lc);

/* Where one exchange is not enough, or has to wait. */
void lockcnt_word_inc_slow(struct lockcnt_word *lc);
bool lockcnt_word_dec_and_lock_slow(struct lockcnt_word *lc);
bool lockcnt_word_dec_if_lock_slow(struct lockcnt_word *lc);
void lockcnt_word_lock_slow(struct lockcnt_word *lc);
void lockcnt_word_underflow(struct lockcnt_word *lc, int old);
void lockcnt_word_wake(struct lockcnt_word *lc);

/* For the per-CPU form, which has the lock: adds visits, or takes some away; */
void lockcnt_word_add(struct lockcnt_word *lc, s64 n);
/* ends the last visit, and only the last. */
bool lockcnt_word_dec_if_last(struct lockcnt_word *lc);

static inline void lockcnt_word_inc(struct lockcnt_word *lc)
{
	int old = atomic_read(&lc->word);

	lockcnt_may_sleep();
	if (old == 0)
		might_lock(lc);
	if (likely(old == 0 || (old >= LOCKCNT_WORD_VISIT &&
				old < LOCKCNT_WORD_FULL)) &&
	    likely(atomic_try_cmpxchg_acquire(&lc->word, &old,
					      old + LOCKCNT_WORD_VISIT)))
		return;
	lockcnt_word_inc_slow(lc);
}

static inline void lockcnt_word_dec(struct lockcnt_word *lc)
{
	int old = atomic_fetch_sub_release(LOCKCNT_WORD_VISIT, &lc->word);

	if (unlikely(old < LOCKCNT_WORD_VISIT))
		lockcnt_word_underflow(lc, old);
}

static inline bool lockcnt_word_dec_and_lock(struct lockcnt_word *lc)
{
	int old = atomic_read(&lc->word);

	lockcnt_may_sleep();
	if (old >= 2 * LOCKCNT_WORD_VISIT &&
	    likely(atomic_try_cmpxchg_release(&lc->word, &old,
					      old - LOCKCNT_WORD_VISIT)))
		return false;
	return lockcnt_word_dec_and_lock_slow(lc);
}

static inline bool lockcnt_word_dec_if_lock(struct lockcnt_word *lc)
{
	lockcnt_may_sleep();
	if (atomic_read(&lc->word) >= 2 * LOCKCNT_WORD_VISIT)
		return false;
	return lockcnt_word_dec_if_lock_slow(lc);
}

static inline void lockcnt_word_lock(struct lockcnt_word *lc)
{
	int old = atomic_read(&lc->word);

	lockcnt_may_sleep();
	mutex_acquire(&lc->dep_map, 0, 0, _THIS_IP_);
	if (likely((old & LOCKCNT_WORD_STATE) == LOCKCNT_WORD_FREE) &&
	    likely(atomic_try_cmpxchg_acquire(&lc->word, &old,
					      old | LOCKCNT_WORD_LOCKED)))
		return;
	lockcnt_word_lock_slow(lc);
}

/*
 * After the exchange the lock belongs to whoever comes first, who may free
 * the memory the word is in.  lockcnt_word_wake() uses its address only.
 */
static inline void lockcnt_word_unlock(struct lockcnt_word *lc)
{
	int old;

	mutex_release(&lc->dep_map, _THIS_IP_);
	old = atomic_fetch_andnot_release(LOCKCNT_WORD_STATE, &lc->word);
	WARN_ON_ONCE(!(old & LOCKCNT_WORD_STATE));
	if (unlikely(old & LOCKCNT_WORD_WAITERS))
		lockcnt_word_wake(lc);
}

static inline unsigned int lockcnt_word_count(struct lockcnt_word *lc)
{
	int word = atomic_read_acquire(&lc->word);

	if (word < 0)
		return LOCKCNT_SATURATED;
	return word / LOCKCNT_WORD_VISIT;
}

#endif /* _LASTREF_LOCKCNT_WORD_H */
