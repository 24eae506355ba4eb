// SPDX-License-Identifier: GPL-2.0
/*
 * The right form of each pattern holds, the listings over two flavors, and every
 * check that can be made was made: a pass in which a check never ran is none.
 *
 * A run lasts until each check has run, LEAST seconds at least and $LASTREF_TIME
 * (a minute if that is not set) at most.
 */
#include "lastref_fixture.h"

#define LEAST	3

/* Checks that cannot be made of a pattern or flavor, for the reason given. */
static const struct {
	const char *pattern, *flavor, *check;
	bool perhaps;		/* it may come up, and may not */
	const char *why;
} never[] = {
	{ "listing_a", NULL, "age", false, "readers exclude delete" },
	{ "listing_a", NULL, "double_post", false, "posts no callback" },
	{ "listing_c_sync", NULL, "double_post", false, "posts no callback" },
	{ "listing_b", "srcu", "reader_slept", false, "may sleep" },
	{ "listing_c", "srcu", "reader_slept", false, "may sleep" },
	{ "listing_c_sync", "srcu", "reader_slept", false, "may sleep" },
	{ "listing_b", NULL, "promise", true, "no lookup failed" },
	{ "percpu_ref", NULL, "promise", true, "no lookup failed" },
	{ "rcuref", NULL, "promise", true, "no lookup failed" },
	{ "rcu_ref", NULL, "double_post", false, "posts no callback" },
	{ "rcu_ref_defers", NULL, "promise", true, "no lookup failed" },
	{ "rwlock_inside", NULL, "age", false, "readers exclude delete" },
	{ "rwlock_inside", NULL, "double_post", false, "posts no callback" },
	{ "rwlock_inside", NULL, "from_zero", false, "has no references" },
	{ "rwlock_ref", NULL, "age", false, "readers exclude delete" },
	{ "rwlock_ref", NULL, "double_post", false, "posts no callback" },
	{ "rwlock_ref_bh", NULL, "age", false, "readers exclude delete" },
	{ "rwlock_ref_bh", NULL, "double_post", false, "posts no callback" },
	{ "rcu_array", NULL, "from_zero", false, "has no references" },
	{ "rcu_array", NULL, "promise", false, "has no references" },
	{ "lockcnt", NULL, "age", false, "waits for no grace period" },
	{ "lockcnt", NULL, "double_post", false, "posts no callback" },
	{ "lockcnt", NULL, "reader_slept", false, "may sleep" },
	{ "lockcnt_mutex", NULL, "age", false, "waits for no grace period" },
	{ "lockcnt_mutex", NULL, "double_post", false, "posts no callback" },
	{ "lockcnt_mutex", NULL, "reader_slept", false, "may sleep" },
	{ "lockcnt_percpu", NULL, "age", false, "waits for no grace period" },
	{ "lockcnt_percpu", NULL, "double_post", false, "posts no callback" },
	{ "lockcnt_percpu", NULL, "reader_slept", false, "may sleep" },
	{ "lockcnt_list", NULL, "age", false, "waits for no grace period" },
	{ "lockcnt_list", NULL, "double_post", false, "posts no callback" },
	{ "lockcnt_list", NULL, "reader_slept", false, "may sleep" },
	{ "lockcnt_list_if", NULL, "age", false, "waits for no grace period" },
	{ "lockcnt_list_if", NULL, "double_post", false, "posts no callback" },
	{ "lockcnt_list_if", NULL, "reader_slept", false, "may sleep" },
};

static const char *const checks[] = {
	"use_after_free", "freed_once", "from_zero", "double_post",
	"nothing_lost", "promise", "canary", "age", "reader_slept", "barrier",
	"forward_progress", "writer_stall",
};

FIXTURE(listing) {
	int log;
};

struct over {
	const char *pattern, *flavor;
};

FIXTURE_VARIANT(listing) {
	struct over over;
};

