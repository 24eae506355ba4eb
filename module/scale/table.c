// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/llist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "table.h"

#define KEYS			16
#define BENCH_PART_BYTES	64

/* An element that owns something, as most do. */
struct bench_el {
	struct el el;
	struct llist_head parts;
};

static struct bench_table *bench_table_of(struct ref_table *t)
{
	return container_of(t, struct bench_table, table);
}

/* The document's foo_destroy(). */
static void destroy(struct bench_el *e)
{
	struct llist_node *part = __llist_del_all(&e->parts), *next;

	for (; part; part = next) {
		next = part->next;
		kfree(part);
	}
	kfree(e);
}

static struct el *host_alloc(struct ref_table *t, unsigned long key)
{
	struct bench_el *e = kzalloc(sizeof(*e), GFP_ATOMIC);
	struct llist_node *part;
	unsigned int i;

	for (i = 0; e && i < bench_table_of(t)->nr_parts; i++) {
		part = kmalloc(BENCH_PART_BYTES, GFP_ATOMIC);
		if (!part) {
			destroy(e);
			return NULL;
		}
		__llist_add(part, &e->parts);
	}
	return e ? &e->el : NULL;
}

/* The time is known to who sees the count: it comes first. */
static void host_free(struct el *el)
{
	struct bench_table *b = bench_table_of(el->table);

	destroy(container_of(el, struct bench_el, el));
	b->freed_at = ktime_get_ns();
	atomic_inc_return_release(&b->freed);
}

static void host_call_rcu(struct el *el, rcu_callback_t func)
{
	struct flavor *flavor = el->table->flavor;

	flavor->ops->call(flavor, &el->head, func);
}

static const struct ref_host host = {
	.alloc		= host_alloc,
	.free		= host_free,
	.call_rcu	= host_call_rcu,
};

static const struct ref_pattern *find_pattern(const char *name)
{
	unsigned int i;

	for (i = 0; ref_patterns[i]; i++)
		if (!strcmp(ref_patterns[i]->name, name))
			return ref_patterns[i];
	return NULL;
}

/* The row's @what is the pattern's name. */
int bench_table_setup(struct bench_slot *slot)
{
	const struct ref_pattern *pattern = find_pattern(slot->row->what);
	struct bench_table *b;
	int err;

	if (!pattern)
		return -EOPNOTSUPP;
	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	b->flavor.ops = &flavor_rcu;
	b->table.ops = &pattern->ops;
	b->table.host = &host;
	b->table.flavor = &b->flavor;
	err = ref_table_init(&b->table, KEYS);
	if (!err)
		err = b->table.ops->add(&b->table, BENCH_KEY);
	if (err) {
		ref_table_exit(&b->table);
		kfree(b);
		return err;
	}
	slot->priv = b;
	return 0;
}

/*
 * The element goes, and with it every callback; a release of a percpu_ref comes
 * after a grace period, and posts.
 */
void bench_table_teardown(struct bench_slot *slot)
{
	struct bench_table *b = slot->priv;

	if (!b)
		return;
	b->table.ops->delete(&b->table, BENCH_KEY);
	synchronize_rcu();
	rcu_barrier();
	rcu_barrier();
	ref_table_exit(&b->table);
	kfree(b);
}

bool bench_table_read(struct bench_table *b, unsigned int hold_us)
{
	const struct ref_ops *ops = b->table.ops;
	struct el *el;
	int idx;

	if (!ops->search_and_reference) {
		idx = ops->enter(&b->table);
		udelay(hold_us);
		ops->leave(&b->table, idx);
		return true;
	}
	el = ops->search_and_reference(&b->table, BENCH_KEY);
	if (IS_ERR(el))
		return false;
	udelay(hold_us);
	ops->release_referenced(el);
	return true;
}
