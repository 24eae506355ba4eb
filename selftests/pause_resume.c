// SPDX-License-Identifier: GPL-2.0
/*
 * pause holds a run where it holds nothing, resume lets it go on.
 */
#include "lastref_fixture.h"

#define START	"start run=p pattern=listing_b "

/*
 * Threads come to their gate one after another, and callbacks that were posted
 * before are still to come: wait until two looks see the same.
 */
static long long settled(const char *name)
{
	long long last = -1, now;
	int i;

	for (i = 0; i < 100; i++) {
		now = lr_stat("p", name);
		if (now == last)
			return now;
		last = now;
		usleep(300000);
	}
	return -1;
}

TEST_F_TIMEOUT(module, a_paused_run_does_nothing, 120)
{
	long long ops, freed;

	ASSERT_EQ(0, lr_do(START));
	ASSERT_EQ(0, lr_wait_stat("p", "ops", 1000, 30));
	ASSERT_EQ(0, lr_do("pause run=p"));
	ops = settled("ops");
	freed = settled("freed");
	EXPECT_LT(0, ops);
	sleep(2);
	EXPECT_EQ(ops, lr_stat("p", "ops"));
	EXPECT_EQ(freed, lr_stat("p", "freed"));
}

TEST_F_TIMEOUT(module, a_paused_run_has_lost_nothing, 120)
{
	ASSERT_EQ(0, lr_do(START "keys=64"));
	ASSERT_EQ(0, lr_wait_stat("p", "deleted", 100, 60));
	ASSERT_EQ(0, lr_do("pause run=p"));
	settled("freed");
	EXPECT_EQ(lr_stat("p", "added"),
		  lr_stat("p", "freed") + lr_stat("p", "live"));
	EXPECT_GE(64, lr_stat("p", "live"));
	EXPECT_EQ(0, lr_stat("p", "backlog"));
}

TEST_F_TIMEOUT(module, a_resumed_run_goes_on, 120)
{
	long long ops;
	int i;

	ASSERT_EQ(0, lr_do(START));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, lr_do("pause run=p"));
		ops = settled("ops");
		ASSERT_EQ(0, lr_do("resume run=p"));
		EXPECT_EQ(0, lr_wait_stat("p", "ops", ops + 100, 30));
	}
	EXPECT_EQ(0, lr_do("stop run=p"));
	EXPECT_TRUE(lr_shows("p/stats", "state: passed"));
	EXPECT_EQ(0, lr_stat("p", "errors"));
}

TEST_F_TIMEOUT(module, a_paused_run_can_be_stopped_and_removed, 60)
{
	char state[16];

	ASSERT_EQ(0, lr_do(START));
	ASSERT_EQ(0, lr_do("pause run=p"));
	EXPECT_EQ(0, lr_do("stop run=p"));
	EXPECT_EQ(0, lr_state("p", state));
	EXPECT_TRUE(lr_ended(state));
	EXPECT_EQ(0, lr_do("remove run=p"));
	ASSERT_EQ(0, lr_do(START));
	ASSERT_EQ(0, lr_do("pause run=p"));
	EXPECT_EQ(0, lr_do("remove run=p"));
}

TEST_F_TIMEOUT(module, time_goes_on_in_a_pause, 60)
{
	ASSERT_EQ(0, lr_do(START "time=2"));
	ASSERT_EQ(0, lr_do("pause run=p"));
	EXPECT_EQ(0, lr_wait_state("p", "ended", 30));
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
