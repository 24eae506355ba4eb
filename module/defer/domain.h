/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A domain inside: a queue for each CPU.
 *
 *	post.c	    tail
 *	  |	      |		fresh: what was posted, no cookie yet
 *	  v	      v
 *	[ ]->[ ]->[ ]		any context pushes, this CPU's only
 *	  |
 *	  | queue_collect()	under queue->lock
 *	  v
 *	waiting[0..3]		each with the cookie it waits for
 *	  |
 *	  | the cookie has elapsed
 *	  v
 *	ready
 *	  |
 *	  | queue_run()		under queue->run
 *	  v
 *	callbacks		done counted when they have returned
 *
 * Heads never overtake each other on this way, so what is not done yet of a
 * queue can be told by one number: the epoch of the oldest.  A domain's epoch
 * goes up by one with each barrier, and a chain bears the epoch it was
 * collected in.  See barrier.c.
 */
#ifndef _LASTREF_DEFER_DOMAIN_H
#define _LASTREF_DEFER_DOMAIN_H

#include <linux/irq_work.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <lastref/defer.h>

#include "gp.h"

#define DEFER_NAME_LEN	32
#define DEFER_NONE	ULONG_MAX	/* the epoch of no chain */
#define DEFER_HIST	28		/* up to two minutes */
#define DEFER_LATE_MAX	4		/* late posters remembered */
#define DEFER_WHO_MAX	16		/* rows of a list of what is pending */

/**
 * struct defer_late - who posted to a closed domain
 * @from: the poster
 * @func: what
 * @n: how often
 */
struct defer_late {
	unsigned long from;
	void *func;
	atomic_long_t n;
};

/**
 * struct defer_chain - heads that go the same way together
 * @first: the first; NULL if there is none
 * @last: the next pointer of the last
 * @epoch: of the oldest of them
 * @stamp: when the oldest of them was posted, ns
 * @cookie: what to wait for
 */
struct defer_chain {
	struct defer_head *first;
	struct defer_head **last;
	unsigned long epoch;
	u64 stamp;
	struct defer_cookie cookie;
};

/**
 * struct defer_queue - what was posted on one CPU
 * @tail: where the next head is linked in; &@fresh if there is none
 * @fresh: the first
 * @stamp: when it was posted, ns
 * @accepted: posts accepted
 * @credit: posts that need not ask for room
 * @kick: has the work queued, from any context
 * @lock: of what follows, and of taking from @fresh
 * @waiting: chains whose cookies have not elapsed, in order
 * @nr_waiting: how many
 * @ready: may be run
 * @oldest: epoch of the oldest head not done; DEFER_NONE if there is none
 * @batches: chains run
 * @grace_periods: asked for
 * @run: held while callbacks run; orders them
 * @runner: who holds @run
 * @invoked: callbacks that have returned, written under @run
 * @overwritten: heads that somebody wrote to while they were pending
 * @longest_ns: the callback that took longest, written under @run
 * @longest_func: which one
 * @hist: callbacks by log2 of the us from the batch's oldest post to their return
 * @work: collects and runs
 * @domain: whose queue this is
 */
struct defer_queue {
	struct defer_head **tail;
	struct defer_head *fresh;
	u64 stamp;
	unsigned long accepted;
	long credit;
	struct irq_work kick;

	spinlock_t lock ____cacheline_aligned_in_smp;
	struct defer_chain waiting[GP_COOKIES];
	unsigned int nr_waiting;
	struct defer_chain ready;
	unsigned long oldest;
	unsigned long batches;
	unsigned long grace_periods;

	struct mutex run;	/* callbacks */
	struct task_struct *runner;
	unsigned long invoked;
	unsigned long overwritten;
	u64 longest_ns;
	void *longest_func;
	unsigned long hist[DEFER_HIST];
	struct delayed_work work;
	struct defer_domain *domain;
};

/**
 * struct defer_domain - a client's callbacks
 * @queues: one a CPU
 * @shut: no more posts
 * @limit: of pending heads; 0 if there is none
 * @share: how much room a CPU takes at a time
 * @room: how many posts may still be accepted, not counting credits
 * @gp: the back end
 * @epoch: the current one
 * @expedites: grace periods expedited
 * @refused: posts refused
 * @double_posts: those because the head was pending
 * @policy: near the limit
 * @users: who is inside a call that may sleep, and one until it is destroyed
 * @closed: nothing is pending any more
 * @destroyed: only its memory is left, for the late comer to look at
 * @late: who posted too late
 * @owner: the client
 * @dir: in debugfs
 * @node: in the list of all
 * @run_key: to lockdep each domain's @run is another lock
 * @work_key: and each domain's work another work
 * @name: in debugfs
 */
