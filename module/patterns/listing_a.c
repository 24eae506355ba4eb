// SPDX-License-Identifier: GPL-2.0
/*
 * Listing A: reference counts under a reader-writer lock.  Claim R1.
 *
 * The lock does two jobs.  A reader that finds an element under the read lock
 * knows that nobody can remove it meanwhile, so the table's own reference
 * stands and a plain increment is enough.  And once delete() has the write
 * lock, no reader is left that could still find the element, so whoever drops
 * the last reference may free it at once.
 *
 * The price is claim R8: delete() waits for every reader of the whole table.
 */
#include "pattern.h"

static int add(struct ref_table *t, unsigned long key)
{
	struct el *el = alloc_object(t, key);
	unsigned long flags;

	if (!el)
		return -ENOMEM;
	rc_set(el, 1);
	write_lock_irqsave(&t->list_rwlock, flags);
	if (search_for_element(t, key)) {
		write_unlock_irqrestore(&t->list_rwlock, flags);
		el_kfree(el);
		return -EEXIST;
	}
	add_element(t, el);
	write_unlock_irqrestore(&t->list_rwlock, flags);
	return 0;
}

static struct el *search_and_reference(struct ref_table *t, unsigned long key)
{
	struct el *el;

	read_lock(&t->list_rwlock);
	el = search_for_element(t, key);
	if (!el) {
		read_unlock(&t->list_rwlock);
		return ERR_PTR(-ENOENT);
	}
	window(t);
	rc_inc(el);
	read_unlock(&t->list_rwlock);
	return el;
}

static struct el *search_for_update(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *el;

	write_lock_irqsave(&t->list_rwlock, flags);
	el = search_for_element(t, key);
	if (el)
		rc_inc(el);
	write_unlock_irqrestore(&t->list_rwlock, flags);
	return el ?: ERR_PTR(-ENOENT);
}

static void release_referenced(struct el *el)
{
	if (rc_dec_and_test(el))
		el_kfree(el);
}

static int delete(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *el;

	write_lock_irqsave(&t->list_rwlock, flags);
	el = search_for_element(t, key);
	if (!el) {
		write_unlock_irqrestore(&t->list_rwlock, flags);
		return -ENOENT;
	}
	remove_element(el);
	write_unlock_irqrestore(&t->list_rwlock, flags);
	window(t);
	if (rc_dec_and_test(el))
		el_kfree(el);
	return 0;
}

static int section_lock(struct ref_table *t) __acquires(&t->list_rwlock)
{
	read_lock(&t->list_rwlock);
	return 0;
}

static void section_unlock(struct ref_table *t, int idx)
	__releases(&t->list_rwlock)
{
	read_unlock(&t->list_rwlock);
}

#define LISTING_A_OPS					\
	.add			= add,			\
	.search_for_update	= search_for_update,	\
	.release_referenced	= release_referenced,	\
	.delete			= delete,		\
	.enter			= section_lock,		\
	.leave			= section_unlock

/*
 * Busted: the reference is taken after the lock is dropped.
 *
 *	reader				deleter
 *	------				-------
 *	read_lock
 *	el = search_for_element
 *	read_unlock
 *					write_lock, remove_element, write_unlock
 *					atomic_dec_and_test: 0, kfree(el)
 *	atomic_inc(&el->rc)		(from zero, in freed memory)
 */
static struct el *late_inc(struct ref_table *t, unsigned long key)
{
	struct el *el;

	read_lock(&t->list_rwlock);
	el = search_for_element(t, key);
	read_unlock(&t->list_rwlock);
	if (!el)
		return ERR_PTR(-ENOENT);
	window(t);
	rc_inc(el);
	return el;
}

static const struct ref_busted busted[] = {
	{
		.name = "late_inc",
		.about =
			"the reference is taken after the read lock is dropped",
		.claim = "R1",
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.may_fire = CHECK_BIT(FREED_ONCE) | CHECK_BIT(NOTHING_LOST),
		.ops = { LISTING_A_OPS, .search_and_reference = late_inc },
	},
};

const struct ref_pattern pattern_listing_a = {
	.name = "listing_a",
	.promise =
		"a lookup always gets its reference; the last release frees; delete waits for readers",
	.claims = "R1",
	.flags = PATTERN_READERS_EXCLUDE_DELETE,
	.ops = { LISTING_A_OPS, .search_and_reference = search_and_reference },
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};
