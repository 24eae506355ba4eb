/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unload_case.h - ways out of unload_demo, and what must become of them
 *
 * For each mode there are two predictions. Alone, with nobody watching: does the
 * kernel crash, or is it lucky? And watched by unloadcheck: wrong forms are
 * caught in every mode, lucky or not.
 */
#ifndef LASTREF_UNLOAD_CASE_H
#define LASTREF_UNLOAD_CASE_H

#include <stdbool.h>
#include <stddef.h>

#include "unload_mode.h"

/* What becomes of a machine in which nobody watches. */
enum unload_fate_id {
	FATE_CLEAN, FATE_LUCK, FATE_HIDDEN, FATE_WARNED, FATE_CRASH, FATE_CHANCE, NR_FATES
};

/* A prediction that cannot fail says nothing: each has something that must come. */
struct unload_fate {
	const char *name;
	bool lives;		/* every machine */
	bool dies;		/* every machine, by its own signature */
	bool pending;		/* callbacks were, when an exit path ended */
	bool never_pending;
	bool warned;		/* the kernel itself says that they were */
};

extern const struct unload_fate unload_fates[NR_FATES];

struct unload_case {
	const char *name;
	const char *parameters;		/* of unload_demo */
	enum unload_fate_id fates[NR_UNLOAD_MODES];
	const char *why;
};

extern const struct unload_case unload_cases[];
extern const size_t nr_unload_cases;

static inline bool unload_case_right(const struct unload_case *c)
{
	return c->fates[MODE_NORMAL] == FATE_CLEAN;
}

#endif
