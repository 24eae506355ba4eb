/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A flavor is one way to wait for readers.
 *
 * The listings of the rcuref document are written against "RCU", and every
 * one of them is right for whatever provides four things: a read-side section,
 * a grace period that waits for the sections that began before it, a callback
 * after such a grace period, and a barrier that waits for callbacks.  A
 * pattern reaches those through struct flavor_ops and never names the
 * provider, so the same listing can be tortured over RCU, over SRCU, and over
 * engines of our own.
 */
#ifndef _LASTREF_FLAVOR_H
#define _LASTREF_FLAVOR_H

#include <linux/rcupdate.h>
#include <linux/srcu.h>
#include <linux/types.h>

/* A reader of this flavor may block inside its section. */
#define FLAVOR_READERS_MAY_SLEEP	BIT(0)
/* A reader has preemption off: if it sleeps, that is the end of the kernel. */
#define FLAVOR_READERS_ATOMIC		BIT(1)

struct defer_domain;
struct flavor;

/*
 * A head to post.  Patterns see an rcu_head, as the documents do; other
 * providers than the kernel keep more of a callback, and have room for it.
 */
struct flavor_head {
	struct rcu_head rcu;
	unsigned long room[2];
};

/* A point in a provider's sequence of grace periods. */
struct flavor_state {
	unsigned long seq[3];
};

/**
 * struct flavor_ops - what a flavor offers
 * @name: as users write it after ``flavor=``
 * @about: one line for the ``flavors`` file
 * @flags: FLAVOR_*
 * @init: make @flavor usable; may sleep; 0 or a negative errno
 * @exit: undo @init; no reader and no callback may be left
 * @enter: enter a section, returns a cookie for @leave; any context
 * @leave: leave the section; same context as its @enter
 * @call: run func(head) after all sections that exist now have ended; any
 *	context where interrupts may be disabled, not NMI; never sleeps.  @head
 *	is the beginning of a struct flavor_head
 * @synchronize: wait for all sections that exist now; may sleep
 * @synchronize_expedited: the same, at once, at the cost of other CPUs
 * @cb_barrier: wait until every callback posted by @call before this has
 *	returned
 * @get_state: a cookie for a grace period that has not begun yet; any context
 *	but NMI
 * @poll_state: has the grace period of that cookie ended?  May say no too
 *	long, never yes too early
 */
struct flavor_ops {
	const char *name;
	const char *about;
	unsigned int flags;
	int (*init)(struct flavor *flavor);
	void (*exit)(struct flavor *flavor);
	int (*enter)(struct flavor *flavor);
	void (*leave)(struct flavor *flavor, int idx);
	void (*call)(struct flavor *flavor, struct rcu_head *head,
		     rcu_callback_t func);
	void (*synchronize)(struct flavor *flavor);
	void (*synchronize_expedited)(struct flavor *flavor);
	void (*cb_barrier)(struct flavor *flavor);
	struct flavor_state (*get_state)(struct flavor *flavor);
	bool (*poll_state)(struct flavor *flavor,
			   const struct flavor_state *state);
};

/**
 * struct flavor - one instance, private to its user
 * @ops: the provider
 * @srcu: the domain, for the kernel's SRCU
 * @domain: the domain, for flavors over the deferral engine
 */
struct flavor {
	const struct flavor_ops *ops;
	union {
		struct srcu_struct srcu;
		struct defer_domain *domain;
	};
};

extern const struct flavor_ops flavor_rcu;
extern const struct flavor_ops flavor_srcu;
extern const struct flavor_ops flavor_defer_rcu;
extern const struct flavor_ops flavor_defer_srcu;
extern const struct flavor_ops flavor_defer_sched;
extern const struct flavor_ops flavor_defer_gpctr;

#endif /* _LASTREF_FLAVOR_H */
