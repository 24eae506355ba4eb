// SPDX-License-Identifier: GPL-2.0
/*
 * The engine does what its header says, over each back end, and the kernel has
 * nothing to complain of.
 */
#include <signal.h>
#include <sys/wait.h>

#include "lastref_defer.h"

static void no_complaint(struct __test_metadata *_metadata, int log)
{
	const char *complaint = lr_log_complaint(log);

	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
}

#define DEFER_TEST(name)						\
	TEST_F_TIMEOUT(engine, name, 300)				\
	{								\
		defer_test(_metadata, #name);				\
		no_complaint(_metadata, self->log);			\
	}

DEFER_TEST(barrier_waits)
DEFER_TEST(barrier_empty)
DEFER_TEST(barriers_at_once)
DEFER_TEST(repost)
DEFER_TEST(flush_chain)
DEFER_TEST(nobody_waits)
DEFER_TEST(reader_holds)
DEFER_TEST(close_other)
DEFER_TEST(post_under_locks)
DEFER_TEST(bound_refuse)
DEFER_TEST(bound_expedite)
DEFER_TEST(bound_wait)
DEFER_TEST(bound_of_one)
DEFER_TEST(free_cache)
DEFER_TEST(signatures)
DEFER_TEST(post_garbage)
DEFER_TEST(post_closed)
DEFER_TEST(close_with_posters)
DEFER_TEST(create_bad)

#define CPU1	"/sys/devices/system/cpu/cpu1/online"

/* One CPU goes and comes, until the child is killed. */
static pid_t cpu_comes_and_goes(void)
{
	pid_t child = fork();

	while (!child) {
		if (lr_write(CPU1, "0", 1))
			_exit(1);
		usleep(20000);
		lr_write(CPU1, "1", 1);
		usleep(20000);
	}
	return child;
}

/* Nothing is lost and nothing runs twice when CPUs go. */
TEST_F_TIMEOUT(engine, hotplug, 300)
{
	pid_t child;
	int status;

	if (access(CPU1, W_OK))
		SKIP(return, "there is no second CPU that could go");
	child = cpu_comes_and_goes();
	ASSERT_LT(0, child);
	defer_test(_metadata, "barriers_at_once");
	defer_test(_metadata, "repost");
	defer_test(_metadata, "close_with_posters");
	defer_test(_metadata, "bound_wait");
	ASSERT_EQ(0, kill(child, SIGKILL));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status)) {
		TH_LOG("CPU 1 could not be taken offline");
	}
	lr_write(CPU1, "1", 1);
	no_complaint(_metadata, self->log);
}

int main(int argc, char **argv)
{
	return defer_main(argc, argv);
}
