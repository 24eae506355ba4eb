/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crash.h - what a crash leaves behind: the guest's memory
 *
 * QEMU writes it when the machine has stopped, compressed and without zero pages, as
 * memory.kdump in the directory of the case, for crash(8) or drgn. Registers and
 * backtrace are on the console, where the kernel put them.
 *
 * A crash that was foretold leaves none, nor does one of explore's, which come by
 * the hundred and can be had again. At most DUMPS_MAX a run, and none that is
 * larger than DUMP_BYTES_MAX.
 */
#ifndef LASTREF_CRASH_H
#define LASTREF_CRASH_H

#include "session.h"

#define DUMP_NAME	"memory.kdump"
#define DUMPS_MAX	4
#define DUMP_BYTES_MAX	(256LL << 20)

/* Where this case's goes, for struct vm_config; NULL: nowhere. */
const char *crash_dump(struct session *s);

/* Notes where it is; removes it if it is too large. */
void crash_tell(struct session *s);

#endif
