// SPDX-License-Identifier: GPL-2.0
/*
 * The documents' examples of use, by threads that call them in any order.
 */
#include <linux/rcupdate.h>

#include <pthread.h>
#include <stdio.h>

#include "../../module/patterns/usage.h"
#include "test.h"

#define THREADS		4
#define TURNS		3000

void usage_failed(const char *what)
{
	check_failed(CHECK_USE_AFTER_FREE, "%s", what);
}

static const struct usage_example *example;

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
	const struct usage_example *e;
	struct test test = { .func = run_example };
	unsigned int n = 0;

	for (e = usage_examples; e->name; e++)
		n++;
	test_plan(n + 1);
	for (e = usage_examples; e->name; e++) {
		snprintf(test.name, sizeof(test.name), "%s", e->name);
		test.arg = e;
		test_run(&test);
	}
	snprintf(test.name, sizeof(test.name), "control: %s is caught",
		 usage_broken.name);
	test.arg = &usage_broken;
	test.caught_by = CHECK_BIT(USE_AFTER_FREE);
	test.sanitizer = true;
	test_run(&test);
	return test_status();
}
