/* SPDX-License-Identifier: GPL-2.0 */
/*
 * conclude.h - the two ends of a run's results: begun, and told and kept
 */
#ifndef LASTREF_CONCLUDE_H
#define LASTREF_CONCLUDE_H

#include "result.h"

/* Names it, notes the command in its directory, makes it the latest. 0, or EXIT_HARNESS. */
int conclude_begin(struct tour_result *r, char *command, const char *dir, uint64_t seed,
		   size_t nr_cases);

/* Prints the summary, writes every file of the run; what `lastref` returns. */
int conclude(struct tour_result *r);

#endif
