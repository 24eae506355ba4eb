// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's reference idiom with a reader-writer lock.  Claims Q8, Q9.
 *
 *	read_lock(&foo_rwlock);		write_mutex_lock(&foo_rwlock);
 *	p = foo;			old = foo;
 *	foo_ref(p);			foo = new;
 *	read_unlock(&foo_rwlock);	foo_unref(old);
 *	... do something with p ...	write_mutex_unlock(&foo_rwlock);
 *	read_lock(&foo_rwlock);
 *	foo_unref(p);
 *	read_unlock(&foo_rwlock);
 *
 * As the document has it foo_unref() may free under the lock, where it delays
 * everybody for as long as that takes (rwlock_ref).  It need not: foo_unref() can
 * leave the deallocation to a bottom half, here a work, and then the critical
 * section is as short for whatever foo owns (rwlock_ref_bh, Q9).  Queueing the
 * work is not free: where there is only a kfree() to move out, it costs more.
 */
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "rwlock_foo.h"

/* What rwlock_ref_bh has put off. */
struct bottom_half {
	struct work_struct work;
	struct llist_head dead;
};

static struct el *search_and_reference(struct ref_table *t, unsigned long key)
{
	struct el *p;

	read_lock(&t->list_rwlock);
	p = foo_read(t, key);
	if (p) {
		window(t);
		rc_inc(p);			/* foo_ref(p) */
	}
	read_unlock(&t->list_rwlock);
	return p ?: ERR_PTR(-ENOENT);
}

static struct el *search_for_update(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *p;

	write_lock_irqsave(&t->list_rwlock, flags);
	p = foo_read(t, key);
	if (p)
		rc_inc(p);
	write_unlock_irqrestore(&t->list_rwlock, flags);
	return p ?: ERR_PTR(-ENOENT);
}

static void foo_unref(struct el *p)
{
	if (rc_dec_and_test(p))
		el_kfree(p);
}

static void release_referenced(struct el *p)
{
	struct ref_table *t = p->table;

	read_lock(&t->list_rwlock);
	foo_unref(p);
	read_unlock(&t->list_rwlock);
}

static int delete(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *old;

	write_lock_irqsave(&t->list_rwlock, flags);
	old = foo_swap(t, key, NULL);
	if (old)
		foo_unref(old);
	write_unlock_irqrestore(&t->list_rwlock, flags);
	return old ? 0 : -ENOENT;
}

static void free_dead(struct work_struct *work)
{
	struct bottom_half *bh = container_of(work, struct bottom_half, work);
	struct el *p, *next;

	llist_for_each_entry_safe(p, next, llist_del_all(&bh->dead), later)
		el_kfree(p);
}

static void foo_unref_bh(struct el *p)
{
	struct bottom_half *bh = p->table->priv;

	if (!rc_dec_and_test(p))
		return;
	llist_add(&p->later, &bh->dead);
	schedule_work(&bh->work);
}

static void release_bh(struct el *p)
{
	struct ref_table *t = p->table;

	read_lock(&t->list_rwlock);
	foo_unref_bh(p);
	read_unlock(&t->list_rwlock);
}

static int delete_bh(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *old;

	write_lock_irqsave(&t->list_rwlock, flags);
	old = foo_swap(t, key, NULL);
	if (old)
		foo_unref_bh(old);
	write_unlock_irqrestore(&t->list_rwlock, flags);
	return old ? 0 : -ENOENT;
}

static int init_bh(struct ref_table *t)
{
	struct bottom_half *bh = kzalloc(sizeof(*bh), GFP_KERNEL);

	if (!bh)
		return -ENOMEM;
	INIT_WORK(&bh->work, free_dead);
	init_llist_head(&bh->dead);
	t->priv = bh;
	return slots_init(t);
}

static void settle_bh(struct ref_table *t)
{
	struct bottom_half *bh = t->priv;

	flush_work(&bh->work);
}

static void exit_bh(struct ref_table *t)
{
	if (t->priv)
		settle_bh(t);
	kfree(t->priv);
	t->priv = NULL;
	slots_exit(t);
}

/*
 * Busted late_ref (Q8): the reference is taken after the lock is given back, as
 * in listing A's late_inc.
 */
static struct el *late_ref(struct ref_table *t, unsigned long key)
{
	struct el *p;

	read_lock(&t->list_rwlock);
	p = foo_read(t, key);
	read_unlock(&t->list_rwlock);
	if (!p)
		return ERR_PTR(-ENOENT);
	window(t);
	rc_inc(p);
	return p;
}

#define RWLOCK_REF_OPS						\
	SLOTS_OPS,						\
	.add			= rwlock_foo_add,		\
	.search_for_update	= search_for_update,		\
	.release_referenced	= release_referenced,		\
	.delete			= delete,			\
	.enter			= rwlock_foo_read_lock,		\
	.leave			= rwlock_foo_read_unlock

static const struct ref_busted busted[] = {
	{
		.name = "late_ref",
		.about =
			"the reference is taken after the read lock is dropped",
		.claim = "Q8",
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.may_fire = CHECK_BIT(FREED_ONCE) | CHECK_BIT(NOTHING_LOST),
		.ops = { RWLOCK_REF_OPS, .search_and_reference = late_ref },
	},
};

const struct ref_pattern pattern_rwlock_ref = {
	.name = "rwlock_ref",
	.promise =
		"a lookup always gets its reference; the last unref frees, under the lock",
	.claims = "Q8",
	.flags = PATTERN_READERS_EXCLUDE_DELETE,
	.ops = {
		RWLOCK_REF_OPS,
		.search_and_reference = search_and_reference,
	},
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};

const struct ref_pattern pattern_rwlock_ref_bh = {
	.name = "rwlock_ref_bh",
	.promise =
		"as rwlock_ref, but a bottom half frees, and nobody waits for it",
	.claims = "Q8 Q9",
	.flags = PATTERN_READERS_EXCLUDE_DELETE,
	.ops = {
		.search = foo_read,
		.for_each = slots_for_each,
		.init = init_bh,
		.exit = exit_bh,
		.settle = settle_bh,
		.add = rwlock_foo_add,
		.search_and_reference = search_and_reference,
		.search_for_update = search_for_update,
		.release_referenced = release_bh,
		.delete = delete_bh,
		.enter = rwlock_foo_read_lock,
		.leave = rwlock_foo_read_unlock,
	},
};
