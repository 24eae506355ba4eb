/* SPDX-License-Identifier: GPL-2.0 */
/*
 * series.h - what a run did over time, and how long things took in it
 *
 * A sample is one look at a run's stats while it was at work. A run of hours
 * is looked at thousands of times: once a series is full every other sample
 * goes, and from then on every other look is not kept; so it stays short, and
 * its samples stay evenly spread.
 *
 * A histogram is read from the file histograms of a run, whose buckets are powers
 * of two of a nanosecond.
 */
#ifndef LASTREF_SERIES_H
#define LASTREF_SERIES_H

#include <stddef.h>
#include <stdint.h>

#define SERIES_MAX	240

struct sample {
	long ms;		/* since the run began */
	uint64_t ops;
	uint64_t near_misses;
	uint64_t errors;
};

struct series {
	struct sample *samples;
	size_t nr;
	unsigned int stride;	/* of so many looks one is kept; 0: all */
	unsigned int skipped;
};

/* Keep a look, or not. Time only moves forward: a sample from before is dropped. */
void series_add(struct series *s, const struct sample *sample);

struct bucket {
	uint64_t from_ns;
	uint64_t below_ns;	/* 0: no bound */
	uint64_t count;
};

struct histogram {
	char *name;		/* "reclaim" */
	char *about;		/* "from delete to free" */
	struct bucket *buckets;
	size_t nr_buckets;
};

/*
 * The histograms in a text, those without an event left out: an array of *@nr,
 * or NULL if there are none. A line of another form is skipped.
 */
struct histogram *histograms_read(const char *text, size_t *nr);
void histogram_clear(struct histogram *h);

#endif
