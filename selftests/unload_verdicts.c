// SPDX-License-Identifier: GPL-2.0
/*
 * unloadcheck says of each way out of unload_demo what it is, and the machine
 * lives through all of them. unload_demo tells itself which cases there are and
 * what is to come of each: the right ones are the control of the wrong ones.
 *
 * $LASTREF_CYCLES says how often each.
 */
#include <kselftest_harness.h>

#include "lastref_test.h"
#include "lastref_unload.h"

#define EXACT								\
	"module=unload_demo state=live known=all posted=1234 pending=0 "	\
	"running=0 uncovered=1234 missed=0\n"

FIXTURE(watched) {
	struct uf_case cases[UF_MAX];
	size_t nr;
	int log;
};

FIXTURE_SETUP(watched)
{
	self->log = lr_log_open();
	self->nr = uf_cases(self->cases);
	ASSERT_LT(20, self->nr);
	ASSERT_EQ(0, uf_load(""));
}

/* Often: the log holds no more than some hundred cycles. */
static void check_log(struct __test_metadata *_metadata, int log)
{
	const char *complaint = lr_log_complaint(log);

	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
}

FIXTURE_TEARDOWN(watched)
{
	uf_expedite(false);
	EXPECT_EQ(0, uf_unload());
	check_log(_metadata, self->log);
	close(self->log);
}

static bool is_right(const struct uf_case *c)
{
	return !strcmp(c->right, "yes");
}

static void check_right(struct __test_metadata *_metadata,
			const struct uf_case *c)
{
	struct uf_cycle cycle;

	uf_run(c, &cycle);
	ASSERT_EQ(0, cycle.err);
	ASSERT_STREQ("clean", cycle.verdict) {
		TH_LOG("exit=%s %s: %s", c->exit, c->with, cycle.line);
	}
	EXPECT_STREQ("yes", cycle.sure);
	EXPECT_STREQ("-", cycle.rescued);
	EXPECT_EQ(0, cycle.pending);
	EXPECT_EQ(0, cycle.later);
	EXPECT_EQ(0, cycle.lost);
}

static void right_ones(struct __test_metadata *_metadata,
		       FIXTURE_DATA(watched) * self, unsigned int times)
{
	unsigned int i;
	size_t n;

	for (i = 0; i < times; i++) {
		for (n = 0; n < self->nr; n++)
			if (is_right(&self->cases[n]))
				check_right(_metadata, &self->cases[n]);
		check_log(_metadata, self->log);
	}
}

/*
 * Of a rescued module nothing is lost but what it would have reposted, perhaps for
 * ever, and work that nobody would have waited for.
 */
static void check_wrong(struct __test_metadata *_metadata,
			const struct uf_case *c)
{
	struct uf_cycle cycle;

	uf_run(c, &cycle);
	ASSERT_EQ(0, cycle.err);
	ASSERT_TRUE(uf_foretold(c, &cycle)) {
		TH_LOG("exit=%s %s: foretold %s: %s", c->exit, c->with,
		       c->verdicts, cycle.line);
	}
	EXPECT_STREQ("yes", cycle.sure);
	EXPECT_STRNE("no", cycle.rescued);
	EXPECT_STRNE("timeout", cycle.rescued);
	if (cycle.pending > 0)
		EXPECT_STREQ("yes", cycle.rescued);
	if (!strstr(c->with, "repost=") && !strstr(c->with, "rcu_work"))
		EXPECT_EQ(0, cycle.lost);
}

static void wrong_ones(struct __test_metadata *_metadata,
		       FIXTURE_DATA(watched) * self, unsigned int times)
{
	unsigned int i;
	size_t n;

	for (i = 0; i < times; i++) {
		for (n = 0; n < self->nr; n++)
			if (!is_right(&self->cases[n]) &&
			    !uf_splats(&self->cases[n]))
				check_wrong(_metadata, &self->cases[n]);
		check_log(_metadata, self->log);
	}
}

TEST_F_TIMEOUT(watched, right_ways_out_are_clean, 3600)
{
	right_ones(_metadata, self, uf_count(1));
}

TEST_F_TIMEOUT(watched, right_ways_out_are_clean_expedited, 3600)
{
	uf_expedite(true);
	right_ones(_metadata, self, uf_count(1));
}

TEST_F_TIMEOUT(watched, wrong_ways_out_are_caught, 3600)
{
	wrong_ones(_metadata, self, uf_count(2));
}

/* Here each of them would be the end of the machine, sooner or later. */
TEST_F_TIMEOUT(watched, wrong_ways_out_are_caught_and_rescued_expedited, 3600)
{
	uf_expedite(true);
	wrong_ones(_metadata, self, uf_count(2));
}

/* Sites are given back: more modules come and go than there are sites. */
TEST_F_TIMEOUT(watched, nothing_was_missed, 60)
{
	char *stats = lr_read(UC "stats");

	ASSERT_NE(NULL, stats);
	EXPECT_EQ(0, strtol(lr_field(stats, "missed") ?: "-1", NULL, 10));
	EXPECT_EQ(0, strtol(lr_field(stats, "nmissed") ?: "-1", NULL, 10));
	EXPECT_EQ(0, strtol(lr_field(stats, "sites") ?: "-1", NULL, 10));
	free(stats);
}

