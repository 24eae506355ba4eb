/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tally.h - runs that did the same, added up
 *
 * What a reader wants of twenty rounds of nine busted forms is nine lines.
 */
#ifndef LASTREF_TALLY_H
#define LASTREF_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "result.h"

struct tally {
	const char *pattern;		/* or the busted form */
	const char *flavor;
	char kernel[CASE_WHERE_MAX];	/* and its mode */
	unsigned int places;		/* kernels and modes */
	bool busted;
	unsigned int runs;
	unsigned int as_foretold;
	uint64_t ops;
	uint64_t near_misses;
	uint64_t errors;
	long elapsed_ms;		/* of all runs */
	long *caught_ms;		/* sorted, of those that were caught */
	unsigned int nr_caught;
	char by[96];			/* checks that caught it, a comma between */
};

/* A row for each (pattern or form, flavor, kernel), in order of appearance. */
struct tally *tally_runs(const struct tour_result *t, size_t *count);

/*
 * A row for each (pattern or form, flavor), over all kernels and modes that there
 * are: what a reader wants of a matrix. kernel says on how many it was.
 */
struct tally *tally_places(const struct tour_result *t, size_t *count);

/* By kernel while these are few, then over all of them: what stands in a summary. */
struct tally *tally_told(const struct tour_result *t, size_t *count);
void tally_free(struct tally *rows, size_t count);

/* Of the sorted times; -1 if there are none. The lower one of an even count. */
long tally_median(const struct tally *row);

/* A check that did not run, and why, however many runs of right forms share it. */
struct skip_tally {
	const char *name;
	const char *note;
	unsigned int runs;
};

struct skip_tally *tally_skips(const struct tour_result *t, size_t *count);

/*
 * With @ops operations and no failure: the failure rate is below this, with 95 %
 * confidence. The rule of three: -ln(0.05)/ops.
 */
double tally_bound(uint64_t ops);

#endif
