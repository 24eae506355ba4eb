// SPDX-License-Identifier: GPL-2.0
/* Each operation of LockCnt, in each form: what it does, and what it warns of. */
#include <linux/kernel.h>

#include <string.h>

#include "lockcnt_try.h"

static void test_init_destroy(void)
{
	require(ops->count(&lc) == 0);
	ops->destroy(&lc);
	require(shim_warnings == 0);
	require(ops->init(&lc) == 0);
	require(ops->count(&lc) == 0);
	ops->inc(&lc);
	ops->destroy(&lc);
	require(shim_warnings == 1);
}

static void test_destroy_locked(void)
{
	ops->lock(&lc);
	ops->destroy(&lc);
	require(shim_warnings == 1);
}

static void test_inc_dec_count(void)
{
	int i;

	for (i = 1; i <= 100; i++) {
		ops->inc(&lc);
		require(ops->count(&lc) == (unsigned int)i);
	}
	while (--i > 0) {
		ops->dec(&lc);
		require(ops->count(&lc) == (unsigned int)i - 1);
	}
}

static void test_lock_unlock(void)
{
	ops->lock(&lc);
	require_locked();
	require(ops->count(&lc) == 0);
	ops->unlock(&lc);
	require_free();
	ops->inc(&lc);
	ops->lock(&lc);
	require(ops->count(&lc) == 1);
	ops->dec(&lc);
	require(ops->count(&lc) == 0);
	ops->unlock(&lc);
}

static void test_inc_and_unlock(void)
{
	ops->lock(&lc);
	ops->inc_and_unlock(&lc);
	require(ops->count(&lc) == 1);
	require_free();
	ops->lock(&lc);
	ops->inc_and_unlock(&lc);
	require(ops->count(&lc) == 2);
	require_free();
}

static void test_dec_and_lock(void)
{
	ops->inc(&lc);
	ops->inc(&lc);
	require(!ops->dec_and_lock(&lc));
	require(ops->count(&lc) == 1);
	require_free();
	require(ops->dec_and_lock(&lc));
	require(ops->count(&lc) == 0);
	require_locked();
	ops->unlock(&lc);
}

static void test_dec_if_lock(void)
{
	ops->inc(&lc);
	ops->inc(&lc);
	require(!ops->dec_if_lock(&lc));
	require(ops->count(&lc) == 2);
	require_free();
	ops->dec(&lc);
	require(ops->dec_if_lock(&lc));
	require(ops->count(&lc) == 0);
	require_locked();
	ops->inc_and_unlock(&lc);
	require(ops->count(&lc) == 1);
}

/* Saturated: nothing changes the count, and the lock works. */
static void require_saturated(void)
{
	ops->lock(&lc);
	require_locked();
	ops->unlock(&lc);
	finish_all();
	require(shim_warnings == 1);
	require(strstr(shim_last_warning, "saturated"));
	require(ops->count(&lc) == LOCKCNT_SATURATED);
	ops->inc(&lc);
	ops->dec(&lc);
	ops->dec(&lc);
	require(ops->count(&lc) == LOCKCNT_SATURATED);
	require(!ops->dec_and_lock(&lc));
	require(!ops->dec_if_lock(&lc));
	ops->lock(&lc);
	require(ops->count(&lc) == LOCKCNT_SATURATED);
	ops->inc_and_unlock(&lc);
	require_free();
	require(ops->count(&lc) == LOCKCNT_SATURATED);
	require(shim_warnings == 1);
	ops->destroy(&lc);
	require(shim_warnings == 1);
}

/* As full as it can be, each form in its own way. */
static void fill(void)
{
	if (ops == &lockcnt_form_word.ops)
		atomic_set(&lc.word.word, LOCKCNT_WORD_FULL);
	else if (ops == &lockcnt_form_mutex.ops)
		atomic_set(&lc.mutex.visits, LOCKCNT_MAX);
	else
		*lc.percpu.visits = INT_MAX;
}

static void test_overflow(void)
{
	fill();
	require(ops->count(&lc) >= LOCKCNT_MAX);
	require(shim_warnings == 0);
	ops->inc(&lc);
	require_saturated();
}

static void test_overflow_inc_and_unlock(void)
{
	fill();
	ops->lock(&lc);
	ops->inc_and_unlock(&lc);
	require_saturated();
}

static void test_underflow_dec(void)
{
	ops->dec(&lc);
	require_saturated();
}

static void test_underflow_locked(void)
{
	ops->lock(&lc);
	ops->dec(&lc);
	require(ops->count(&lc) == LOCKCNT_SATURATED);
	ops->unlock(&lc);
	require_saturated();
}

static void test_underflow_dec_and_lock(void)
{
	require(!ops->dec_and_lock(&lc));
	require_saturated();
}

static void test_underflow_dec_if_lock(void)
{
	require(!ops->dec_if_lock(&lc));
	require_saturated();
}

static void test_unlock_free(void)
{
	ops->unlock(&lc);
	require(shim_warnings == 1);
}

/* A spinlock would do, but those who look for deadlocks would find some. */
static bool notices(bool (*what)(void))
{
	unsigned long before = shim_slept_under_spinlock;

	shim_task.spinlocks++;
	what();
	shim_task.spinlocks--;
	return shim_slept_under_spinlock != before;
}

static void test_might_sleep(void)
{
	require(notices(try_inc));			/* 1 */
	require(notices(try_inc));			/* 2 */
	require(!notices(try_count));
	require(notices(try_dec_and_lock));		/* 1, free */
	require(notices(try_lock));
	require(!notices(try_inc_and_unlock));	/* 2 */
	require(notices(try_dec_if_lock));
	require(!notices(try_dec));			/* 1 */
	require(notices(try_dec_if_lock));		/* 0, locked */
	require(!notices(try_unlock));
}

static const struct unit units[] = {
	{ "init, destroy", test_init_destroy },
	{ "destroy of what is locked warns", test_destroy_locked },
	{ "inc, dec, count", test_inc_dec_count },
	{ "lock, unlock", test_lock_unlock },
	{ "inc_and_unlock", test_inc_and_unlock },
	{ "dec_and_lock", test_dec_and_lock },
	{ "dec_if_lock", test_dec_if_lock },
	{ "overflow saturates", test_overflow },
	{ "overflow by inc_and_unlock saturates",
	  test_overflow_inc_and_unlock },
	{ "underflow by dec saturates", test_underflow_dec },
	{ "underflow under the lock saturates", test_underflow_locked },
	{ "underflow by dec_and_lock saturates", test_underflow_dec_and_lock },
	{ "underflow by dec_if_lock saturates", test_underflow_dec_if_lock },
	{ "what may sleep is noticed in atomic context", test_might_sleep },
};

/* A mutex does not notice; in a kernel lockdep would. */
static const struct unit word_units[] = {
	{ "unlock of what is not locked warns", test_unlock_free },
};

int main(void)
{
	test_plan(3 * ARRAY_SIZE(units) + 2 * ARRAY_SIZE(word_units));
	test_units(&lockcnt_form_word, units, ARRAY_SIZE(units));
	test_units(&lockcnt_form_word, word_units, ARRAY_SIZE(word_units));
	test_units(&lockcnt_form_mutex, units, ARRAY_SIZE(units));
	test_units(&lockcnt_form_percpu, units, ARRAY_SIZE(units));
	test_units(&lockcnt_form_percpu, word_units, ARRAY_SIZE(word_units));
	return test_status();
}
