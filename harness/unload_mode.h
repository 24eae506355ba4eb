/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unload_mode.h - the ways a kernel can run callbacks, in which an unload is tried
 *
 * In normal mode free_module()'s own synchronize_rcu() waits behind the callbacks that
 * were posted on the same CPU, and so hides that nobody else does. Expedited,
 * that wait is over before them; lazy, they come seconds later.
 */
#ifndef LASTREF_UNLOAD_MODE_H
#define LASTREF_UNLOAD_MODE_H

#include <stdbool.h>

#include "kernel.h"
#include "rig.h"

enum unload_mode_id { MODE_NORMAL, MODE_EXPEDITED, MODE_LAZY, NR_UNLOAD_MODES };

struct unload_mode {
	const char *name;
	const char *how;	/* one line, for people */
	const char *boot;	/* kernel arguments; modes with the same share a boot */
	bool expedited;		/* set in the running machine */
	bool lazy;
};

extern const struct unload_mode unload_modes[NR_UNLOAD_MODES];

/* NULL if this kernel has the mode; else why it has not. */
const char *unload_mode_lacks(const struct unload_mode *mode, const struct kernel *k);

/* 0, or as rig_command(). */
int unload_mode_set(struct rig *r, const struct unload_mode *mode);

#endif
