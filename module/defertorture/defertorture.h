/* SPDX-License-Identifier: GPL-2.0 */
/*
 * defertorture: the deferral engine, tortured.
 *
 * reftorture runs the reference-count patterns over the engine, and so asks for
 * its grace periods, its barrier and its order.  Here the engine's own promises
 * are asked for:
 *
 *	posters		post from task, softirq, hardirq and NMI (item.c, post.c)
 *	callbacks	sleep, post themselves again, post to another domain,
 *			close another domain
 *	barriers	of many tasks at once, and after each: what was posted
 *			before has returned
 *	churn		makes domains, fills, closes and destroys them
 *	flood		posts without end to a domain with a limit
 *	readers		hold what is about to be posted
 *
 * and of every domain, at its end: tried = invoked + refused, exactly, by our
 * own count and by the engine's.
 *
 * A busted form puts a broken piece between the torture and the engine, as small
 * as the bug was (busted.c): the checks must notice it.
 */
#ifndef _LASTREF_DEFERTORTURE_H
#define _LASTREF_DEFERTORTURE_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/moduleparam.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/types.h>

#include <lastref/defer.h>

#define DT_POOL		64	/* items of a poster */
#define DT_MAX_HOPS	8
#define DT_LIMIT	2000	/* pending callbacks of the domain that is flooded */

enum dt_check {
	DT_ARITHMETIC,
	DT_ONCE,
	DT_BARRIER,
	DT_GRACE,
	DT_CLOSE,
	DT_BOUND,
	DT_QUIET,
	NR_DT_CHECKS
};

enum dt_context {
	DT_TASK,
	DT_SOFTIRQ,
	DT_IRQ_WORK,
	DT_HRTIMER,
	DT_NMI,
	DT_CALLBACK,
	NR_DT_CONTEXTS
};

enum dt_kind {
	DT_PLAIN,
	DT_SLEEPS,
	DT_REPOSTS,
	DT_CROSSES,
	DT_CLOSES,
	NR_DT_KINDS
};

/* A domain, and our own books of it. */
struct dt_domain {
	struct defer_domain *d;
	atomic_long_t tried, refused, invoked;
};

enum dt_state {
	DT_IDLE,
	DT_POSTED,
	DT_RUNNING,
};

/**
 * struct dt_item - what is posted
 * @head: its head, never initialised
 * @state: enum dt_state
 * @kind: what its callback does
 * @hops: how many times it posts itself again, or how long it sleeps
 * @at: the domain it is posted to
 * @other: the one its callback posts to, or closes
 * @life: times its callback was entered: see reader.c
 */
struct dt_item {
	struct defer_head head;
	atomic_t state;
	enum dt_kind kind;
	unsigned int hops;
	struct dt_domain *at;
	struct dt_domain *other;
	unsigned int life;
};

/* One at a time posts from it. */
struct dt_poster {
	enum dt_context context;
	unsigned int next;
	struct rnd_state rnd;
	struct dt_item items[DT_POOL];
};

/**
 * struct dt_ops - what a busted form replaces
 * @call: posts an item
 * @wait: the barrier; waits for all that was posted
 * @wait_posts: which posts callbacks of its own that are not in our books, and is
 *	one at a time
 * @reposts_end: callbacks stop to post themselves again at the end
 * @limit: of the domain that is flooded; 0: none
 */
struct dt_ops {
	int (*call)(struct dt_domain *to, struct dt_item *item,
		    defer_func_t func);
	int (*wait)(struct dt_domain *d);
	bool wait_posts;
	bool reposts_end;
	unsigned long limit;
};

/**
 * struct dt_busted - a broken piece
 * @name: as in the parameter busted=
 * @about: what is broken
 * @zoo: entry of the bug zoo
 * @caught_by: the check that must fire
 * @ops: with the broken piece in it
 */
struct dt_busted {
	const char *name;
	const char *about;
	unsigned int zoo;
	enum dt_check caught_by;
	struct dt_ops ops;
};

/* main.c */
extern bool dt_ending;
extern struct dt_domain dt_main, dt_second, dt_flooded;
extern const struct dt_ops *dt_ops;
void dt_seed(struct rnd_state *rnd);

/* domain.c: made; no more callbacks; our books and the engine's; gone */
bool dt_gp_is(const char *name);
int dt_domain_open(struct dt_domain *d, const char *name, unsigned long limit);
void dt_domain_close(struct dt_domain *d);
void dt_domain_check(struct dt_domain *d);
void dt_domain_destroy(struct dt_domain *d);

static inline u32 dt_below(struct rnd_state *rnd, u32 n)
{
	return ((u64)prandom_u32_state(rnd) * n) >> 32;
}

static inline bool dt_over(void)
{
	return READ_ONCE(dt_ending);
}

/* thread.c: sleeps at most so long; false when the torture is over */
bool dt_sleep(unsigned int us);
/* A thread that runs @body until dt_over(). */
int dt_thread(void (*body)(void *arg), void *arg, const char *name);
void dt_threads_join(void);

/* item.c: whoever posts may hold these, and callbacks take them */
extern struct mutex dt_mutex;
extern spinlock_t dt_lock;
int dt_post(struct dt_item *item, struct dt_domain *to);
void dt_burst(struct dt_poster *p, unsigned int n);

/*
 * The parts.  After a start, failed or not: all threads are joined, what they
 * set off is waited for (quiesce), the domains are closed, and only then is the
 * memory freed that callbacks look at.
 */
int dt_posters_start(void);
void dt_posters_quiesce(void);
void dt_posters_free(void);
int dt_nmi_start(void);
void dt_nmi_quiesce(void);
void dt_nmi_free(void);
int dt_barriers_start(void);
void dt_barriers_free(void);
int dt_churn_start(void);
void dt_churn_free(void);
int dt_readers_start(void);
void dt_readers_free(void);
int dt_flood_start(void);

/* Have some CPU post from an NMI, where that can be had. */
void dt_nmi_send(struct rnd_state *rnd);
/* Why there are no NMIs here; NULL if there are. */
const char *dt_nmi_refused(void);

/* busted.c */
extern const struct dt_ops dt_right_engine, dt_right_2005;
extern const struct dt_busted dt_busted_forms[];
extern const unsigned int dt_nr_busted;
extern const struct dt_busted *dt_busted;	/* NULL: the right form */

/* report.c */
extern atomic_long_t dt_posts[NR_DT_CONTEXTS];
void dt_ran(enum dt_check check);
__printf(2, 3)
void dt_fail(enum dt_check check, const char *fmt, ...);
/* Once all has ended. */
const char *dt_verdict(void);
int dt_result_show(struct seq_file *m, void *unused);

#endif /* _LASTREF_DEFERTORTURE_H */
