// SPDX-License-Identifier: GPL-2.0
/*
 * The engine does what its header says, over each back end, and the kernel has
 * nothing to complain of.
 */
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

#define TRACING	"/sys/kernel/tracing/instances/lastref_defer/"

/* What is just being run is not listed, so it may take several looks. */
static bool shows_soon(const char *path, const char *what)
{
	bool shows = false;
	int i;

	for (i = 0; i < 500 && !shows; i++) {
		shows = lr_shows(path, what);
		usleep(10000);
	}
	return shows;
}

/* What a domain shows, with callbacks pending and running. */
TEST_F_TIMEOUT(engine, files, 60)
{
	ASSERT_EQ(0, lr_rmmod("defer_test"));
	ASSERT_EQ(0, lr_insmod_with("defer_test", "repost=5"));
	EXPECT_TRUE(shows_soon(DEFER_DIR "exit/histograms", "latency_us"));
	EXPECT_TRUE(lr_shows(DEFER_DIR "README", "histograms"));
	EXPECT_TRUE(lr_shows(DEFER_DIR "backends", "srcu"));
	EXPECT_TRUE(lr_shows(DEFER_DIR "exit/status", "exit over rcu, open, of defer_test"));
	EXPECT_TRUE(lr_shows(DEFER_DIR "exit/stats", "state: open\n"));
	EXPECT_TRUE(lr_shows(DEFER_DIR "exit/stats", "longest_callback: item_again"));
	EXPECT_TRUE(shows_soon(DEFER_DIR "exit/pending",
			       "item_again [defer_test] from item_again+"));
	ASSERT_EQ(0, lr_rmmod("defer_test"));
	EXPECT_NE(0, access(DEFER_DIR "exit", F_OK));
	ASSERT_EQ(0, lr_insmod("defer_test"));
	no_complaint(_metadata, self->log);
}

/*
 * Each of the tracepoints fires. Into a buffer of our own: that of all may be as small as
 * who booted wanted it, and others write to it.
 */
TEST_F_TIMEOUT(engine, tracepoints, 60)
{
	static const char *const names[] = {
		"defer_post: domain=order", "defer_gp: domain=order",
		"defer_invoke: domain=order", "defer_barrier: domain=order",
		"defer_close: domain=order",
	};
	size_t i;

	if (mkdir(TRACING, 0700))
		SKIP(return, "there are no tracing instances in /sys/kernel/tracing");
	EXPECT_EQ(0, lr_write(TRACING "buffer_size_kb", "256", 3));
	EXPECT_EQ(0, lr_write(TRACING "events/lastref/enable", "1", 1));
	defer_test(_metadata, "barrier_waits");
	EXPECT_EQ(0, lr_write(TRACING "events/lastref/enable", "0", 1));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_TRUE(lr_shows(TRACING "trace", names[i])) {
			TH_LOG("no %s", names[i]);
		}
	}
	EXPECT_EQ(0, rmdir(TRACING));
	no_complaint(_metadata, self->log);
}

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
