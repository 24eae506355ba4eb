// SPDX-License-Identifier: GPL-2.0
/*
 * Readers: a callback does not run while one who may hold its object is there.
 *
 *	publisher			reader
 *	---------			------
 *	slot = item
 *					read_lock
 *					item = slot
 *					life = item->life
 *	slot = NULL			...
 *	post item
 *					item->life == life ?
 *					read_unlock
 *	callback: life++
 *
 * Or, in place of the post, it waits for the readers itself.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "defertorture.h"

#define NR_READERS	2
#define HOLD_US		200

struct library {
	struct rnd_state rnd;
	struct rnd_state reader_rnd[NR_READERS];
	unsigned int next;
	struct dt_item *slot;
	struct dt_item items[DT_POOL];
};

static struct library *library;

static void read_once(struct rnd_state *rnd)
{
	int idx = defer_read_lock(dt_main.d);
	struct dt_item *item;
	unsigned int life;

	item = smp_load_acquire(&library->slot);	/* pairs with publish() */
	if (item) {
		life = READ_ONCE(item->life);
		udelay(dt_below(rnd, HOLD_US));
		dt_ran(DT_GRACE);
		if (READ_ONCE(item->life) != life)
			dt_fail(DT_GRACE, "a callback ran while a reader held its object");
	}
	defer_read_unlock(dt_main.d, idx);
}

static void read(void *arg)
{
	struct rnd_state *rnd = arg;

	do {
		unsigned int n;

		for (n = 0; n < 16; n++)
			read_once(rnd);
	} while (dt_sleep(dt_below(rnd, 100)));
}

/* The same without a callback; with gp=sched by the call of 2003 (claim W5). */
static void retire_at_once(struct dt_item *item)
{
	if (dt_gp_is("sched"))
		synchronize_kernel();
	else
		defer_synchronize(dt_main.d);
	WRITE_ONCE(item->life, item->life + 1);
}

static void publish(void *arg)
{
	struct library *l = arg;

	do {
		struct dt_item *item = &l->items[l->next++ % DT_POOL];

		if (atomic_read(&item->state) != DT_IDLE)
			continue;
		item->kind = DT_PLAIN;
		/* Pairs with the acquire of the reader: its life is old. */
		smp_store_release(&l->slot, item);
		dt_sleep(dt_below(&l->rnd, 300));
		WRITE_ONCE(l->slot, NULL);
		if (dt_below(&l->rnd, 4))
			dt_post(item, &dt_main);
		else
			retire_at_once(item);
	} while (dt_sleep(dt_below(&l->rnd, 100)));
}

int dt_readers_start(void)
{
	int i, err;

	library = kzalloc(sizeof(*library), GFP_KERNEL);
	if (!library)
		return -ENOMEM;
	dt_seed(&library->rnd);
	err = dt_thread(publish, library, "publish");
	for (i = 0; i < NR_READERS && !err; i++) {
		dt_seed(&library->reader_rnd[i]);
		err = dt_thread(read, &library->reader_rnd[i], "read");
	}
	return err;
}

/* After the last callback. */
void dt_readers_free(void)
{
	kfree(library);
	library = NULL;
}
