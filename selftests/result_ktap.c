// SPDX-License-Identifier: GPL-2.0
/*
 * result is KTAP that can be trusted: whole or failed, and never a pass for
 * what was not run.
 */
#include "lastref_fixture.h"

#define START	"start run=k pattern=listing_b "

struct ktap {
	int version, plan, ok, not_ok, skipped, out_of_order;
};

/* As strict as the format's document: header, plan, numbers from one up. */
static struct ktap parse(const char *path)
{
	char *text = lr_read(path), *line, *rest;
	struct ktap k = { 0 };
	int number;

	for (line = text ? strtok_r(text, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (!k.version) {
			if (sscanf(line, "KTAP version %d", &k.version) != 1)
				break;
		} else if (sscanf(line, "not ok %d", &number) == 1) {
			k.not_ok++;
			k.out_of_order |= number != k.ok + k.not_ok;
		} else if (sscanf(line, "ok %d", &number) == 1) {
			k.ok++;
			k.skipped += !!strstr(line, " # SKIP ");
			k.out_of_order |= number != k.ok + k.not_ok;
		} else if (*line != '#' &&
			   (k.plan || sscanf(line, "1..%d", &k.plan) != 1)) {
			k.out_of_order = 1;
		}
	}
	free(text);
	return k;
}

static void well_formed(struct __test_metadata *_metadata)
{
	struct ktap k = parse("k/result");

	EXPECT_EQ(1, k.version);
	EXPECT_LT(0, k.plan);
	EXPECT_EQ(k.plan, k.ok + k.not_ok);
	EXPECT_FALSE(k.out_of_order);
}

TEST_F(module, a_run_in_progress_is_no_pass)
{
	struct ktap k;

	ASSERT_EQ(0, lr_do(START));
	well_formed(_metadata);
	k = parse("k/result");
	EXPECT_EQ(0, k.ok);
	EXPECT_EQ(1, k.not_ok);
	ASSERT_EQ(0, lr_do("pause run=k"));
	k = parse("k/result");
	EXPECT_EQ(0, k.ok);
	EXPECT_EQ(1, k.not_ok);
}

TEST_F_TIMEOUT(module, a_run_that_passed_says_so_check_by_check, 60)
{
	struct ktap k;

	ASSERT_EQ(0, lr_do(START));
	ASSERT_EQ(0, lr_wait_stat("k", "ops", 1000, 30));
	ASSERT_EQ(0, lr_do("stop run=k"));
	well_formed(_metadata);
	k = parse("k/result");
	EXPECT_EQ(0, k.not_ok);
	EXPECT_LT(k.skipped, k.ok);
	EXPECT_TRUE(lr_shows("k/result", "\n# seed: "));
	EXPECT_TRUE(lr_shows("k/result", "\n# pattern: listing_b\n"));
	EXPECT_TRUE(lr_shows("k/result", "\n# flavor: rcu\n"));
	EXPECT_TRUE(lr_shows("k/result", "failure rate per operation: below "));
	EXPECT_TRUE(lr_shows("k/result", " use_after_free # ran "));
}

/* In a run without threads next to nothing is checked, and it says so. */
TEST_F(module, a_check_that_did_not_run_is_skipped_with_the_reason)
{
	static const char *const idle[] = {
		" barrier # SKIP not run: barriers=0\n",
		" forward_progress # SKIP not run: flood=0\n",
		" age # SKIP not run: ",
		" reader_slept # SKIP not run: ",
	};
	size_t i;

	ASSERT_EQ(0, lr_do(START LR_QUIET));
	ASSERT_EQ(0, lr_do("stop run=k"));
	well_formed(_metadata);
	for (i = 0; i < ARRAY_SIZE(idle); i++) {
		EXPECT_TRUE(lr_shows("k/result", idle[i])) {
			TH_LOG("lacks \"%s\":", idle[i]);
			lr_say_file("k/result");
		}
	}
}

/* Every line of a check agrees with the number that stats has for it. */
TEST_F_TIMEOUT(module, result_and_stats_agree, 60)
{
	char *text, *line, *rest, name[32], stat[64];
	int number;

	ASSERT_EQ(0, lr_do(START "barriers=0"));
	ASSERT_EQ(0, lr_wait_stat("k", "ops", 1000, 30));
	ASSERT_EQ(0, lr_do("stop run=k"));
	text = lr_read("k/result");
	ASSERT_NE(NULL, text);
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (sscanf(line, "ok %d %31s", &number, name) != 2)
			continue;
		snprintf(stat, sizeof(stat), "check.%s.ran", name);
		EXPECT_EQ(!lr_stat("k", stat), !!strstr(line, "# SKIP")) {
			TH_LOG("%s, but %s is %lld", line, stat,
			       lr_stat("k", stat));
		}
	}
	free(text);
}

/* A broken form that had no chance to show itself was missed. */
TEST_F(module, a_missed_form_is_a_failure)
{
	struct ktap k;

	ASSERT_EQ(0, lr_do(START "busted=listing_b:plain_inc " LR_QUIET));
	ASSERT_EQ(0, lr_do("stop run=k"));
	well_formed(_metadata);
	k = parse("k/result");
	EXPECT_EQ(1, k.not_ok);
	EXPECT_TRUE(lr_shows("k/result", "\nnot ok 1 caught by "));
	EXPECT_TRUE(lr_shows("k/stats", "state: missed\n"));
}

TEST_F_TIMEOUT(module, a_caught_form_is_a_pass_that_says_by_what, 60)
{
	struct ktap k;

	ASSERT_EQ(0, lr_do(START "busted=listing_b:no_gp time=30"));
	ASSERT_EQ(0, lr_wait_state("k", "ended", 50));
	well_formed(_metadata);
	k = parse("k/result");
	EXPECT_EQ(0, k.not_ok);
	EXPECT_TRUE(lr_shows("k/result", "\nok 1 caught by "));
	EXPECT_TRUE(lr_shows("k/result", "\n# verdict: caught\n"));
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
