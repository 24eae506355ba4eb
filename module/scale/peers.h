/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ways to free an object after a grace period, side by side.
 *
 * What is timed are loops, and each peer brings its own, so that a post is
 * a call the compiler can see, as it is for everybody else.
 */
#ifndef _LASTREF_SCALE_PEERS_H
#define _LASTREF_SCALE_PEERS_H

#include <lastref/defer.h>
#include <linux/rcupdate.h>

#include "scale.h"

/* What is posted: a cache line, as small objects are. */
struct bench_obj {
	union {
		struct rcu_head rcu;
		struct defer_head defer;
	};
	char rest[64 - sizeof(struct defer_head)];
};

static_assert(sizeof(struct rcu_head) <= sizeof(struct defer_head));

/* A peer, and what it is to post. */
struct bench_client {
	const struct bench_peer *peer;
	struct defer_domain *domain;	/* of those that have one */
	u64 room;
	struct bench_obj *objs[];
};

/**
 * struct bench_peer - one way
 * @name: its name
 * @open: make the client's domain; 0 or a negative errno; may be NULL
 * @close: the end of it, with nothing pending; may be NULL
 * @post: post the first @n objects, each to be freed; how many it could
 * @drain: wait until all that was posted is free; false if nothing can tell
 */
struct bench_peer {
	const char *name;
	int (*open)(struct bench_client *c);
	void (*close)(struct bench_client *c);
	u64 (*post)(struct bench_client *c, u64 n);
	bool (*drain)(struct bench_client *c);
};

extern const struct bench_peer peer_call_rcu;
extern const struct bench_peer peer_kfree_rcu;
extern const struct bench_peer peer_defer_call;
extern const struct bench_peer peer_defer_free;

/* A domain for this module; its name says what for. */
int bench_domain_open(struct defer_domain **domain, const char *name,
		      const char *gp);

struct bench_client *bench_client_open(const struct bench_peer *peer, u64 room);
void bench_client_close(struct bench_client *c);
int bench_client_fill(struct bench_client *c, u64 n);
int bench_client_post(struct bench_client *c, u64 n);
bool bench_client_pending(struct bench_client *c);

#endif /* _LASTREF_SCALE_PEERS_H */
