// SPDX-License-Identifier: GPL-2.0
/*
 * LockCnt in a single word: waiting, and whom to wake.  Claims L1-L6.
 *
 * An operation that finds the lock taken queues itself, sets the state to
 * WAITERS, and sleeps.  Who unlocks sets the state to free, and if it was
 * WAITERS, wakes one of the sleepers; not all, of whom all but one would
 * find the lock taken.  The word cannot count sleepers, so it forgets them when
 * it becomes free.  Somebody has to remember:
 *
 *	The baton.  Who has queued owns the next wake-up.  If it takes the
 *	lock, it takes it as WAITERS; if it leaves without the lock, it wakes
 *	one more.
 *
 * Without this a sleeper can be forgotten:
 *
 *	holder		first sleeper	second sleeper	state
 *	------		-------------	--------------	-----
 *							WAITERS
 *	unlock						free
 *	wake one
 *			woken, locks			LOCKED (WAITERS)
 *			unlock				free
 *			(wake one)	sleeps for ever
 *
 * and just so when the first sleeper only wanted to start a visit: it leaves
 * the word (1, free), which the second one is waiting for.
 *
 * A sleeper is woken for one of two reasons it waits for, and looks for both:
 * the lock is free, or the count is such that the lock is not needed any more.
 * The second may come about without a wake-up, and need not: whoever holds the
 * lock will unlock.
 *
 * Ordering:
 *
 *   A	unlock's RELEASE pairs with the ACQUIRE of inc, lock and the two dec
 *	that lock: what was done under the lock comes before the visit, and
 *	before the next holder.
 *   B	dec's RELEASE pairs with the ACQUIRE of lock, of the two dec that lock,
 *	and of count: the accesses of a visit come before what is done by who
 *	holds the lock and finds that the visit is over.  All
 *	changes of the word are RMW operations, so visits that begin and end
 *	in between do not break the chain.
 *   C	Nobody sleeps through the unlock.  Either the sleeper sees the word
 *	free, or the holder sees it queued:
 *
 *	sleeper				holder
 *	-------				------
 *	queue				state = free
 *	smp_mb()	(C)		smp_mb()	(C)
 *	look at the state		look at the queue
 *
 *	On the left it is in prepare_to_wait_event(), on the right in
 *	lockcnt_word_wake().
 *
 * The queue is the kernel's, found by hashing the address of the word: a
 * wake-up touches no memory of the lockcnt's, which may be free by then.
 */
#include <linux/sched.h>
#include <linux/wait_bit.h>

#include "check_id.h"
#define LOCKCNT_FORM word
#include "lockcnt_form_ops.h"

#define FREE		LOCKCNT_WORD_FREE
#define LOCKED		LOCKCNT_WORD_LOCKED
#define WAITERS		LOCKCNT_WORD_WAITERS
#define STATE		LOCKCNT_WORD_STATE
#define VISIT		LOCKCNT_WORD_VISIT
#define FULL		LOCKCNT_WORD_FULL
#define SATURATED	(INT_MIN / 2)	/* far from zero and from wrapping */

/**
 * struct want - what an operation wants, visits in units of the word
 * @beside: from so many visits on the lock does not matter ...
 * @change: ... and this is added
 * @alone: with fewer the lock must be free, and this is added ...
 * @lock: ... and the lock taken
 * @least: fewer visits than these are a bug of the caller
 */
struct want {
	int beside;
	int change;
	int alone;
	bool lock;
	int least;
};

static const struct want want_inc = {
	.beside = VISIT, .change = VISIT, .alone = VISIT,
};

static const struct want want_dec_and_lock = {
	.beside = 2 * VISIT, .change = -VISIT,
	.alone = -VISIT, .lock = true,
	.least = VISIT,
};

static const struct want want_dec_if_lock = {
	.beside = 2 * VISIT, .change = 0,
	.alone = -VISIT, .lock = true,
	.least = VISIT,
};

static const struct want want_lock = {
	.beside = INT_MAX,
	.alone = 0, .lock = true,
	.least = INT_MIN,
};

enum outcome { WAIT, LEAVE, HOLD };

/* What becomes of the word, for an operation that has queued or not. */
static enum outcome plan(const struct want *want, bool queued, int old,
			 int *new)
{
	int visits = old & ~STATE, state = old & STATE;

	if (visits < want->least || (visits == FULL && want->change > 0)) {
		if (visits == FULL)
			lockcnt_warn("too many visits");
		else if (visits >= 0)
			lockcnt_warn("the end of a visit that never began");
		*new = SATURATED | state;
		return LEAVE;
	}
	if (visits >= want->beside) {
		*new = old + want->change;
		return LEAVE;
	}
	if (state != FREE) {
		*new = visits | WAITERS;
		return WAIT;
	}
	*new = visits + want->alone;
	if (!want->lock)
		return LEAVE;
	*new |= queued ? WAITERS : LOCKED;
	return HOLD;
}

