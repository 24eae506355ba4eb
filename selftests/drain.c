// SPDX-License-Identifier: GPL-2.0
/*
 * Stutter: again and again a run is drained and counted, and goes on.
 */
#include "lastref_fixture.h"

#define START	"start run=d pattern=listing_b "

TEST_F_TIMEOUT(module, drains_come_again_and_each_counts, 120)
{
	ASSERT_EQ(0, lr_do(START "stutter=200"));
	ASSERT_EQ(0, lr_wait_stat("d", "drains", 5, 90));
	EXPECT_LE(5, lr_stat("d", "check.nothing_lost.ran"));
	EXPECT_EQ(0, lr_stat("d", "check.nothing_lost.failed"));
	EXPECT_EQ(0, lr_do("stop run=d"));
	EXPECT_TRUE(lr_shows("d/stats", "state: passed\n"));
}

TEST_F_TIMEOUT(module, the_run_goes_on_after_a_drain, 120)
{
	long long drains, ops;
	int i;

	ASSERT_EQ(0, lr_do(START "stutter=200"));
	for (i = 0; i < 3; i++) {
		drains = lr_stat("d", "drains");
		ASSERT_EQ(0, lr_wait_stat("d", "drains", drains + 1, 30));
		ops = lr_stat("d", "ops");
		EXPECT_EQ(0, lr_wait_stat("d", "ops", ops + 100, 30));
	}
}

TEST_F_TIMEOUT(module, without_stutter_only_the_end_is_counted, 60)
{
	long long drains;

	ASSERT_EQ(0, lr_do(START "stutter=0"));
	ASSERT_EQ(0, lr_wait_stat("d", "ops", 1000, 30));
	drains = lr_stat("d", "drains");
	EXPECT_EQ(0, drains);
	EXPECT_EQ(0, lr_do("stop run=d"));
	EXPECT_LE(1, lr_stat("d", "check.nothing_lost.ran"));
	EXPECT_EQ(lr_stat("d", "added"), lr_stat("d", "freed"));
	EXPECT_EQ(0, lr_stat("d", "live"));
	EXPECT_EQ(0, lr_stat("d", "backlog"));
}

TEST_F_TIMEOUT(module, a_pause_that_meets_a_drain_is_kept, 120)
{
	long long ops;
	int i;

	ASSERT_EQ(0, lr_do(START "stutter=100"));
	for (i = 0; i < 10; i++) {
		usleep(37000 * i);
		ASSERT_EQ(0, lr_do("pause run=d"));
		sleep(1);
		ops = lr_stat("d", "ops");
		usleep(500000);
		EXPECT_EQ(ops, lr_stat("d", "ops"));
		ASSERT_EQ(0, lr_do("resume run=d"));
		EXPECT_EQ(0, lr_wait_stat("d", "ops", ops + 10, 30));
	}
	EXPECT_EQ(0, lr_do("stop run=d"));
	EXPECT_TRUE(lr_shows("d/stats", "state: passed\n"));
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
