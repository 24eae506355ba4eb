// SPDX-License-Identifier: GPL-2.0
/*
 * rmmod at any moment of a run is safe and prompt, and gives everything back.
 *
 * $LASTREF_CYCLES (20) times the module is loaded, runs are started, and it is
 * unloaded after a random while. Every second cycle is under expedited grace
 * periods: the accident that in normal mode hides a missing barrier, that
 * free_module() waits for one itself, does not happen then.
 */
#include "lastref_fixture.h"

#define EXPEDITED	"/sys/kernel/rcu_expedited"
#define CYCLES		20
/*
 * Prompt is a matter of seconds, and of how fast this machine is: what fills a
 * table of 20,000 elements may take as long again to empty it.
 */
#define PROMPT		10	/* s */

/* What a run may be in the midst of. */
static const char *const situations[] = {
	"start run=a pattern=listing_b",
	"start run=a pattern=listing_c flavor=srcu",
	"start run=a pattern=listing_c_sync",
	"start run=a pattern=listing_a",
	"start run=a pattern=listing_b flood=1",
	"start run=a pattern=listing_b flood=1 flavor=srcu barriers=4",
	"start run=a pattern=listing_c stutter=100 shuffle=50",
	"start run=a pattern=listing_b exit_readers=8 timer_readers=8 irq_readers=8",
	"start run=a pattern=listing_b hold=1000000",
	"start run=a pattern=listing_b keys=20000",
	"start run=a pattern=listing_b busted=listing_b:no_gp on_failure=continue",
	"start run=a pattern=listing_c busted=listing_c:early_put",
	"start run=a pattern=listing_b time=1",
};

/* PREEMPT_RT comes up with rcu_normal, which would have the last word. */
static void expedite(bool on)
{
	lr_write("/sys/kernel/rcu_normal", "0", 1);
	lr_write(EXPEDITED, on ? "1" : "0", 1);
}

/* Also with its runs paused, ended, about to end. */
static void stir(unsigned long long *rnd)
{
	switch (lr_random(rnd, 6)) {
	case 0:
		lr_do("pause run=a");
		break;
	case 1:
		lr_do("stop run=a");
		break;
	case 2:
		lr_do("start run=b pattern=listing_b");
		break;
	default:
		break;
	}
}

static void cycle(struct __test_metadata *_metadata, unsigned long long *rnd,
		  const char *situation)
{
	double begin = lr_now(), start, took;

	ASSERT_EQ(0, lr_load());
	ASSERT_EQ(0, lr_do(situation)) {
		TH_LOG("%s", situation);
	}
	start = lr_now() - begin;
	usleep(lr_random(rnd, 4) * lr_random(rnd, 150000));
	stir(rnd);
	begin = lr_now();
	ASSERT_EQ(0, lr_unload());
	took = lr_now() - begin;
	EXPECT_GE(PROMPT + 3 * start, took) {
		TH_LOG("rmmod took %.1f s, the start had taken %.1f s: %s",
		       took, start, situation);
	}
	EXPECT_EQ(0, lr_slab_objects("reftorture-"));
}

FIXTURE(cycles) {
	int log;
};

FIXTURE_SETUP(cycles)
{
	self->log = lr_log_open();
	ASSERT_LE(0, self->log);
	lr_leaks_clear();
}

FIXTURE_TEARDOWN(cycles)
{
	const char *complaint = lr_log_complaint(self->log);

	expedite(false);
	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
	close(self->log);
}

TEST_F_TIMEOUT(cycles, at_any_moment, 1700)
{
	const char *n = getenv("LASTREF_CYCLES");
	long cycles = n && atol(n) > 0 ? atol(n) : CYCLES, i;
	unsigned long long seed = lr_seed(), rnd = seed;
	double begin = lr_now();

	TH_LOG("LASTREF_SEED=%llu LASTREF_CYCLES=%ld", seed, cycles);
	for (i = 0; i < cycles; i++) {
		expedite(i % 2);
		cycle(_metadata, &rnd, situations[i % ARRAY_SIZE(situations)]);
	}
	TH_LOG("%.1f s", lr_now() - begin);
}

TEST_F_TIMEOUT(cycles, at_once, 120)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		expedite(i % 2);
		ASSERT_EQ(0, lr_load());
		ASSERT_EQ(0, lr_do(situations[0]));
		ASSERT_EQ(0, lr_unload());
	}
}

TEST_F_TIMEOUT(cycles, nothing_was_lost, 120)
{
	char *leaks = lr_leaks();

	if (!leaks)
		SKIP(return, "this kernel has no kmemleak");
	EXPECT_EQ('\0', *leaks) {
		lr_say(leaks);
	}
	free(leaks);
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