/* Fully ordered. */
static enum outcome attempt(struct lockcnt_word *lc, const struct want *want,
			    bool queued)
{
	int new, old = atomic_read(&lc->word);
	enum outcome outcome;

	do {
		outcome = plan(want, queued, old, &new);
	} while (!atomic_try_cmpxchg(&lc->word, &old, new));
	return outcome;
}

/* The whole slow path of every operation.  True with the lock held. */
static bool settle(struct lockcnt_word *lc, const struct want *want)
{
	enum outcome outcome = attempt(lc, want, false);

	if (outcome == WAIT) {
		might_sleep();
		lockcnt_window();
		/* Exclusive: one wake-up for one sleeper.  (C) */
		___wait_var_event(&lc->word,
				  (outcome = attempt(lc, want, true)) != WAIT,
				  TASK_UNINTERRUPTIBLE, 1, 0, schedule());
		if (outcome == LEAVE)
			lockcnt_word_wake(lc);	/* the baton */
	}
	return outcome == HOLD;
}

/* To one who may be asleep.  @lc may be gone: its address is all it takes. */
void lockcnt_word_wake(struct lockcnt_word *lc)
{
	smp_mb();	/* (C) */
	lockcnt_window();
	wake_up_var(&lc->word);
}

void lockcnt_word_inc_slow(struct lockcnt_word *lc)
{
	settle(lc, &want_inc);
}

void lockcnt_word_lock_slow(struct lockcnt_word *lc)
{
	settle(lc, &want_lock);
}

static bool settle_last(struct lockcnt_word *lc, const struct want *want)
{
	mutex_acquire(&lc->dep_map, 0, 0, _RET_IP_);
	if (settle(lc, want))
		return true;
	mutex_release(&lc->dep_map, _RET_IP_);
	return false;
}

bool lockcnt_word_dec_and_lock_slow(struct lockcnt_word *lc)
{
	return settle_last(lc, &want_dec_and_lock);
}

bool lockcnt_word_dec_if_lock_slow(struct lockcnt_word *lc)
{
	return settle_last(lc, &want_dec_if_lock);
}

/* Adds @n visits, and clears @state.  Fully ordered.  The word before. */
static int add_visits(struct lockcnt_word *lc, s64 n, int state)
{
	int new, old = atomic_read(&lc->word);
	s64 visits;

	do {
		visits = (old & ~STATE) + n * VISIT;
		if (old < 0 || visits < 0 || visits > FULL)
			visits = SATURATED;
		new = visits | (old & STATE & ~state);
	} while (!atomic_try_cmpxchg(&lc->word, &old, new));
	if (old >= 0 && new < 0)
		lockcnt_warn("too many visits, or too many of their ends");
	return old;
}

void lockcnt_word_add(struct lockcnt_word *lc, s64 n)
{
	add_visits(lc, n, 0);
}

/* One step: a visit may come beside the last one, whoever has the lock. */
bool lockcnt_word_dec_if_last(struct lockcnt_word *lc)
{
	int old = atomic_read(&lc->word);

	do {
		if ((old & ~STATE) > VISIT)
			return false;
	} while (!atomic_try_cmpxchg(&lc->word, &old, old - VISIT));
	if (old >= VISIT)
		return true;
	lockcnt_word_underflow(lc, old);
	return false;
}

void lockcnt_word_inc_and_unlock(struct lockcnt_word *lc)
{
	int old;

	mutex_release(&lc->dep_map, _RET_IP_);
	old = add_visits(lc, 1, STATE);
	WARN_ON_ONCE(!(old & STATE));
	if (old & WAITERS)
		lockcnt_word_wake(lc);
}

/* A visit was taken from @old, which had none, or is saturated. */
void lockcnt_word_underflow(struct lockcnt_word *lc, int old)
{
	int word = atomic_read(&lc->word);

	do {
		if (word >= 0)
			return;
	} while (!atomic_try_cmpxchg(&lc->word, &word,
				     SATURATED | (word & STATE)));
	if (old >= 0)
		lockcnt_warn("the end of a visit that never began");
}

int lockcnt_word_init(struct lockcnt_word *lc, const char *name,
		      struct lock_class_key *key)
{
	atomic_set(&lc->word, FREE);
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	debug_check_no_locks_freed(lc, sizeof(*lc));
	lockdep_init_map_wait(&lc->dep_map, name, key, 0, LD_WAIT_SLEEP);
#endif
	return 0;
}

