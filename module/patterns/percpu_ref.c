// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's percpu_ref where listing B has an atomic count.  Claim R10.
 *
 * The rcuref document calls it the first stop for RCU and reference counts
 * together.  A get and a put are an addition on the CPU's own counter, as long
 * as the element is in the table; nobody needs to know the sum then, for the
 * table's own reference keeps it above zero.  delete() gives that up with
 * percpu_ref_kill(): the counters are summed into an atomic after a grace
 * period, and from there on the last put is noticed.
 *
 * The price is memory: a counter for each possible CPU, for each element.  That
 * is what the listings are for.
 *
 * No reference is given once the element was killed: the lookup FAILs, as in
 * listing B.  The last put defers the free, since lookups may still be about to
 * ask.
 */
#include <linux/percpu-refcount.h>
#include <linux/slab.h>

#include "listing_rcu.h"

/* What is counted with, beside the element. */
struct counter {
	struct percpu_ref ref;
	struct el *el;
	struct hlist_node node;		/* in all of a table */
};

struct counters {
	spinlock_t lock;	/* of @all */
	struct hlist_head all;
};

static void counter_free(struct counter *c)
{
	struct counters *counters = c->el->table->priv;
	unsigned long flags;

	spin_lock_irqsave(&counters->lock, flags);
	hlist_del(&c->node);
	spin_unlock_irqrestore(&counters->lock, flags);
	percpu_ref_exit(&c->ref);
	kfree(c);
}

static void el_free(struct rcu_head *head)
{
	struct el *el = container_of(head, struct el, head);

	counter_free(el->counter);
	el_kfree(el);
}

/* The count is zero, and nobody gets a reference any more. */
static void counter_release(struct percpu_ref *ref)
{
	el_call_rcu(container_of(ref, struct counter, ref)->el, el_free);
}

static struct counter *counter_alloc(struct el *el)
{
	struct counter *c = kzalloc(sizeof(*c), GFP_NOWAIT | __GFP_NOWARN);
	struct counters *counters = el->table->priv;
	unsigned long flags;

	if (!c)
		return NULL;
	if (percpu_ref_init(&c->ref, counter_release, 0,
			    GFP_NOWAIT | __GFP_NOWARN)) {
		kfree(c);
		return NULL;
	}
	c->el = el;
	spin_lock_irqsave(&counters->lock, flags);
	hlist_add_head(&c->node, &counters->all);
	spin_unlock_irqrestore(&counters->lock, flags);
	return c;
}

/* As in listings B and C, with the count made as well as set. */
static int add(struct ref_table *t, unsigned long key)
{
	struct el *el = alloc_object(t, key);
	unsigned long flags;
	bool there;

	if (!el)
		return -ENOMEM;
	rc_set(el, 1);
	el->counter = counter_alloc(el);
	if (!el->counter) {
		el_kfree(el);
		return -ENOMEM;
	}
	spin_lock_irqsave(&t->list_lock, flags);
	there = search_for_element(t, key);
	if (!there)
		add_element(t, el);
	spin_unlock_irqrestore(&t->list_lock, flags);
	if (!there)
		return 0;
	counter_free(el->counter);
	el_kfree(el);
	return -EEXIST;
}

/* Nobody knows the sum; it is above zero, and that is what is noted. */
static struct el *reference(struct el *el)
{
	struct counter *c = el->counter;

	if (!percpu_ref_tryget_live(&c->ref)) {
		el_note(el, EL_GET_FAILED, 0, 0);
		return ERR_PTR(-EAGAIN);
	}
	el_note(el, EL_GET, 1, 1);
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

static struct el *search_for_update(struct ref_table *t, unsigned long key)
{
	unsigned long flags;
	struct el *el;

	spin_lock_irqsave(&t->list_lock, flags);
	el = search_for_element(t, key);
	if (el) {
		struct counter *c = el->counter;

		percpu_ref_get(&c->ref);
		el_note(el, EL_GET, 1, 1);
	}
	spin_unlock_irqrestore(&t->list_lock, flags);
	return el ?: ERR_PTR(-ENOENT);
}

static void release_referenced(struct el *el)
{
	struct counter *c = el->counter;

	el_note(el, EL_PUT, 1, 1);
	percpu_ref_put(&c->ref);
}

static int delete(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);
	struct counter *c;

	if (!el)
		return -ENOENT;
	window(t);
	c = el->counter;
	percpu_ref_kill(&c->ref);	/* and puts the table's reference */
	return 0;
}

static int counters_init(struct ref_table *t)
{
	struct counters *counters = kzalloc(sizeof(*counters), GFP_KERNEL);

	if (!counters)
		return -ENOMEM;
	spin_lock_init(&counters->lock);
	t->priv = counters;
	return ref_table_make_chains(t);
}

/* What a broken form has left behind. */
static void counters_exit(struct ref_table *t)
{
	struct counters *counters = t->priv;
	struct hlist_node *next;
	struct counter *c;

	if (!counters)
		return;
	hlist_for_each_entry_safe(c, next, &counters->all, node) {
		percpu_ref_exit(&c->ref);
		kfree(c);
	}
	kfree(counters);
	t->priv = NULL;
}

/* A kill takes effect in a callback of RCU, whatever the table's flavor. */
static void counters_settle(struct ref_table *t)
{
	rcu_barrier();
}

#define PERCPU_REF_OPS						\
	.add			= add,				\
	.search_and_reference	= search_and_reference,		\
	.search_for_update	= search_for_update,		\
	.release_referenced	= release_referenced,		\
	.enter			= table_read_lock,		\
	.leave			= table_read_unlock,		\
	.init			= counters_init,		\
	.exit			= counters_exit,		\
	.settle			= counters_settle

/*
 * Busted no_kill (R10): the table's reference is put like any other.  The
 * counters stay per CPU, nobody sums them, and no put is the last.
 */
static int delete_no_kill(struct ref_table *t, unsigned long key)
{
	struct el *el = listing_rcu_remove(t, key);
	struct counter *c;

	if (!el)
		return -ENOENT;
	c = el->counter;
	percpu_ref_put(&c->ref);
	return 0;
}

/*
 * Busted kill_first (R10): killed before it is removed, and lookups FAIL for an
 * element that is in the table.
 */
static int delete_kill_first(struct ref_table *t, unsigned long key)
{
	struct el *el = search_for_update(t, key);
	struct counter *c;

	if (IS_ERR(el))
		return -ENOENT;
	c = el->counter;
	if (!xchg(&el->deleted, true)) {
		percpu_ref_kill(&c->ref);
		window(t);
		listing_rcu_remove(t, key);
	}
	release_referenced(el);
	return 0;
}

static const struct ref_busted busted[] = {
	{
		.name = "no_kill",
		.about =
			"the table's reference is put without a kill: no put is ever the last",
		.claim = "R10",
		.caught_by = CHECK_BIT(NOTHING_LOST),
		.ops = { PERCPU_REF_OPS, .delete = delete_no_kill },
	}, {
		.name = "kill_first",
		.about =
			"killed before it is removed: lookups fail for what is in the table",
		.claim = "R10",
		.caught_by = CHECK_BIT(PROMISE),
		.ops = { PERCPU_REF_OPS, .delete = delete_kill_first },
	},
};

const struct ref_pattern pattern_percpu_ref = {
	.name = "percpu_ref",
	.promise =
		"as listing_b, counted on each CPU; no reference is given after the kill",
	.claims = "R10",
	.flags = PATTERN_LOOKUP_MAY_FAIL | PATTERN_USES_FLAVOR |
		 PATTERN_POSTS,
	.ops = { PERCPU_REF_OPS, .delete = delete },
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};
