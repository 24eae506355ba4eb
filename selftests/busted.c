// SPDX-License-Identifier: GPL-2.0
/*
 * Each broken form that harms nobody is caught, beside its right form.
 */
#include "busted_forms.h"

/* Of which the documentation speaks: they may not get lost. */
static const char *const wanted[] = {
	"listing_a:late_inc", "listing_b:plain_inc", "listing_b:no_gp",
	"listing_b:split_dec", "listing_b:sleeping_reader",
	"listing_c:early_put", "listing_c_sync:no_gp",
};

TEST_F(module, all_that_are_spoken_of_exist)
{
	struct form forms[32];
	size_t n = forms_read(forms, 32), i, j;

	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		for (j = 0; j < n && strcmp(forms[j].name, wanted[i]); j++)
			;
		EXPECT_GT(n, j) {
			TH_LOG("there is no %s", wanted[i]);
		}
	}
}

TEST_F_TIMEOUT(module, each_is_caught, 1200)
{
	struct form forms[32];
	size_t n = forms_read(forms, 32), i;

	for (i = 0; i < n; i++)
		if (forms[i].offered && !forms[i].splat)
			must_be_caught(_metadata, &forms[i]);
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
