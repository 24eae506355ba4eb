// SPDX-License-Identifier: GPL-2.0
/*
 * Files that are held open while what they show goes away.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>

#include "lastref_fixture.h"

static const char *const own[] = {
	"README", "features", "patterns", "flavors", "busted", "control",
	"error_log",
};

static const char *const of_a_run[] = {
	"status", "stats", "result", "histograms", "failures",
};

static int open_of_run(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), LR_DIR "/r/%s", name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

TEST_F(module, a_removed_run_is_read_as_eio)
{
	int fds[ARRAY_SIZE(of_a_run)];
	char byte;
	size_t i;

	ASSERT_EQ(0, lr_do("start run=r pattern=listing_b " LR_QUIET));
	for (i = 0; i < ARRAY_SIZE(of_a_run); i++) {
		fds[i] = open_of_run(of_a_run[i]);
		ASSERT_LE(0, fds[i]);
		if (i % 2)	/* one that was read before, one that was not */
			EXPECT_LE(0, read(fds[i], &byte, 1));
	}
	EXPECT_EQ(0, lr_do("remove run=r"));
	for (i = 0; i < ARRAY_SIZE(of_a_run); i++) {
		EXPECT_EQ(-1, read(fds[i], &byte, 1));
		EXPECT_EQ(EIO, errno);
		close(fds[i]);
	}
}

/* A run of the same name is another run: the old file does not show it. */
TEST_F(module, a_file_does_not_pass_to_the_next_run_of_that_name)
{
	char byte;
	int fd;

	ASSERT_EQ(0, lr_do("start run=r pattern=listing_b " LR_QUIET));
	fd = open_of_run("stats");
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, lr_do("remove run=r"));
	EXPECT_EQ(0, lr_do("start run=r pattern=listing_c " LR_QUIET));
	EXPECT_EQ(-1, read(fd, &byte, 1));
	EXPECT_EQ(EIO, errno);
	close(fd);
	EXPECT_EQ(0, lr_do("remove run=r"));
}

/* delete_module() says EAGAIN of a module that is in use; rmmod says "in use". */
TEST_F(module, rmmod_is_refused_while_a_file_is_open)
{
	char path[128];
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(own); i++) {
		snprintf(path, sizeof(path), LR_DIR "/%s", own[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		ASSERT_LE(0, fd);
		EXPECT_EQ(-EAGAIN, lr_unload()) {
			TH_LOG("with %s open", own[i]);
		}
		close(fd);
	}
	ASSERT_EQ(0, lr_do("start run=r pattern=listing_b"));
	for (i = 0; i < ARRAY_SIZE(of_a_run); i++) {
		fd = open_of_run(of_a_run[i]);
		ASSERT_LE(0, fd);
		EXPECT_EQ(-EAGAIN, lr_unload()) {
			TH_LOG("with r/%s open", of_a_run[i]);
		}
		close(fd);
	}
	/* It was refused, not half done: the run goes on. */
	EXPECT_EQ(0, lr_wait_stat("r", "ops", lr_stat("r", "ops") + 1, 20));
}

/* A file of a run that is gone pins nothing any more: that would be for ever. */
TEST_F(module, rmmod_is_possible_once_all_is_closed)
{
	int fd;

	ASSERT_EQ(0, lr_do("start run=r pattern=listing_b"));
	fd = open_of_run("stats");
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, lr_do("remove run=r"));
	EXPECT_EQ(-EAGAIN, lr_unload());
	close(fd);
	EXPECT_EQ(0, lr_unload());
	EXPECT_EQ(0, lr_load());
}

static volatile bool stop_reading;

static void *keep_reading(void *unused)
{
	char *text;
	size_t i;

	while (!stop_reading) {
		for (i = 0; i < ARRAY_SIZE(of_a_run); i++) {
			char path[64];

			snprintf(path, sizeof(path), "r/%s", of_a_run[i]);
			text = lr_read(path);
			free(text);
		}
		text = lr_read("control");
		free(text);
		sched_yield();
	}
	return unused;
}

TEST_F_TIMEOUT(module, runs_come_and_go_under_readers, 120)
{
	pthread_t readers[3];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(readers); i++)
		ASSERT_EQ(0, pthread_create(&readers[i], NULL, keep_reading, NULL));
	for (i = 0; i < 20; i++) {
		EXPECT_EQ(0, lr_do("start run=r pattern=listing_b"));
		usleep(50000);
		EXPECT_EQ(0, lr_do("remove run=r"));
	}
	stop_reading = true;
	for (i = 0; i < ARRAY_SIZE(readers); i++)
		pthread_join(readers[i], NULL);
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
