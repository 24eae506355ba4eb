// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation that makes a domain fails once, over each back end: the domain
 * is not made, and nothing of it is left.
 */
#include "lastref_defer.h"
#include "lastref_faults.h"

#define MOST	500

static void each_allocation(struct __test_metadata *_metadata, const char *gp)
{
	bool reached = true;
	int n, err, failed = 0;
	char line[512];

	snprintf(line, sizeof(line), "create %s", gp);
	for (n = 1; n <= MOST && reached; n++) {
		fail_nth(n);
		err = lr_write(DEFER_RUN, line, strlen(line));
		reached = was_reached();
		if (!err)
			continue;
		failed++;
		EXPECT_EQ(-ENOMEM, err) {
			TH_LOG("allocation %d: %s", n, strerror(-err));
		}
		EXPECT_NE(0, access(DEFER_DIR "create", F_OK));
	}
	TH_LOG("%s: %d allocations, %d of them made create fail", gp, n - 2,
	       failed);
	EXPECT_FALSE(reached);
	EXPECT_LT(1, failed);
	EXPECT_EQ(0, lr_write(DEFER_RUN, line, strlen(line)));
}

TEST_F_TIMEOUT(engine, each_allocation_of_create, 300)
{
	struct lr_name gps[DEFER_GPS_MAX];
	const char *complaint;
	size_t n, i;
	char *leaks;

	if (!faults_set_up())
		SKIP(return, "this kernel has no failslab");
	lr_leaks_clear();
	n = lr_names(DEFER_DIR "backends", gps, DEFER_GPS_MAX);
	ASSERT_LT(1, n);
	for (i = 0; i < n; i++)
		each_allocation(_metadata, gps[i].text);
	leaks = lr_leaks();
	EXPECT_TRUE(!leaks || !*leaks) {
		lr_say(leaks);
	}
	free(leaks);
	complaint = lr_log_complaint(self->log);
	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
}

int main(int argc, char **argv)
{
	return defer_main(argc, argv);
}
