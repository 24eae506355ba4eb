// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's RCU combined with a "real" reference count.  Claims Q5, Q6, Q7.
 *
 * The reader takes its reference inside the section and uses it outside, for
 * as long as it likes and across sleep:
 *
 *	rcu_read_lock();
 *	p = atomic_rcu_read(&foo);
 *	foo_ref(p);
 *	rcu_read_unlock();
 *	... do something with p ...
 *	foo_unref(p);
 *
 * The write side swaps the pointer and gives up foo's own reference, but not
 * before every reader that may still be about to say foo_ref() has said it.  It
 * waits for that (rcu_ref), or defers the unref (rcu_ref_call).  In both the
 * last reference may be dropped on the read side, and that is where the element
 * is freed.
 *
 * The document's third way (rcu_ref_defers): the write side does not wait at
 * all, and foo_unref() defers the destruction.  The memory is safe then, but
 * the count can be zero when a reader comes to foo_ref(), so that must look
 * first.  The document does not say so, and its foo_ref() does not look.  That
 * is the busted form unref_defers.
 */
#include "slots.h"

static int add(struct ref_table *t, unsigned long key)
{
	struct el *new = alloc_object(t, key);
	unsigned long flags;

	if (!new)
		return -ENOMEM;
	rc_set(new, 1);
	spin_lock_irqsave(&t->list_lock, flags);
	if (foo_read(t, key)) {
		spin_unlock_irqrestore(&t->list_lock, flags);
		el_kfree(new);
		return -EEXIST;
	}
	foo_swap(t, key, new);
	spin_unlock_irqrestore(&t->list_lock, flags);
	return 0;
}

static struct el *search_and_reference(struct ref_table *t, unsigned long key)
{
	int idx = table_read_lock(t);
	struct el *p = foo_read(t, key);

	if (p) {
		window(t);
		rc_inc(p);			/* foo_ref(p) */
	}
	table_read_unlock(t, idx);
	return p ?: ERR_PTR(-ENOENT);
}

/* In the update stream foo's own reference stands: listing B says why. */
static struct el *search_for_update(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *p;

	spin_lock_irqsave(&t->list_lock, flags);
	p = foo_read(t, key);
	if (p)
		rc_inc(p);
	spin_unlock_irqrestore(&t->list_lock, flags);
	return p ?: ERR_PTR(-ENOENT);
}

static void foo_unref(struct el *p)
{
	if (rc_dec_and_test(p))
		el_kfree(p);
}

/* The removal phase, the same in all: lock, swap, unlock. */
static struct el *remove_foo(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *old;

	spin_lock_irqsave(&t->list_lock, flags);
	old = foo_swap(t, key, NULL);
	spin_unlock_irqrestore(&t->list_lock, flags);
	window(t);
	return old;
}

/* Swap, unlock, wait, unref. */
static int delete(struct ref_table *t, unsigned long key)
{
	struct el *old = remove_foo(t, key);

	if (!old)
		return -ENOENT;
	table_synchronize(t);
	foo_unref(old);
	return 0;
}

static void foo_unref_rcu(struct rcu_head *head)
{
	foo_unref(container_of(head, struct el, head));
}

/* Swap, unlock, defer the unref. */
static int delete_call(struct ref_table *t, unsigned long key)
{
	struct el *old = remove_foo(t, key);

	if (!old)
		return -ENOENT;
	el_call_rcu(old, foo_unref_rcu);
	return 0;
}

static void foo_destroy(struct rcu_head *head)
{
	el_kfree(container_of(head, struct el, head));
}

static void foo_unref_defers(struct el *p)
{
	if (rc_dec_and_test(p))
		el_call_rcu(p, foo_destroy);
}

/* Swap, unlock, unref, which defers the destruction. */
static int delete_unref(struct ref_table *t, unsigned long key)
{
	struct el *old = remove_foo(t, key);

	if (!old)
		return -ENOENT;
	foo_unref_defers(old);
	return 0;
}

/* The reader that goes with it. */
static struct el *search_and_try(struct ref_table *t, unsigned long key)
{
	int idx = table_read_lock(t);
	struct el *p = foo_read(t, key);

	if (p) {
		window(t);
		if (!rc_inc_not_zero(p))
			p = ERR_PTR(-EAGAIN);
	}
	table_read_unlock(t, idx);
	return p ?: ERR_PTR(-ENOENT);
}

#define RCU_REF_OPS						\
	SLOTS_OPS,						\
	.add			= add,				\
	.search_for_update	= search_for_update,		\
	.enter			= table_read_lock,		\
	.leave			= table_read_unlock

