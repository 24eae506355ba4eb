// SPDX-License-Identifier: GPL-2.0
/*
 * What a reference costs: to take and give back, and in each element.
 *
 * Counts are alone: no search, nothing that protects one. Patterns bring
 * both: search_and_reference() and release_referenced() of an element that is
 * there; or, where elements are used inside sections only, one section.
 */
#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/percpu-refcount.h>
#include <linux/refcount.h>
#include <linux/slab.h>

#include "sets.h"
#include "table.h"

/* Any of the counts, never at zero while it is measured. */
union count {
	atomic_t atomic;
	refcount_t refcount;
	struct kref kref;
	struct percpu_ref percpu;
};

static int setup_count(struct bench_slot *slot)
{
	union count *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return -ENOMEM;
	atomic_set(&c->atomic, 1);	/* the first three are the same number */
	slot->priv = c;
	return 0;
}

static void teardown_count(struct bench_slot *slot)
{
	kfree(slot->priv);
}

static void percpu_gone(struct percpu_ref *ref)
{
}

static int setup_percpu(struct bench_slot *slot)
{
	union count *c = kzalloc(sizeof(*c), GFP_KERNEL);
	int err = c ? percpu_ref_init(&c->percpu, percpu_gone, 0, GFP_KERNEL) :
		      -ENOMEM;

	if (err)
		kfree(c);
	else
		slot->priv = c;
	return err;
}

static void teardown_percpu(struct bench_slot *slot)
{
	union count *c = slot->priv;

	if (c)
		percpu_ref_exit(&c->percpu);
	kfree(c);
}

static void kref_gone(struct kref *kref)
{
}

/* The loop, with @pair inlined into it. */
static __always_inline int loop(struct bench_slot *slot, u64 ops,
				struct bench_sample *sample,
				void (*pair)(union count *c))
{
	u64 start = ktime_get_ns(), i;

	for (i = 0; i < ops; i++)
		pair(slot->priv);
	sample->amount = ktime_get_ns() - start;
	sample->ops = ops;
	return 0;
}

static __always_inline void pair_atomic(union count *c)
{
	atomic_inc(&c->atomic);
	if (atomic_dec_and_test(&c->atomic))
		cpu_relax();
}

static __always_inline void pair_refcount(union count *c)
{
	refcount_inc(&c->refcount);
	if (refcount_dec_and_test(&c->refcount))
		cpu_relax();
}

static __always_inline void pair_kref(union count *c)
{
	kref_get(&c->kref);
	kref_put(&c->kref, kref_gone);
}

static __always_inline void pair_percpu(union count *c)
{
	percpu_ref_get(&c->percpu);
	percpu_ref_put(&c->percpu);
}

static int run_atomic(struct bench_slot *slot, u64 ops, struct bench_sample *s)
{
	return loop(slot, ops, s, pair_atomic);
}

static int run_refcount(struct bench_slot *slot, u64 ops,
			struct bench_sample *s)
{
	return loop(slot, ops, s, pair_refcount);
}

static int run_kref(struct bench_slot *slot, u64 ops, struct bench_sample *s)
{
	return loop(slot, ops, s, pair_kref);
}

static int run_percpu(struct bench_slot *slot, u64 ops, struct bench_sample *s)
{
	return loop(slot, ops, s, pair_percpu);
}

static int run_pattern(struct bench_slot *slot, u64 ops,
		       struct bench_sample *sample)
{
	u64 start = ktime_get_ns(), i;

	for (i = 0; i < ops; i++)
		if (!bench_table_read(slot->priv, 0))
			return -ENOENT;
	sample->amount = ktime_get_ns() - start;
	sample->ops = ops;
	return 0;
}

#define COUNT(label, sentence)						\
	{								\
		.name = #label, .about = (sentence), .run = run_##label, \
		.setup = setup_count, .teardown = teardown_count,	\
	}
#define PATTERN(label)							\
	{								\
		.name = #label, .what = #label, .run = run_pattern,	\
		.about = "search and reference, release", .needs = "this pattern", \
		.setup = bench_table_setup, .teardown = bench_table_teardown, \
	}

static const struct bench_row getput_rows[] = {
	COUNT(atomic, "atomic_inc() and atomic_dec_and_test()"),
	COUNT(refcount, "refcount_inc() and refcount_dec_and_test()"),
	COUNT(kref, "kref_get() and kref_put()"),
	{
		.name = "percpu", .run = run_percpu,
		.about = "percpu_ref_get() and percpu_ref_put()",
		.setup = setup_percpu, .teardown = teardown_percpu,
	},
	PATTERN(listing_a),
	PATTERN(listing_b),
	PATTERN(listing_c),
	PATTERN(listing_c_sync),
	PATTERN(percpu_ref),
	PATTERN(rcuref),
	PATTERN(rcu_ref),
	PATTERN(rwlock_inside),
	PATTERN(rwlock_ref),
	PATTERN(rcu_array),
	PATTERN(lockcnt),
	PATTERN(lockcnt_mutex),
	PATTERN(lockcnt_percpu),
};

const struct bench_set set_getput = {
	.name = "getput", .group = "refs", .unit = BENCH_NS,
	.about = "a reference taken and given back",
	.rows = getput_rows, .nr_rows = ARRAY_SIZE(getput_rows),
};

static int run_bytes(struct bench_slot *slot, u64 ops,
		     struct bench_sample *sample)
{
	sample->amount = slot->row->n;
	sample->ops = 1;
	return 0;
}

/* What percpu_ref_init() allocates besides. */
static int run_percpu_bytes(struct bench_slot *slot, u64 ops,
			    struct bench_sample *sample)
{
	sample->amount = sizeof(struct percpu_ref) +
			 sizeof(struct percpu_ref_data) +
			 num_possible_cpus() * sizeof(unsigned long);
	sample->ops = 1;
	return 0;
}

#define BYTES(label, size, sentence)					\
	{								\
		.name = (label), .about = (sentence), .ops = 1,		\
		.run = run_bytes, .n = (size),				\
	}

static const struct bench_row bytes_rows[] = {
	BYTES("atomic", sizeof(atomic_t), "listing A: a count"),
	BYTES("refcount", sizeof(refcount_t), "the same, saturating"),
	BYTES("kref", sizeof(struct kref), "the same, with a release function"),
	BYTES("atomic_and_head", sizeof(atomic_t) + sizeof(struct rcu_head),
	      "listings B and C: a count, and a head for the callback"),
	{
		.name = "percpu_ref", .run = run_percpu_bytes, .ops = 1,
		.about = "a percpu_ref with all that it points to, on these CPUs",
	},
};

const struct bench_set set_bytes = {
	.name = "bytes", .group = "refs", .unit = BENCH_BYTES,
	.about = "in each element, for its reference count",
	.rows = bytes_rows, .nr_rows = ARRAY_SIZE(bytes_rows),
};
