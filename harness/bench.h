/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bench.h - what `lastref bench` can measure; cmd_bench.c has the table
 */
#ifndef LASTREF_BENCH_H
#define LASTREF_BENCH_H

#include "options.h"

struct bench {
	const char *name;	/* as in "lastref bench NAME" */
	const char *about;	/* one line */
	int (*run)(const struct options *o);	/* an exit code */
};

extern const struct bench bench_defer;
extern const struct bench bench_refs;
extern const struct bench bench_vm;
extern const struct bench bench_watch;

#endif
