// SPDX-License-Identifier: GPL-2.0
/*
 * Listing B with a count that gets by one addition.  Claims R3, R10.
 *
 * lastref/rcuref.h has the count, and the idea.  What changes in the listing is
 * one thing: release_referenced() and delete() put inside a read-side section.
 * Between a put's subtraction and its declaration of the end somebody else may
 * revive the count and put it again for good, and what keeps the memory for the
 * first one is the grace period that the free waits for.
 */
#include "listing_rcu.h"

static inline struct el *el_of(atomic_t *refs)
{
	return container_of(refs, struct el, rc);
}

#define lr_rcuref_window(ref)	window(el_of(&(ref)->refs)->table)
#include <lastref/rcuref.h>

/* The count is an int in either listing. */
static struct lr_rcuref *ref_of(struct el *el)
{
	return container_of(&el->rc, struct lr_rcuref, refs);
}

static int add(struct ref_table *t, unsigned long key)
{
	struct el *el = alloc_object(t, key);
	unsigned long flags;

	if (!el)
		return -ENOMEM;
	lr_rcuref_init(ref_of(el), 1);
	el_note(el, EL_SET, 0, 1);
	spin_lock_irqsave(&t->list_lock, flags);
	if (search_for_element(t, key)) {
		spin_unlock_irqrestore(&t->list_lock, flags);
		el_kfree(el);
		return -EEXIST;
	}
	add_element(t, el);
	spin_unlock_irqrestore(&t->list_lock, flags);
	return 0;
}

/*
 * A count of which the last reference was put, but not declared the end of, may
 * be taken up again: it is noted as one that has a reference.
 */
static struct el *reference(struct el *el)
{
	if (!lr_rcuref_get(ref_of(el))) {
		el_note(el, EL_GET_FAILED, 0, 0);
		return ERR_PTR(-EAGAIN);
	}
	el_note(el, EL_GET, 1, 2);
	return el;
}

static struct el *search_and_reference(struct ref_table *t, unsigned long key)
{
	int idx = table_read_lock(t);
	struct el *el = search_for_element(t, key);

	if (el) {
		window(t);
		el = reference(el);
	}
	table_read_unlock(t, idx);
	return el ?: ERR_PTR(-ENOENT);
}

/* The table's reference stands: this does not fail. */
static struct el *search_for_update(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *el;

	spin_lock_irqsave(&t->list_lock, flags);
	el = search_for_element(t, key);
	if (el)
		el = reference(el);
	spin_unlock_irqrestore(&t->list_lock, flags);
	return el ?: ERR_PTR(-ENOENT);
}

static void el_free(struct rcu_head *head)
{
	el_kfree(container_of(head, struct el, head));
}

static void release_referenced(struct el *el)
{
	struct ref_table *t = el->table;
	int idx = table_read_lock(t);

	el_note(el, EL_PUT, 1, 0);
	if (lr_rcuref_put(ref_of(el)))
		el_call_rcu(el, el_free);
	table_read_unlock(t, idx);
}

static int delete(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);

	if (!el)
		return -ENOENT;
	window(t);
	release_referenced(el);
	return 0;
}

static int count(struct el *el)
{
	return lr_rcuref_read(ref_of(el));
}

#define RCUREF_OPS						\
	.add			= add,				\
	.search_for_update	= search_for_update,		\
	.enter			= table_read_lock,		\
	.leave			= table_read_unlock,		\
	.count			= count

/*
 * Busted put_rereads (R3, zoo 20): the slow path of put looks at the count again
 * instead of using what its own subtraction returned, and outside a section.
 *
 *	this put			another
 *	--------			-------
 *	0 -> NONE
 *					get: NONE -> 0
 *					put: 0 -> NONE, DEAD, call_rcu
 *	reads DEAD: whose reference
 *	was it that it has put?
 *					el_free
 *	(or reads freed memory)
 */
static void release_rereads(struct el *el)
{
	struct ref_table *t = el->table;
	int now, i;

	el_note(el, EL_PUT, 1, 0);
	if (atomic_sub_return_release(1, &el->rc) >= 0)
		return;
	/* until another has come back to life and died, if any comes */
	for (i = 0; i < 64 && atomic_read(&el->rc) >= LR_RCUREF_NONE; i++)
		window(t);
	now = atomic_read(&el->rc);
	if (now == LR_RCUREF_NONE) {
		if (atomic_try_cmpxchg(&el->rc, &now, LR_RCUREF_DEAD))
			el_call_rcu(el, el_free);
	} else if (now < 0) {
		el_note(el, EL_PUT, 0, -1);
	}
}

/* As search_and_reference(), but it waits a while for the last put, to come late. */
static struct el *search_late(struct ref_table *t, unsigned long key)
{
	int i, idx = table_read_lock(t);
	struct el *el = search_for_element(t, key);

	if (el) {
		for (i = 0; i < 16 && atomic_read(&el->rc) != LR_RCUREF_NONE; i++)
			window(t);
		el = reference(el);
	}
	table_read_unlock(t, idx);
	return el ?: ERR_PTR(-ENOENT);
}

static int delete_rereads(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);

	if (!el)
		return -ENOENT;
	window(t);
	release_rereads(el);
	return 0;
}

/*
 * Busted no_dead (R3, zoo 14): the last put frees without declaring the end, and
 * a get that comes then has what is being freed.
 */
static void release_no_dead(struct el *el)
{
	struct ref_table *t = el->table;
	int idx = table_read_lock(t);

	el_note(el, EL_PUT, 1, 0);
	if (atomic_sub_return_release(1, &el->rc) == LR_RCUREF_NONE)
		el_call_rcu(el, el_free);
	table_read_unlock(t, idx);
}

static int delete_no_dead(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);

	if (!el)
		return -ENOENT;
	window(t);
	release_no_dead(el);
	return 0;
}

static const struct ref_busted busted[] = {
	{
		.name = "put_rereads",
		.about =
			"the last put looks at the count a second time, and sees another's end",
		.claim = "R3",
		.zoo = 20,
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.ops = {
			RCUREF_OPS,
			.search_and_reference = search_late,
			.release_referenced = release_rereads,
			.delete = delete_rereads,
		},
	}, {
		.name = "no_dead",
		.about =
			"the last put does not declare the end, and a get revives the element",
		.claim = "R3",
		.zoo = 14,
		.caught_by = CHECK_BIT(DOUBLE_POST) | CHECK_BIT(USE_AFTER_FREE),
		.may_fire = CHECK_BIT(FREED_ONCE) | CHECK_BIT(NOTHING_LOST),
		.ops = {
			RCUREF_OPS,
			.search_and_reference = search_and_reference,
			.release_referenced = release_no_dead,
			.delete = delete_no_dead,
		},
	},
};

const struct ref_pattern pattern_rcuref = {
	.name = "rcuref",
	.promise =
		"as listing_b, with one addition a get; a dead count stays dead",
	.claims = "R3 R10",
	.flags = PATTERN_LOOKUP_MAY_FAIL | PATTERN_USES_FLAVOR |
		 PATTERN_POSTS,
	.ops = {
		RCUREF_OPS,
		.search_and_reference = search_and_reference,
		.release_referenced = release_referenced,
		.delete = delete,
	},
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};
