// SPDX-License-Identifier: GPL-2.0
/*
 * What control refuses: for each kind of bad write the errno, the sentence in
 * error_log, the caret under the word to blame, and nothing has changed.
 *
 * Three runs are there all the time, one in each kind of state: "run" runs,
 * "held" is paused, "done" has ended.
 */
#include <sys/uio.h>
#include <fcntl.h>

#include "lastref_fixture.h"

struct bad {
	const char *line;
	int err;
	int column;		/* of the caret, in bytes of the line */
	const char *says;	/* part of the sentence */
};

#define MIB		(1024 * 1024)
#define LISTING_B	"start run=x pattern=listing_b"
/* The column of what stands behind it. */
#define AFTER(text)	((int)sizeof(text) - 1)

struct before {
	char *control, *ended;
};

FIXTURE(three_runs) {
	int log;
	struct before before;
};

FIXTURE_SETUP(three_runs)
{
	self->log = lr_log_open();
	ASSERT_LE(0, self->log);
	ASSERT_EQ(0, lr_load());
	ASSERT_EQ(0, lr_do("start run=run pattern=listing_b " LR_QUIET));
	ASSERT_EQ(0, lr_do("start run=held pattern=listing_b " LR_QUIET));
	ASSERT_EQ(0, lr_do("pause run=held"));
	ASSERT_EQ(0, lr_do("start run=done pattern=listing_c " LR_QUIET));
	ASSERT_EQ(0, lr_do("stop run=done"));
	self->before.control = lr_read("control");
	self->before.ended = lr_read("done/stats");
	ASSERT_NE(NULL, self->before.control);
	ASSERT_NE(NULL, self->before.ended);
}

FIXTURE_TEARDOWN(three_runs)
{
	const char *complaint;

	EXPECT_EQ(0, lr_unload());
	complaint = lr_log_complaint(self->log);
	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
	close(self->log);
	free(self->before.control);
	free(self->before.ended);
}

/* Has anything a user can see of the runs changed? */
static bool changed(const struct before *before)
{
	char *control = lr_read("control"), *ended = lr_read("done/stats");
	bool same = control && ended && !strcmp(control, before->control) &&
		    !strcmp(ended, before->ended) &&
		    lr_config_has("run", "hold=200") &&
		    lr_config_has("held", "hold=200");

	free(control);
	free(ended);
	return !same;
}

static void refused(struct __test_metadata *_metadata,
		    const struct before *before, const void *bytes,
		    size_t n, const struct bad *bad)
{
	char says[512];

	EXPECT_EQ(bad->err, lr_write("control", bytes, n)) {
		TH_LOG("wrote: %s", bad->line);
	}
	EXPECT_EQ(bad->column, lr_last_error("error_log", says, sizeof(says))) {
		TH_LOG("wrote: %s\n# said: %s", bad->line, says);
	}
	EXPECT_NE(NULL, strstr(says, bad->says)) {
		TH_LOG("wrote: %s\n# said: %s", bad->line, says);
	}
	EXPECT_FALSE(changed(before)) {
		TH_LOG("it was not taken, yet it changed something: %s",
		       bad->line);
	}
}

static void all_refused(struct __test_metadata *_metadata,
			const struct before *before,
			const struct bad *bad, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		refused(_metadata, before, bad[i].line, strlen(bad[i].line),
			&bad[i]);
}

TEST_F_TIMEOUT(three_runs, what_is_no_command, 120)
{
	static const struct bad bad[] = {
		{ "", -EINVAL, 0, "no command" },
		{ "\n", -EINVAL, 0, "no command" },
		{ "    ", -EINVAL, 0, "no command" },
		{ "begin run=x", -EINVAL, 0, "'begin' is not a command" },
		{ "  begin run=x", -EINVAL, 2, "start stop pause" },
		{ "START run=x", -EINVAL, 0, "not a command" },
		{ "startrun=x", -EINVAL, 0, "not a command" },
		{ "run=x start", -EINVAL, 0, "not a command" },
	};

	all_refused(_metadata, &self->before, bad, ARRAY_SIZE(bad));
}

