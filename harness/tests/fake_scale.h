/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fake QEMU's guest as a bench has it: a deferscale that measures the same each
 * time, and an unloadcheck of which $FAKE_SEEN is what it says of its modules.
 */
#ifndef LASTREF_TESTS_FAKE_SCALE_H
#define LASTREF_TESTS_FAKE_SCALE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fake_wire.h"

/* A line of a file; a newline, if there is something. */
static inline void scale_show(const char *line)
{
	if (*line) {
		say(AGENT, "| ");
		say(AGENT, line);
		say(AGENT, "\n");
	}
	say(AGENT, "= 0\n");
}

/* unloadcheck's file is there while it is. Without $FAKE_SEEN it cannot be loaded. */
static inline void scale_checker(const char *line)
{
	static bool loaded;
	const char *seen = getenv("FAKE_SEEN");

	if (!strcmp(line, "insmod unloadcheck") && seen)
		loaded = true;
	else if (!strcmp(line, "rmmod unloadcheck") && loaded)
		loaded = false;
	else if (strncmp(line, "cat ", 4) || !loaded)
		seen = NULL;
	if (!seen)
		say(AGENT, "= 2 No such file or directory\n");
	else
		scale_show(*line == 'c' ? seen : "");
}

/* One of the agent's commands. */
static inline void scale_command(const char *line)
{
	if (strstr(line, "unloadcheck"))
		scale_checker(line);
	else if (strstr(line, "deferscale/control") && !strncmp(line, "cat ", 4))
		scale_show("done");
	else if (strstr(line, "deferscale/results"))
		scale_show("sample watch call_rcu 1 1000000 1000");
	else
		scale_show("");
}

#endif
