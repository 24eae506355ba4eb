/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fresh machines in a tenth of a second.
 *
 * A configuration is booted once, to the hello of its PID 1, measured, and saved: the
 * golden snapshot. Every machine after that goes on from there, with a copy of
 * the memory that is its own (pages are copied as they are written) and with logs, agent
 * and monitor of its own. So each case may crash, hang or corrupt its machine.
 *
 * Clones of one snapshot have the same address layout and the same random
 * state: send each a seed (the agent's `seed` command) before anything else.
 *
 *	struct clone_facts facts;
 *	struct vm *vm = clone_boot(&config, deadline_boot_ms(), &facts, &err);
 *
 * is vm_boot(), only faster. Who wants many keeps the snapshot open:
 *
 *	struct golden *g = golden_open(&config, hello_ms, &err);
 *	struct vm *vm = golden_clone(g, &config, &err);		as often as wanted
 *	golden_close(g);
 *
 * Where snapshots are kept, and how they are checked: clone_cache.h.
 */
#ifndef LASTREF_CLONE_H
#define LASTREF_CLONE_H

#include <stdbool.h>

#include "deadline.h"
#include "errbuf.h"
#include "vm.h"

struct golden;

/* How a machine came to be, and how fast it is. */
struct clone_facts {
	bool cloned;		/* false: booted, and why says why */
	bool made;		/* the snapshot was not there yet */
	int retries;		/* of the boot, as vm_boot() tells */
	long boot_ms;		/* of the boot behind it */
	long loop_ms;		/* of the agent's `calibrate`; 0: not measured */
	struct errbuf why;
};

/*
 * The snapshot for this configuration; made if there is none, which takes a boot
 * of at most @hello_ms twice. Callbacks and dir of @config are not used. NULL
 * and err. It is locked against removal until it is closed; a child of fork()
 * may use it, too.
 */
struct golden *golden_open(const struct vm_config *config, int hello_ms,
			   struct clone_facts *facts, struct errbuf *err);

/* A running machine; NULL and err. @config as it was for golden_open(). */
struct vm *golden_clone(const struct golden *g, const struct vm_config *config,
			struct errbuf *err);
void golden_close(struct golden *g);

/* The guest's watchdogs are set so, scaled by how busy this host is now. */
void clone_deadlines(const struct clone_facts *facts, struct deadlines *d);

/*
 * A machine that has said hello, from a snapshot, or booted if that cannot be:
 * a snapshot saves time and nothing else. NULL and err if neither can be.
 */
struct vm *clone_boot(const struct vm_config *config, int hello_ms,
		      struct clone_facts *facts, struct errbuf *err);

#endif
