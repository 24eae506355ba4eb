/* SPDX-License-Identifier: GPL-2.0 */
/*
 * check.h - a module is loaded, exercised and unloaded while unloadcheck watches
 *
 * In each mode so many cycles; modes that need no boot of their own share a
 * machine. The first thing that goes wrong ends the check, for what comes after
 * it would be seen in a machine that is no longer as it was.
 */
#ifndef LASTREF_CHECK_H
#define LASTREF_CHECK_H

#include "module_set.h"
#include "unload_mode.h"
#include "unload_verdict.h"

#define CHECK_CYCLES	5

/* From good to bad; each has its exit status. */
enum check_outcome {
	CHECK_CLEAN,
	CHECK_UNSAFE,		/* it left something behind, or took the kernel down */
	CHECK_NOT_SHOWN,	/* it did nothing that could have been left behind */
	CHECK_NOT_DONE,		/* it could not be tried */
	NR_CHECK_OUTCOMES
};

struct check_mode {
	const struct unload_mode *mode;
	const char *lacks;		/* why it was not tried, or NULL */
	unsigned int cycles;		/* unloads that were judged */
	unsigned int rulings[NR_RULINGS];
	uint64_t posted;		/* callbacks, in all of them */
	uint64_t pending;		/* of these, when the text was to go */
};

struct check {
	const struct kernel *kernel;
	const struct options *options;
	const char *qemu;
	const char *dir;		/* exists */
	const char *exercise;		/* a shell script on the host, or NULL */
	char *parameters;		/* of the last module */
	unsigned int cycles;
	struct module_set modules;

	struct check_mode modes[NR_UNLOAD_MODES];
	enum check_outcome outcome;
	char why[600];			/* one line, "" when clean */
	char *evidence;			/* the worst verdict, or the kernel's report; or NULL */
	char *ended_in;			/* directory of the machine that ended the check; or NULL */
	struct crash_left left;		/* by it */
};

/* Fills all below "modules", which is complete. */
void check_run(struct check *c);

/* The module that is asked about: the last that was, though others may come after it. */
const struct module_item *check_target(const struct check *c);

/* Callbacks in all modes; of none at all a clean check says little. */
uint64_t check_posted(const struct check *c);

void check_free(struct check *c);

#endif
