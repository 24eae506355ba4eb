/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What rcu_array.c works on: see arrays.c.
 */
#ifndef _LASTREF_ARRAYS_H
#define _LASTREF_ARRAYS_H

#include "pattern.h"

#define ARR_POOL	16	/* one in use, others being retired */
#define ARR_SMALLEST	4
#define ARR_POISON	((struct el *)0x6b6b6b6b)

struct arr_pool;

/**
 * struct arr - the document's: what goes with the data is stored with the data
 * @head: for the callback
 * @pool: where it goes back to
 * @next_free: in the pool
 * @size: entries there are
 * @alloc: entries there may be, until it is resized
 * @data: they
 */
struct arr {
	struct flavor_head head;
	struct arr_pool *pool;
	struct arr *next_free;
	int size;
	int alloc;
	struct el *data[];
};

/**
 * struct arr_pool - arrays that are not in use, the longest unused first
 * @room: entries that each has memory for
 * @lock: of the list
 * @oldest: the list
 * @newest: its end
 * @all: each there is, in use or not
 */
struct arr_pool {
	int room;
	spinlock_t lock;	/* of the list */
	struct arr *oldest, **newest;
	struct arr *all[ARR_POOL];
};

/**
 * struct array - what rcu_array.c keeps for a table
 * @global_array: the version in force
 * @live: entries that are not NULL; under list_lock
 * @data_size: busted split_size has the size here
 * @pool: where versions come from
 */
struct array {
	struct arr __rcu *global_array;
	int live;
	int data_size;
	struct arr_pool pool;
};

/* The version in force, for who has list_lock, or is alone. */
static inline struct arr *the_array(struct ref_table *t)
{
	struct array *a = t->priv;

	return rcu_dereference_protected(a->global_array, true);
}

int array_init(struct ref_table *t);
void array_exit(struct ref_table *t);
void array_for_each(struct ref_table *t,
		    bool (*func)(struct el *el, void *arg), void *arg);

struct arr *arr_alloc(struct arr_pool *pool, int alloc);
void arr_free(struct arr *arr);

#endif /* _LASTREF_ARRAYS_H */