FIXTURE_VARIANT_ADD(listing, listing_a_over_rcu) {
	.over = { "listing_a", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, listing_b_over_rcu) {
	.over = { "listing_b", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, listing_c_over_rcu) {
	.over = { "listing_c", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, listing_c_sync_over_rcu) {
	.over = { "listing_c_sync", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, percpu_ref_over_rcu) {
	.over = { "percpu_ref", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, rcuref_over_rcu) {
	.over = { "rcuref", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, rcu_ref_over_rcu) {
	.over = { "rcu_ref", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, rcu_ref_call_over_rcu) {
	.over = { "rcu_ref_call", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, rcu_ref_defers_over_rcu) {
	.over = { "rcu_ref_defers", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, rwlock_inside_over_rcu) {
	.over = { "rwlock_inside", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, rwlock_ref_over_rcu) {
	.over = { "rwlock_ref", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, rwlock_ref_bh_over_rcu) {
	.over = { "rwlock_ref_bh", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, rcu_array_over_rcu) {
	.over = { "rcu_array", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, lockcnt_over_rcu) {
	.over = { "lockcnt", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, lockcnt_mutex_over_rcu) {
	.over = { "lockcnt_mutex", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, lockcnt_percpu_over_rcu) {
	.over = { "lockcnt_percpu", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, lockcnt_list_over_rcu) {
	.over = { "lockcnt_list", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, lockcnt_list_if_over_rcu) {
	.over = { "lockcnt_list_if", "rcu" },
};

FIXTURE_VARIANT_ADD(listing, listing_a_over_srcu) {
	.over = { "listing_a", "srcu" },
};

FIXTURE_VARIANT_ADD(listing, listing_b_over_srcu) {
	.over = { "listing_b", "srcu" },
};

FIXTURE_VARIANT_ADD(listing, listing_c_over_srcu) {
	.over = { "listing_c", "srcu" },
};

FIXTURE_VARIANT_ADD(listing, listing_c_sync_over_srcu) {
	.over = { "listing_c_sync", "srcu" },
};

FIXTURE_SETUP(listing)
{
	self->log = lr_log_open();
	ASSERT_LE(0, self->log);
	ASSERT_EQ(0, lr_load());
	ASSERT_EQ(0, lr_control("start run=l pattern=%s flavor=%s flood=1",
				variant->over.pattern, variant->over.flavor));
}

FIXTURE_TEARDOWN(listing)
{
	const char *complaint;

	EXPECT_EQ(0, lr_unload());
	complaint = lr_log_complaint(self->log);
	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
	close(self->log);
}

/* The row of never[] that is about this, or -1. */
static int excused(const struct over *over, const char *check)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(never); i++)
		if (!strcmp(never[i].pattern, over->pattern) &&
		    !strcmp(never[i].check, check) &&
		    (!never[i].flavor || !strcmp(never[i].flavor, over->flavor)))
			return i;
	return -1;
}

static long long times_run(const char *check)
{
	char name[64];

	snprintf(name, sizeof(name), "check.%s.ran", check);
	return lr_stat("l", name);
}

static void wait_for_checks(const struct over *over)
{
	const char *time = getenv("LASTREF_TIME");
	double begin = lr_now(), most = time ? atof(time) : 60;
	size_t i = 0;

	while (lr_now() < begin + most) {
		while (i < ARRAY_SIZE(checks) &&
		       (excused(over, checks[i]) >= 0 ||
			times_run(checks[i]) > 0))
			i++;
		if (i == ARRAY_SIZE(checks) && lr_now() >= begin + LEAST)
			break;
		usleep(100000);
	}
}

/* What result says of a check that did not run. */
static bool said_why(const char *check, const char *why)
{
	char *text = lr_read("l/result"), *line;
	char words[96];
	bool said;

	snprintf(words, sizeof(words), " %s # SKIP not run: ", check);
	line = text ? strstr(text, words) : NULL;
	if (line)
		line[strcspn(line, "\n")] = '\0';
	said = line && strstr(line, why);
	free(text);
	return said;
}

TEST_F_TIMEOUT(listing, holds, 120)
{
	size_t i;
	int row;

	wait_for_checks(&variant->over);
	ASSERT_EQ(0, lr_do("stop run=l"));
	EXPECT_TRUE(lr_shows("l/stats", "state: passed\n"));
	EXPECT_EQ(0, lr_stat("l", "errors"));
	EXPECT_FALSE(lr_shows("l/result", "not ok")) {
		lr_say_file("l/result");
	}
	EXPECT_EQ(lr_stat("l", "added"), lr_stat("l", "freed"));
	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		row = excused(&variant->over, checks[i]);
		if (row >= 0 && !times_run(checks[i])) {
			EXPECT_TRUE(said_why(checks[i], never[row].why)) {
				TH_LOG("%s did not run, and result lacks \"%s\"",
				       checks[i], never[row].why);
			}
		} else if (row < 0 || !never[row].perhaps) {
			EXPECT_EQ(row < 0, times_run(checks[i]) > 0) {
				TH_LOG("%s ran %lld times", checks[i],
				       times_run(checks[i]));
			}
		}
	}
	TH_LOG("%lld operations in %lld ms", lr_stat("l", "ops"),
	       lr_stat("l", "elapsed_ms"));
}

/* Each has a variant above. */
static const char *const known[] = {
	"listing_a", "listing_b", "listing_c", "listing_c_sync",
	"percpu_ref", "rcuref", "rcu_ref", "rcu_ref_call", "rcu_ref_defers",
	"rwlock_inside", "rwlock_ref", "rwlock_ref_bh", "rcu_array",
	"lockcnt", "lockcnt_mutex", "lockcnt_percpu", "lockcnt_list",
	"lockcnt_list_if",
};

static bool is_known(const char *pattern)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(known[i], pattern))
			return true;
	return false;
}

/* A new pattern or check must be looked at here. */
TEST_F(module, all_patterns_and_checks_are_known)
{
	struct lr_name patterns[32];
	size_t n = lr_names("patterns", patterns, 32), i;
	char *text, *ran;

	EXPECT_EQ(ARRAY_SIZE(known), n);
	for (i = 0; i < n; i++) {
		EXPECT_TRUE(is_known(patterns[i].text)) {
			TH_LOG("nobody tests the pattern %s", patterns[i].text);
		}
	}
	ASSERT_EQ(0, lr_do("start run=l pattern=listing_a " LR_QUIET));
	text = lr_read("l/stats");
	ASSERT_NE(NULL, text);
	for (n = 0, ran = text; (ran = strstr(ran, ".ran: ")); ran++)
		n++;
	EXPECT_EQ(ARRAY_SIZE(checks), n);
	free(text);
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
