/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of tests of the engine: rcudefer and defer_test are loaded anew
 * for each, and each is done over every back end.
 */
#ifndef LASTREF_DEFER_H
#define LASTREF_DEFER_H

#include <kselftest_harness.h>

#include "lastref_test.h"

#define DEFER_DIR	"/sys/kernel/debug/rcudefer/"
#define DEFER_RUN	"/sys/kernel/debug/defer_test/run"
#define DEFER_GPS_MAX	8

FIXTURE(engine) {
	int log;
};

FIXTURE_SETUP(engine)
{
	self->log = lr_log_open();
	ASSERT_LE(0, self->log);
	ASSERT_EQ(0, lr_insmod("rcudefer"));
	ASSERT_EQ(0, lr_insmod("defer_test"));
	lr_write("/sys/kernel/debug/clear_warn_once", "1", 1);
}

FIXTURE_TEARDOWN(engine)
{
	EXPECT_EQ(0, lr_rmmod("defer_test"));
	EXPECT_EQ(0, lr_rmmod("rcudefer"));
	close(self->log);
}

static inline void defer_test(struct __test_metadata *_metadata,
			      const char *name)
{
	struct lr_name gps[DEFER_GPS_MAX];
	size_t n = lr_names(DEFER_DIR "backends", gps, DEFER_GPS_MAX), i;
	char line[512];
	int err;

	ASSERT_LT(1, n);
	for (i = 0; i < n; i++) {
		snprintf(line, sizeof(line), "%s %s", name, gps[i].text);
		err = lr_write(DEFER_RUN, line, strlen(line));
		EXPECT_EQ(0, err) {
			TH_LOG("%s: %s; the kernel's log says more", line,
			       strerror(-err));
		}
	}
}

static inline int defer_main(int argc, char **argv)
{
	const char *why = lr_missing();

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (why)
		ksft_exit_skip("%s\n", why);
	return test_harness_run(argc, argv);
}

#endif