struct defer_domain {
	struct defer_queue __percpu *queues;
	bool shut;
	unsigned long limit;
	long share;

	atomic_long_t room ____cacheline_aligned_in_smp;
	struct defer_gp gp;
	atomic_long_t epoch;
	atomic_long_t expedites;
	atomic_long_t refused;
	atomic_long_t double_posts;
	enum defer_policy policy;
	refcount_t users;
	bool closed;
	bool destroyed;
	struct defer_late late[DEFER_LATE_MAX];
	struct module *owner;
	struct dentry *dir;
	struct list_head node;
	struct lock_class_key run_key;
	struct lock_class_key work_key;
	char name[DEFER_NAME_LEN];
};

/* domain.c */
extern struct list_head domains;
extern struct mutex domains_mutex;
void domain_bury(struct defer_domain *d);
void domains_exit(void);

/* May the caller, who may sleep, use it?  False, and a warning, if destroyed. */
bool domain_get(struct defer_domain *d, unsigned long caller);
void domain_put(struct defer_domain *d);
/* Is the caller one of its callbacks, or called by one? */
bool domain_in_callback(struct defer_domain *d);
unsigned long domain_pending(struct defer_domain *d);

unsigned long domain_overwritten(struct defer_domain *d);

/* post.c: what is in a head */
enum defer_kind {
	DEFER_KIND_CALL,	/* a callback */
	DEFER_KIND_FREE,	/* kfree() */
	DEFER_KIND_CACHE,	/* kmem_cache_free() */
	DEFER_KIND_BAD,		/* somebody wrote to the head while it was pending */
};

/**
 * struct defer_what - a head, decoded
 * @kind: what is to be done
 * @func: the callback, or
 * @object: the memory to free
 * @from: who posted it, or
 * @cache: where the object is from
 */
struct defer_what {
	enum defer_kind kind;
	union {
		defer_func_t func;
		void *object;
	};
	union {
		unsigned long from;
		struct kmem_cache *cache;
	};
};

void post_init(void);
void *post_named(const struct defer_head *head, const struct defer_what *what);
void post_decode(const struct defer_head *head, struct defer_what *what);
void post_forget(struct defer_head *head);

/* queue.c */
extern struct workqueue_struct *defer_wq;
void queue_init(struct defer_queue *q, struct defer_domain *d);
void queue_exit(struct defer_queue *q);
struct defer_head *queue_after(struct defer_head *head);
void queue_first(struct defer_queue *q);
void queue_collect(struct defer_queue *q, bool start);
bool queue_next(struct defer_queue *q, struct defer_chain *chain);
void queue_done(struct defer_queue *q);
void queue_wake(struct defer_queue *q);
/* Nothing posted before this is still to be done; a full barrier comes first. */
bool queue_idle(struct defer_queue *q);

/* By a poster on the queue's own CPU; queue.c says why it is right. */
static inline void queue_push(struct defer_queue *q, struct defer_head *head)
{
	struct defer_head **prev;

	head->next = NULL;
	prev = xchg(&q->tail, &head->next);
	WRITE_ONCE(*prev, head);
	if (unlikely(prev == &q->fresh))
		queue_first(q);
}

/* run.c: what has elapsed and is not newer than that; false if there is none */
bool queue_run(struct defer_queue *q, unsigned long epoch);

/* refuse.c */
void refused(struct defer_domain *d, defer_func_t func, unsigned long from,
	     int err);

/* barrier.c */
void domain_expedite(struct defer_domain *d);
void domain_collect(struct defer_domain *d);
void domain_drain(struct defer_domain *d);

/* who.c */

/**
 * struct defer_who - pending heads by callback and poster
 * @nr: rows
 * @others: heads that found no row
 * @cut: a chain was not looked at whole
 * @row: how many of @func by @from; of objects of a cache nobody knows by whom
 */
struct defer_who {
	unsigned int nr;
	unsigned long others;
	bool cut;
	struct {
		void *func;
		void *from;
		unsigned long n;
	} row[DEFER_WHO_MAX];
};

void who_pending(struct defer_domain *d, struct defer_who *who);
void who_late(struct defer_domain *d, void *func, unsigned long from);

/* debugfs.c */
void debugfs_init(void);
void debugfs_exit(void);
void debugfs_domain_create(struct defer_domain *d);
void debugfs_domain_remove(struct defer_domain *d);

/* hotplug.c, owner.c */
int hotplug_init(void);
void hotplug_exit(void);
int owner_init(void);
void owner_exit(void);

#endif /* _LASTREF_DEFER_DOMAIN_H */
