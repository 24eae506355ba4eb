/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bench_data.h - deferscale's files rows and results, understood
 *
 * Texts in, structures out, no machine needed. Anything that is not as the
 * module writes it is refused with its line: half understood samples would be
 * measurements of something else.
 */
#ifndef LASTREF_BENCH_DATA_H
#define LASTREF_BENCH_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "errbuf.h"

enum bench_unit { UNIT_NS, UNIT_PER_S, UNIT_BYTES };

/* A round's samples; without the round it is NAN. */
struct bench_row {
	char *name;
	char *about;
	char *absent;		/* what the kernel lacks, or NULL */
	char *failed;		/* an error, or NULL */
	double *samples;	/* in the set's unit, one a round */
	double *again;		/* of the first row: its second turn */
};

struct bench_set {
	char *name;
	char *about;
	enum bench_unit unit;
	struct bench_row *rows;
	size_t nr_rows;
};

struct bench_data {
	struct bench_set *sets;
	size_t nr_sets;
	size_t rounds;
	unsigned int cpus;
	char *release;
	char *state;		/* done, running, stopped, idle */
};

/* The file rows, of one group; 0, or -1 and err, and nothing to be cleared. */
int bench_data_rows(struct bench_data *d, const char *text, const char *group,
		    struct errbuf *err);

/* The file results; 0, or -1 and err. Once only. */
int bench_data_results(struct bench_data *d, const char *text, struct errbuf *err);

void bench_data_clear(struct bench_data *d);

const struct bench_set *bench_data_set(const struct bench_data *d, const char *name);
const struct bench_row *bench_set_row(const struct bench_set *s, const char *name);

/* Whether all rounds were measured. */
bool bench_row_complete(const struct bench_row *r, size_t rounds);

const char *bench_unit_name(enum bench_unit unit);

#endif
