/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unload_demo: a module whose exit path is a parameter.
 *
 *	exit=		the way out, see demo_exit.c for what each does
 *	    barrier			stop posting, barrier: right
 *	    none			stop posting, no more: wrong
 *	    sync, sync_many		synchronize_rcu(), once or ten times: wrong
 *	    wrong_flavor		the barrier of another flavor: wrong
 *	    barrier_before_timers	the posting timer is stopped too late: wrong
 *	    barrier_before_work		and the posting work: wrong
 *	    completion			the last callback completes it: wrong
 *	    cache_first			private cache destroyed, then barrier: wrong
 *	    cache_renewed		a cache that is done with is destroyed while
 *					callbacks for another like it are pending,
 *					then barrier: right
 *	    work_first			the workqueue that callbacks use destroyed,
 *					then barrier: wrong
 *	    close			the same job by a domain of rcudefer: right
 *	flavor=		rcu | hurry | srcu | tasks | tasks_trace | rcu_work |
 *			percpu_ref (rcu); with exit=close, and only there, defer
 *	count=		callbacks a burst (1)
 *	length_us=	how long a callback runs (0)
 *	cpu=		which CPU posts; -1 for any (-1)
 *	context=	what posts: task | timer | work | softirq | irq (task)
 *	when=		the burst comes at: exit (its beginning) | init (exit)
 *	repost=		times that a callback posts itself again; -1 for ever (0)
 *	fullstop=	1: callbacks look at the stop flag before they repost (1)
 *	barriers=	how many barriers in a row where there is one (1)
 *	cache=		1: the objects are of a private kmem_cache (0)
 *	work=		1: callbacks queue work of this module (0)
 *	init_fail=	1: init posts, fails with -ENODEV and leaves by exit= (0)
 *
 * "modinfo -F form unload_demo.ko" lists the ways out, a line each:
 *
 *	exit=none right=no verdict=pending zoo=1 claim=B2 with="..."
 *
 * verdict is what unloadcheck has to say in normal mode ("a|b": one of them);
 * with= are further parameters that make the case.
 *
 * The ledger is kept by unload_ledger.ko, which stays: what is counted after
 * exit() has returned would otherwise go with the module. Its file
 * /sys/kernel/debug/unload_ledger has a line a cycle, the newest 1024 (write
 * anything to clear):
 *
 *	cycle=7 exit=none flavor=rcu posted=100 at_exit=3 later=97 lost=0 works=0 works_run=0
 *
 *	posted		callbacks posted, reposts included
 *	at_exit		of these, invoked when the exit path ended ("-" before)
 *	later		invoked after that
 *	lost		posted - at_exit - later, as of now
 *	works, works_run	work queued by callbacks, and run
 *
 * and when an exit path ends it says in the kernel's log
 *
 *	unload_ledger: cycle=7 exit=none flavor=rcu posted=100 at_exit=3
 */
#ifndef LASTREF_UNLOAD_DEMO_H
#define LASTREF_UNLOAD_DEMO_H

#include <linux/percpu-refcount.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <lastref/defer.h>

#include "ledger.h"

/* What a callback is posted for; as a module would have it. */
struct demo_object {
	union {
		struct rcu_head rcu;
		struct rcu_work rwork;
		struct percpu_ref ref;
		struct defer_head defer;
	};
	struct work_struct work;
	int hops;
};

/* Ways to post. */
struct demo_flavor {
	const char *name;
	int (*init)(void);
	int (*post)(struct demo_object *obj);
	void (*wait)(void);		/* the barrier */
	void (*wait_wrong)(void);	/* another's */
	void (*end)(void);
};

/* Contexts that post. Those that tick post one object a jiffy until stopped. */
struct demo_context {
	const char *name;
	void (*start)(void);
	void (*burst)(void);
	void (*stop)(void);
};

/* Ways out: what is done, in this order. */
struct demo_exit {
	const char *name;
	void (*steps[6])(void);
};

/* demo_main.c: the parameters */
extern int demo_count, demo_length_us, demo_cpu, demo_repost, demo_barriers;
extern bool demo_fullstop, demo_cache, demo_work;
extern const struct demo_flavor *demo_flavor;
extern const struct demo_context *demo_context;
extern struct unload_ledger *demo_ledger;

bool demo_at_exit(void);

/* demo_flavor.c, demo_context.c, demo_exit.c */
const struct demo_flavor *demo_flavor_find(const char *name);
const struct demo_context *demo_context_find(const char *name);
const struct demo_exit *demo_exit_find(const char *name);
void demo_leave(const struct demo_exit *exit);
void demo_close(void);
unsigned long demo_ticks(void);

/* demo_callback.c */
extern bool demo_stop;			/* fullstop */
extern struct workqueue_struct *demo_wq;
int demo_objects_init(void);
void demo_objects_end(void);
void demo_cache_destroy(void);
void demo_cache_renew(void);
void demo_cache_retire(void);
void demo_wq_destroy(void);
void demo_wait_all_done(void);
void demo_post(void);
void demo_callback(struct demo_object *obj);

#endif /* LASTREF_UNLOAD_DEMO_H */
