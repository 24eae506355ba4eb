// SPDX-License-Identifier: GPL-2.0
#include <lastref/compat.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "peers.h"

static void free_rcu_obj(struct rcu_head *head)
{
	kfree(container_of(head, struct bench_obj, rcu));
}

static void free_defer_obj(struct defer_head *head)
{
	kfree(container_of(head, struct bench_obj, defer));
}

/* The loop; inlined into each peer's, so that @one is no indirect call. */
static __always_inline u64 post_each(struct bench_client *c, u64 n,
				     int (*one)(struct bench_client *c,
						struct bench_obj *obj))
{
	u64 i;

	for (i = 0; i < n && !one(c, c->objs[i]); i++)
		;
	return i;
}

static __always_inline int one_call_rcu(struct bench_client *c,
					struct bench_obj *obj)
{
	call_rcu(&obj->rcu, free_rcu_obj);
	return 0;
}

static __always_inline int one_kfree_rcu(struct bench_client *c,
					 struct bench_obj *obj)
{
	kfree_rcu(obj, rcu);
	return 0;
}

static __always_inline int one_defer_call(struct bench_client *c,
					  struct bench_obj *obj)
{
	return defer_call(c->domain, &obj->defer, free_defer_obj);
}

static __always_inline int one_defer_free(struct bench_client *c,
					  struct bench_obj *obj)
{
	return defer_free(c->domain, obj, defer);
}

static u64 post_call_rcu(struct bench_client *c, u64 n)
{
	return post_each(c, n, one_call_rcu);
}

static u64 post_kfree_rcu(struct bench_client *c, u64 n)
{
	return post_each(c, n, one_kfree_rcu);
}

static u64 post_defer_call(struct bench_client *c, u64 n)
{
	return post_each(c, n, one_defer_call);
}

static u64 post_defer_free(struct bench_client *c, u64 n)
{
	return post_each(c, n, one_defer_free);
}

static bool drain_rcu(struct bench_client *c)
{
	rcu_barrier();
	return true;
}

static bool drain_kfree_rcu(struct bench_client *c)
{
	return lastref_kvfree_rcu_drain();
}

static bool drain_domain(struct bench_client *c)
{
	return !defer_barrier(c->domain);
}

static int open_domain(struct bench_client *c)
{
	return bench_domain_open(&c->domain, c->peer->name, NULL);
}

static void close_domain(struct bench_client *c)
{
	defer_domain_destroy(c->domain);
}

const struct bench_peer peer_call_rcu = {
	.name = "call_rcu",
	.post = post_call_rcu,
	.drain = drain_rcu,
};

const struct bench_peer peer_kfree_rcu = {
	.name = "kfree_rcu",
	.post = post_kfree_rcu,
	.drain = drain_kfree_rcu,
};

const struct bench_peer peer_defer_call = {
	.name = "defer_call",
	.open = open_domain,
	.close = close_domain,
	.post = post_defer_call,
	.drain = drain_domain,
};

const struct bench_peer peer_defer_free = {
	.name = "defer_free",
	.open = open_domain,
	.close = close_domain,
	.post = post_defer_free,
	.drain = drain_domain,
};

/*
 * Rows of several sets want domains at the same time, and some want many of
 * one kind: the number makes the names differ.
 */
int bench_domain_open(struct defer_domain **domain, const char *name,
		      const char *gp)
{
	static atomic_t number;
	struct defer_domain_attr attr = { .gp = gp };
	struct defer_domain *d;
	char full[32];

	snprintf(full, sizeof(full), "bench-%s-%u", name,
		 (unsigned int)atomic_inc_return(&number));
	d = defer_domain_create(full, &attr);
	if (IS_ERR(d))
		return PTR_ERR(d);
	*domain = d;
	return 0;
}

/**
 * bench_client_open() - a client of a peer
 * @peer: the peer
 * @room: most objects it will post at a time
 *
 * Context: may sleep.
 * Return: the client or an error pointer.
 */
struct bench_client *bench_client_open(const struct bench_peer *peer, u64 room)
{
	struct bench_client *c = kvzalloc(struct_size(c, objs, room),
					  GFP_KERNEL);
	int err;

	if (!c)
		return ERR_PTR(-ENOMEM);
	c->peer = peer;
	c->room = room;
	err = peer->open ? peer->open(c) : 0;
	if (!err)
		return c;
	kvfree(c);
	return ERR_PTR(err);
}

/* @c may be NULL. */
void bench_client_close(struct bench_client *c)
{
	if (c && c->peer->close)
		c->peer->close(c);
	kvfree(c);
}

static void free_objs(struct bench_client *c, u64 from, u64 to)
{
	while (from < to)
		kfree(c->objs[from++]);
}

/* Allocate the next @n objects to post: 0 or -ENOMEM. */
int bench_client_fill(struct bench_client *c, u64 n)
{
	u64 i;

	for (i = 0; i < n; i++) {
		c->objs[i] = kmalloc(sizeof(*c->objs[i]), GFP_KERNEL);
		if (!c->objs[i]) {
			free_objs(c, 0, i);
			return -ENOMEM;
		}
	}
	return 0;
}

/* Post them: 0, or -EIO when one was refused; the rest is freed at once. */
int bench_client_post(struct bench_client *c, u64 n)
{
	u64 posted = c->peer->post(c, n);

	free_objs(c, posted, n);
	return posted == n ? 0 : -EIO;
}

/* Has a domain's barrier left anything?  rcu_barrier() is taken at its word. */
bool bench_client_pending(struct bench_client *c)
{
	struct defer_stats stats = { .pending = 0 };

	if (c->domain)
		defer_domain_stats(c->domain, &stats);
	return stats.pending;
}
