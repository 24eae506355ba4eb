// SPDX-License-Identifier: GPL-2.0
/* gdb at a machine that is done once more: see debugger.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alone.h"
#include "debugger.h"
#include "paths.h"

#define COMMANDS	"attach.gdb"
#define FILE_MAX	4096

/* Sections whose addresses a debugger has a use for; of code, also its cold parts. */
static bool is_wanted(const char *section)
{
	static const char *const names[] = {
		".text.", ".data", ".bss", ".rodata", ".exit.text",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strncmp(section, names[i], strlen(names[i])))
			return true;
	return false;
}

/* From what the agent told then; a module loaded again was at the latest place last. */
static void put_symbols(const struct debugger *d, FILE *out)
{
	char path[FILE_MAX], line[512], name[64], where[40];
	bool open = false;
	FILE *in;

	snprintf(path, sizeof(path), "%s/agent.log", d->then);
	in = fopen(path, "r");
	while (in && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "| module %63s %39s", name, where) == 2) {
			fprintf(out, "%sadd-symbol-file %s/%s.ko.debug %s", open ? "\n" : "",
				d->modules, name, where);
			open = true;
		} else if (sscanf(line, "| section %63s %39s", name, where) == 2) {
			if (open && is_wanted(name))
				fprintf(out, " -s %s %s", name, where);
		} else if (open) {
			fputc('\n', out);
			open = false;
		}
	}
	if (open)
		fputc('\n', out);
	if (in)
		fclose(in);
}

static int put_commands(const struct debugger *d, const char *path)
{
	FILE *out = fopen(path, "w");

	if (!out)
		return -1;
	fprintf(out, "set confirm off\nset architecture i386:x86-64\n");
	if (d->vmlinux)
		fprintf(out, "file %s\n", d->vmlinux);
	put_symbols(d, out);
	fprintf(out, "set confirm on\ntarget remote %s\n", d->socket);
	return fclose(out);
}

int debugger_prepare(struct debugger *d, struct errbuf *err)
{
	char path[FILE_MAX];

	if (snprintf(d->socket, sizeof(d->socket), "%s/gdb.sock", d->dir) >=
	    (int)sizeof(d->socket)) {
		errbuf_set(err, "%s is too long for the name of a socket: say a shorter one with --results",
			   d->dir);
		return -1;
	}
	snprintf(path, sizeof(path), "%s/" COMMANDS, d->dir);
	if (!put_commands(d, path))
		return 0;
	errbuf_set(err, "%s cannot be written", path);
	return -1;
}

/*
 * A place as gdb takes it: a bare address when the text was gone, else one in a
 * function, which gdb only knows if it is a module's or there is a vmlinux.
 */
static bool place_of(const struct debugger *d, const char *rip, char *place, size_t size)
{
	unsigned long offset;
	char func[128];

	if (!strncmp(rip, "0x", 2)) {
		snprintf(place, size, "*%.18s", rip);
		return true;
	}
	if (!d->vmlinux && !strchr(rip, '['))
		return false;
	if (sscanf(rip, "%127[^+]+0x%lx", func, &offset) != 2)
		return false;
	snprintf(place, size, "*(%s+0x%lx)", func, offset);
	return true;
}

/* Where it crashed then: of several registers of that name the kernel's first. */
static bool crash_place(const struct debugger *d, char *place, size_t size)
{
	static const char mark[] = "RIP: 0010:";
	char path[FILE_MAX], line[512], *rip = NULL;
	FILE *in;

	snprintf(path, sizeof(path), "%s/" CRASH_NAME, d->then);
	in = fopen(path, "r");
	while (in && !rip && fgets(line, sizeof(line), in))
		rip = strstr(line, mark);
	if (in)
		fclose(in);
	return rip && place_of(d, rip + strlen(mark), place, size);
}

void debugger_say(const struct debugger *d)
{
	char path[FILE_MAX], place[160];

	snprintf(path, sizeof(path), "%s/" COMMANDS, d->dir);
	printf("The machine waits for a debugger. In another terminal:\n\n  gdb -x %s\n\n",
	       paths_from_here(path));
	printf("Set breakpoints, then \"continue\"; they may be in modules not loaded yet.\n");
	if (crash_place(d, place, sizeof(place)))
		printf("Where it crashed then:  break %s\n", place);
	if (!d->vmlinux)
		printf("The modules have symbols; this kernel itself has none here.\n");
	if (d->back)
		printf("Back in time: reverse-stepi, and reverse-continue to the breakpoint before.\n"
		       "Each goes through the run again from its last snapshot: \"monitor savevm x\"\n"
		       "makes one where you are. Stop at a breakpoint: from its end no way leads back.\n");
	printf("After a crash the machine stands still until gdb is left, or Ctrl-C here.\n");
	fflush(stdout);
}

void debugger_clean(const struct debugger *d)
{
	unlink(d->socket);
}
