/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture most tests use: the module is loaded anew for each, and after
 * each it can be unloaded at once and the kernel has not complained.
 */
#ifndef LASTREF_FIXTURE_H
#define LASTREF_FIXTURE_H

#include <kselftest_harness.h>

#include "lastref_test.h"

FIXTURE(module) {
	int log;
};

FIXTURE_SETUP(module)
{
	self->log = lr_log_open();
	ASSERT_LE(0, self->log) {
		TH_LOG("/dev/kmsg cannot be read: %s", strerror(-self->log));
	}
	ASSERT_EQ(0, lr_load());
}

FIXTURE_TEARDOWN(module)
{
	const char *complaint;

	EXPECT_EQ(0, lr_unload());
	complaint = lr_log_complaint(self->log);
	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
	close(self->log);
}

/*
 * What main() does. Where the module cannot be tested the whole program is
 * skipped, with a reason, which runners do not take for a pass.
 */
static inline int lastref_main(int argc, char **argv)
{
	const char *why = lr_missing();

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (why)
		ksft_exit_skip("%s\n", why);
	return test_harness_run(argc, argv);
}

#endif
