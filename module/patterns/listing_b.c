// SPDX-License-Identifier: GPL-2.0
/*
 * Listing B: lock-free lookups that may FAIL.  Claims R2, R3, R4, R9.
 *
 * The list stays as in listing A, but readers take no lock, so an element can
 * be removed and its last reference dropped while a reader looks at it.  Two
 * things make that harmless.  The memory stays until a grace period after the
 * last reference, so the reader may look at the count.  And the count says
 * whether it is too late: atomic_inc_not_zero() never brings an element back,
 * and the lookup answers FAIL instead.
 *
 * Under list_lock a plain increment is enough (R4): an element that is in the
 * table has the table's reference, and only a holder of the lock removes it.
 */
#include <linux/delay.h>

#include "listing_rcu.h"

static void el_free(struct rcu_head *head)
{
	el_kfree(container_of(head, struct el, head));
}

static struct el *search_and_reference(struct ref_table *t, unsigned long key)
{
	int idx = table_read_lock(t);
	struct el *el;

	el = search_for_element(t, key);
	if (!el) {
		table_read_unlock(t, idx);
		return ERR_PTR(-ENOENT);
	}
	window(t);
	if (!rc_inc_not_zero(el)) {
		table_read_unlock(t, idx);
		return ERR_PTR(-EAGAIN);	/* the document's FAIL */
	}
	table_read_unlock(t, idx);
	return el;
}

static void release_referenced(struct el *el)
{
	if (rc_dec_and_test(el))
		el_call_rcu(el, el_free);
}

static int delete(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);

	if (!el)
		return -ENOENT;
	window(t);
	if (rc_dec_and_test(el))
		el_call_rcu(el, el_free);
	return 0;
}

#define LISTING_B_OPS						\
	.add			= listing_rcu_add,		\
	.search_for_update	= listing_rcu_search_for_update, \
	.enter			= table_read_lock,		\
	.leave			= table_read_unlock

/*
 * Busted plain_inc (R2, zoo 14): listing A made lock-free by replacing the
 * locks only.
 *
 *	reader				deleter
 *	------				-------
 *	rcu_read_lock
 *	el = search_for_element
 *					remove_element
 *					atomic_dec_and_test: 0, call_rcu
 *	atomic_inc(&el->rc): 0 -> 1
 *	rcu_read_unlock
 *					el_free: kfree(el)
 *	uses el, freed
 */
static struct el *plain_inc(struct ref_table *t, unsigned long key)
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

/*
 * Busted no_gp (zoo 16): the last reference frees at once, as in listing A,
 * while a reader that found the element is still about to look at its count.
 */
static void release_no_gp(struct el *el)
{
	if (rc_dec_and_test(el))
		el_kfree(el);
}

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

/*
 * Busted split_dec (zoo 18): decrement and test are two steps, so two who
 * give back the last two references can both see zero.
 *
 *	reader				deleter
 *	------				-------
 *	atomic_dec: 2 -> 1
 *					atomic_dec: 1 -> 0
 *	atomic_read: 0			atomic_read: 0
 *	call_rcu(&el->head)		call_rcu(&el->head)
 */
static void release_split_dec(struct el *el)
{
	struct ref_table *t = el->table;

	rc_dec_and_test(el);
	window(t);
	if (!atomic_read(&el->rc))
		el_call_rcu(el, el_free);
}

static int delete_split_dec(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);

	if (!el)
		return -ENOENT;
	release_split_dec(el);
	return 0;
}

/*
 * Busted sleeping_reader (W1, zoo 24): the reader blocks inside its section.
 * Under the RCU of the introduction, where a context switch is a quiescent
 * state, the grace period ends under it.  Preemptible RCU waits for it, and
 * warns.  Callers in atomic context cannot sleep and are left as they are.
 */
static struct el *sleeping_reader(struct ref_table *t, unsigned long key)
{
	int idx = table_read_lock(t);
	struct el *el;

	el = search_for_element(t, key);
	if (el) {
		if (in_task() && !irqs_disabled())
			usleep_range(50, 500);
		if (!rc_inc_not_zero(el))
			el = ERR_PTR(-EAGAIN);
	}
	table_read_unlock(t, idx);
	return el ?: ERR_PTR(-ENOENT);
}

static const struct ref_busted busted[] = {
	{
		.name = "plain_inc",
		.about =
			"the lookup increments without looking, and revives an element",
		.claim = "R2",
		.zoo = 14,
		.caught_by = CHECK_BIT(FROM_ZERO),
		.may_fire = CHECK_BIT(USE_AFTER_FREE) | CHECK_BIT(FREED_ONCE) |
			    CHECK_BIT(DOUBLE_POST) | CHECK_BIT(NOTHING_LOST),
		.ops = {
			LISTING_B_OPS,
			.search_and_reference = plain_inc,
			.release_referenced = release_referenced,
			.delete = delete,
		},
	}, {
		.name = "no_gp",
		.about =
			"the last reference frees without a grace period",
		.claim = "R3",
		.zoo = 16,
		.caught_by = CHECK_BIT(USE_AFTER_FREE),
		.may_fire = CHECK_BIT(FROM_ZERO) | CHECK_BIT(FREED_ONCE) |
			    CHECK_BIT(NOTHING_LOST),
		.ops = {
			LISTING_B_OPS,
			.search_and_reference = search_and_reference,
			.release_referenced = release_no_gp,
			.delete = delete_no_gp,
		},
	}, {
		.name = "split_dec",
		.about =
			"decrement and test are two steps: two releases see zero and post",
		.claim = "R3",
		.zoo = 18,
		.caught_by = CHECK_BIT(DOUBLE_POST),
		.may_fire = CHECK_BIT(FREED_ONCE) | CHECK_BIT(USE_AFTER_FREE) |
			    CHECK_BIT(NOTHING_LOST),
		.ops = {
			LISTING_B_OPS,
			.search_and_reference = search_and_reference,
			.release_referenced = release_split_dec,
			.delete = delete_split_dec,
		},
	}, {
		.name = "sleeping_reader",
		.about =
			"the reader blocks inside its read-side critical section",
		.claim = "W1",
		.zoo = 24,
		.caught_by = CHECK_BIT(READER_SLEPT),
		.splat = "Voluntary context switch within RCU read-side critical section",
		.not_with = FLAVOR_READERS_MAY_SLEEP |
			    FLAVOR_READERS_ATOMIC,
		.ops = {
			LISTING_B_OPS,
			.search_and_reference = sleeping_reader,
			.release_referenced = release_referenced,
			.delete = delete,
		},
	},
};

const struct ref_pattern pattern_listing_b = {
	.name = "listing_b",
	.promise =
		"a lookup may FAIL, and never revives; delete does not wait; the free is deferred",
	.claims = "R2 R3 R4 R9",
	.flags = PATTERN_LOOKUP_MAY_FAIL | PATTERN_USES_FLAVOR |
		 PATTERN_POSTS,
	.ops = {
		LISTING_B_OPS,
		.search_and_reference = search_and_reference,
		.release_referenced = release_referenced,
		.delete = delete,
	},
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};
