/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the tests of LockCnt's operations: one lockcnt of any form, and others who
 * try an operation on it.
 *
 * Where something must wait, a second thread tries it: it must not be done
 * after a while, and must be done soon after what it waits for.
 */
#ifndef NATIVE_LOCKCNT_TRY_H
#define NATIVE_LOCKCNT_TRY_H

#include <pthread.h>

#include "../../module/patterns/lockcnt_form.h"
#include "test.h"

#define A_WHILE_US	20000
#define SOON_US		10000000	/* of a machine that is busy */

extern union lockcnt_any lc;
extern const struct lockcnt_ops *ops;

/* Operations on it, of one type; those of two steps leave it as it was. */
bool try_inc(void);
bool try_dec(void);
bool try_lock(void);
bool try_unlock(void);
bool try_dec_and_lock(void);
bool try_dec_if_lock(void);
bool try_inc_and_unlock(void);
bool try_count(void);
bool try_lock_and_unlock(void);
bool try_inc_and_dec(void);

/**
 * struct other - an operation tried by a second thread
 * @what: the operation
 * @thread: who tries it
 * @begun: it is about to be called
 * @done: it has returned
 * @result: what it returned
 * @mutexes: how many mutexes it took
 * @let_go: the lock it took may be given back
 */
struct other {
	bool (*what)(void);
	pthread_t thread;
	bool begun;
	bool done;
	bool result;
	unsigned long mutexes;
	bool let_go;
};

struct other *start(bool (*what)(void));
bool wait_for(bool *what, unsigned int us);
/* It is not done after a while. */
void require_waits(struct other *other);
/* Is done, and with what result.  If it has the lock it keeps it. */
bool finish(struct other *other);
/* Every other one, and the lock is given back. */
void finish_all(void);
/* Others get the lock, and give it back. */
void require_free(void);
/* Others get the lock when it is given back. */
void require_locked(void);

struct unit {
	const char *name;
	void (*func)(void);
};

/* Runs the units, each on a fresh lockcnt of the form. */
void test_units(const struct lockcnt_form *form, const struct unit *units,
		unsigned int n);
/* Runs one on a busted form, which must not pass it. */
void test_unit_control(const struct lockcnt_form *form,
		       const struct lockcnt_busted *busted,
		       void (*func)(void));

#endif
