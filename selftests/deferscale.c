// SPDX-License-Identifier: GPL-2.0
/*
 * The control file of deferscale: what it refuses changes nothing, a run can be
 * stopped at any moment, and the module goes in the midst of one.
 */
#include <kselftest_harness.h>

#include "lastref_test.h"

#define DIR		"/sys/kernel/debug/deferscale/"
#define LONG_RUN	"start group=defer set=post rounds=10000 ms=20"
#define SHORT_RUN	"start group=defer set=post rounds=1 ms=1"
/* The column of what stands behind it. */
#define AFTER(text)	((int)sizeof(text) - 1)

struct bad {
	const char *line;
	int err;
	int column;		/* of the caret, in bytes of the line */
	const char *says;	/* part of the sentence */
};

FIXTURE(scale) {
	int log;
};

FIXTURE_SETUP(scale)
{
	self->log = lr_log_open();
	ASSERT_LE(0, self->log);
	ASSERT_EQ(0, lr_load_needed());
	ASSERT_EQ(0, lr_insmod("deferscale"));
}

FIXTURE_TEARDOWN(scale)
{
	const char *complaint;

	EXPECT_EQ(0, lr_rmmod("deferscale"));
	EXPECT_EQ(0, lr_unload_needed());
	complaint = lr_log_complaint(self->log);
	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
	close(self->log);
}

static int control(const char *line)
{
	return lr_write(DIR "control", line, strlen(line));
}

static bool state_is(const char *word)
{
	char *text = lr_read(DIR "control");
	bool is = text && !strncmp(text, word, strlen(word));

	free(text);
	return is;
}

/* Half a minute is plenty, where nothing checks each access and the machine is not busy. */
static bool gets(const char *word)
{
	double end = lr_now() + (lr_debug_kernel() ? 60 : 30) * lr_patience();

	while (!state_is(word) && lr_now() < end)
		usleep(20000);
	return state_is(word);
}

static void refused(struct __test_metadata *_metadata, const char *state,
		    const struct bad *bad, size_t n)
{
	char *before = lr_read(DIR "results"), *after, says[512];
	size_t i;

	for (i = 0; i < n; i++) {
		EXPECT_EQ(bad[i].err, control(bad[i].line)) {
			TH_LOG("wrote: %s", bad[i].line);
		}
		EXPECT_EQ(bad[i].column,
			  lr_last_error(DIR "error_log", says, sizeof(says)));
		EXPECT_NE(NULL, strstr(says, bad[i].says)) {
			TH_LOG("wrote: %s\n# said: %s", bad[i].line, says);
		}
		EXPECT_TRUE(state_is(state)) {
			TH_LOG("it was not taken, yet it changed something: %s",
			       bad[i].line);
		}
	}
	after = lr_read(DIR "results");
	ASSERT_TRUE(before && after);
	/* A run that goes on adds to them. */
	EXPECT_EQ(0, strncmp(after, before, strlen(before)));
	free(before);
	free(after);
}

static const struct bad always_bad[] = {
	{ "", -EINVAL, 0, "'' is not a command" },
	{ "begin group=defer", -EINVAL, 0, "there are start and stop" },
	{ "start", -EINVAL, 0, "lacks group=" },
	{ "start set=post", -EINVAL, 0, "lacks group=" },
	{ "start group=post", -EINVAL, AFTER("start group="), "no group 'post'" },
	{ "start group=defer set=all", -EINVAL, AFTER("start group=defer set="),
	  "no set 'all'" },
	{ "start group=refs set=post", -EINVAL, 0, "set=post is of group=defer" },
	{ "start group", -EINVAL, AFTER("start "), "not of the form key=value" },
	{ "start groups=defer", -EINVAL, AFTER("start "), "not a key" },
	{ "start group=defer group=defer", -EINVAL, AFTER("start group=defer "),
	  "given twice" },
	{ "start group=defer rounds=many", -EINVAL,
	  AFTER("start group=defer rounds="), "takes a number" },
	{ "start group=defer rounds=-1", -EINVAL,
	  AFTER("start group=defer rounds="), "takes a number" },
	{ "start group=defer rounds=0", -ERANGE,
	  AFTER("start group=defer rounds="), "1 to 10000" },
	{ "start group=defer ms=99999999999999999999", -EINVAL,
	  AFTER("start group=defer ms="), "takes a number" },
	{ "start group=defer ms=10001", -ERANGE, AFTER("start group=defer ms="),
	  "out of range" },
	{ "start group=defer cpu=1000000", -ERANGE,
	  AFTER("start group=defer cpu="), "out of range" },
	{ "stop now=1", -EINVAL, AFTER("stop "), "not a key" },
	{ "stop ms=1", -EINVAL, 0, "stop takes no key" },
	{ "stop\nstop", -EINVAL, AFTER("stop"), "another line" },
	{ "stop\t", -EINVAL, AFTER("stop"), "byte 0x09" },
};

