/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compare.h - what differs between two runs
 *
 * Verdicts are compared as they are. Numbers of one run on a busy machine are
 * noise: rates are compared by their ratio, and called different only where the
 * middle of the rows has not moved as much; times to catch only where the 95 %
 * intervals of their medians (stats.h) lie apart.
 */
#ifndef LASTREF_COMPARE_H
#define LASTREF_COMPARE_H

#include <stdbool.h>
#include <stdio.h>

#include "result.h"

/* Tells on @out; whether a verdict got worse from @a to @b. */
bool compare_write(FILE *out, const struct tour_result *a, const struct tour_result *b,
		   bool color);

#endif