TEST_F_TIMEOUT(three_runs, what_is_no_key, 120)
{
	static const struct bad bad[] = {
		{ LISTING_B " reader=3", -EINVAL, AFTER(LISTING_B " "),
		  "reader is not a key" },
		{ LISTING_B " readers", -EINVAL, AFTER(LISTING_B " "),
		  "not of the form key=value" },
		{ LISTING_B " =3", -EINVAL, AFTER(LISTING_B " "),
		  "not a key" },
		{ LISTING_B " readers=1 readers=1", -EINVAL,
		  AFTER(LISTING_B " readers=1 "), "given twice" },
		{ "stop run=run time=3", -EINVAL, AFTER("stop run=run "),
		  "not a key of this command" },
		{ "start pattern=listing_b", -EINVAL, 0, "lacks run=" },
		{ "start run=x", -EINVAL, 0, "lacks pattern=" },
		{ "stop", -EINVAL, 0, "lacks run=" },
		{ "set run=run", -EINVAL, 0, "nothing to set" },
		{ "set run=run readers=3", -EBUSY, AFTER("set run=run "),
		  "fixed once a run has started" },
		{ "set run=run hold=3 keys=4", -EBUSY,
		  AFTER("set run=run hold=3 "), "fixed once a run has started" },
	};

	all_refused(_metadata, &self->before, bad, ARRAY_SIZE(bad));
}

TEST_F_TIMEOUT(three_runs, what_is_no_value, 120)
{
	static const struct bad bad[] = {
		{ LISTING_B " readers=many", -EINVAL,
		  AFTER(LISTING_B " readers="), "takes a number" },
		{ LISTING_B " readers=", -EINVAL, AFTER(LISTING_B " readers="),
		  "takes a number" },
		{ LISTING_B " readers=-1", -EINVAL,
		  AFTER(LISTING_B " readers="), "takes a number" },
		{ LISTING_B " readers=+1", -EINVAL,
		  AFTER(LISTING_B " readers="), "takes a number" },
		{ LISTING_B " readers=1.5", -EINVAL,
		  AFTER(LISTING_B " readers="), "takes a number" },
		{ LISTING_B " readers=0x", -EINVAL,
		  AFTER(LISTING_B " readers="), "takes a number" },
		{ "start run=x pattern=listing_z", -EINVAL,
		  AFTER("start run=x pattern="), "there are" },
		{ LISTING_B " flavor=vanilla", -EINVAL,
		  AFTER(LISTING_B " flavor="), "rcu srcu" },
		{ LISTING_B " memory=ram", -EINVAL,
		  AFTER(LISTING_B " memory="), "slab quarantine" },
		{ LISTING_B " busted=plain_inc", -EINVAL,
		  AFTER(LISTING_B " busted="), "listing_b:plain_inc" },
		{ LISTING_B " busted=listing_c:early_put", -EINVAL,
		  AFTER(LISTING_B " "), "another pattern" },
		{ "start run= pattern=listing_b", -EINVAL, AFTER("start run="),
		  "run" },
		{ "start run=X pattern=listing_b", -EINVAL, AFTER("start run="),
		  "a-z" },
		{ "start run=a/../b pattern=listing_b", -EINVAL,
		  AFTER("start run=a"), "a-z" },
		{ "start run=control pattern=listing_b", -EINVAL,
		  AFTER("start run="), "name of a file" },
		{ "start run=a234567890123456789012345678901x pattern=listing_b",
		  -EINVAL, AFTER("start run=") + 31, "at most 31" },
	};

	all_refused(_metadata, &self->before, bad, ARRAY_SIZE(bad));
}

