/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Grace periods that we find ourselves: their numbers.
 *
 * The kernel's RCU is asked whether a grace period has ended.  The back ends
 * "sched" and "gpctr" have nobody to ask; how they look for readers is their
 * own affair, but the book-keeping around it is the same for both and is here.
 *
 * @seq is the number of the grace period, as a pair of steps: even between
 * grace periods, odd in one.  A cookie is the value @seq has once a whole
 * grace period has passed that began after the cookie was taken:
 *
 *	seq	taken	why
 *	---	-----	---
 *	 4	  6	the next one, 4 -> 5 -> 6, begins after this
 *	 5	  8	the one in progress began before this: it does not count
 *
 * What is ordered, with A as the cookie's taker, G as who runs grace periods:
 *
 *	A			G			reader
 *	-			-			------
 *	unlink
 *	smp_mb (a)
 *	cookie = seq ...
 *				seq odd
 *				smp_mb (b)
 *				wait for readers	(each back end's own pairs)
 *				smp_mb (c)
 *				seq even
 *	seq >= cookie?
 *	smp_mb (d)
 *	free
 *
 * (a) pairs with (b): a grace period that counts for the cookie looks for
 * readers after the unlinking, so a reader that it does not find cannot find
 * what was unlinked.  (c) pairs with (d): what the reader did in its section is
 * done before the freeing.
 */
#ifndef _LASTREF_GP_OWN_H
#define _LASTREF_GP_OWN_H

#include <linux/atomic.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct defer_cookie;

/**
 * struct gp_own - the grace periods of one back end, or of one domain
 * @seq: see above; written by @work only
 * @wanted: grace periods are run until @seq is there
 * @hurry: how many want it expedited
 * @news: of what @find waits for
 * @find: return when every section that exists now has ended; may sleep
 * @wait: who waits for a grace period, and the one in @find for news
 * @work: runs them
 */
struct gp_own {
	unsigned long seq;
	atomic_long_t wanted;
	atomic_t hurry;
	bool news;
	void (*find)(struct gp_own *own);
	wait_queue_head_t wait;
	struct work_struct work;
};

void gp_own_init(struct gp_own *own, void (*find)(struct gp_own *own));
/* Nobody asks any more; waits for a grace period in progress. */
void gp_own_exit(struct gp_own *own);

/* As in struct gp_ops; but get_state and poll in any context, NMI too. */
void gp_own_get_state(const struct gp_own *own, struct defer_cookie *cookie);
void gp_own_start(struct gp_own *own, struct defer_cookie *cookie);
bool gp_own_poll(const struct gp_own *own, const struct defer_cookie *cookie);
void gp_own_expedite(struct gp_own *own);
void gp_own_synchronize(struct gp_own *own);

/*
 * For @find, which has to look again: sleep until there is news, for a jiffy at
 * most, and for far less when somebody is in a hurry.
 */
void gp_own_rest(struct gp_own *own);
/* What @find waits for may have come; any context that may take a spinlock. */
void gp_own_news(struct gp_own *own);

static inline bool gp_own_hurries(const struct gp_own *own)
{
	return atomic_read(&own->hurry);
}

#endif /* _LASTREF_GP_OWN_H */
