// SPDX-License-Identifier: GPL-2.0
/*
 * Listing C where delete() may sleep.  Claim R7.
 *
 * The callback of listing C only waits for a grace period and then drops the
 * table's reference.  A delete() that may sleep can do both itself, and
 * el_free() folds into it.  The other verbs are listing C's.
 */
#include "listing_rcu.h"

static int delete(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);

	if (!el)
		return -ENOENT;
	window(t);
	table_synchronize(t);
	if (rc_dec_and_test(el))
		el_kfree(el);
	return 0;
}

#define LISTING_C_SYNC_OPS						\
	.add			= listing_rcu_add,			\
	.search_and_reference	= listing_c_search_and_reference,	\
	.search_for_update	= listing_rcu_search_for_update,	\
	.release_referenced	= listing_c_release_referenced,		\
	.enter			= table_read_lock,			\
	.leave			= table_read_unlock

/*
 * Busted no_gp (R7, zoo 16): synchronize_rcu() is left out.
 *
 *	reader				deleter
 *	------				-------
 *	rcu_read_lock
 *	el = search_for_element
 *					remove_element
 *					atomic_dec_and_test: 0, kfree(el)
 *	atomic_inc(&el->rc)		(from zero, in freed memory)
 */
static int delete_no_gp(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);

	if (!el)
		return -ENOENT;
	window(t);
	if (rc_dec_and_test(el))
		el_kfree(el);
	return 0;
}

static const struct ref_busted busted[] = {
	{
		.name = "no_gp",
		.about =
			"delete() does not wait for a grace period",
		.claim = "R7",
		.zoo = 16,
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.may_fire = CHECK_BIT(FREED_ONCE) | CHECK_BIT(NOTHING_LOST),
		.ops = { LISTING_C_SYNC_OPS, .delete = delete_no_gp },
	},
};

const struct ref_pattern pattern_listing_c_sync = {
	.name = "listing_c_sync",
	.promise =
		"as listing_c; delete waits for a grace period and puts the table's reference itself",
	.claims = "R4 R5 R6 R7 R9",
	.flags = PATTERN_USES_FLAVOR | PATTERN_DELETE_SLEEPS,
	.ops = { LISTING_C_SYNC_OPS, .delete = delete },
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};
