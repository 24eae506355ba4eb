// SPDX-License-Identifier: GPL-2.0
/*
 * What rcu_array.c works on: a table with an array, and the memory for arrays.
 *
 * That is a pool, made at the start.  An array that is freed is filled with
 * poison and used again last, so a reader that stays too long finds poison, is
 * counted, and harms nobody.  Each has room for more than it may use, for a
 * reader that reads past its end to find poison, too.
 */
#include <linux/slab.h>

#include "arrays.h"

/* With room for @alloc entries, none of them there yet; NULL: out of memory. */
struct arr *arr_alloc(struct arr_pool *pool, int alloc)
{
	struct arr *arr;
	unsigned long flags;

	if (alloc > pool->room)
		return NULL;
	spin_lock_irqsave(&pool->lock, flags);
	arr = pool->oldest;
	if (arr) {
		pool->oldest = arr->next_free;
		if (!pool->oldest)
			pool->newest = &pool->oldest;
	}
	spin_unlock_irqrestore(&pool->lock, flags);
	if (arr) {
		arr->size = 0;
		arr->alloc = alloc;
	}
	return arr;
}

void arr_free(struct arr *arr)
{
	struct arr_pool *pool = arr->pool;
	unsigned long flags;
	int i;

	for (i = 0; i < pool->room; i++)
		WRITE_ONCE(arr->data[i], ARR_POISON);
	arr->next_free = NULL;
	spin_lock_irqsave(&pool->lock, flags);
	*pool->newest = arr;
	pool->newest = &arr->next_free;
	spin_unlock_irqrestore(&pool->lock, flags);
}

static int pool_init(struct arr_pool *pool, int room)
{
	struct arr *arr;
	int i;

	pool->room = room;
	pool->newest = &pool->oldest;
	spin_lock_init(&pool->lock);
	for (i = 0; i < ARR_POOL; i++) {
		arr = kvzalloc(struct_size(arr, data, room), GFP_KERNEL);
		if (!arr)
			return -ENOMEM;
		pool->all[i] = arr;
		arr->pool = pool;
		arr_free(arr);
	}
	return 0;
}

static void pool_exit(struct arr_pool *pool)
{
	int i;

	for (i = 0; i < ARR_POOL; i++)
		kvfree(pool->all[i]);
}

void array_exit(struct ref_table *t)
{
	struct array *a = t->priv;

	if (!a)
		return;
	pool_exit(&a->pool);
	kfree(a);
	t->priv = NULL;
}

int array_init(struct ref_table *t)
{
	struct array *a = kzalloc(sizeof(*a), GFP_KERNEL);
	int err;

	if (!a)
		return -ENOMEM;
	t->priv = a;
	err = pool_init(&a->pool, 2 * t->nr_keys + ARR_SMALLEST);
	if (!err)
		rcu_assign_pointer(a->global_array,
				   arr_alloc(&a->pool, ARR_SMALLEST));
	return err;
}

void array_for_each(struct ref_table *t,
		    bool (*func)(struct el *el, void *arg), void *arg)
{
	struct arr *array = the_array(t);
	int i;

	for (i = 0; i < array->size; i++)
		if (array->data[i] && !func(array->data[i], arg))
			return;
}