/*
 * Busted unref_defers (Q7, zoo 19): the document's third way read literally, with
 * a foo_ref() that does not look.
 *
 *	reader				writer
 *	------				------
 *	rcu_read_lock
 *	p = atomic_rcu_read(&foo)
 *					swap
 *					foo_unref(p): 0, call_rcu(foo_destroy)
 *	foo_ref(p): 0 -> 1		(revived)
 *	rcu_read_unlock
 *					foo_destroy(p)
 *	uses p
 *	foo_unref(p): 0, call_rcu	(a second time)
 */

/*
 * Busted no_wait (Q6, zoo 16): swap, unlock, unref, and the unref frees.
 *
 *	reader				writer
 *	------				------
 *	p = atomic_rcu_read(&foo)
 *					swap
 *					foo_unref(p): 0, free
 *	foo_ref(p)			(from zero, in freed memory)
 */
static int delete_no_wait(struct ref_table *t, unsigned long key)
{
	struct el *old = remove_foo(t, key);

	if (!old)
		return -ENOENT;
	foo_unref(old);
	return 0;
}

/*
 * Busted wrapper (Q5, zoo 17): the count belongs to a wrapper that foo is only
 * connected with, say the table's entry for it.  References keep the wrapper;
 * foo itself goes a grace period after its removal, whoever holds what.
 *
 *	reader				writer
 *	------				------
 *	ref(wrapper of p)
 *	rcu_read_unlock
 *					swap, call_rcu(foo_destroy)
 *					foo_destroy(p)
 *	uses p				(freed; the wrapper is still there)
 *	unref(wrapper of p)
 */
static int delete_wrapper(struct ref_table *t, unsigned long key)
{
	struct el *old = remove_foo(t, key);

	if (!old)
		return -ENOENT;
	el_call_rcu(old, foo_destroy);
	return 0;
}

static void unref_wrapper(struct el *p)
{
	rc_dec_and_test(p);	/* the wrapper's, which nothing here frees */
}

static const struct ref_busted busted[] = {
	{
		.name = "unref_defers",
		.about =
			"the last unref defers the free, and readers revive what is waiting for it",
		.claim = "Q7",
		.zoo = 19,
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(DOUBLE_POST),
		.may_fire = CHECK_BIT(USE_AFTER_FREE) | CHECK_BIT(FREED_ONCE) |
			    CHECK_BIT(NOTHING_LOST),
		.ops = {
			RCU_REF_OPS,
			.search_and_reference = search_and_reference,
			.release_referenced = foo_unref_defers,
			.delete = delete_unref,
		},
	}, {
		.name = "no_wait",
		.about =
			"the write side gives up its reference without waiting for readers",
		.claim = "Q6",
		.zoo = 16,
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.may_fire = CHECK_BIT(FREED_ONCE) | CHECK_BIT(NOTHING_LOST),
		.ops = {
			RCU_REF_OPS,
			.search_and_reference = search_and_reference,
			.release_referenced = foo_unref,
			.delete = delete_no_wait,
		},
	}, {
		.name = "wrapper",
		.about =
			"references are counted in a wrapper, and the object is elsewhere",
		.claim = "Q5",
		.zoo = 17,
		.caught_by = CHECK_BIT(USE_AFTER_FREE),
		.may_fire = CHECK_BIT(NOTHING_LOST) | CHECK_BIT(FROM_ZERO) |
			    CHECK_BIT(FREED_ONCE),
		.ops = {
			RCU_REF_OPS,
			.search_and_reference = search_and_reference,
			.release_referenced = unref_wrapper,
			.delete = delete_wrapper,
		},
	},
};

const struct ref_pattern pattern_rcu_ref = {
	.name = "rcu_ref",
	.promise =
		"a found element can always be referenced; the writer waits, then unrefs",
	.claims = "Q5 Q6",
	.flags = PATTERN_USES_FLAVOR | PATTERN_DELETE_SLEEPS,
	.ops = {
		RCU_REF_OPS,
		.search_and_reference = search_and_reference,
		.release_referenced = foo_unref,
		.delete = delete,
	},
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};

const struct ref_pattern pattern_rcu_ref_call = {
	.name = "rcu_ref_call",
	.promise =
		"as rcu_ref, but the writer's unref is deferred: delete does not wait",
	.claims = "Q5 Q6",
	.flags = PATTERN_USES_FLAVOR | PATTERN_POSTS,
	.ops = {
		RCU_REF_OPS,
		.search_and_reference = search_and_reference,
		.release_referenced = foo_unref,
		.delete = delete_call,
	},
};

const struct ref_pattern pattern_rcu_ref_defers = {
	.name = "rcu_ref_defers",
	.promise =
		"the last unref defers the free; a lookup may FAIL, and never revives",
	.claims = "Q7",
	.flags = PATTERN_USES_FLAVOR | PATTERN_POSTS | PATTERN_LOOKUP_MAY_FAIL,
	.ops = {
		RCU_REF_OPS,
		.search_and_reference = search_and_try,
		.release_referenced = foo_unref_defers,
		.delete = delete_unref,
	},
};
