// SPDX-License-Identifier: GPL-2.0
/*
 * unloadcheck itself comes and goes under a flood of callbacks, in expedited mode,
 * with its trampolines queued: none is lost and none comes back to text that is
 * gone. Whether one is lost is for the torture that floods to say, which counts its
 * callbacks and its barriers.
 *
 * $LASTREF_CYCLES (20) says how often.
 */
#include "lastref_fixture.h"
#include "lastref_unload.h"

TEST_F_TIMEOUT(module, unloadcheck_comes_and_goes_under_a_flood, 3600)
{
	unsigned int i;

	uf_expedite(true);
	ASSERT_EQ(0, lr_do("start run=f pattern=listing_b flood=1 barriers=2 stutter=500"));
	ASSERT_EQ(0, lr_do("start run=s pattern=listing_c flavor=srcu barriers=2 stutter=500"));
	for (i = 0; i < uf_count(20); i++) {
		ASSERT_EQ(0, lr_insmod("unloadcheck"));
		usleep(20000 + 10000 * (i % 8));
		ASSERT_EQ(0, lr_rmmod("unloadcheck"));
	}
	ASSERT_EQ(0, lr_wait_stat("f", "drains", 1, 60));
	ASSERT_EQ(0, lr_do("stop run=f"));
	ASSERT_EQ(0, lr_do("stop run=s"));
	uf_expedite(false);
	EXPECT_TRUE(lr_shows("f/stats", "state: passed\n")) {
		lr_say_file("f/result");
	}
	EXPECT_TRUE(lr_shows("s/stats", "state: passed\n")) {
		lr_say_file("s/result");
	}
	EXPECT_EQ(lr_stat("f", "barriers_posted"), lr_stat("f", "barriers_invoked"));
	EXPECT_EQ(lr_stat("f", "added"), lr_stat("f", "freed"));
	EXPECT_EQ(lr_stat("s", "added"), lr_stat("s", "freed"));
}

/* The same flood, watched to its end: the torture's own way out is right. */
TEST_F_TIMEOUT(module, the_torture_is_clean, 600)
{
	char *verdicts;

	ASSERT_EQ(0, lr_unload());
	ASSERT_EQ(0, lr_insmod("unloadcheck"));
	ASSERT_EQ(0, lr_load());
	ASSERT_EQ(0, lr_do("start run=f pattern=listing_b flood=1"));
	ASSERT_EQ(0, lr_do("start run=s pattern=listing_c flavor=srcu"));
	ASSERT_EQ(0, lr_do("start run=c pattern=listing_c_sync"));
	sleep(2);
	ASSERT_EQ(0, lr_unload());
	verdicts = lr_read(UC "verdicts");
	ASSERT_NE(NULL, verdicts);
	EXPECT_NE(NULL, strstr(verdicts, "verdict=clean module=" LR_MODULE)) {
		lr_say(verdicts);
	}
	free(verdicts);
	EXPECT_EQ(0, lr_rmmod("unloadcheck"));
	ASSERT_EQ(0, lr_load());
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
