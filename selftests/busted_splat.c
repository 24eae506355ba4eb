// SPDX-License-Identifier: GPL-2.0
/*
 * The broken forms that the kernel itself warns about are caught as well.
 *
 * It warns once, and lockdep then watches no longer: this belongs into a
 * machine of its own, such as a guest of ours. Elsewhere it must be asked for
 * with LASTREF_SPLATS=1.
 */
#include "busted_forms.h"

static bool may_warn(void)
{
	char host[16] = "";

	gethostname(host, sizeof(host) - 1);
	return getenv("LASTREF_SPLATS") || !strcmp(host, "lastref");
}

FIXTURE(splat) {
};

FIXTURE_SETUP(splat)
{
	if (!may_warn())
		SKIP(return, "makes the kernel warn: ask for it with LASTREF_SPLATS=1");
	ASSERT_EQ(0, lr_load());
}

FIXTURE_TEARDOWN(splat)
{
	EXPECT_EQ(0, lr_unload());
}

TEST_F_TIMEOUT(splat, each_is_caught, 300)
{
	struct form forms[64];
	size_t n = forms_read(forms, 64), i, found = 0;

	for (i = 0; i < n; i++) {
		if (!forms[i].offered || !forms[i].splat)
			continue;
		must_be_caught(_metadata, &forms[i]);
		found++;
	}
	EXPECT_LT(0, found);
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
