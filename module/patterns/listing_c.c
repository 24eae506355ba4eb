// SPDX-License-Identifier: GPL-2.0
/*
 * Listing C: lock-free lookups that always succeed.  Claims R4, R5, R6, R9.
 *
 * Listing B must cope with FAIL because delete() drops the table's reference
 * while readers may still find the element.  Here that reference is dropped by
 * the RCU callback, a grace period after the element was removed.  So as long
 * as any reader can still find the element its count is at least one, and a
 * plain increment is enough, even against a concurrent delete() (R5).  Turned
 * around: once the count is zero no reader can or ever will reach the element,
 * and the last release frees it at once, without another grace period (R6).
 */
#include "listing_rcu.h"

struct el *listing_c_search_and_reference(struct ref_table *t,
					  unsigned long key)
{
	int idx = table_read_lock(t);
	struct el *el;

	el = search_for_element(t, key);
	if (el) {
		window(t);
		rc_inc(el);
	}
	table_read_unlock(t, idx);
	return el ?: ERR_PTR(-ENOENT);
}

void listing_c_release_referenced(struct el *el)
{
	if (rc_dec_and_test(el))
		el_kfree(el);
}

static void el_free(struct rcu_head *rhp)
{
	listing_c_release_referenced(container_of(rhp, struct el, head));
}

static int delete(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);

	if (!el)
		return -ENOENT;
	window(t);
	el_call_rcu(el, el_free);
	return 0;
}

#define LISTING_C_OPS							\
	.add			= listing_rcu_add,			\
	.search_and_reference	= listing_c_search_and_reference,	\
	.search_for_update	= listing_rcu_search_for_update,	\
	.release_referenced	= listing_c_release_referenced,		\
	.enter			= table_read_lock,			\
	.leave			= table_read_unlock

/*
 * Busted early_put (R5, zoo 15): delete() drops the table's reference itself,
 * before the grace period.
 *
 *	reader				deleter
 *	------				-------
 *	rcu_read_lock
 *	el = search_for_element
 *					remove_element
 *					release_referenced: 0, kfree(el)
 *	atomic_inc(&el->rc)		(from zero, in freed memory)
 */
static int delete_early_put(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);

	if (!el)
		return -ENOENT;
	window(t);
	listing_c_release_referenced(el);
	return 0;
}

/*
 * Busted no_section (W1): the reader walks the list without a read-side
 * section.  The grace period does not wait for it, and the callback of
 * el_free() runs under its eyes.
 */
static int no_section_lock(struct ref_table *t)
{
	return 0;
}

static void no_section_unlock(struct ref_table *t, int idx)
{
}

static struct el *search_no_section(struct ref_table *t, unsigned long key)
{
	struct el *el = search_for_element(t, key);

	if (el) {
		window(t);
		rc_inc(el);
	}
	return el ?: ERR_PTR(-ENOENT);
}

/*
 * Busted may_fail (R5): delete() drops the table's reference at once and the
 * last release waits for the grace period, which is listing B.  Memory is
 * safe, but the promise is gone: a lookup can find an element and FAIL.
 */
static void el_free_only(struct rcu_head *rhp)
{
	el_kfree(container_of(rhp, struct el, head));
}

static void release_may_fail(struct el *el)
{
	if (rc_dec_and_test(el))
		el_call_rcu(el, el_free_only);
}

static int delete_may_fail(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);

	if (!el)
		return -ENOENT;
	release_may_fail(el);
	return 0;
}

static struct el *search_may_fail(struct ref_table *t, unsigned long key)
{
	int idx = table_read_lock(t);
	struct el *el;

	el = search_for_element(t, key);
	if (el) {
		window(t);
		if (!rc_inc_not_zero(el))
			el = ERR_PTR(-EAGAIN);
	}
	table_read_unlock(t, idx);
	return el ?: ERR_PTR(-ENOENT);
}

static const struct ref_busted busted[] = {
	{
		.name = "early_put",
		.about =
			"delete() drops the table's reference before the grace period",
		.claim = "R5",
		.zoo = 15,
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.may_fire = CHECK_BIT(FREED_ONCE) | CHECK_BIT(NOTHING_LOST),
		.ops = { LISTING_C_OPS, .delete = delete_early_put },
	}, {
		.name = "no_section",
		.about =
			"the reader walks the list without a read-side section",
		.claim = "W1",
		.caught_by = CHECK_BIT(AGE) | CHECK_BIT(USE_AFTER_FREE) |
			     CHECK_BIT(FROM_ZERO),
		.may_fire = CHECK_BIT(FREED_ONCE) | CHECK_BIT(NOTHING_LOST),
		.ops = {
			.add			= listing_rcu_add,
			.search_and_reference	= search_no_section,
			.search_for_update	= listing_rcu_search_for_update,
			.release_referenced	= listing_c_release_referenced,
			.delete			= delete,
			.enter			= no_section_lock,
			.leave			= no_section_unlock,
		},
	}, {
		.name = "may_fail",
		.about =
			"listing B sold as listing C: a lookup can find and fail",
		.claim = "R5",
		.caught_by = CHECK_BIT(PROMISE),
		.ops = {
			.add			= listing_rcu_add,
			.search_and_reference	= search_may_fail,
			.search_for_update	= listing_rcu_search_for_update,
			.release_referenced	= release_may_fail,
			.delete			= delete_may_fail,
			.enter			= table_read_lock,
			.leave			= table_read_unlock,
		},
	},
};

const struct ref_pattern pattern_listing_c = {
	.name = "listing_c",
	.promise =
		"a lookup that finds always gets its reference; delete does not wait",
	.claims = "R4 R5 R6 R9",
	.flags = PATTERN_USES_FLAVOR | PATTERN_POSTS,
	.ops = { LISTING_C_OPS, .delete = delete },
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};
