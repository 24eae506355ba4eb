// SPDX-License-Identifier: GPL-2.0
/*
 * The documents' examples of use hold in the kernel, and one that is broken does
 * not. Loading usage_test calls them.
 */
#include "lastref_fixture.h"

#define MODULE	"usage_test"

FIXTURE(usage) {
	int log;
};

FIXTURE_SETUP(usage)
{
	self->log = lr_log_open();
	ASSERT_LE(0, self->log);
}

FIXTURE_TEARDOWN(usage)
{
	const char *complaint = lr_log_complaint(self->log);

	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
	close(self->log);
}

TEST_F_TIMEOUT(usage, examples_hold, 120)
{
	ASSERT_EQ(0, lr_insmod(MODULE)) {
		TH_LOG("an example is wrong, the kernel's log says which");
	}
	EXPECT_EQ(0, lr_rmmod(MODULE));
}

/* It reads what is free, which KASAN is told to stop the machine for. */
TEST_F_TIMEOUT(usage, broken_one_is_caught, 120)
{
	if (lr_debug_kernel())
		SKIP(return, "this kernel looks for that itself");
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, "it takes two CPUs");
	EXPECT_EQ(-EBADE, lr_insmod_with(MODULE, "broken=1"));
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
