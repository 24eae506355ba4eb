// SPDX-License-Identifier: GPL-2.0
/*
 * The loop: a line, its verb, its one status.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"

#define REAP_MS	1000

void agent_init(struct agent *a, int fd, const struct verb *verbs)
{
	reply_init(&a->out, fd);
	a->words[0] = '\0';
	a->after = NULL;
	a->verbs = verbs;
}

void agent_words(struct agent *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a->words, sizeof(a->words), fmt, ap);
	va_end(ap);
}

static const struct verb *find_verb(const struct agent *a, const char *name)
{
	const struct verb *v;

	for (v = a->verbs; v->name; v++)
		if (!strcmp(v->name, name))
			return v;
	return NULL;
}

static int dispatch(struct agent *a, const struct command *cmd)
{
	const struct verb *v = find_verb(a, cmd->argv[0]);
	int words = cmd->argc - 1;

	if (!v) {
		agent_words(a, "no such command: %.40s", cmd->argv[0]);
		return -EOPNOTSUPP;
	}
	if (words < v->min || (v->max >= 0 && words > v->max)) {
		agent_words(a, "usage: %s %s", v->name, v->usage);
		return -EINVAL;
	}
	return v->run(a, cmd);
}

void agent_do(struct agent *a, const char *line)
{
	static struct command cmd;
	int status = line_split(&cmd, line);

	a->words[0] = '\0';
	a->after = NULL;
	if (status == -ENODATA)
		return;
	if (!status)
		status = dispatch(a, &cmd);
	else if (status == -EINVAL)
		agent_words(a, "the command has a control byte");
	else
		agent_words(a, "the command has more than %d words", WORDS_MAX);
	reply_status(&a->out, status < 0 ? -status : status, a->words);
	if (a->after)
		a->after();
}

/* Orphans become children of PID 1; nobody else will wait for them. */
static void reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void take(struct agent *a, struct line_reader *in, const char *bytes,
		 size_t n, bool echo)
{
	while (n) {
		int got = line_take(in, &bytes, &n);

		if (got == -E2BIG)
			reply_status(&a->out, E2BIG, "the line is too long");
		if (got <= 0)
			continue;
		/* A blank line has no reply, so it is not shown as a command. */
		if (echo && in->buf[strspn(in->buf, " \t\r")])
			reply_raw(&a->out, '>', in->buf);
		agent_do(a, in->buf);
	}
}

void agent_serve(struct agent *a, int fd, bool echo)
{
	static struct line_reader in;
	char bytes[1024];

	memset(&in, 0, sizeof(in));
	for (;;) {
		ssize_t n;

		if (poll(&(struct pollfd){ fd, POLLIN, 0 }, 1, REAP_MS) == 0) {
			reap();
			continue;
		}
		n = read(fd, bytes, sizeof(bytes));
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return;
		take(a, &in, bytes, n, echo);
	}
}
