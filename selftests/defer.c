// SPDX-License-Identifier: GPL-2.0
/*
 * The engine does what its header says, over each back end, and the kernel has
 * nothing to complain of.
 */
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
DEFER_TEST(bound_refuse)
DEFER_TEST(bound_expedite)
DEFER_TEST(bound_wait)
DEFER_TEST(bound_of_one)
DEFER_TEST(free_cache)
DEFER_TEST(signatures)
DEFER_TEST(post_garbage)
DEFER_TEST(post_closed)
DEFER_TEST(destroy_with_posters)
DEFER_TEST(create_bad)

int main(int argc, char **argv)
{
	return defer_main(argc, argv);
}
