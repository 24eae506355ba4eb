// SPDX-License-Identifier: GPL-2.0
/*
 * A machine that has stopped and is still there, with -no-shutdown: its memory can be
 * had, and a debugger that is attached may go on looking, or back in time. While
 * one is, the machine is held; the end that was decided stands.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm_internal.h"

#define DUMP_MS		30000	/* for QEMU to write a dump and obey `quit` then */
#define CONNECTED	3	/* /proc/net/unix: SS_CONNECTED */

void vm_dump(struct vm *vm)
{
	const char *path = vm->config.dump ? vm->config.dump(vm->config.arg) : NULL;
	json_t *command;
	char *text;

	if (!path)
		return;
	command = json_pack("{s:s, s:{s:b, s:s+, s:s}}", "execute", "dump-guest-memory",
			    "arguments", "paging", 0, "protocol", "file:", path,
			    "format", "kdump-zlib");
	text = json_dumps(command, JSON_COMPACT);
	if (text && !qmp_send(&vm->qmp, text, -1))
		vm->ending_ms = vm_now() + DUMP_MS;
	free(text);
	json_decref(command);
}

/* A client of QEMU's socket has a connection with the same name as the socket. */
bool vm_debugged(const struct vm *vm)
{
	const struct vm_exact *exact = vm->config.exact;
	char line[400], path[200];
	bool found = false;
	unsigned int state;
	FILE *in;

	if (!exact || !exact->gdb)
		return false;
	in = fopen("/proc/net/unix", "re");
	while (in && !found && fgets(line, sizeof(line), in))
		found = sscanf(line, "%*s %*s %*s %*s %*s %x %*s %199[^\n]", &state, path) == 2 &&
			state == CONNECTED && !strcmp(path, exact->gdb);
	if (in)
		fclose(in);
	return found;
}
