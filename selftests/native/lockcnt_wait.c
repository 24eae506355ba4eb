// SPDX-License-Identifier: GPL-2.0
/* Each operation of LockCnt, in each form, against others: who waits for whom. */
#include <linux/kernel.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockcnt_try.h"

/* L2 */
static void test_from_zero_waits(void)
{
	struct other *visit;

	ops->lock(&lc);
	visit = start(try_inc);
	check_ran(CHECK_FROM_ZERO);
	if (wait_for(&visit->done, A_WHILE_US))
		check_failed(CHECK_FROM_ZERO, "a visit started while locked");
	ops->unlock(&lc);
	finish(visit);
	require(ops->count(&lc) == 1);
}

/* L4 */
static void test_beside_does_not_wait(void)
{
	struct other *other;

	ops->inc(&lc);
	ops->lock(&lc);
	other = start(try_inc);
	finish(other);
	require(other->mutexes == 0);
	require(ops->count(&lc) == 2);
	other = start(try_dec);
	finish(other);
	require(other->mutexes == 0);
	require(ops->count(&lc) == 1);
	ops->unlock(&lc);
}

static void test_last_dec_does_not_wait(void)
{
	struct other *visit;

	ops->inc(&lc);
	ops->lock(&lc);
	finish(start(try_dec));
	require(ops->count(&lc) == 0);
	visit = start(try_inc);
	require_waits(visit);
	ops->unlock(&lc);
	finish(visit);
}

/* (1, locked): waits, and then has the lock. */
static void last_waits(bool (*what)(void))
{
	struct other *other;

	ops->inc(&lc);
	ops->lock(&lc);
	other = start(what);
	require_waits(other);
	require(ops->count(&lc) == 1);
	ops->unlock(&lc);
	require(finish(other));
	require(ops->count(&lc) == 0);
	require_locked();
}

static void test_dec_and_lock_waits(void)
{
	last_waits(try_dec_and_lock);
}

static void test_dec_if_lock_waits(void)
{
	last_waits(try_dec_if_lock);
}

/* While it waits it gets company, and so is not the last any more. */
static void company_comes(bool (*what)(void), unsigned int left)
{
	struct other *other;

	ops->inc(&lc);
	ops->lock(&lc);
	other = start(what);
	require_waits(other);
	ops->inc(&lc);
	ops->unlock(&lc);
	require(!finish(other));
	require(ops->count(&lc) == left);
	require_free();
}

static void test_dec_and_lock_company(void)
{
	company_comes(try_dec_and_lock, 1);
}

static void test_dec_if_lock_company(void)
{
	company_comes(try_dec_if_lock, 2);
}

/* Whatever they wait for, and in whatever order they come: all get it. */
static void all_get_it(bool (*what)(void), bool (*another)(void))
{
	int i;

	ops->lock(&lc);
	for (i = 0; i < 8; i++)
		start(i & 1 ? what : another);
	usleep(A_WHILE_US);
	ops->unlock(&lc);
	finish_all();
	require(ops->count(&lc) == 0);
	require_free();
}

static void test_all_lockers_get_it(void)
{
	all_get_it(try_lock_and_unlock, try_lock_and_unlock);
}

static void test_all_visitors_get_it(void)
{
	all_get_it(try_inc_and_dec, try_inc_and_dec);
}

static void test_all_get_it(void)
{
	all_get_it(try_lock_and_unlock, try_inc_and_dec);
}

/* The next holder may free the memory; a mutex does not promise that. */
static struct shared {
	union lockcnt_any lc;
	int left;
} *shared;

static void lock_and_free(void *arg)
{
	struct shared *s = arg;
	bool last;

	ops->lock(&s->lc);
	last = --s->left == 0;
	ops->unlock(&s->lc);
	if (!last)
		return;
	ops->destroy(&s->lc);
	memset(s, 0xff, sizeof(*s));
	free(s);
}

static void test_unlock_then_free(void)
{
	pthread_t threads[3];
	int turn, i;

	for (turn = 0; turn < 100; turn++) {
		shared = malloc(sizeof(*shared));
		ops->init(&shared->lc);
		shared->left = 3;
		for (i = 0; i < 3; i++)
			threads[i] = shim_thread_start(lock_and_free, shared);
		for (i = 0; i < 3; i++)
			shim_thread_join(threads[i]);
	}
	require(shim_warnings == 0);
}

static const struct unit units[] = {
	{ "inc from zero waits for the lock (L2)", test_from_zero_waits },
	{ "inc and dec beside visits take no lock (L4)",
	  test_beside_does_not_wait },
	{ "the last dec does not wait", test_last_dec_does_not_wait },
	{ "dec_and_lock of the last visit waits", test_dec_and_lock_waits },
	{ "dec_if_lock of the last visit waits", test_dec_if_lock_waits },
	{ "dec_and_lock waits, and is not the last", test_dec_and_lock_company },
	{ "dec_if_lock waits, and is not the last", test_dec_if_lock_company },
	{ "all who wait to lock get it", test_all_lockers_get_it },
	{ "all who wait to visit get it", test_all_visitors_get_it },
	{ "all who wait for this or that get it", test_all_get_it },
};

/* A mutex does not promise it. */
static const struct unit word_units[] = {
	{ "unlock leaves the memory alone", test_unlock_then_free },
};

int main(void)
{
	test_plan(3 * ARRAY_SIZE(units) + 2 * ARRAY_SIZE(word_units) + 2);
	test_units(&lockcnt_form_word, units, ARRAY_SIZE(units));
	test_units(&lockcnt_form_word, word_units, ARRAY_SIZE(word_units));
	test_units(&lockcnt_form_mutex, units, ARRAY_SIZE(units));
	test_units(&lockcnt_form_percpu, units, ARRAY_SIZE(units));
	test_units(&lockcnt_form_percpu, word_units, ARRAY_SIZE(word_units));
	test_unit_control(&lockcnt_form_word, &lockcnt_form_word.busted[0],
			  test_from_zero_waits);
	test_unit_control(&lockcnt_form_mutex, &lockcnt_form_mutex.busted[0],
			  test_from_zero_waits);
	return test_status();
}
