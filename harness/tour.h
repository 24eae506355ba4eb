/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tour.h - what one call of `lastref run` will do
 *
 * The user's words (scenarios, kernels, repeats) become a list of cases, each
 * one scenario on one kernel in one machine. A scenario that makes no sense on
 * a kernel that was asked for is in the list too, as not run, since a case that
 * silently vanishes looks like one that passed.
 */
#ifndef LASTREF_TOUR_H
#define LASTREF_TOUR_H

#include "library.h"
#include "options.h"
#include "runner.h"

struct tour {
	struct library library;
	const struct scenario **chosen;
	size_t nr_chosen;
	struct kernel *kernels;
	size_t nr_kernels;
	char *qemu;
	char *dir;			/* of this run's results */
	uint64_t seed;
	unsigned int parallel;
	struct runner_job *jobs;
	size_t nr_jobs;
};

/*
 * Reads and checks what the user wants: 0, EXIT_USAGE or EXIT_HARNESS after a
 * message on stderr. Nothing is built, made or started yet.
 */
int tour_plan(struct tour *t, const struct options *o);

/* Gets the kernels ready, makes the directories, fills jobs. 0 or EXIT_HARNESS. */
int tour_prepare(struct tour *t, const struct options *o);

/*
 * Runs what is prepared, tells and keeps what came. @command is free()d; what `lastref`
 * returns.
 */
int tour_run(struct tour *t, const struct options *o, char *command);

/* As many machines as the CPUs and three quarters of the memory carry. */
unsigned int tour_fitting(const struct tour *t, const struct options *o);

/* A seed that nobody has asked for. */
uint64_t tour_random_seed(void);

void tour_clear(struct tour *t);

#endif
