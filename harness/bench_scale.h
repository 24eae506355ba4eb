/* SPDX-License-Identifier: GPL-2.0 */
/* bench_scale.h - deferscale in a machine: what the benches made of it share */
#ifndef LASTREF_BENCH_SCALE_H
#define LASTREF_BENCH_SCALE_H

#include "bench_data.h"
#include "options.h"
#include "vm.h"

#define BENCH_COMMAND_MS	60000

/* What is measured in one boot. */
struct bench_group {
	const char *name;	/* deferscale's group= */
	const char *title;
	unsigned int cpus;
	/* deferscale is loaded: fills @d and DIR/results.txt. 0, or -1 and err. */
	int (*measure)(struct vm *vm, const struct bench_group *g, unsigned int rounds,
		       const char *dir, struct bench_data *d, struct errbuf *err);
};

/* Starts so many rounds of the group and waits for them; told: a line a set. */
int bench_rounds(struct vm *vm, const struct bench_group *g, unsigned int rounds, bool told,
		 struct errbuf *err);

/* What a file of deferscale says; free() it. NULL and err. */
char *bench_file(struct vm *vm, const char *name, struct errbuf *err);

/* The bench, on each kernel that is asked for. An exit code. */
int bench_group_run(const struct bench_group *g, const struct options *o);

#endif
