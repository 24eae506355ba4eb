/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The native host of the listings: what reftorture's element.c is in a kernel,
 * without its biography and statistics.
 *
 * Memory is malloc()'s and free()'s under AddressSanitizer, which then sees
 * every access.  Elsewhere freed elements are poisoned and kept: a stale access
 * finds the poison, and ThreadSanitizer finds the race with the poisoning.
 */
#ifndef NATIVE_HOST_H
#define NATIVE_HOST_H

#include "../../module/patterns/pattern.h"

#define NATIVE_LINKED	1	/* in the table */
#define NATIVE_POSTED	2	/* its rcu_head is on its way */
#define NATIVE_FREED	4

#define NATIVE_LIVE	0x11feb0d9UL
#define NATIVE_POISON	0xdeadb0d9UL

/**
 * struct native_el - an element and the life it has had
 * @el: the pattern's
 * @life: NATIVE_*
 * @added: was in the table once; add() frees what it finds a twin of
 * @contents: plain memory that readers look at: its key, scrambled
 * @func: the pattern's callback
 * @next_freed: of those that are kept
 */
struct native_el {
	struct el el;
	int life;
	bool added;
	unsigned long contents[2];
	rcu_callback_t func;
	struct native_el *next_freed;
};

extern const struct ref_host native_host;
extern const struct flavor_ops native_flavor;

/* Looks at an element found, or held; @what says which. */
void native_look(struct el *el, unsigned long key, const char *what);

/* At the end, after all that was put off: added = freed + live, counts are 1. */
void native_drain(struct ref_table *t);

#endif