TEST_F_TIMEOUT(scale, refused_when_idle, 60)
{
	refused(_metadata, "idle", always_bad, ARRAY_SIZE(always_bad));
}

TEST_F_TIMEOUT(scale, refused_during_a_run, 60)
{
	static const struct bad second[] = {
		{ SHORT_RUN, -EBUSY, 0, "a run is going on" },
	};

	ASSERT_EQ(0, control(LONG_RUN));
	refused(_metadata, "running set=", always_bad, ARRAY_SIZE(always_bad));
	refused(_metadata, "running set=", second, ARRAY_SIZE(second));
}

TEST_F_TIMEOUT(scale, refused_on_a_cpu_that_is_not_there, 30)
{
	long cpu = sysconf(_SC_NPROCESSORS_CONF);
	char line[64], says[64];
	const struct bad offline = {
		line, -ENODEV, AFTER("start group=defer cpu="), says,
	};

	if (cpu > 7)
		SKIP(return, "this kernel may have no more than there are");
	snprintf(line, sizeof(line), "start group=defer cpu=%ld", cpu);
	snprintf(says, sizeof(says), "CPU %ld is not online", cpu);
	refused(_metadata, "idle", &offline, 1);
}

TEST_F_TIMEOUT(scale, what_was_measured_stays, 600)
{
	char *before, *after;

	ASSERT_EQ(0, control(SHORT_RUN));
	ASSERT_TRUE(gets("done"));
	before = lr_read(DIR "results");
	ASSERT_NE(NULL, before);
	EXPECT_NE(NULL, strstr(before, "sample post "));
	refused(_metadata, "done", always_bad, ARRAY_SIZE(always_bad));
	EXPECT_EQ(0, control("stop"));
	after = lr_read(DIR "results");
	ASSERT_NE(NULL, after);
	EXPECT_STREQ(before, after);
	free(before);
	free(after);
}

/* Also before its thread has run at all, on whatever CPU that is to be. */
TEST_F_TIMEOUT(scale, stopped_at_any_moment, 300)
{
	int n = lr_debug_kernel() ? 20 : 100, i;
	char line[96];

	for (i = 0; i < n; i++) {
		snprintf(line, sizeof(line), LONG_RUN " cpu=%d",
			 i % 2 && sysconf(_SC_NPROCESSORS_ONLN) > 1);
		ASSERT_EQ(0, control(line)) {
			TH_LOG("run %d", i);
		}
		usleep(i * 2500 / n);
		ASSERT_EQ(0, control("stop"));
		ASSERT_TRUE(state_is("stopped")) {
			TH_LOG("run %d", i);
		}
	}
}

TEST_F_TIMEOUT(scale, unloaded_in_the_midst, 300)
{
	int n = lr_debug_kernel() ? 5 : 20, i;

	for (i = 0; i < n; i++) {
		ASSERT_EQ(0, control("start group=defer rounds=10000"));
		usleep(i * 10000);
		ASSERT_EQ(0, lr_rmmod("deferscale"));
		ASSERT_EQ(0, lr_insmod("deferscale"));
	}
}

TEST_F_TIMEOUT(scale, files_that_are_not_for_writing, 30)
{
	static const char *const paths[] = {
		DIR "README", DIR "rows", DIR "results",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		EXPECT_GT(0, lr_write(paths[i], "x", 1)) {
			TH_LOG("%s was written", paths[i]);
		}
	}
}

static const char *missing(void)
{
	int fd = lr_file_of("deferscale");

	if (fd < 0)
		return "deferscale.ko is not there";
	close(fd);
	return lr_missing();
}

int main(int argc, char **argv)
{
	const char *why = missing();

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (why)
		ksft_exit_skip("%s\n", why);
	return test_harness_run(argc, argv);
}
