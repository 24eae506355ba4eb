// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's resizable array.  Claims Q10, Q11.
 *
 *	struct arr { int size; int alloc; T data[]; };
 *	struct arr *global_array;
 *
 *	rcu_read_lock();
 *	array = atomic_rcu_read(&global_array);
 *	x = i < array->size ? array->data[i] : -1;
 *	rcu_read_unlock();
 *
 * Size and data must be read as one, so the size is stored with the data: who
 * has the array has both.  A resize makes another array, copies, publishes it,
 * and retires the old one after a grace period.  That is the only time anybody
 * waits, or posts: while there is room the writer appends in place.  It writes
 * the new entry first, and then, as a release, the size that covers it; the
 * reader's acquire of the size pairs with that.  (The document leaves this
 * order out: busted append_first.)
 *
 * T is a pointer here, and an entry that was deleted is NULL until a resize
 * leaves it out; what it pointed to is freed after a grace period.
 *
 * Where the document allocates and frees there is a pool: arrays.c.
 */
#include "arrays.h"

static void arr_free_rcu(struct rcu_head *head)
{
	arr_free(container_of(head, struct arr, head.rcu));
}

/* A new version with room for @alloc.  Needs list_lock; NULL: no memory. */
static struct arr *copy_live(struct ref_table *t, int alloc)
{
	struct array *a = t->priv;
	struct arr *old = the_array(t), *new = arr_alloc(&a->pool, alloc);
	int i;

	if (!new)
		return NULL;
	for (i = 0; i < old->size; i++)
		if (old->data[i])
			new->data[new->size++] = old->data[i];
	return new;
}

static bool resize(struct ref_table *t, int alloc)
{
	struct arr *old = the_array(t), *new = copy_live(t, alloc);
	struct array *a = t->priv;

	if (!new)
		return false;
	rcu_assign_pointer(a->global_array, new);
	t->flavor->ops->call(t->flavor, &old->head.rcu, arr_free_rcu);
	return true;
}

/* In place: the entry, and then the size that covers it. */
static void append(struct ref_table *t, struct arr *array, struct el *el)
{
	array->data[array->size] = el;
	window(t);
	smp_store_release(&array->size, array->size + 1);	/* (A) */
}

static struct el *look_for(struct ref_table *t, struct arr *array, int size,
			   unsigned long key)
{
	struct el *x;
	int i;

	for (i = 0; i < size; i++) {
		x = READ_ONCE(array->data[i]);
		if (x == ARR_POISON) {
			rule_broken(t, CHECK_CANARY,
				    "an entry read is outside of the array, or the array is gone");
			return NULL;
		}
		if (x && x->key == key)
			return x;
	}
	return NULL;
}

static struct el *search(struct ref_table *t, unsigned long key)
{
	struct array *a = t->priv;
	struct arr *array = rcu_dereference_check(a->global_array, true);

	window(t);
	return look_for(t, array, smp_load_acquire(&array->size), key); /* (A) */
}

/**
 * struct writing - the steps of a write in which broken forms differ
 * @resize: make another version
 * @append: one more entry where there is room
 */
struct writing {
	bool (*resize)(struct ref_table *t, int alloc);
	void (*append)(struct ref_table *t, struct arr *array, struct el *el);
};

static const struct writing writing = { resize, append };

static int add_locked(struct ref_table *t, struct el *el,
		      const struct writing *w)
{
	struct array *a = t->priv;

	if (look_for(t, the_array(t), the_array(t)->size, el->key))
		return -EEXIST;
	if (the_array(t)->size == the_array(t)->alloc &&
	    !w->resize(t, max(ARR_SMALLEST, 2 * a->live)))
		return -ENOMEM;
	a->live++;
	el_note(el, EL_ADD, 1, 1);
	w->append(t, the_array(t), el);
	return 0;
}

static int write_add(struct ref_table *t, unsigned long key,
		     const struct writing *w)
{
	struct el *el = alloc_object(t, key);
	unsigned long flags;
	int err;

	if (!el)
		return -ENOMEM;
	rc_set(el, 1);
	spin_lock_irqsave(&t->list_lock, flags);
	err = add_locked(t, el, w);
	spin_unlock_irqrestore(&t->list_lock, flags);
	if (err)
		el_kfree(el);
	return err;
}

static void el_free(struct rcu_head *head)
{
	el_kfree(container_of(head, struct el, head));
}

/* Shrinks when three quarters are not needed, if there is memory for it. */
static struct el *take_out(struct ref_table *t, unsigned long key,
			   const struct writing *w)
{
	struct arr *array = the_array(t);
	struct array *a = t->priv;
	struct el *el = NULL;
	int i;

	for (i = 0; i < array->size && !el; i++) {
		if (!array->data[i] || array->data[i]->key != key)
			continue;
		el = array->data[i];
		WRITE_ONCE(array->data[i], NULL);
		el_note(el, EL_REMOVE, 1, 1);
		a->live--;
	}
	if (el && array->alloc > ARR_SMALLEST && a->live <= array->alloc / 4)
		w->resize(t, array->alloc / 2);
	return el;
}

