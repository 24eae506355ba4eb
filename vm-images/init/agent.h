/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest's PID 1: an agent that does one command after another.
 *
 * Commands come a line at a time from ttyS1 (or from /lastref.cmds); each gets
 * output lines `| text` and then exactly one `= <status> [text]`. A verb is a
 * row in a table; what is no row, or does not fit its row, is answered by an
 * errno, so that no input makes the agent stop or answer twice.
 *
 *   line.c     bytes to lines, lines to words; no I/O
 *   reply.c    text to escaped, bounded lines
 *   depends.c  what a module needs
 *   serve.c    the loop and the look-up
 *   verb_*.c   what the verbs do
 *   init.c     what makes it a PID 1
 */
#ifndef LASTREF_INIT_AGENT_H
#define LASTREF_INIT_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define AGENT_PROTOCOL	1
#define LINE_MAX_BYTES	4096
#define WORDS_MAX	64

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define __printf(fmt, args)	__attribute__((format(printf, fmt, args)))

/* ---- line.c ---- */

struct line_reader {
	char buf[LINE_MAX_BYTES];
	size_t len;
	bool overlong;		/* skipping to the end of a line that did not fit */
};

/*
 * Takes bytes from [*bytes, *bytes + *n) up to and including a newline.
 * 1: buf is a complete line; 0: more bytes are needed; -E2BIG: a line that was
 * too long has ended and is lost.
 */
int line_take(struct line_reader *r, const char **bytes, size_t *n);

/* A line in words; nothing is quoted. Valid until the next split. */
struct command {
	char copy[LINE_MAX_BYTES];	/* the words are cut out of this */
	char text[LINE_MAX_BYTES];	/* the line as it came, trimmed */
	int argc;
	char *argv[WORDS_MAX + 1];	/* NULL at the end */
	const char *tail[WORDS_MAX];	/* from word i to the end of the line */
};

/* 0; -ENODATA: no words; -EINVAL: a control byte; -E2BIG: too many words. */
int line_split(struct command *cmd, const char *line);

/* A decimal number in [0, max], nothing behind it: 0 or -EINVAL. */
int line_number(const char *word, unsigned long long max,
		unsigned long long *value);

/* The name of a module file: the base name, no .ko, dashes as the kernel has them. */
int line_module_name(const char *word, char *name, size_t size);

/* ---- depends.c ---- */

/* Of the module in this file: what it needs, between commas; "" for nothing. */
void module_depends(int fd, char *names, size_t size);

/* ---- reply.c ---- */

struct reply {
	int fd;
	size_t len;
	size_t column;		/* bytes of text in the open output line */
	bool open;		/* an output line was begun */
	char buf[4096];
};

void reply_init(struct reply *out, int fd);

/* Text of any kind, any number of lines; the last may stay open for the next call. */
void reply_text(struct reply *out, const char *text, size_t n);
__printf(2, 3) void reply_line(struct reply *out, const char *fmt, ...);

/* A line of the protocol itself: mark, text; closes an open output line first. */
void reply_raw(struct reply *out, char mark, const char *text);
void reply_status(struct reply *out, int status, const char *text);

/* ---- serve.c ---- */

struct agent {
	struct reply out;
	char words[160];	/* the text behind the status; a verb may set it */
	void (*after)(void);	/* done once the status has left, as poweroff */
	const struct verb *verbs;
};

struct verb {
	const char *name;
	int min, max;		/* words behind the name; max < 0: no limit */
	const char *usage;
	/* 0, a negative errno, or the status a program returned. */
	int (*run)(struct agent *a, const struct command *cmd);
};

void agent_init(struct agent *a, int fd, const struct verb *verbs);
__printf(2, 3) void agent_words(struct agent *a, const char *fmt, ...);

/* One command line, answered in full. */
void agent_do(struct agent *a, const char *line);

/* From fd until it ends; echo: each line is shown first. */
void agent_serve(struct agent *a, int fd, bool echo);

/* ---- the verbs ---- */

int verb_cat(struct agent *a, const struct command *cmd);
int verb_write(struct agent *a, const struct command *cmd);
int verb_wait(struct agent *a, const struct command *cmd);
int verb_insmod(struct agent *a, const struct command *cmd);
int verb_rmmod(struct agent *a, const struct command *cmd);
int verb_run(struct agent *a, const struct command *cmd);
int verb_shell(struct agent *a, const struct command *cmd);
int verb_calibrate(struct agent *a, const struct command *cmd);
int verb_deadlines(struct agent *a, const struct command *cmd);
int verb_mark(struct agent *a, const struct command *cmd);
int verb_sleep(struct agent *a, const struct command *cmd);
int verb_seed(struct agent *a, const struct command *cmd);
int verb_poweroff(struct agent *a, const struct command *cmd);
int verb_reboot(struct agent *a, const struct command *cmd);
int verb_crash(struct agent *a, const struct command *cmd);

/* Shared by the verbs. */
long long now_ms(void);
int put_file(const char *path, const char *text);
int fail(struct agent *a, int err);

#endif
