/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rig.h - a machine for a command that drives it itself
 *
 * `lastref run` goes through scenarios; check-module and unload decide from what comes
 * out what to do next. What they share with it is below: image, boot, calibration,
 * deadlines, splats and symbols, what a crash leaves, and an end that is always reached.
 *
 * rig_boot() is the one place where they get a machine from.
 */
#ifndef LASTREF_RIG_H
#define LASTREF_RIG_H

#include <stdbool.h>

#include "clone.h"
#include "crash.h"
#include "deadline.h"
#include "guest.h"
#include "kernel.h"
#include "options.h"
#include "splat.h"
#include "symbols.h"
#include "textbuf.h"
#include "vm.h"

struct rig_config {
	const struct kernel *kernel;
	const struct options *options;
	const char *qemu;
	const char *dir;		/* is made, for the logs; outlives the rig */
	const char *boot;		/* kernel arguments, or NULL; the user's come after */
	bool fresh;			/* a clone will do: the next one like it comes fast */
	const struct guest_file *files;
	size_t nr_files;
};

struct rig {
	const char *dir;
	struct vm *vm;
	struct splat_scan *splats;
	struct symbols *symbols;
	struct deadlines deadlines;
	struct clone_facts facts;	/* how it came to be */
	bool timed_out;			/* a command was: nothing more will be answered */
	struct crash_left left;		/* by its end */
};

/* 0, or -1 and err with nothing to end. */
int rig_boot(struct rig *r, const struct rig_config *c, struct errbuf *err);

/*
 * An agent command that may take so many seconds on a machine of usual speed. The
 * result is that of vm_command(), and so are its errors; output lines go to @out,
 * each with a newline, unless that is NULL.
 */
__printf(4, 5)
int rig_command(struct rig *r, unsigned int seconds, struct textbuf *out, const char *fmt, ...);

/*
 * As the agent's insmod and rmmod. The places are learned: what symbols_add_module()
 * has read once can be named in reports.
 */
int rig_insmod(struct rig *r, unsigned int seconds, const char *module, const char *parameters);
int rig_rmmod(struct rig *r, unsigned int seconds, const char *module);

/* Whether commands can still be sent: the machine runs and has answered so far. */
bool rig_alive(const struct rig *r);

/* Events only, until the machine has ended or the time is over. */
void rig_watch(struct rig *r, unsigned int ms);

/* Powers off, or kills; the console is complete afterwards. */
void rig_end(struct rig *r);

/* The report of the worst that the kernel complained of, addresses named; free() it. */
char *rig_report(const struct rig *r);

void rig_free(struct rig *r);

#endif
