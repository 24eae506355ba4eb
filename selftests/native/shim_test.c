// SPDX-License-Identifier: GPL-2.0
/*
 * The ground the other tests stand on: the shim, and the tests' own judgement.
 *
 *	shim_test		tests the shim
 *	shim_test --broken X	runs one test that is broken in the way X and must
 *				be called "not ok"; "run" sees to it
 */
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/limits.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>
#include <linux/wait_bit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define A_WHILE_US	20000

static int steps;		/* how far another thread is */
static int permit;

static void step_to(int step)
{
	__atomic_store_n(&steps, step, __ATOMIC_SEQ_CST);
}

static int step(void)
{
	return __atomic_load_n(&steps, __ATOMIC_SEQ_CST);
}

static void await_step(int n)
{
	while (step() < n)
		usleep(100);
}

static void allow(void)
{
	__atomic_store_n(&permit, 1, __ATOMIC_SEQ_CST);
}

static void await_permit(void)
{
	while (!__atomic_load_n(&permit, __ATOMIC_SEQ_CST))
		usleep(100);
}

static void test_atomics(const void *unused)
{
	atomic_t v;
	int old;

	(void)unused;
	atomic_set(&v, 2);
	require(atomic_fetch_inc(&v) == 2 && atomic_read(&v) == 3);
	require(atomic_fetch_dec(&v) == 3 && atomic_read(&v) == 2);
	require(atomic_fetch_dec_release(&v) == 2);
	require(atomic_dec_and_test(&v) && atomic_read(&v) == 0);
	require(atomic_fetch_add_unless(&v, 1, 0) == 0 && !atomic_read(&v));
	atomic_or(7, &v);
	require(atomic_fetch_andnot_release(3, &v) == 7);
	require(atomic_read_acquire(&v) == 4);
	require(atomic_fetch_add_unless(&v, 1, 0) == 4);
	require(atomic_fetch_sub_release(4, &v) == 5);
	old = 5;
	require(!atomic_try_cmpxchg(&v, &old, 9) && old == 1);
	require(atomic_try_cmpxchg(&v, &old, 9));
	require(atomic_cmpxchg(&v, 1, 0) == 9 && atomic_read(&v) == 9);
	require(atomic_cmpxchg(&v, 9, 0) == 9 && atomic_read(&v) == 0);
	atomic_set(&v, INT_MAX);
	require(atomic_fetch_inc(&v) == INT_MAX && atomic_read(&v) == INT_MIN);
}

struct item {
	struct hlist_node node;
	struct rcu_head head;
	int value;
};

static unsigned int sum_items(struct hlist_head *head)
{
	unsigned int sum = 0;
	struct item *item;

	hlist_for_each_entry_rcu(item, head, node, true)
		sum = 10 * sum + item->value;
	return sum;
}

static void test_rculist(const void *unused)
{
	struct item items[3] = {};
	struct hlist_head head = {};
	int i;

	(void)unused;
	require(sum_items(&head) == 0);
	for (i = 0; i < 3; i++) {
		items[i].value = i + 1;
		hlist_add_head_rcu(&items[i].node, &head);
	}
	require(sum_items(&head) == 321);
	hlist_del_rcu(&items[1].node);
	require(sum_items(&head) == 31);
	require(items[1].node.next == &items[0].node);
	hlist_del_rcu(&items[2].node);
	hlist_del_rcu(&items[0].node);
	require(sum_items(&head) == 0);
}

static void reader(void *unused)
{
	(void)unused;
	rcu_read_lock();
	rcu_read_lock();
	step_to(1);
	await_permit();
	rcu_read_unlock();
	usleep(1000);
	step_to(2);
	rcu_read_unlock();
}

static void waiter(void *unused)
{
	(void)unused;
	synchronize_rcu();
	require(step() >= 2);
	step_to(3);
}

static void test_grace_period(const void *unused)
{
	pthread_t threads[2];

	(void)unused;
	threads[0] = shim_thread_start(reader, NULL);
	await_step(1);
	threads[1] = shim_thread_start(waiter, NULL);
	usleep(A_WHILE_US);
	require(step() == 1);
	allow();
	shim_thread_join(threads[0]);
	shim_thread_join(threads[1]);
	require(step() == 3);
}

static unsigned long called;

static void callback(struct rcu_head *head)
{
	struct item *item = container_of(head, struct item, head);

	called += item->value;
}

static void test_callbacks(const void *unused)
{
	struct item items[100] = {};
	pthread_t thread;
	int i;

	(void)unused;
	thread = shim_thread_start(reader, NULL);
	await_step(1);
	for (i = 0; i < 100; i++) {
		items[i].value = i;
		call_rcu(&items[i].head, callback);
	}
	usleep(A_WHILE_US);
	require(step() == 1);
	allow();
	rcu_barrier();
	require(called == 99 * 100 / 2);
	shim_thread_join(thread);
}

