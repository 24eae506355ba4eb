/* SPDX-License-Identifier: GPL-2.0 */
/*
 * debugger.h - gdb at a machine that is done once more
 *
 * A schedule has no KASLR, so each module will be where it was: gdb is given a file of
 * commands with the symbols of all of them at their places.
 */
#ifndef LASTREF_DEBUGGER_H
#define LASTREF_DEBUGGER_H

#include <stdbool.h>

#include "errbuf.h"

struct debugger {
	const char *then;	/* directory of the schedule: agent.log, crash.txt */
	const char *modules;	/* directory of the .ko.debug files */
	const char *vmlinux;	/* with symbols, or NULL */
	const char *dir;	/* for the socket and the file of commands */
	bool back;		/* it can go back in time */
	char socket[100];	/* as long as the name of a socket may be */
};

/* Fills socket and writes the commands. 0, or -1 and err. */
int debugger_prepare(struct debugger *d, struct errbuf *err);

/* How to attach, and what for, on standard output. */
void debugger_say(const struct debugger *d);

/* The socket, which QEMU leaves when it is killed. */
void debugger_clean(const struct debugger *d);

#endif
