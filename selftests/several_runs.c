// SPDX-License-Identifier: GPL-2.0
/*
 * Several runs live in one kernel and share nothing but its CPUs.
 */
#include "lastref_fixture.h"

#define MAX_RUNS	8

static const char *const patterns[] = {
	"listing_a", "listing_b", "listing_c", "listing_c_sync",
};

static void start_all(struct __test_metadata *_metadata)
{
	int i;

	for (i = 0; i < MAX_RUNS; i++)
		ASSERT_EQ(0, lr_control("start run=r%d pattern=%s flavor=%s %s keys=%d seed=%d",
					i, patterns[i % 4],
					i < 4 ? "rcu" : "srcu",
					"readers=1 updaters=1", 4 + i, 100 + i));
}

TEST_F_TIMEOUT(module, eight_at_once_and_each_its_own, 180)
{
	char name[8], word[16];
	int i;

	start_all(_metadata);
	for (i = 0; i < MAX_RUNS; i++) {
		snprintf(name, sizeof(name), "r%d", i);
		EXPECT_EQ(0, lr_wait_stat(name, "ops", 100, 60));
		EXPECT_EQ(100 + i, lr_stat(name, "seed"));
		snprintf(word, sizeof(word), "keys=%d", 4 + i);
		EXPECT_TRUE(lr_config_has(name, word));
	}
	for (i = 0; i < MAX_RUNS; i++) {
		snprintf(name, sizeof(name), "r%d", i);
		EXPECT_EQ(0, lr_control("stop run=%s", name));
		snprintf(word, sizeof(word), "%s/stats", name);
		EXPECT_TRUE(lr_shows(word, "state: passed\n")) {
			lr_say_file(word);
		}
	}
}

TEST_F_TIMEOUT(module, the_others_go_on_when_one_is_stopped_or_paused, 180)
{
	long long ops[MAX_RUNS];
	char name[8];
	int i;

	start_all(_metadata);
	EXPECT_EQ(0, lr_do("stop run=r2"));
	EXPECT_EQ(0, lr_do("pause run=r5"));
	EXPECT_EQ(0, lr_do("remove run=r7"));
	ops[2] = lr_stat("r2", "ops");
	for (i = 0; i < MAX_RUNS; i++) {
		snprintf(name, sizeof(name), "r%d", i);
		if (i != 2 && i != 5 && i != 7) {
			ops[i] = lr_stat(name, "ops");
			EXPECT_EQ(0, lr_wait_stat(name, "ops", ops[i] + 100, 60));
		}
	}
	EXPECT_EQ(ops[2], lr_stat("r2", "ops"));
	EXPECT_EQ(0, lr_do("start run=r7 pattern=listing_b"));
	EXPECT_EQ(0, lr_wait_stat("r7", "ops", 100, 60));
}

/* What a broken one does to its own elements the others do not notice. */
TEST_F_TIMEOUT(module, a_broken_one_harms_no_other, 180)
{
	ASSERT_EQ(0, lr_do("start run=a pattern=listing_b memory=quarantine"));
	ASSERT_EQ(0, lr_control("start run=x pattern=listing_b busted=%s %s",
				"listing_b:no_gp", "time=30 on_failure=continue"));
	ASSERT_EQ(0, lr_do("start run=b pattern=listing_c"));
	EXPECT_EQ(0, lr_wait_stat("x", "errors", 1, 60));
	EXPECT_EQ(0, lr_do("stop run=x"));
	EXPECT_TRUE(lr_shows("x/stats", "state: caught\n"));
	EXPECT_EQ(0, lr_do("stop run=a"));
	EXPECT_EQ(0, lr_do("stop run=b"));
	EXPECT_TRUE(lr_shows("a/stats", "state: passed\n"));
	EXPECT_TRUE(lr_shows("b/stats", "state: passed\n"));
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
