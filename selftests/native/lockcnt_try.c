// SPDX-License-Identifier: GPL-2.0
/* Others who try an operation: see lockcnt_try.h. */
#include <linux/kernel.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lockcnt_try.h"

union lockcnt_any lc;
const struct lockcnt_ops *ops;

static struct other others[16];
static unsigned int nr_others;

bool try_inc(void)
{
	ops->inc(&lc);
	return true;
}

bool try_dec(void)
{
	ops->dec(&lc);
	return true;
}

bool try_lock(void)
{
	ops->lock(&lc);
	return true;
}

bool try_unlock(void)
{
	ops->unlock(&lc);
	return true;
}

bool try_dec_and_lock(void)
{
	return ops->dec_and_lock(&lc);
}

bool try_dec_if_lock(void)
{
	return ops->dec_if_lock(&lc);
}

bool try_inc_and_unlock(void)
{
	ops->inc_and_unlock(&lc);
	return true;
}

bool try_count(void)
{
	return ops->count(&lc);
}

bool try_lock_and_unlock(void)
{
	ops->lock(&lc);
	shim_window();
	ops->unlock(&lc);
	return true;
}

bool try_inc_and_dec(void)
{
	ops->inc(&lc);
	shim_window();
	ops->dec(&lc);
	return true;
}

bool wait_for(bool *what, unsigned int us)
{
	uint64_t end = test_us() + us;

	while (!__atomic_load_n(what, __ATOMIC_ACQUIRE)) {
		if (test_us() > end)
			return false;
		usleep(100);
	}
	return true;
}

static void other_thread(void *arg)
{
	struct other *other = arg;
	bool holds;

	__atomic_store_n(&other->begun, true, __ATOMIC_RELEASE);
	other->result = other->what();
	other->mutexes = shim_task.mutexes_taken;
	holds = other->result && (other->what == try_dec_and_lock ||
				  other->what == try_dec_if_lock);
	__atomic_store_n(&other->done, true, __ATOMIC_RELEASE);
	if (!holds)
		return;
	wait_for(&other->let_go, SOON_US);
	ops->unlock(&lc);
}

struct other *start(bool (*what)(void))
{
	struct other *other = &others[nr_others++];

	require(nr_others <= ARRAY_SIZE(others));
	other->what = what;
	other->thread = shim_thread_start(other_thread, other);
	require(wait_for(&other->begun, SOON_US));
	return other;
}

void require_waits(struct other *other)
{
	require(!wait_for(&other->done, A_WHILE_US));
}

bool finish(struct other *other)
{
	require(wait_for(&other->done, SOON_US));
	return other->result;
}

void require_free(void)
{
	finish(start(try_lock_and_unlock));
}

void require_locked(void)
{
	require_waits(start(try_lock_and_unlock));
}

void finish_all(void)
{
	unsigned int i;

	for (i = 0; i < nr_others; i++)
		__atomic_store_n(&others[i].let_go, true, __ATOMIC_RELEASE);
	for (i = 0; i < nr_others; i++) {
		finish(&others[i]);
		shim_thread_join(others[i].thread);
	}
	memset(others, 0, sizeof(others));
	nr_others = 0;
}

static void run_unit(const void *arg)
{
	const struct unit *unit = arg;

	require(ops->init(&lc) == 0);
	unit->func();
	finish_all();
}

void test_units(const struct lockcnt_form *form, const struct unit *units,
		unsigned int n)
{
	struct test test = { .func = run_unit };

	ops = &form->ops;
	for (; n--; units++) {
		snprintf(test.name, sizeof(test.name), "%s: %s", form->name,
			 units->name);
		test.arg = units;
		test_run(&test);
	}
}

void test_unit_control(const struct lockcnt_form *form,
		       const struct lockcnt_busted *busted,
		       void (*func)(void))
{
	struct unit unit = { .func = func };
	struct test test = {
		.func = run_unit, .arg = &unit,
		.caught_by = busted->caught_by,
	};

	snprintf(test.name, sizeof(test.name), "control: %s:%s is caught",
		 form->name, busted->name);
	ops = &busted->ops;
	test_run(&test);
}
