/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crash.h - what a crash leaves behind, in the directory of its case
 *
 *	memory.kdump	the guest's memory, compressed and without zero pages, for
 *			crash(8) or drgn; QEMU writes it when the machine has stopped
 *	trace.txt	the last trace events
 *
 * Registers and backtrace are on the console, where the kernel put them, and decoded
 * in the case's result.
 *
 * The memory is kept of the first crash with each signature in a run, foretold or not:
 * those of explore come by the hundred. Who was first is told by a file RUN/crashes/HASH
 * with the signature and the case, made by whoever comes first of several. At most
 * DUMPS_MAX a run, and none that is larger than DUMP_BYTES_MAX.
 */
#ifndef LASTREF_CRASH_H
#define LASTREF_CRASH_H

#include <stdbool.h>
#include <stddef.h>

#include "splat.h"
#include "symbols.h"
#include "vm.h"

struct session;

#define DUMP_NAME	"memory.kdump"
#define DUMPS_MAX	8
#define DUMP_BYTES_MAX	(256LL << 20)

/* What there is once the machine has ended. */
struct crash_left {
	size_t events;		/* of the trace */
	long long memory;	/* bytes; 0: it was another's turn, or no crash */
	bool too_much;		/* that was more than is kept */
};

/*
 * Where the memory of a machine that has crashed goes, for the callback of struct
 * vm_config: valid until the next call; NULL if another one was first.
 */
const char *crash_memory(const char *case_dir, const struct splat_scan *splats,
			 const struct symbols *symbols);

/* Cuts the trace out of the console, throws away what is too much. */
struct crash_left crash_gather(const struct vm *vm, const char *case_dir);

/* The same for a session, and notes in its result what there is if the case did not pass. */
void crash_tell(struct session *s);

/*
 * Whether a crash with this signature is the first of its run, in whose directory
 * the case has one of its own.
 */
bool crash_is_first(const char *case_dir, const char *signature);

#endif