TEST_F_TIMEOUT(watched, a_count_is_exact_while_the_module_lives, 60)
{
	char *modules;

	ASSERT_EQ(0, lr_insmod_with("unload_demo", "when=init count=1234"));
	usleep(500000);
	modules = lr_read(UC "modules");
	ASSERT_NE(NULL, modules);
	EXPECT_NE(NULL, strstr(modules, EXACT));
	free(modules);
	EXPECT_EQ(0, lr_rmmod("unload_demo"));
}

/* What was posted before we came may be anything, and is said to be. */
TEST_F_TIMEOUT(watched, a_module_that_was_there_is_not_vouched_for, 60)
{
	char *verdicts;

	ASSERT_EQ(0, lr_rmmod("unloadcheck"));
	ASSERT_EQ(0, lr_insmod("unload_demo"));
	ASSERT_EQ(0, lr_insmod("unloadcheck"));
	ASSERT_EQ(0, lr_rmmod("unload_demo"));
	verdicts = lr_read(UC "verdicts");
	ASSERT_NE(NULL, verdicts);
	EXPECT_NE(NULL, strstr(verdicts, "verdict=clean module=unload_demo"));
	EXPECT_NE(NULL, strstr(verdicts, "known=since_watch missed=0 sure=no"));
	free(verdicts);
	verdicts = lr_read(UC "result");
	ASSERT_NE(NULL, verdicts);
	EXPECT_NE(NULL, strstr(verdicts, "# SKIP clean as far as could be seen"));
	free(verdicts);
}

TEST_F_TIMEOUT(watched, the_stack_and_the_barrier_are_named, 60)
{
	struct uf_case c = { .exit = "sync", .with = "count=3" };
	struct uf_cycle cycle;
	char *verdicts;

	uf_run(&c, &cycle);
	ASSERT_EQ(0, cycle.err);
	EXPECT_STREQ("not_a_barrier", cycle.why);
	verdicts = lr_read(UC "verdicts");
	ASSERT_NE(NULL, verdicts);
	EXPECT_NE(NULL, strstr(verdicts, "\tsite func=invoked+0x0/"));
	EXPECT_NE(NULL, strstr(verdicts, "\tstack post_rcu+"));
	EXPECT_NE(NULL, strstr(verdicts, "\tstack demo_post+"));
	EXPECT_NE(NULL, strstr(verdicts, "\tbarrier name=synchronize_rcu covers=none"));
	free(verdicts);
}

static int config(const char *words)
{
	return lr_write(UC "config", words, strlen(words));
}

TEST_F(watched, a_bad_write_changes_nothing_and_is_explained)
{
	static const char *const bad[] = {
		"", "\n", "rescue", "rescue=", "rescue=2", "rescue=x", "rescue=-1",
		"rescue_ms=600001", "rescue_ms=1 rescue=x", "watch=", "unknown=1",
		"clear=all", "rescue=1\nrescue=0", "rescue=\x01", "=", "= = =",
	};
	char *before = lr_read(UC "config"), *after, *log;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_GT(0, config(bad[i])) {
			TH_LOG("taken: %s", bad[i]);
		}
	}
	after = lr_read(UC "config");
	log = lr_read(UC "error_log");
	ASSERT_TRUE(before && after && log);
	EXPECT_STREQ(before, after);
	EXPECT_NE(NULL, strstr(log, "unloadcheck: error: unknown name"));
	free(before);
	free(after);
	free(log);
}

TEST_F(watched, only_what_is_named_is_watched)
{
	struct uf_case c = { .exit = "barrier" };
	struct uf_cycle cycle;

	ASSERT_EQ(0, config("watch=unload,demo,other_unload_demo"));
	uf_run(&c, &cycle);
	EXPECT_EQ(0, cycle.err);
	EXPECT_STREQ("", cycle.line);
	ASSERT_EQ(0, config("watch=other,unload_demo"));
	uf_run(&c, &cycle);
	EXPECT_STREQ("clean", cycle.verdict);
}

TEST_F(watched, unload_demo_refuses_what_it_cannot_do)
{
	static const char *const bad[] = {
		"exit=", "exit=x", "flavor=x", "flavor=defer", "exit=close flavor=rcu",
		"context=x", "when=later", "count=-1", "count=1000001", "cpu=-2",
		"cpu=1000000", "repost=-2", "barriers=0", "length_us=-1",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_EQ(-EINVAL, lr_insmod_with("unload_demo", bad[i])) {
			TH_LOG("taken: %s", bad[i]);
		}
	}
}

int main(int argc, char **argv)
{
	const char *why = lr_missing();

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (why)
		ksft_exit_skip("%s\n", why);
	return test_harness_run(argc, argv);
}
