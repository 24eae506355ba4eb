// SPDX-License-Identifier: GPL-2.0
/*
 * Domains come and go under load, and one is flooded.
 *
 * A round of the churn makes a domain, posts to it, among that items whose
 * callback posts to another domain, and has it closed, by itself or by a
 * callback of another domain, while posts go on.  A post after a close is
 * refused; after its end no callback of it runs; and the books are balanced.
 */
#include <linux/slab.h>

#include "defertorture.h"

#define NR_ITEMS	48
#define AFTER_CLOSE_US	200
#define REST_US		5000

/* One round; its items outlive the domain. */
struct churn {
	struct rnd_state rnd;
	struct dt_domain domain;
	struct dt_item items[NR_ITEMS];
	struct dt_item closer;
};

static struct churn *churn;

static bool post_to_closed(struct churn *c, unsigned int i)
{
	c->items[i].kind = dt_below(&c->rnd, DT_CLOSES);
	c->items[i].hops = dt_below(&c->rnd, 100);
	c->items[i].other = &dt_second;
	return dt_post(&c->items[i], &c->domain) == -ESHUTDOWN;
}

/* Somebody else closes it while this posts, until it is noticed. */
static void fill(struct churn *c)
{
	bool by_callback = dt_below(&c->rnd, 2);
	unsigned int i;

	for (i = 0; i < NR_ITEMS; i++) {
		if (by_callback && i == NR_ITEMS / 2)
			dt_post(&c->closer, &dt_main);
		if (post_to_closed(c, i))
			break;
		if (!dt_below(&c->rnd, 8))
			dt_sleep(dt_below(&c->rnd, 300));
	}
	if (by_callback)	/* it must have done with this domain */
		defer_barrier(dt_main.d);
}

static void check_closed(struct churn *c)
{
	long invoked = atomic_long_read(&c->domain.invoked);
	struct dt_item *item = &c->items[0];

	dt_sleep(AFTER_CLOSE_US);
	dt_ran(DT_CLOSE);
	if (atomic_long_read(&c->domain.invoked) != invoked)
		dt_fail(DT_CLOSE, "a callback ran after close had returned");
	if (atomic_read(&item->state) == DT_IDLE &&
	    !post_to_closed(c, 0))
		dt_fail(DT_CLOSE, "a closed domain has not refused a post");
}

static void churn_round(struct churn *c)
{
	int err = dt_domain_open(&c->domain, "dt-churn", 0);

	if (err == -ENOMEM)
		return;
	if (err) {
		dt_fail(DT_CLOSE, "a domain cannot be made again: %d", err);
		return;
	}
	fill(c);
	dt_domain_close(&c->domain);
	check_closed(c);
	dt_domain_check(&c->domain);
	dt_domain_destroy(&c->domain);
	/* Items that crossed are in the other domain yet. */
	defer_barrier(dt_second.d);
}

static void churn_on(void *arg)
{
	struct churn *c = arg;

	do {
		churn_round(c);
	} while (dt_sleep(dt_below(&c->rnd, REST_US)));
}

/* A head and no more, from slab, as a client's would be. */
struct drop {
	struct defer_head head;
	struct dt_domain *at;
};

static void drop_callback(struct defer_head *head)
{
	struct drop *drop = container_of(head, struct drop, head);
	struct dt_domain *at = drop->at;

	kfree(drop);
	atomic_long_inc(&at->invoked);
}

static void pour(struct dt_domain *to)
{
	struct drop *drop = kmalloc(sizeof(*drop), GFP_KERNEL | __GFP_NOWARN);

	if (!drop)
		return;
	drop->at = to;
	atomic_long_inc(&to->tried);
	if (!defer_call(to->d, &drop->head, drop_callback))
		return;
	kfree(drop);
	atomic_long_inc(&to->refused);
	dt_sleep(100);
}

/* Invoked is read first: what comes meanwhile only makes the sum larger. */
static void check_bound(struct dt_domain *d)
{
	struct defer_stats stats;

	defer_domain_stats(d->d, &stats);
	dt_ran(DT_BOUND);
	if (stats.pending > DT_LIMIT)
		dt_fail(DT_BOUND, "%llu callbacks are pending, %d may be",
			stats.pending, DT_LIMIT);
}

static void flood(void *arg)
{
	unsigned int n = 0;

	while (!dt_over()) {
		pour(&dt_flooded);
		if (++n % 256)
			continue;
		check_bound(&dt_flooded);
		dt_sleep(500);
	}
}

int dt_flood_start(void)
{
	return dt_thread(flood, NULL, "flood");
}

int dt_churn_start(void)
{
	churn = kzalloc(sizeof(*churn), GFP_KERNEL);
	if (!churn)
		return -ENOMEM;
	dt_seed(&churn->rnd);
	churn->closer.kind = DT_CLOSES;
	churn->closer.other = &churn->domain;
	return dt_thread(churn_on, churn, "churn");
}

/* After the last callback. */
void dt_churn_free(void)
{
	kfree(churn);
	churn = NULL;
}
