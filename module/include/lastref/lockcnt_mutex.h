/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LockCnt as a mutex and a counter, the obvious form.
 *
 * The two rules need the mutex only where the count becomes zero or leaves
 * zero: beside other visits a visit comes and goes by the counter alone.
 *
 * Use through lockcnt.h, which has the contract.
 */
#ifndef _LASTREF_LOCKCNT_MUTEX_H
#define _LASTREF_LOCKCNT_MUTEX_H

#ifndef _LASTREF_LOCKCNT_H
#error "include <lastref/lockcnt.h>"
#endif

struct lockcnt_mutex {
	struct mutex mutex;	/* the lock; count from and to zero */
	atomic_t visits;	/* below zero: saturated */
};

int lockcnt_mutex_init(struct lockcnt_mutex *lc, const char *name,
		       struct lock_class_key *key);
void lockcnt_mutex_destroy(struct lockcnt_mutex *lc);
void lockcnt_mutex_inc(struct lockcnt_mutex *lc);
void lockcnt_mutex_dec(struct lockcnt_mutex *lc);
bool lockcnt_mutex_dec_and_lock(struct lockcnt_mutex *lc);
bool lockcnt_mutex_dec_if_lock(struct lockcnt_mutex *lc);
void lockcnt_mutex_inc_and_unlock(struct lockcnt_mutex *lc);
void lockcnt_mutex_lock(struct lockcnt_mutex *lc);
void lockcnt_mutex_unlock(struct lockcnt_mutex *lc);
unsigned int lockcnt_mutex_count(struct lockcnt_mutex *lc);

#endif /* _LASTREF_LOCKCNT_MUTEX_H */
