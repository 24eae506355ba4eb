// SPDX-License-Identifier: GPL-2.0
/*
 * LockCnt whose visits share no cache line: the lock's side.  Claims L1-L4.
 *
 * The visits there are = what the word counts
 *			+ what the CPUs have counted since the last sum.
 *
 * While the CPUs count, the word is off by as much the other way, since a visit
 * may begin on a CPU and end in the word.  So that the word neither underflows
 * nor looks like zero, it is given a bias of visits that do not exist, as
 * percpu_ref does; with it a visit that comes to the word while somebody holds
 * the lock and has not summed yet finds company, and does not wait.
 *
 *	lock		word locked, central = true, a grace period; then at
 *			once: word += CPUs' sum - bias
 *	unlock		word += bias, central = false, word unlocked
 *
 * Between the two the word is exact, and is a struct lockcnt_word in every
 * respect: both rules, the baton, and that unlock leaves the memory alone are
 * that form's.  Only the holder of the word's lock changes the mode.
 *
 * When others are about to lock, unlock leaves visits where they are, and the
 * next holder need not wait for another grace period.
 *
 * Ordering, beside that of the word:
 *
 *   D	unlock's RELEASE of central = false pairs with the ACQUIRE in
 *	lockcnt_percpu_count_here(): what was done under the lock comes before
 *	a visit that begins on a CPU.
 *   E	A count on a CPU is seen by the sum, or it goes to the word:
 *
 *	visit				holder
 *	-----				------
 *	rcu_read_lock_sched
 *	central is false
 *					central = true
 *					synchronize_rcu_expedited
 *	count on this CPU		  (waits)
 *	rcu_read_unlock_sched
 *					sum
 *
 *	The same grace period puts the accesses of a visit that ended on a CPU
 *	before what is done under the lock.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>

#include "check_id.h"
#define LOCKCNT_FORM percpu
#include "lockcnt_form_ops.h"

/* More visits than there can be, and room for as many above it. */
#define BIAS	(2 * (int)LOCKCNT_MAX)

/* Wraps, and CPUs may be far apart; only differences mean anything. */
static unsigned int sum(struct lockcnt_percpu *lc)
{
	unsigned int n = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		n += READ_ONCE(*per_cpu_ptr(lc->visits, cpu));
	return n;
}

static void take_sum(struct lockcnt_percpu *lc)
{
	unsigned int now = sum(lc);
	int since = now - lc->summed;

	WRITE_ONCE(lc->summed, now);
	lockcnt_word_add(&lc->word, (s64)since - BIAS);
}

static void visit_centrally(struct lockcnt_percpu *lc)
{
	if (lc->central)
		return;
	WRITE_ONCE(lc->central, true);
	synchronize_rcu_expedited();	/* (E) */
	take_sum(lc);
}

static void visit_on_cpus(struct lockcnt_percpu *lc)
{
	lockcnt_word_add(&lc->word, BIAS);
	smp_store_release(&lc->central, false);	/* (D) */
}

void lockcnt_percpu_lock(struct lockcnt_percpu *lc)
{
	atomic_inc(&lc->lockers);
	lockcnt_word_lock(&lc->word);
	visit_centrally(lc);
}

void lockcnt_percpu_unlock(struct lockcnt_percpu *lc)
{
	if (atomic_dec_and_test(&lc->lockers))
		visit_on_cpus(lc);
	lockcnt_word_unlock(&lc->word);
}

void lockcnt_percpu_inc_and_unlock(struct lockcnt_percpu *lc)
{
	if (atomic_dec_and_test(&lc->lockers))
		visit_on_cpus(lc);
	lockcnt_word_inc_and_unlock(&lc->word);
}

bool lockcnt_percpu_dec_and_lock(struct lockcnt_percpu *lc)
{
	lockcnt_percpu_lock(lc);
	lockcnt_word_dec(&lc->word);
	if (!lockcnt_word_count(&lc->word))
		return true;
	lockcnt_percpu_unlock(lc);
	return false;
}

