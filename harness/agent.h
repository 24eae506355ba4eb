/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host's end of the agent protocol: bytes in, lines out, no I/O.
 *
 * The guest's PID 1 speaks in lines, told apart by their first character:
 *
 *   @ lastref 1 6.12.0 cpus=2	hello, once, the protocol version first
 *   > insmod foo		the command it is about to do (command file only)
 *   | text			output of the command, control bytes as \xHH
 *   = 0 [text]			the end of a command: a status and maybe words
 *
 * Anything else is not ours: it is counted and the first is kept, because a
 * guest that goes wrong may write anything. A line longer than
 * AGENT_LINE_MAX is cut there, and the cut is told to on_line().
 */
#ifndef LASTREF_AGENT_H
#define LASTREF_AGENT_H

#include <stdbool.h>
#include <stddef.h>

#define AGENT_PROTOCOL		1
#define AGENT_LINE_MAX		65536
#define AGENT_COMMAND_MAX	2048	/* fits the guest's tty buffer */

enum agent_kind {
	AGENT_HELLO,
	AGENT_ECHO,
	AGENT_OUTPUT,
	AGENT_STATUS,
	AGENT_GARBAGE,
};

struct agent_line {
	enum agent_kind kind;
	const char *text;	/* behind the mark, without it and its blank */
	bool cut;		/* the line was longer than AGENT_LINE_MAX */
	int status;		/* AGENT_STATUS: >= 0 */
	int protocol;		/* AGENT_HELLO */
	unsigned int cpus;
	char release[96];
};

struct agent_reader;

struct agent_reader *agent_reader_new(void (*on_line)(void *arg,
						      const struct agent_line *line),
				      void *arg);
void agent_reader_free(struct agent_reader *r);

/* Calls on_line() for each line that became complete. */
void agent_reader_feed(struct agent_reader *r, const char *bytes, size_t n);

#endif
