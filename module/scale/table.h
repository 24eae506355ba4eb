/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table of a pattern, for rows that measure it: the patterns of the torture,
 * with a host that does nothing but allocate, post, free, and look at the clock.
 */
#ifndef _LASTREF_SCALE_TABLE_H
#define _LASTREF_SCALE_TABLE_H

#include "../patterns/pattern.h"
#include "scale.h"

#define BENCH_KEY	1UL	/* of the one element there is */

/**
 * struct bench_table - a table with at most one element
 * @table: the table
 * @flavor: plain RCU
 * @crew: readers, for rows that have some
 * @nr_parts: what each element that is added from now on owns, and whoever
 *	frees it frees as well: so many allocations
 * @freed: how many elements are free; @freed_at is of the last
 * @freed_at: when, by ktime_get_ns()
 */
struct bench_table {
	struct ref_table table;
	struct flavor flavor;
	struct bench_crew crew;
	unsigned int nr_parts;
	atomic_t freed;
	u64 freed_at;
};

int bench_table_setup(struct bench_slot *slot);
void bench_table_teardown(struct bench_slot *slot);

/* A reader of whatever kind the pattern has: true if it found the element. */
bool bench_table_read(struct bench_table *b, unsigned int hold_us);

#endif /* _LASTREF_SCALE_TABLE_H */