void lockcnt_word_destroy(struct lockcnt_word *lc)
{
	int word = atomic_read(&lc->word);

	WARN_ONCE(word > 0, "lockcnt: destroyed with %d visits, %d holders\n",
		  word / VISIT, !!(word & STATE));
}

/*
 * Busted visit_from_zero (L2, zoo 22): inc does not look at the lock.
 *
 *	visit				holder
 *	-----				------
 *					lock: (0, locked)
 *					count: 0, so nobody can come
 *	inc: (1, locked)
 *	looks at an element		kfree(element)
 */
static void inc_from_zero(union lockcnt_any *lc)
{
	atomic_add(VISIT, &lc->word.word);
}

/*
 * A sleeper that is never woken is to be found, not to hang the kernel.  Who finds
 * it wakes it; and where nobody does, it looks by itself after so long.
 */
#define LOST_AFTER	(30 * HZ)

/*
 * Busted lost_baton: who has slept takes the lock as LOCKED.  It is the first
 * picture above.  It keeps the lock for a while, until nearly everybody sleeps:
 * who comes later would find the lock taken, and have those whom it forgets woken.
 */
static void lock_lost_baton(union lockcnt_any *any)
{
	struct lockcnt_word *lc = &any->word;

	mutex_acquire(&lc->dep_map, 0, 0, _THIS_IP_);
	if (attempt(lc, &want_lock, false) != WAIT)
		return;
	___wait_var_event(&lc->word, attempt(lc, &want_lock, false) == HOLD,
			  TASK_UNINTERRUPTIBLE, 1, 0,
			  schedule_timeout(LOST_AFTER));
	schedule_timeout_uninterruptible(HZ / 20);
}

/*
 * Busted baton_dropped: who has slept and starts a visit wakes nobody, and the
 * next sleeper has nobody to wait for.
 */
static void inc_baton_dropped(union lockcnt_any *any)
{
	struct lockcnt_word *lc = &any->word;

	if (attempt(lc, &want_inc, false) == WAIT)
		___wait_var_event(&lc->word,
				  attempt(lc, &want_inc, true) == LEAVE,
				  TASK_UNINTERRUPTIBLE, 1, 0, schedule_timeout(LOST_AFTER));
}

/*
 * Busted torn_lock: whether the lock is free, and that it is taken, are two
 * steps, and two holders take it.
 */
static bool take_torn(struct lockcnt_word *lc)
{
	if (atomic_read(&lc->word) & STATE)
		return attempt(lc, &want_lock, true) == HOLD;
	lockcnt_window();
	atomic_or(WAITERS, &lc->word);
	return true;
}

static void lock_torn(union lockcnt_any *any)
{
	struct lockcnt_word *lc = &any->word;

	mutex_acquire(&lc->dep_map, 0, 0, _THIS_IP_);
	if (!take_torn(lc))
		___wait_var_event(&lc->word, take_torn(lc),
				  TASK_UNINTERRUPTIBLE, 1, 0, schedule());
}

static const struct lockcnt_busted busted[] = {
	{
		.name = "visit_from_zero",
		.about =
			"a visit starts although the count is zero and the lock is taken",
		.claim = "L2",
		.zoo = 22,
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.ops = LOCKCNT_FORM_OPS(inc_from_zero, form_lock,
					form_dec_if_lock),
	}, {
		.name = "lost_baton",
		.about =
			"who was woken forgets the other sleepers, be it to lock or to visit",
		.claim = "L6",
		.caught_by = CHECK_BIT(WRITER_STALL),
		.ops = LOCKCNT_FORM_OPS(inc_baton_dropped, lock_lost_baton,
					form_dec_if_lock),
	}, {
		.name = "baton_dropped",
		.about =
			"who was woken starts a visit and wakes no other sleeper",
		.claim = "L6",
		.caught_by = CHECK_BIT(WRITER_STALL),
		.ops = LOCKCNT_FORM_OPS(inc_baton_dropped, form_lock,
					form_dec_if_lock),
	}, {
		.name = "torn_lock",
		.about =
			"the lock is found free and taken in two steps: two hold it",
		.claim = "L6",
		.caught_by = CHECK_BIT(CANARY),
		.may_fire = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.ops = LOCKCNT_FORM_OPS(form_inc, lock_torn,
					form_dec_if_lock),
	},
};

const struct lockcnt_form lockcnt_form_word = {
	.name = "word",
	.about = "counter and lock in a single word",
	.ops = LOCKCNT_FORM_OPS(form_inc, form_lock, form_dec_if_lock),
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};
