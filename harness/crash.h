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

#include "session.h"

#define DUMP_NAME	"memory.kdump"
#define DUMPS_MAX	8
#define DUMP_BYTES_MAX	(256LL << 20)

/* Where this crash's memory goes, for struct vm_config, whose arg is the session. */
const char *crash_dump(void *arg);

/* Cuts the trace out of the console; notes what there is if the case did not pass. */
void crash_tell(struct session *s);

/*
 * Whether a crash with this signature is the first of its run, in whose directory
 * the case has one of its own.
 */
bool crash_is_first(const char *case_dir, const char *signature);

#endif
