// SPDX-License-Identifier: GPL-2.0
/*
 * Misuse of the engine: each has its errno, and warns once, by its caller's
 * name; nothing is lost and nothing hangs.
 */
#include "lastref_defer.h"

/* A warning of ours that names who called. */
static bool named(int log, const char *warning, const char *caller)
{
	char record[8192];
	bool found = false;
	ssize_t n;

	while ((n = read(log, record, sizeof(record) - 1)) > 0) {
		record[n] = '\0';
		record[strcspn(record, "\n")] = '\0';
		if (strstr(record, warning) && strstr(record, caller))
			found = true;
	}
	return found;
}

#define MISUSE_TEST(name, warning, caller)				\
	TEST_F_TIMEOUT(engine, name, 120)				\
	{								\
		defer_test(_metadata, #name);				\
		EXPECT_TRUE(named(self->log, warning, caller)) {	\
			TH_LOG("no warning that names %s: %s", caller,	\
			       warning);				\
		}							\
	}

/* As the kernel names a function of the test's. */
MISUSE_TEST(post_nothing, "without a domain, a head or a function",
	    "test_post_nothing+")
MISUSE_TEST(post_twice, "pending already", "test_post_twice+")
MISUSE_TEST(post_at_once, "pending already", "post_shared+")
MISUSE_TEST(overwritten, "written to while it was pending", "misuse")
MISUSE_TEST(post_destroyed, "domain is destroyed", "test_post_destroyed+")
MISUSE_TEST(destroy_with_posters, "domain is destroyed", "post_on+")
MISUSE_TEST(wait_in_callback, "would wait for itself", "wait_for_self+")

/* A module that goes without its domain being destroyed takes nothing with it. */
TEST_F_TIMEOUT(engine, forgotten, 60)
{
	ASSERT_EQ(0, lr_rmmod("defer_test"));
	ASSERT_EQ(0, lr_insmod_with("defer_test", "repost=10 forget=1"));
	ASSERT_EQ(0, lr_rmmod("defer_test"));
	EXPECT_TRUE(named(self->log, "did not destroy its domain", "defer_test"));
	ASSERT_EQ(0, lr_insmod("defer_test"));
}

int main(int argc, char **argv)
{
	return defer_main(argc, argv);
}
