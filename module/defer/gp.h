/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A back end: one way to know that all readers who may hold an object are gone.
 *
 * The engine takes a cookie after it has taken posts off a queue, and runs them
 * once the cookie has elapsed; all of a back end's cunning is behind that.  Each
 * domain has an instance of its own, struct defer_gp; a back end that needs no
 * state of its own per domain leaves the union alone.
 */
#ifndef _LASTREF_DEFER_GP_H
#define _LASTREF_DEFER_GP_H

#include <linux/srcu.h>
#include <linux/types.h>

#include <lastref/defer.h>

struct defer_gp;

/* Readers may sleep inside their section. */
#define GP_READERS_MAY_SLEEP	BIT(0)

/**
 * struct gp_ops - what a back end offers
 * @name: as in struct defer_domain_attr
 * @about: one line for people
 * @flags: GP_*
 * @global_init: once, when the module is loaded; may be NULL; 0 or an errno
 * @global_exit: undo @global_init; may be NULL.  Every instance is gone
 * @init: make an instance usable; may sleep; 0 or an errno
 * @exit: undo @init; may sleep; there are no readers and no unfinished cookies
 *	that anybody will look at again
 * @enter: begin a reader's section, which @leave ends; returns what @leave
 *	wants.  Any context in which the readers of this back end may run
 * @leave: end it, in the same context
 * @get_state: a cookie for a grace period that has not begun.  It orders as a
 *	full barrier: what was done before, readers see who begin after that
 *	grace period.  Any context with interrupts enabled; does not sleep
 * @start: @get_state, and the grace period will end without anybody's help.
 *	Called under a spinlock with interrupts enabled
 * @poll: has the grace period of that cookie ended?  Never yes too early; must
 *	say yes some day after @start, or after @expedite.  A yes is a full
 *	barrier.  Same contexts as @start
 * @expedite: return as soon as may be after every cookie taken before the call
 *	has elapsed.  May sleep, may disturb other CPUs
 * @synchronize: wait for all sections that exist now; may sleep
 *
 * There may be at most GP_COOKIES different cookies that have not elapsed at any
 * one time: the engine has no more buckets than that on a queue.  Two
 * that would elapse together must be equal in every byte.
 */
struct gp_ops {
	const char *name;
	const char *about;
	unsigned int flags;
	int (*global_init)(void);
	void (*global_exit)(void);
	int (*init)(struct defer_gp *gp);
	void (*exit)(struct defer_gp *gp);
	int (*enter)(struct defer_gp *gp);
	void (*leave)(struct defer_gp *gp, int idx);
	void (*get_state)(struct defer_gp *gp, struct defer_cookie *cookie);
	void (*start)(struct defer_gp *gp, struct defer_cookie *cookie);
	bool (*poll)(struct defer_gp *gp, const struct defer_cookie *cookie);
	void (*expedite)(struct defer_gp *gp);
	void (*synchronize)(struct defer_gp *gp);
};

/* As NUM_ACTIVE_RCU_POLL_FULL_OLDSTATE has it. */
#define GP_COOKIES	4

/**
 * struct defer_gp - an instance of a back end, in a domain
 * @ops: whose it is
 * @srcu: of the srcu back end
 * @priv: for others
 */
struct defer_gp {
	const struct gp_ops *ops;
	union {
		struct srcu_struct srcu;
		void *priv;
	};
};

/* The table of all, in gp.c; the first is the default. */
extern const struct gp_ops *const gp_table[];
extern const unsigned int gp_table_size;
const struct gp_ops *gp_find(const char *name);
int gp_global_init(void);
void gp_global_exit(void);

extern const struct gp_ops gp_rcu;
extern const struct gp_ops gp_srcu;
extern const struct gp_ops gp_sched;
extern const struct gp_ops gp_gpctr;

#endif /* _LASTREF_DEFER_GP_H */
