/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pool.h - cases without end, so many at a time, each in a process of its own
 *
 * Where runner.h has a list of cases and shows each of them, a pool asks for
 * the next one whenever a place is free, until there is none, and hands over
 * what came out. SIGINT, SIGTERM and SIGHUP end it: nothing new is begun, and
 * who is at work is told to come to an end, and killed when asked again or after a
 * while, for it may be waiting for a guest.
 */
#ifndef LASTREF_POOL_H
#define LASTREF_POOL_H

#include <stdbool.h>

#include "result.h"
#include "session.h"

struct pool_ops {
	/* Fills *job; its directory exists. false: there are no more. */
	bool (*next)(void *arg, struct job *job);
	/*
	 * @c is NULL if its worker left no result; the pool frees it. @cut: it was
	 * interrupted, and may not have come to its end.
	 */
	void (*done)(void *arg, const struct job *job, const struct case_result *c, bool cut);
};

/* As many machines as CPUs and half of the free memory carry. */
unsigned int pool_fitting(unsigned int memory_mb);

/* Whether it was interrupted. */
bool pool_run(const struct pool_ops *ops, void *arg, unsigned int parallel);

#endif
