/* SPDX-License-Identifier: GPL-2.0 */
/*
 * per_kernel.h - the same work on each kernel that was asked for
 *
 * check-module and unload have no scenarios, and so no tour. What they share is
 * below: a run's directory, QEMU, each kernel made ready, and one exit status of all.
 */
#ifndef LASTREF_PER_KERNEL_H
#define LASTREF_PER_KERNEL_H

#include "kernel.h"
#include "options.h"

/*
 * work() gets a directory of its own in the run, and returns an exit status. Of those,
 * a failure counts more than what could not be done.
 */
int per_kernel(const struct options *o,
	       int (*work)(const struct options *o, const struct kernel *k, const char *qemu,
			   const char *dir));

#endif