TEST_F_TIMEOUT(three_runs, what_is_out_of_range, 120)
{
	static const struct bad bad[] = {
		{ LISTING_B " readers=1000000", -ERANGE,
		  AFTER(LISTING_B " readers="), "out of range" },
		{ LISTING_B " readers=18446744073709551615", -ERANGE,
		  AFTER(LISTING_B " readers="), "out of range" },
		{ LISTING_B " readers=99999999999999999999999", -ERANGE,
		  AFTER(LISTING_B " readers="), "out of range" },
		{ LISTING_B " seed=0x10000000000000000", -ERANGE,
		  AFTER(LISTING_B " seed="), "out of range" },
		{ LISTING_B " updaters=0", -ERANGE,
		  AFTER(LISTING_B " updaters="), "out of range" },
		{ LISTING_B " keys=0", -ERANGE, AFTER(LISTING_B " keys="),
		  "1 to 65536" },
		{ LISTING_B " keys=65537", -ERANGE, AFTER(LISTING_B " keys="),
		  "1 to 65536" },
		{ LISTING_B " stutter=99", -ERANGE,
		  AFTER(LISTING_B " stutter="), "0, or 100 to 60000" },
		{ "set run=run hold=1000001", -ERANGE,
		  AFTER("set run=run hold="), "0 to 1000000" },
		{ "set run=run hold=3 window=1001", -ERANGE,
		  AFTER("set run=run hold=3 window="), "0 to 1000" },
	};

	all_refused(_metadata, &self->before, bad, ARRAY_SIZE(bad));
}

TEST_F_TIMEOUT(three_runs, what_does_not_fit_the_state, 120)
{
	static const struct bad bad[] = {
		{ "start run=run pattern=listing_b", -EBUSY, AFTER("start "),
		  "still running" },
		{ "start run=held pattern=listing_b", -EBUSY, AFTER("start "),
		  "still running" },
		{ "start run=done pattern=listing_b", -EEXIST, AFTER("start "),
		  "remove run=done" },
		{ "stop run=nobody", -ENOENT, AFTER("stop "), "run held done" },
		{ "pause run=nobody", -ENOENT, AFTER("pause "), "no run nobody" },
		{ "resume run=nobody", -ENOENT, AFTER("resume "), "no run nobody" },
		{ "set run=nobody hold=1", -ENOENT, AFTER("set "), "no run nobody" },
		{ "remove run=nobody", -ENOENT, AFTER("remove "), "no run nobody" },
		{ "stop run=done", -EALREADY, AFTER("stop "), "has ended (passed)" },
		{ "pause run=done", -EALREADY, AFTER("pause "), "has ended" },
		{ "resume run=done", -EALREADY, AFTER("resume "), "has ended" },
		{ "set run=done hold=1", -EALREADY, AFTER("set "), "has ended" },
		{ "pause run=held", -EALREADY, AFTER("pause "), "paused already" },
		{ "resume run=run", -EALREADY, AFTER("resume "), "not paused" },
	};

	all_refused(_metadata, &self->before, bad, ARRAY_SIZE(bad));
}

TEST_F_TIMEOUT(three_runs, what_this_kernel_cannot_do, 120)
{
	static const struct bad srcu = {
		LISTING_B " busted=listing_b:sleeping_reader flavor=srcu",
		-EOPNOTSUPP, AFTER(LISTING_B " "), "not offered with",
	}, slab = {
		LISTING_B " busted=listing_b:plain_inc memory=slab",
		-EOPNOTSUPP, AFTER(LISTING_B " busted=listing_b:plain_inc "),
		"memory=quarantine",
	}, hotplug = {
		LISTING_B " hotplug=100", -EOPNOTSUPP, AFTER(LISTING_B " "),
		"no CPU",
	};

	all_refused(_metadata, &self->before, &srcu, 1);
	if (lr_shows("features", "\nkasan: no"))
		all_refused(_metadata, &self->before, &slab, 1);
	if (lr_shows("features", "\nhotplug: no"))
		all_refused(_metadata, &self->before, &hotplug, 1);
}

