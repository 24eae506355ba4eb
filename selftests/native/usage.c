// SPDX-License-Identifier: GPL-2.0
/*
 * The documents' examples of use, by threads that call them in any order.
 */
#include <linux/kernel.h>
#include <linux/rcupdate.h>

#include <pthread.h>
#include <stdio.h>

#include "../../module/patterns/usage.h"
#include "test.h"

#define THREADS		4
#define TURNS		3000

struct example {
	const char *name;
	int (*begin)(void);
	void (*turn)(unsigned int dice);
	void (*end)(void);
};

void usage_failed(const char *what)
{
	check_failed(CHECK_USE_AFTER_FREE, "%s", what);
}

static void turn_variable(unsigned int dice)
{
	static void (*const ways[])(void) = {
		usage_set, usage_set, usage_access, usage_free,
		usage_access_and_free
	};

	ways[dice % ARRAY_SIZE(ways)]();
}

static void turn_broken(unsigned int dice)
{
	static void (*const ways[])(void) = {
		usage_set, usage_access, usage_access, usage_free_visited
	};

	ways[dice % ARRAY_SIZE(ways)]();
}

static void turn_list(unsigned int dice)
{
	static void (*const ways[])(void) = {
		usage_add_handler, usage_walk, usage_walk_if
	};

	ways[dice % ARRAY_SIZE(ways)]();
}

static void turn_pid(unsigned int dice)
{
	static void (*const ways[])(unsigned int nr) = {
		usage_pid_fork, usage_pid_find, usage_pid_find, usage_pid_exit
	};

	ways[dice % ARRAY_SIZE(ways)]((dice >> 8) % 4);
}

static void turn_acl(unsigned int dice)
{
	if (dice % 4)
		usage_acl_get();
	else
		usage_acl_set();
}

static const struct example examples[] = {
	{ "LockCnt, a variable: set, access, free, access and free",
	  usage_lockcnt_begin, turn_variable, usage_lockcnt_end },
	{ "LockCnt, a list: walks that free at their end, or on their way",
	  usage_lockcnt_begin, turn_list, usage_lockcnt_end },
	{ "listing C as in struct pid", usage_pid_begin, turn_pid,
	  usage_pid_end },
	{ "listing B as in struct posix_acl", usage_acl_begin, turn_acl,
	  usage_acl_end },
};

static const struct example broken = {
	"control: a variable freed under visits is caught",
	usage_lockcnt_begin, turn_broken, usage_lockcnt_end
};

static const struct example *example;

static void thread(void *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < TURNS; i++)
		example->turn(shim_random());
}

static void run_example(const void *arg)
{
	pthread_t threads[THREADS];
	int i;

	example = arg;
	require(!example->begin());
	for (i = 0; i < THREADS; i++)
		threads[i] = shim_thread_start(thread, NULL);
	for (i = 0; i < THREADS; i++)
		shim_thread_join(threads[i]);
	example->end();
	check_ran(CHECK_USE_AFTER_FREE);
	require(!shim_warnings && !shim_slept_in_section);
}

int main(void)
{
	struct test test = { .func = run_example };
	unsigned int i;

	test_plan(ARRAY_SIZE(examples) + 1);
	for (i = 0; i < ARRAY_SIZE(examples); i++) {
		snprintf(test.name, sizeof(test.name), "%s", examples[i].name);
		test.arg = &examples[i];
		test_run(&test);
	}
	snprintf(test.name, sizeof(test.name), "%s", broken.name);
	test.arg = &broken;
	test.caught_by = CHECK_BIT(USE_AFTER_FREE);
	test.sanitizer = true;
	test_run(&test);
	return test_status();
}