static int condition, awake;

static void sleeper(void *exclusive)
{
	___wait_var_event(&condition,
			  __atomic_load_n(&condition, __ATOMIC_SEQ_CST),
			  TASK_UNINTERRUPTIBLE, !!exclusive, 0,
			  schedule());
	__atomic_fetch_add(&awake, 1, __ATOMIC_SEQ_CST);
}

static int now_awake(void)
{
	usleep(A_WHILE_US);
	return __atomic_load_n(&awake, __ATOMIC_SEQ_CST);
}

static void start_sleepers(pthread_t *threads, int n, void *exclusive)
{
	int asleep = shim_asleep() + n;

	while (n--)
		threads[n] = shim_thread_start(sleeper, exclusive);
	while (shim_asleep() != asleep)
		usleep(100);
}

static void test_wake_one(const void *unused)
{
	pthread_t threads[5];
	int i;

	(void)unused;
	start_sleepers(threads, 3, &condition);
	__atomic_store_n(&condition, 1, __ATOMIC_SEQ_CST);
	require(now_awake() == 0 && shim_asleep() == 3);
	wake_up_var(&awake);
	require(now_awake() == 0);
	wake_up_var(&condition);
	require(now_awake() == 1 && shim_asleep() == 2);
	__atomic_store_n(&condition, 0, __ATOMIC_SEQ_CST);
	start_sleepers(threads + 3, 2, NULL);
	__atomic_store_n(&condition, 1, __ATOMIC_SEQ_CST);
	wake_up_var(&condition);
	wake_up_var(&condition);
	for (i = 0; i < 5; i++)
		shim_thread_join(threads[i]);
	require(now_awake() == 5);
}

static void test_wake_early(const void *unused)
{
	struct shim_waiter w = { .var = &condition, .task = &shim_task };

	(void)unused;
	shim_prepare_to_wait(&w);
	wake_up_var(&condition);
	schedule();
	shim_finish_wait(&w);
	require(shim_asleep() == 0);
}

static void test_noticed(const void *unused)
{
	spinlock_t lock;

	(void)unused;
	usleep_range(1, 2);
	require(!shim_slept_in_section && !shim_slept_under_spinlock);
	rcu_read_lock();
	usleep_range(1, 2);
	rcu_read_unlock();
	require(shim_slept_in_section == 1);
	spin_lock_init(&lock);
	spin_lock(&lock);
	might_sleep();
	spin_unlock(&lock);
	require(shim_slept_under_spinlock == 1);
	require(WARN_ONCE(1, "number %d\n", 7) && shim_warnings == 1);
	require(!strcmp(shim_last_warning, "number 7"));
	require(!WARN_ON_ONCE(0) && shim_warnings == 1);
}

static const struct test tests[] = {
	{ .name = "atomics", .func = test_atomics },
	{ .name = "rculist", .func = test_rculist },
	{ .name = "a grace period waits for readers",
	  .func = test_grace_period },
	{ .name = "callbacks wait for readers, the barrier for them",
	  .func = test_callbacks },
	{ .name = "a wake-up wakes one who is exclusive", .func = test_wake_one },
	{ .name = "a wake-up before the sleep is not lost",
	  .func = test_wake_early },
	{ .name = "sleeping in the wrong place, and warnings",
	  .func = test_noticed },
};

static void break_requirement(const void *unused)
{
	(void)unused;
	require(NR_CHECKS == 0);
}

static void break_check(const void *unused)
{
	(void)unused;
	check_failed(CHECK_AGE, "on purpose");
}

static void break_crash(const void *unused)
{
	(void)unused;
	abort();
}

static void break_hang(const void *unused)
{
	(void)unused;
	for (;;)
		usleep(1000);
}

static void break_nothing(const void *unused)
{
	(void)unused;
}

/* What is wrong with the last two: an unpredicted check, and none at all. */
static const struct test broken[] = {
	{ .name = "requirement", .func = break_requirement },
	{ .name = "check", .func = break_check },
	{ .name = "crash", .func = break_crash },
	{ .name = "hang", .func = break_hang },
	{ .name = "unpredicted", .func = break_check,
	  .caught_by = CHECK_BIT(CANARY) },
	{ .name = "missed", .func = break_nothing,
	  .caught_by = CHECK_BIT(CANARY), .sanitizer = true },
};

static int run_broken(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(broken); i++) {
		if (strcmp(broken[i].name, name))
			continue;
		test_limit = 1;
		test_plan(1);
		test_run(&broken[i]);
		return test_status();
	}
	fprintf(stderr, "nothing is broken in the way %s\n", name);
	return 2;
}

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc == 3 && !strcmp(argv[1], "--broken"))
		return run_broken(argv[2]);
	test_plan(ARRAY_SIZE(tests));
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		test_run(&tests[i]);
	return test_status();
}
