// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's RCU idiom with a reader-writer lock, used inside only.  Claim Q8.
 *
 *	read_lock(&foo_rwlock);		write_mutex_lock(&foo_rwlock);
 *	p = foo;			p = foo;
 *	... do something with p ...	foo = new;
 *	read_unlock(&foo_rwlock);	write_mutex_unlock(&foo_rwlock);
 *					free(p);
 *
 * Who has the lock for writing is alone, so once it has taken p away nobody
 * can have it, and p is freed at once.  The document frees it twice, before the
 * unlock and after: that is the busted form double_free (Q11).
 */
#include "rwlock_foo.h"

int rwlock_foo_add(struct ref_table *t, unsigned long key)
{
	struct el *new = alloc_object(t, key);
	unsigned long flags;

	if (!new)
		return -ENOMEM;
	rc_set(new, 1);
	write_lock_irqsave(&t->list_rwlock, flags);
	if (foo_read(t, key)) {
		write_unlock_irqrestore(&t->list_rwlock, flags);
		el_kfree(new);
		return -EEXIST;
	}
	foo_swap(t, key, new);
	write_unlock_irqrestore(&t->list_rwlock, flags);
	return 0;
}

int rwlock_foo_read_lock(struct ref_table *t) __acquires(&t->list_rwlock)
{
	read_lock(&t->list_rwlock);
	return 0;
}

void rwlock_foo_read_unlock(struct ref_table *t, int idx)
	__releases(&t->list_rwlock)
{
	read_unlock(&t->list_rwlock);
}

static int delete(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *p;

	write_lock_irqsave(&t->list_rwlock, flags);
	p = foo_swap(t, key, NULL);
	write_unlock_irqrestore(&t->list_rwlock, flags);
	if (!p)
		return -ENOENT;
	window(t);
	el_kfree(p);
	return 0;
}

/* Busted double_free (Q11): the document's right column, to the letter. */
static int delete_double_free(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *p;

	write_lock_irqsave(&t->list_rwlock, flags);
	p = foo_swap(t, key, NULL);
	if (p)
		el_kfree(p);
	write_unlock_irqrestore(&t->list_rwlock, flags);
	if (!p)
		return -ENOENT;
	el_kfree(p);
	return 0;
}

/*
 * Busted no_lock (Q8): the reader takes no lock, so nobody waits for it.
 *
 *	reader				writer
 *	------				------
 *	p = foo
 *					write lock, foo = NULL, unlock
 *					free(p)
 *	uses p
 */
static int no_read_lock(struct ref_table *t)
{
	return 0;
}

static void no_read_unlock(struct ref_table *t, int idx)
{
}

static const struct ref_busted busted[] = {
	{
		.name = "double_free",
		.about =
			"the writer frees inside its critical section, and again after it",
		.claim = "Q11",
		.caught_by = CHECK_BIT(FREED_ONCE),
		.ops = {
			SLOTS_OPS,
			.add = rwlock_foo_add,
			.delete = delete_double_free,
			.enter = rwlock_foo_read_lock,
			.leave = rwlock_foo_read_unlock,
		},
	}, {
		.name = "no_lock",
		.about =
			"the reader uses what it found without the read lock",
		.claim = "Q8",
		.caught_by = CHECK_BIT(USE_AFTER_FREE) | CHECK_BIT(PROMISE),
		.ops = {
			SLOTS_OPS,
			.add = rwlock_foo_add,
			.delete = delete,
			.enter = no_read_lock,
			.leave = no_read_unlock,
		},
	},
};

const struct ref_pattern pattern_rwlock_inside = {
	.name = "rwlock_inside",
	.promise =
		"elements are used under the read lock only; the writer frees at once",
	.claims = "Q8",
	.flags = PATTERN_SECTIONS_ONLY | PATTERN_READERS_EXCLUDE_DELETE,
	.ops = {
		SLOTS_OPS,
		.add = rwlock_foo_add,
		.delete = delete,
		.enter = rwlock_foo_read_lock,
		.leave = rwlock_foo_read_unlock,
	},
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};
