// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation that can fail is made to, one after the other.
 *
 * The kernel lets a task say that its nth allocation from now on shall fail
 * (/proc/self/fail-nth). So n goes up from one until a start, or an insmod, has
 * gone through without reaching it: then each of its allocations has failed once.
 */
#include <dirent.h>

#include "lastref_faults.h"
#include "lastref_fixture.h"

#define MOST		2000
#define PLENTY		1000000
#define OF_INIT		80	/* allocations, surely more than init makes */

FIXTURE(failing) {
	int log;
};

FIXTURE_SETUP(failing)
{
	if (!faults_set_up())
		SKIP(return, "this kernel has no failslab");
	self->log = lr_log_open();
	ASSERT_LE(0, self->log);
	lr_leaks_clear();
}

FIXTURE_TEARDOWN(failing)
{
	const char *complaint = lr_log_complaint(self->log);

	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
	close(self->log);
}

static void no_leaks(struct __test_metadata *_metadata)
{
	char *leaks = lr_leaks();

	if (leaks) {
		EXPECT_EQ('\0', *leaks) {
			lr_say(leaks);
		}
		free(leaks);
	}
}

/* A start that fails has not begun: no run, no directory, no memory. */
static void each_allocation(struct __test_metadata *_metadata,
			    const char *start)
{
	int n, err, failed = 0;
	bool reached = true;
	char state[16];

	ASSERT_EQ(0, lr_load());
	for (n = 1; n <= MOST && reached; n++) {
		fail_nth(n);
		err = lr_do(start);
		reached = was_reached();
		if (!err) {
			EXPECT_EQ(0, lr_do("remove run=f"));
			continue;
		}
		failed++;
		EXPECT_EQ(-ENOMEM, err) {
			TH_LOG("allocation %d: %s", n, strerror(-err));
		}
		EXPECT_EQ(-ENOENT, lr_state("f", state));
		EXPECT_NE(0, access(LR_DIR "/f", F_OK));
		EXPECT_EQ(0, lr_slab_objects("reftorture-"));
	}
	TH_LOG("%d allocations, %d of them made start fail", n - 2, failed);
	EXPECT_FALSE(reached);
	EXPECT_LT(5, failed);
	EXPECT_EQ(0, lr_do(start));
	EXPECT_EQ(0, lr_wait_stat("f", "ops", 1, 60));
	EXPECT_EQ(0, lr_unload());
	no_leaks(_metadata);
}

TEST_F_TIMEOUT(failing, each_allocation_of_a_small_start, 600)
{
	each_allocation(_metadata, "start run=f pattern=listing_b keys=2 " LR_QUIET);
}

TEST_F_TIMEOUT(failing, each_allocation_of_a_start_of_everything, 900)
{
	each_allocation(_metadata,
			"start run=f pattern=listing_c flavor=srcu keys=2 stall=60 hotplug=60000 readers=2 updaters=1");
}

TEST_F_TIMEOUT(failing, each_allocation_of_a_start_over_the_engine, 600)
{
	each_allocation(_metadata,
			"start run=f pattern=listing_b flavor=defer/gpctr keys=2 " LR_QUIET);
}

/* Only the threads of the run; else the test itself runs out of memory, too. */
static void let_threads_fail(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *d;
	char path[300], *comm;

	while (proc && (d = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", d->d_name);
		comm = atoi(d->d_name) ? lr_read(path) : NULL;
		snprintf(path, sizeof(path), "/proc/%s/make-it-fail", d->d_name);
		if (comm && strstr(comm, ".f\n"))
			lr_write(path, "1", 1);
		free(comm);
	}
	if (proc)
		closedir(proc);
	lr_write(FAILSLAB "task-filter", "Y", 1);
	lr_write(FAILSLAB "times", "100", 3);
	lr_write(FAILSLAB "probability", "30", 2);
}

static bool wait_until_all_have_failed(void)
{
	double end = lr_now() + 120;
	bool done = false;
	char *left;

	while (!done && lr_now() < end) {
		usleep(100000);
		left = lr_read(FAILSLAB "times");
		done = left && atoi(left) <= 0;
		free(left);
	}
	lr_write(FAILSLAB "probability", "0", 1);
	lr_write(FAILSLAB "task-filter", "N", 1);
	return done;
}

/* Memory that runs out in the midst of a run is a failed add, no failed check. */
TEST_F_TIMEOUT(failing, allocations_in_the_midst_of_a_run, 300)
{
	ASSERT_EQ(0, lr_load());
	ASSERT_EQ(0, lr_do("start run=f pattern=listing_b"));
	let_threads_fail();
	EXPECT_TRUE(wait_until_all_have_failed());
	EXPECT_LT(0, lr_stat("f", "add_failed"));
	EXPECT_EQ(0, lr_do("stop run=f"));
	EXPECT_TRUE(lr_shows("f/stats", "state: passed\n")) {
		lr_say_file("f/result");
	}
	EXPECT_EQ(0, lr_unload());
	no_leaks(_metadata);
}

/* Allocations of an insmod, those of the module loader included. */
static int count_of_an_insmod(int fd)
{
	char *left;
	int n;

	fail_nth(PLENTY);
	if (lr_load_file(fd))
		return -1;
	left = lr_read(FAIL_NTH);
	n = left ? PLENTY - atoi(left) : -1;
	free(left);
	fail_nth(0);
	return lr_rmmod(LR_MODULE) ? -1 : n;
}

/*
 * init that fails on its way has left nothing behind. Before init comes the
 * module loader, whose allocations are not ours to test; init's are the last.
 */
TEST_F_TIMEOUT(failing, each_allocation_of_the_modules_init, 900)
{
	int fd = lr_module_file(), all, n, err, failed = 0;

	if (fd < 0)
		SKIP(return, "modprobe would allocate, too: set LASTREF_MODULES");
	ASSERT_EQ(0, lr_load_needed());
	all = count_of_an_insmod(fd);
	ASSERT_LT(OF_INIT, all);
	for (n = all - OF_INIT; n <= all + 1; n++) {
		fail_nth(n);
		err = lr_load_file(fd);
		was_reached();
		if (!err) {
			ASSERT_EQ(0, lr_rmmod(LR_MODULE));
			continue;
		}
		failed++;
		EXPECT_FALSE(lr_loaded());
		EXPECT_NE(0, access(LR_DIR, F_OK));
	}
	TH_LOG("the last %d of %d allocations, %d of them made insmod fail",
	       OF_INIT, all, failed);
	EXPECT_LT(0, failed);
	close(fd);
	EXPECT_EQ(0, lr_unload_needed());
	no_leaks(_metadata);
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
