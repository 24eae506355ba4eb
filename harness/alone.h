/* SPDX-License-Identifier: GPL-2.0 */
/*
 * alone.h - a scenario that a guest does by itself, the same way each time
 *
 * The scenario's steps become commands in the guest's image, time is made of
 * instructions (struct vm_exact), and nobody speaks to the guest: so the shift
 * of the instruction's length, together with the seed, names a schedule. Its
 * console is the same bit for bit whenever it is done again.
 */
#ifndef LASTREF_ALONE_H
#define LASTREF_ALONE_H

#include "session.h"
#include "signature.h"

/* The commands, one a line, with a power off at their end; free() it. NULL: no memory. */
char *alone_commands(const struct job *job);

/* NULL, or why this kernel cannot be run so with this number of CPUs. */
const char *alone_unable(const char *release, unsigned int cpus);

/* What one run was. */
struct alone_result {
	enum outcome outcome;
	char signature[SIGNATURE_MAX];
	unsigned long long hash;	/* of the console */
	size_t bytes;
	double seconds;
};

struct alone {
	const struct vm_config *config;	/* exact set, dir exists */
	const char *modules;		/* directory of the .ko files, for names */
	int limit_ms;
	/* Whether the memory of a crash with this signature is worth keeping; or NULL. */
	bool (*wants_memory)(void *arg, const char *signature);
	void *arg;
};

/*
 * Boots config and follows it to its end. What a crash leaves is in its directory:
 * CRASH_NAME, the report with its addresses named and the lines of source of each frame of
 * a module, trace.txt and memory.kdump. Once vm_heed_signals() was called an
 * interrupted one is OUTCOME_HARNESS. 0, or -1 and err if there was no machine.
 */
#define CRASH_NAME	"crash.txt"
int alone_run(const struct alone *a, struct alone_result *r, struct errbuf *err);

#endif
