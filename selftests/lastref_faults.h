/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocations that fail, one at a time, by /proc/thread-self/fail-nth.
 */
#ifndef LASTREF_FAULTS_H
#define LASTREF_FAULTS_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lastref_test.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"
#define FAIL_NTH	"/proc/thread-self/fail-nth"

/* Sleeping allocations, too, and without a stack trace for each. */
static inline bool faults_set_up(void)
{
	return !lr_write(FAILSLAB "ignore-gfp-wait", "N", 1) &&
	       !lr_write(FAILSLAB "verbose", "0", 1) &&
	       !access(FAIL_NTH, W_OK);
}

static inline void fail_nth(int n)
{
	char text[16];

	lr_write(FAIL_NTH, text, snprintf(text, sizeof(text), "%d", n));
}

/* Was it reached? What is left of the count is taken back. */
static inline bool was_reached(void)
{
	char *left = lr_read(FAIL_NTH);
	bool reached = left && !atoi(left);

	free(left);
	fail_nth(0);
	return reached;
}

#endif
