// SPDX-License-Identifier: GPL-2.0
/*
 * What a module takes apart with callbacks pending: a private cache, a workqueue.
 * A barrier comes after it, so nothing is pending in the end, and unloadcheck says
 * so all the same. The right order, in the same run, is clean.
 *
 * The kernel itself may warn of either, which is why this is a program of its own.
 */
#include <kselftest_harness.h>

#include "lastref_test.h"
#include "lastref_unload.h"

static void check(struct __test_metadata *_metadata, const char *exit,
		  const char *with, const char *verdict, const char *why)
{
	struct uf_case c = {};
	struct uf_cycle cycle;
	unsigned int i;

	snprintf(c.exit, sizeof(c.exit), "%s", exit);
	snprintf(c.with, sizeof(c.with), "%s", with);
	ASSERT_EQ(0, uf_load(""));
	for (i = 0; i < uf_count(3); i++) {
		uf_run(&c, &cycle);
		EXPECT_EQ(0, cycle.err);
		EXPECT_STREQ(verdict, cycle.verdict) {
			TH_LOG("%s", cycle.line);
		}
		EXPECT_STREQ(why, cycle.why);
		EXPECT_EQ(0, cycle.later);
	}
	EXPECT_EQ(0, uf_unload());
}

TEST(a_cache_destroyed_before_the_barrier)
{
	check(_metadata, "cache_first", "cache=1 count=100", "unbarriered",
	      "cache_destroyed");
}

TEST(a_cache_destroyed_after_the_barrier)
{
	check(_metadata, "barrier", "cache=1 count=100", "clean", "barrier");
}

/* As a module has it with a cache for each of several jobs. */
TEST(a_cache_destroyed_that_is_not_theirs)
{
	check(_metadata, "cache_renewed", "cache=1 count=100", "clean",
	      "barrier");
}

TEST(a_workqueue_destroyed_before_the_barrier)
{
	check(_metadata, "work_first", "work=1 count=10", "unbarriered",
	      "queue_destroyed");
}

TEST(a_workqueue_destroyed_after_the_barrier)
{
	check(_metadata, "barrier", "work=1 count=10", "clean", "barrier");
}

/* Callbacks that queue no work do not mind. */
TEST(a_workqueue_that_is_not_theirs)
{
	check(_metadata, "work_first", "work=0 count=10", "clean", "barrier");
}

int main(int argc, char **argv)
{
	const char *why = lr_missing();

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (why)
		ksft_exit_skip("%s\n", why);
	return test_harness_run(argc, argv);
}
