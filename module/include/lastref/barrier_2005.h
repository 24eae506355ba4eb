/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The barrier of 2005 over the engine's queues: claim B9, and B12 for how it
 * breaks.  For comparison and torture; defer_barrier() is the one to use.
 */
#ifndef _LASTREF_BARRIER_2005_H
#define _LASTREF_BARRIER_2005_H

#include <linux/atomic.h>
#include <linux/types.h>

struct defer_domain;

/**
 * struct barrier_2005_form - how the barrier is to be
 * @no_bias: leave out the cure of the third Quick Quiz
 * @between: called between one CPU's post and the next, to be late on purpose,
 *	with the count of those that are still to come back; may sleep; NULL for
 *	nothing
 */
struct barrier_2005_form {
	bool no_bias;
	void (*between)(const atomic_t *count);
};

int defer_barrier_2005(struct defer_domain *d,
		       const struct barrier_2005_form *form);

#endif /* _LASTREF_BARRIER_2005_H */
