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
	"rcu_ref:unref_defers", "rcu_ref:wrapper", "rwlock_inside:double_free",
	"rcu_array:split_size", "rcu_array:no_gp", "rcu_array:append_first",
	"rcuref:put_rereads", "lockcnt:free_while_visited",
	"lockcnt:visit_from_zero", "lockcnt:lost_baton",
};

TEST_F(module, all_that_are_spoken_of_exist)
{
	struct form forms[64];
	size_t n = forms_read(forms, 64), i, j;

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
	struct form forms[64];
	size_t n = forms_read(forms, 64), i;

	for (i = 0; i < n; i++)
		if (forms[i].offered && !forms[i].splat)
			must_be_caught(_metadata, &forms[i]);
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