bool lockcnt_percpu_dec_if_lock(struct lockcnt_percpu *lc)
{
	lockcnt_percpu_lock(lc);
	if (lockcnt_word_dec_if_last(&lc->word))
		return true;
	lockcnt_percpu_unlock(lc);
	return false;
}

/*
 * With the lock held, exactly the word.  Without it a guess: the parts are read
 * one after the other, and whether the word has its bias is seen from its size.
 */
unsigned int lockcnt_percpu_count(struct lockcnt_percpu *lc)
{
	unsigned int word = lockcnt_word_count(&lc->word);
	int visits;

	if (word == LOCKCNT_SATURATED)
		return word;
	if (word < BIAS / 2)
		return word;
	visits = word - BIAS + sum(lc) - READ_ONCE(lc->summed);
	return max(visits, 0);
}

int lockcnt_percpu_init(struct lockcnt_percpu *lc, const char *name,
			struct lock_class_key *key)
{
	lc->visits = alloc_percpu(unsigned int);
	if (!lc->visits)
		return -ENOMEM;
	lc->summed = 0;
	lc->central = false;
	atomic_set(&lc->lockers, 0);
	lockcnt_word_init(&lc->word, name, key);
	lockcnt_word_add(&lc->word, BIAS);
	return 0;
}

void lockcnt_percpu_destroy(struct lockcnt_percpu *lc)
{
	unsigned int visits = lockcnt_percpu_count(lc);

	WARN_ONCE(visits != LOCKCNT_SATURATED &&
		  (visits || atomic_read(&lc->lockers)),
		  "lockcnt: destroyed with %u visits, %d holders\n",
		  visits, atomic_read(&lc->lockers));
	free_percpu(lc->visits);
	lc->visits = NULL;
}

/*
 * Busted torn_dec (L3): whether it is the last visit, and that it ends, are two
 * steps.
 *
 *	visit				another visit
 *	-----				-------------
 *	dec_if_lock, count is 1
 *					inc beside: count is 2
 *	dec: count is 1, and false:
 *	"the visit goes on"
 *					dec: count is 0
 *	dec, below zero
 */
static bool dec_if_lock_torn(union lockcnt_any *any)
{
	struct lockcnt_percpu *lc = &any->percpu;

	lockcnt_percpu_lock(lc);
	if (lockcnt_word_count(&lc->word) <= 1) {
		lockcnt_window();
		lockcnt_word_dec(&lc->word);
	}
	if (!lockcnt_word_count(&lc->word))
		return true;
	lockcnt_percpu_unlock(lc);
	return false;
}

/*
 * Busted no_gp (L1, L2, zoo 22): the holder sums without a grace period.
 *
 *	visit				holder
 *	-----				------
 *	rcu_read_lock_sched
 *	central is false
 *					central = true
 *					sum: 0, so nobody is there
 *	count on this CPU
 *	rcu_read_unlock_sched
 *	looks at an element		kfree(element)
 *	central is true: dec, below zero
 */
static void lock_no_gp(union lockcnt_any *any)
{
	struct lockcnt_percpu *lc = &any->percpu;

	atomic_inc(&lc->lockers);
	lockcnt_word_lock(&lc->word);
	if (lc->central)
		return;
	WRITE_ONCE(lc->central, true);
	take_sum(lc);
}

static const struct lockcnt_busted busted[] = {
	{
		.name = "no_gp",
		.about =
			"the holder sums while a visit may be about to count on its CPU",
		.claim = "L1",
		.zoo = 22,
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.splat = "the end of a visit that never began",
		.ops = LOCKCNT_FORM_OPS(form_inc, lock_no_gp,
					form_dec_if_lock),
	}, {
		.name = "torn_dec",
		.about =
			"dec_if_lock looks and ends its visit in two steps, and denies it",
		.claim = "L3",
		.zoo = 22,
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.splat = "the end of a visit that never began",
		.ops = LOCKCNT_FORM_OPS(form_inc, form_lock, dec_if_lock_torn),
	},
};

const struct lockcnt_form lockcnt_form_percpu = {
	.name = "percpu",
	.about = "visits share no cache line, and the lock sums",
	.ops = LOCKCNT_FORM_OPS(form_inc, form_lock, form_dec_if_lock),
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};
