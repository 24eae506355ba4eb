// SPDX-License-Identifier: GPL-2.0
/*
 * The engine under torture, over each back end, also while a CPU comes and goes
 * and with the barrier of 2005; and each broken piece is caught.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lastref_test.h"

#define DIR		"/sys/kernel/debug/defertorture/"
#define CPU1		"/sys/devices/system/cpu/cpu1/online"
#define RIGHT_S		2
#define CAUGHT_S	30	/* at most: it ends when it is caught */
#define AT_END_S	2	/* but for what only the end shows */
#define GRACE_S		60	/* for the end: a flush, closing, all joined */
#define CPU_US		300000

FIXTURE(torture) {
	int log;
};

FIXTURE_SETUP(torture)
{
	self->log = lr_log_open();
	ASSERT_LE(0, self->log);
	ASSERT_EQ(0, lr_load_needed());
}

FIXTURE_TEARDOWN(torture)
{
	const char *complaint;

	EXPECT_EQ(0, lr_unload_needed());
	complaint = lr_log_complaint(self->log);
	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
	close(self->log);
}

static bool ends_as(const char *state, unsigned int seconds)
{
	double end = lr_now() + seconds + GRACE_S;
	char *text = NULL;
	bool as = false;

	do {
		free(text);
		usleep(100000);
		text = lr_read(DIR "state");
	} while (text && !strncmp(text, "running", 7) && lr_now() < end);
	as = text && !strncmp(text, state, strlen(state));
	free(text);
	return as;
}

static void torture(struct __test_metadata *_metadata, const char *params,
		    unsigned int seconds, const char *state)
{
	char all[160];

	snprintf(all, sizeof(all), "%s seconds=%u seed=%llu", params, seconds,
		 lr_seed() & 0xffffffff);
	ASSERT_EQ(0, lr_insmod_with("defertorture", all));
	EXPECT_TRUE(ends_as(state, seconds)) {
		TH_LOG("%s: not %s", all, state);
	}
	lr_say_file(DIR "result");
	EXPECT_EQ(0, lr_rmmod("defertorture"));
}

static atomic_bool over;

static void *move_cpu(void *unused)
{
	bool up = false;

	while (!atomic_load(&over)) {
		lr_write(CPU1, up ? "1" : "0", 1);
		up = !up;
		usleep(CPU_US);
	}
	lr_write(CPU1, "1", 1);
	return unused;
}

FIXTURE_VARIANT(torture) {
	const char *gp;
};

FIXTURE_VARIANT_ADD(torture, rcu) { .gp = "gp=rcu" };
FIXTURE_VARIANT_ADD(torture, srcu) { .gp = "gp=srcu" };
FIXTURE_VARIANT_ADD(torture, sched) { .gp = "gp=sched" };
FIXTURE_VARIANT_ADD(torture, gpctr) { .gp = "gp=gpctr" };

TEST_F_TIMEOUT(torture, holds, 200)
{
	torture(_metadata, variant->gp, RIGHT_S, "passed");
}

TEST_F_TIMEOUT(torture, holds_with_the_barrier_of_2005, 200)
{
	char params[64];

	snprintf(params, sizeof(params), "%s barrier=2005", variant->gp);
	torture(_metadata, params, RIGHT_S, "passed");
}

TEST_F_TIMEOUT(torture, holds_while_a_cpu_comes_and_goes, 200)
{
	pthread_t mover;

	if (access(CPU1, W_OK))
		SKIP(return, "no CPU here can go offline");
	atomic_store(&over, false);
	ASSERT_EQ(0, pthread_create(&mover, NULL, move_cpu, NULL));
	torture(_metadata, variant->gp, RIGHT_S, "passed");
	atomic_store(&over, true);
	pthread_join(mover, NULL);
}

/* Unloaded in the midst of it: everything of it ends in its exit. */
TEST_F_TIMEOUT(torture, is_cut_off, 200)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, lr_insmod_with("defertorture", variant->gp));
		usleep(300000);
		EXPECT_EQ(0, lr_rmmod("defertorture"));
	}
}

FIXTURE(broken) {
	int unused;
};

FIXTURE_SETUP(broken)
{
	ASSERT_EQ(0, lr_load_needed());
}

FIXTURE_TEARDOWN(broken)
{
	EXPECT_EQ(0, lr_unload_needed());
}

FIXTURE_VARIANT(broken) {
	const char *params;
	unsigned int seconds;
};

FIXTURE_VARIANT_ADD(broken, no_bias) {
	.params = "busted=no_bias gp=gpctr", .seconds = CAUGHT_S,
};

FIXTURE_VARIANT_ADD(broken, last_callback) {
	.params = "busted=last_callback", .seconds = CAUGHT_S,
};

FIXTURE_VARIANT_ADD(broken, twice) {
	.params = "busted=twice", .seconds = CAUGHT_S,
};

FIXTURE_VARIANT_ADD(broken, lost) {
	.params = "busted=lost", .seconds = CAUGHT_S,
};

FIXTURE_VARIANT_ADD(broken, early) {
	.params = "busted=early", .seconds = CAUGHT_S,
};

FIXTURE_VARIANT_ADD(broken, no_stop_flag) {
	.params = "busted=no_stop_flag", .seconds = AT_END_S,
};

FIXTURE_VARIANT_ADD(broken, no_limit) {
	.params = "busted=no_limit", .seconds = CAUGHT_S,
};

TEST_F_TIMEOUT(broken, is_caught, 200)
{
	torture(_metadata, variant->params, variant->seconds, "caught");
}

FIXTURE(params) {
	int unused;
};

FIXTURE_SETUP(params)
{
	ASSERT_EQ(0, lr_load_needed());
}

FIXTURE_TEARDOWN(params)
{
	EXPECT_EQ(0, lr_unload_needed());
}

TEST_F(params, that_make_no_sense_are_refused)
{
	static const struct {
		const char *params;
		int err;
	} bad[] = {
		{ "gp=vanilla", -ENOENT },
		{ "busted=nothing", -EINVAL },
		{ "barrier=2006", -EINVAL },
		{ "seconds=0", -EINVAL },
		{ "seconds=86401", -EINVAL },
		{ "seconds=-1", -EINVAL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(bad[i].err,
			  lr_insmod_with("defertorture", bad[i].params)) {
			TH_LOG("%s", bad[i].params);
		}
		EXPECT_NE(0, access(DIR, F_OK));
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