static int write_delete(struct ref_table *t, unsigned long key,
			const struct writing *w)
{
	unsigned long flags;
	struct el *el;

	spin_lock_irqsave(&t->list_lock, flags);
	el = take_out(t, key, w);
	spin_unlock_irqrestore(&t->list_lock, flags);
	if (!el)
		return -ENOENT;
	el_call_rcu(el, el_free);
	return 0;
}

static int add(struct ref_table *t, unsigned long key)
{
	return write_add(t, key, &writing);
}

static int delete(struct ref_table *t, unsigned long key)
{
	return write_delete(t, key, &writing);
}

#define RCU_ARRAY_OPS				\
	.enter		= table_read_lock,	\
	.leave		= table_read_unlock,	\
	.init		= array_init,		\
	.exit		= array_exit,		\
	.for_each	= array_for_each

/*
 * Busted split_size (Q10, zoo 21): the size is a member of its own, beside the
 * pointer to the data.
 *
 *	reader				writer
 *	------				------
 *	size = 16
 *					data = smaller array
 *					size = 8
 *	data = smaller array
 *	x = data[12]			(past its end)
 */
static bool resize_split(struct ref_table *t, int alloc)
{
	struct array *a = t->priv;

	if (!resize(t, alloc))
		return false;
	window(t);
	WRITE_ONCE(a->data_size, the_array(t)->size);
	return true;
}

static void append_split(struct ref_table *t, struct arr *array, struct el *el)
{
	struct array *a = t->priv;

	append(t, array, el);
	WRITE_ONCE(a->data_size, array->size);
}

static const struct writing writing_split = { resize_split, append_split };

static struct el *search_split(struct ref_table *t, unsigned long key)
{
	struct array *a = t->priv;
	int size = READ_ONCE(a->data_size);

	window(t);
	return look_for(t, rcu_dereference_check(a->global_array, true), size,
			key);
}

static int add_split(struct ref_table *t, unsigned long key)
{
	return write_add(t, key, &writing_split);
}

static int delete_split(struct ref_table *t, unsigned long key)
{
	return write_delete(t, key, &writing_split);
}

/*
 * Busted no_gp (Q10, zoo 16): the old array is freed as soon as the new one is
 * published, while a reader is about to read it.
 */
static bool resize_no_gp(struct ref_table *t, int alloc)
{
	struct arr *old = the_array(t), *new = copy_live(t, alloc);
	struct array *a = t->priv;

	if (!new)
		return false;
	rcu_assign_pointer(a->global_array, new);
	arr_free(old);
	return true;
}

static const struct writing writing_no_gp = { resize_no_gp, append };

static int add_no_gp(struct ref_table *t, unsigned long key)
{
	return write_add(t, key, &writing_no_gp);
}

static int delete_no_gp(struct ref_table *t, unsigned long key)
{
	return write_delete(t, key, &writing_no_gp);
}

/*
 * Busted append_first (Q11, zoo 21): without a release the two stores of an
 * append may be seen in the other order.  Here they are written in it, for the
 * sake of machines that keep what a compiler may not.
 *
 *	reader				writer
 *	------				------
 *					size = 5
 *	size is 5
 *	x = data[4]			(nothing there yet)
 *					data[4] = new
 */
static void append_first(struct ref_table *t, struct arr *array, struct el *el)
{
	int i = array->size;

	WRITE_ONCE(array->size, i + 1);
	window(t);
	WRITE_ONCE(array->data[i], el);
}

static const struct writing writing_first = { resize, append_first };

static int add_first(struct ref_table *t, unsigned long key)
{
	return write_add(t, key, &writing_first);
}

static const struct ref_busted busted[] = {
	{
		.name = "split_size",
		.about =
			"size and data are read one after the other, and belong to two arrays",
		.claim = "Q10",
		.zoo = 21,
		.caught_by = CHECK_BIT(CANARY),
		.ops = {
			RCU_ARRAY_OPS,
			.add = add_split,
			.delete = delete_split,
			.search = search_split,
		},
	}, {
		.name = "no_gp",
		.about =
			"a resize frees the old array without a grace period",
		.claim = "Q10",
		.zoo = 16,
		.caught_by = CHECK_BIT(CANARY) | CHECK_BIT(USE_AFTER_FREE),
		.ops = {
			RCU_ARRAY_OPS,
			.add = add_no_gp,
			.delete = delete_no_gp,
			.search = search,
		},
	}, {
		.name = "append_first",
		.about =
			"the size of an append in place is seen before its entry",
		.claim = "Q11",
		.zoo = 21,
		.caught_by = CHECK_BIT(CANARY),
		.ops = {
			RCU_ARRAY_OPS,
			.add = add_first,
			.delete = delete,
			.search = search,
		},
	},
};

const struct ref_pattern pattern_rcu_array = {
	.name = "rcu_array",
	.promise =
		"size and data are read as one; only a resize posts a callback",
	.claims = "Q10 Q11",
	.flags = PATTERN_SECTIONS_ONLY | PATTERN_USES_FLAVOR | PATTERN_POSTS,
	.ops = {
		RCU_ARRAY_OPS,
		.add = add,
		.delete = delete,
		.search = search,
	},
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};
