/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LockCnt whose visits share no cache line.
 *
 * While the lock is free a visit is counted on the CPU it begins on and
 * discounted on the CPU it ends on.  Only the sum means anything, and only the
 * lock asks for it: its holder first sends visits to a central count, which is
 * a struct lockcnt_word, waits for a grace period so that no CPU counts for
 * itself any more, and adds what the CPUs have counted.  From there to the
 * unlock this is the word form, both rules included.
 *
 * So lock, and the two dec that lock, cost a grace period, although a crowd of
 * holders that follow one another pays for one.  This form is for what is
 * visited often from many CPUs and changed seldom; such visits had better end
 * with lockcnt_dec() and leave cleaning up to whoever locks next.
 *
 * Use through lockcnt.h, which has the contract.
 */
#ifndef _LASTREF_LOCKCNT_PERCPU_H
#define _LASTREF_LOCKCNT_PERCPU_H

#ifndef _LASTREF_LOCKCNT_H
#error "include <lastref/lockcnt.h>"
#endif

struct lockcnt_percpu {
	/* Read by every visit, written by holders. */
	unsigned int __percpu *visits;
	bool central;		/* visits are counted in the word */

	struct lockcnt_word word ____cacheline_aligned_in_smp;
	atomic_t lockers;	/* who holds the lock or is about to */
	unsigned int summed;	/* of what the CPUs counted, at the last sum */
};

int lockcnt_percpu_init(struct lockcnt_percpu *lc, const char *name,
			struct lock_class_key *key);
void lockcnt_percpu_destroy(struct lockcnt_percpu *lc);
bool lockcnt_percpu_dec_and_lock(struct lockcnt_percpu *lc);
bool lockcnt_percpu_dec_if_lock(struct lockcnt_percpu *lc);
void lockcnt_percpu_inc_and_unlock(struct lockcnt_percpu *lc);
void lockcnt_percpu_lock(struct lockcnt_percpu *lc);
void lockcnt_percpu_unlock(struct lockcnt_percpu *lc);
unsigned int lockcnt_percpu_count(struct lockcnt_percpu *lc);

/* Count @n on this CPU, unless visits are counted centrally. */
static inline bool lockcnt_percpu_count_here(struct lockcnt_percpu *lc, int n)
{
	bool here;

	rcu_read_lock_sched();
	here = !smp_load_acquire(&lc->central);	/* (D), and (E) */
	lockcnt_window();
	if (likely(here))
		this_cpu_add(*lc->visits, n);
	rcu_read_unlock_sched();
	return here;
}

static inline void lockcnt_percpu_inc(struct lockcnt_percpu *lc)
{
	lockcnt_may_sleep();
	if (!lockcnt_percpu_count_here(lc, 1))
		lockcnt_word_inc(&lc->word);
}

static inline void lockcnt_percpu_dec(struct lockcnt_percpu *lc)
{
	if (!lockcnt_percpu_count_here(lc, -1))
		lockcnt_word_dec(&lc->word);
}

#endif /* _LASTREF_LOCKCNT_PERCPU_H */