TEST_F_TIMEOUT(three_runs, bytes_that_are_no_text, 120)
{
	static const struct {
		struct bad bad;
		const char *bytes;
		size_t n;
	} writes[] = {
		{ { "NUL inside", -EINVAL, 4, "byte 0x00" },
		  "stop\0run=run", 12 },
		{ { "NUL at the end", -EINVAL, 12, "byte 0x00" },
		  "stop run=run\0", 13 },
		{ { "tab", -EINVAL, 4, "byte 0x09" }, "stop\t", 5 },
		{ { "high byte", -EINVAL, 9, "byte 0xff" }, "stop run=\xffrun", 13 },
		{ { "two lines", -EINVAL, 12, "another line" },
		  "stop run=run\nstop run=held\n", 27 },
		{ { "carriage return", -EINVAL, 12, "byte 0x0d" },
		  "stop run=run\r\n", 14 },
		{ { "escape", -EINVAL, 0, "byte 0x1b" }, "\033[2J", 4 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(writes); i++)
		refused(_metadata, &self->before, writes[i].bytes, writes[i].n,
			&writes[i].bad);
}

TEST_F_TIMEOUT(three_runs, a_caret_stands_right_behind_bytes_that_are_escaped, 60)
{
	char *text;

	/* The first byte is refused, and takes four columns to show. */
	EXPECT_EQ(-EINVAL, lr_write("control", "\x01stop", 5));
	text = lr_read("error_log");
	ASSERT_NE(NULL, text);
	EXPECT_NE(NULL, strstr(text, "\n  Command: \\x01stop\n           ^\n"));
	free(text);
}

TEST_F_TIMEOUT(three_runs, what_is_too_long, 120)
{
	static const size_t sizes[] = { 1025, 1026, 4096, 65536, MIB };
	static const struct bad at_end = { "1025 bytes", -E2BIG, 1024, "at most 1024" },
		unread = { "more than a page of command", -E2BIG, 0, "at most 1024" };
	char *line = malloc(MIB);
	size_t i;

	ASSERT_NE(NULL, line);
	memset(line, ' ', MIB);
	memcpy(line, "stop run=run", 12);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		refused(_metadata, &self->before, line, sizes[i],
			i ? &unread : &at_end);
	memset(line, 0xaa, MIB);
	refused(_metadata, &self->before, line, MIB, &unread);
	free(line);
}

TEST_F(three_runs, what_is_not_written_at_once)
{
	static const char line[] = "stop run=run";
	struct iovec parts[] = { { (char *)line, 5 }, { (char *)line + 5, 7 } };
	void *nothing = mmap(NULL, 4096, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open(LR_DIR "/control", O_RDWR);
	char says[512];

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, pwrite(fd, line, strlen(line), 5));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(5, lseek(fd, 5, SEEK_SET));
	EXPECT_EQ(-1, write(fd, line, strlen(line)));
	EXPECT_EQ(E2BIG, errno);
	EXPECT_EQ(0, lseek(fd, 0, SEEK_SET));
	lr_last_error("error_log", says, sizeof(says));
	EXPECT_NE(NULL, strstr(says, "offset 0"));
	EXPECT_EQ(-1, writev(fd, parts, 2));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(fd, nothing, 10));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_FALSE(changed(&self->before));
	close(fd);
}

TEST_F_TIMEOUT(three_runs, a_ninth_run, 120)
{
	static const struct bad ninth = {
		"start run=ninth pattern=listing_b", -ENOSPC, AFTER("start "),
		"remove one first",
	};
	int i;

	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, lr_control("start run=more%d pattern=listing_a "
					LR_QUIET, i));
	free(self->before.control);
	self->before.control = lr_read("control");
	all_refused(_metadata, &self->before, &ninth, 1);
}

TEST_F(three_runs, the_log_keeps_the_last_eight_and_can_be_cleared)
{
	char word[16], *text;
	int i;

	for (i = 0; i < 12; i++)
		EXPECT_EQ(-EINVAL, lr_control("wrong%d", i));
	text = lr_read("error_log");
	ASSERT_NE(NULL, text);
	for (i = 0; i < 12; i++) {
		snprintf(word, sizeof(word), "wrong%d\n", i);
		EXPECT_EQ(i >= 4, !!strstr(text, word)) {
			TH_LOG("entry %d of 12", i);
		}
	}
	free(text);
	EXPECT_EQ(0, lr_write("error_log", "x", 1));
	text = lr_read("error_log");
	EXPECT_STREQ("", text);
	free(text);
}

TEST_F(three_runs, files_that_are_not_for_writing)
{
	static const char *const paths[] = {
		"README", "features", "patterns", "flavors", "busted",
		"run/status", "run/stats", "run/result", "run/histograms",
		"run/failures",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		EXPECT_GT(0, lr_write(paths[i], "x", 1)) {
			TH_LOG("%s was written", paths[i]);
		}
	}
	EXPECT_FALSE(changed(&self->before));
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
