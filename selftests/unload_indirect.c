// SPDX-License-Identifier: GPL-2.0
/*
 * Callbacks that others post and that call a module: cloakroom's for its visitors,
 * and the kernel's for the inodes of a file system. Who has a barrier is clean, who has
 * not is not, and cloakroom, whose own way out is right, is not taken for wrong
 * because of its visitors.
 */
#include <kselftest_harness.h>

#include "lastref_test.h"
#include "lastref_unload.h"

FIXTURE(visit) {
	int log;
};

FIXTURE_SETUP(visit)
{
	self->log = lr_log_open();
	ASSERT_EQ(0, uf_load(""));
	ASSERT_EQ(0, lr_insmod("cloakroom"));
}

FIXTURE_TEARDOWN(visit)
{
	const char *complaint;
	struct uf_cycle cycle;

	uf_clear(&cycle);
	EXPECT_EQ(0, lr_rmmod("cloakroom"));
	uf_verdict(&cycle);
	EXPECT_STREQ("clean", cycle.verdict) {
		TH_LOG("%s", cycle.line);
	}
	EXPECT_EQ(0, uf_unload());
	complaint = lr_log_complaint(self->log);
	EXPECT_EQ(NULL, complaint) {
		TH_LOG("the kernel: %s", complaint);
	}
	close(self->log);
}

static void check(struct __test_metadata *_metadata, const char *visitor,
		  const char *with, const char *verdict, const char *kind)
{
	struct uf_cycle cycle;
	unsigned int i;
	char *all;

	for (i = 0; i < uf_count(3); i++) {
		uf_clear(&cycle);
		ASSERT_EQ(0, lr_insmod_with(visitor, with));
		ASSERT_EQ(0, lr_rmmod(visitor));
		uf_verdict(&cycle);
		EXPECT_STREQ(verdict, cycle.verdict) {
			TH_LOG("%s", cycle.line);
		}
		EXPECT_LE(10, cycle.posted);
		EXPECT_STREQ("yes", cycle.sure);
		all = lr_read(UC "verdicts");
		ASSERT_NE(NULL, all);
		EXPECT_NE(NULL, strstr(all, kind)) {
			TH_LOG("%s", all);
		}
		free(all);
	}
}

static bool sees_objects(void)
{
	char *features = lr_read(UC "features");
	bool sees = features && strstr(features, "object: yes");

	free(features);
	return sees;
}

TEST_F(visit, who_waits_is_clean)
{
	if (!sees_objects())
		SKIP(return, "what an object holds is not looked at here");
	check(_metadata, "visitor_fixed", "", "clean", " kind=object ");
}

TEST_F(visit, who_does_not_is_found_by_its_objects)
{
	if (!sees_objects())
		SKIP(return, "what an object holds is not looked at here");
	check(_metadata, "visitor_leaky", "", "pending", " kind=object ");
}

/* The same objects, pending the same way, but nothing of the visitor is called. */
TEST_F(visit, who_need_not_is_clean)
{
	if (!sees_objects())
		SKIP(return, "what an object holds is not looked at here");
	check(_metadata, "visitor_leaky", "leave=1", "clean", " kind=object ");
}

TEST_F(visit, who_waits_for_its_own_data_is_clean)
{
	check(_metadata, "visitor_fixed", "own=1", "clean", " kind=data ");
}

/* The heads go with the module, whatever the callback does: this is certain. */
TEST_F(visit, who_does_not_wait_for_its_own_data_is_certain)
{
	check(_metadata, "visitor_leaky", "own=1", "pending", " kind=data ");
}

TEST_F(visit, a_file_system_that_waits_is_clean)
{
	check(_metadata, "shoebox_fixed", "", "clean", " kind=inode ");
}

TEST_F(visit, a_file_system_that_does_not_is_found)
{
	check(_metadata, "shoebox_leaky", "", "pending", " kind=inode ");
}

int main(int argc, char **argv)
{
	const char *why = lr_missing();

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (why)
		ksft_exit_skip("%s\n", why);
	return test_harness_run(argc, argv);
}
