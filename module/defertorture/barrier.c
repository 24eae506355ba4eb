// SPDX-License-Identifier: GPL-2.0
/*
 * Barriers of many tasks at once.
 *
 * Each posts a few items of its own, some of which sleep in their callback,
 * waits in the barrier, and then finds every one of them idle: its callback
 * has run to the end.  What others post meanwhile is not its business.
 */
#include <linux/cpumask.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "defertorture.h"

#define NR_THREADS	3
#define BATCH		24
#define SLOW		8	/* of them, each some ms */
#define REST_US		20000

struct waiter {
	struct rnd_state rnd;
	struct dt_item items[BATCH];
};

static struct waiter *waiters[NR_THREADS];

/*
 * Of a barrier that is one at a time.  Who posted first and then waited for its
 * turn would find everything done before its barrier begins.
 */
static DEFINE_MUTEX(turn);

/* What post_there() is told. */
struct order {
	struct dt_item *item;
	struct dt_domain *to;
};

static void post_there(void *arg)
{
	struct order *o = arg;

	dt_post(o->item, o->to);
}

/*
 * One CPU's queue is made to take its time: a barrier that looks at another
 * only, or that counts it too late, returns before it is done.
 */
static unsigned int make_one_slow(struct waiter *w, struct dt_domain *to)
{
	int cpu = dt_below(&w->rnd, nr_cpu_ids);
	unsigned int i;

	if (dt_below(&w->rnd, 3))
		return 0;
	for (i = 0; i < SLOW; i++) {
		struct order o = { &w->items[i], to };

		o.item->kind = DT_SLEEPS;
		o.item->hops = 4 * DT_MAX_HOPS;
		smp_call_function_single(cpu, post_there, &o, true);
	}
	return i;
}

static void post_batch(struct waiter *w, struct dt_domain *to)
{
	unsigned int i;

	for (i = make_one_slow(w, to); i < BATCH; i++) {
		w->items[i].kind = dt_below(&w->rnd, 4) ? DT_PLAIN : DT_SLEEPS;
		w->items[i].hops = dt_below(&w->rnd, DT_MAX_HOPS);
		dt_post(&w->items[i], to);
		if (!dt_below(&w->rnd, 4))	/* onto another CPU's queue */
			dt_sleep(dt_below(&w->rnd, 50));
	}
}

static void check_batch(const struct waiter *w)
{
	unsigned int i, late = 0;

	for (i = 0; i < BATCH; i++)
		late += atomic_read(&w->items[i].state) != DT_IDLE;
	dt_ran(DT_BARRIER);
	if (late)
		dt_fail(DT_BARRIER, "after the barrier %u of %d callbacks have not returned",
			late, BATCH);
}

/* Its items cannot be posted again before they are back. */
static void wait_for_late(const struct waiter *w)
{
	unsigned int i;

	for (i = 0; i < BATCH; i++)
		while (atomic_read(&w->items[i].state) != DT_IDLE)
			if (!dt_sleep(1000))
				return;
}

static void post_and_wait(struct waiter *w, struct dt_domain *d)
{
	int err;

	post_batch(w, d);
	err = dt_ops->wait(d);
	if (err)
		dt_fail(DT_BARRIER, "the barrier says %d", err);
	check_batch(w);
}

static void wait(void *arg)
{
	struct waiter *w = arg;

	do {
		struct dt_domain *d = dt_below(&w->rnd, 2) ? &dt_main :
							     &dt_second;

		if (dt_ops->wait_posts)
			mutex_lock(&turn);
		post_and_wait(w, d);
		if (dt_ops->wait_posts)
			mutex_unlock(&turn);
		wait_for_late(w);
	} while (dt_sleep(dt_below(&w->rnd, REST_US)));
}

int dt_barriers_start(void)
{
	int i, err;

	for (i = 0; i < NR_THREADS; i++) {
		waiters[i] = kzalloc(sizeof(*waiters[i]), GFP_KERNEL);
		if (!waiters[i])
			return -ENOMEM;
		dt_seed(&waiters[i]->rnd);
		err = dt_thread(wait, waiters[i], "barrier");
		if (err)
			return err;
	}
	return 0;
}

/* After the last callback. */
void dt_barriers_free(void)
{
	int i;

	for (i = 0; i < NR_THREADS; i++) {
		kfree(waiters[i]);
		waiters[i] = NULL;
	}
}
