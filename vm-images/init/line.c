// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes to lines and lines to words.
 *
 * Everything here takes whatever comes from the wire, so it does no I/O, and
 * allocates nothing: the same file is built for the host and fed with garbage.
 */
#include <errno.h>
#include <string.h>

#include "agent.h"

int line_take(struct line_reader *r, const char **bytes, size_t *n)
{
	while (*n) {
		char c = *(*bytes)++;

		(*n)--;
		if (c == '\n') {
			bool lost = r->overlong;

			r->buf[r->len] = '\0';
			r->len = 0;
			r->overlong = false;
			return lost ? -E2BIG : 1;
		}
		/* One byte is kept for the terminating NUL. */
		if (r->len < sizeof(r->buf) - 1)
			r->buf[r->len++] = c ? c : '\1';
		else
			r->overlong = true;
	}
	return 0;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Copies without blanks or a carriage return at either end. */
static int trim(char *to, const char *from)
{
	size_t n, i;

	while (blank(*from))
		from++;
	n = strnlen(from, LINE_MAX_BYTES - 1);
	while (n && (blank(from[n - 1]) || from[n - 1] == '\r'))
		n--;
	for (i = 0; i < n; i++)
		if ((unsigned char)from[i] < ' ' && from[i] != '\t')
			return -EINVAL;
	memcpy(to, from, n);
	to[n] = '\0';
	return n ? 0 : -ENODATA;
}

int line_split(struct command *cmd, const char *line)
{
	int err = trim(cmd->text, line);
	char *p = cmd->copy;

	cmd->argc = 0;
	cmd->argv[0] = NULL;
	if (err)
		return err;
	memcpy(cmd->copy, cmd->text, sizeof(cmd->copy));
	while (*p) {
		if (cmd->argc == WORDS_MAX)
			return -E2BIG;
		cmd->tail[cmd->argc] = cmd->text + (p - cmd->copy);
		cmd->argv[cmd->argc++] = p;
		while (*p && !blank(*p))
			p++;
		while (blank(*p))
			*p++ = '\0';
	}
	cmd->argv[cmd->argc] = NULL;
	return 0;
}

int line_number(const char *word, unsigned long long max,
		unsigned long long *value)
{
	unsigned long long v = 0;

	if (!*word)
		return -EINVAL;
	for (; *word; word++) {
		unsigned int digit = (unsigned char)*word - '0';

		if (digit > 9 || digit > max || v > (max - digit) / 10)
			return -EINVAL;
		v = v * 10 + digit;
	}
	*value = v;
	return 0;
}

int line_module_name(const char *word, char *name, size_t size)
{
	const char *base = strrchr(word, '/');
	size_t n, i;

	base = base ? base + 1 : word;
	n = strlen(base);
	if (n > 3 && !strcmp(base + n - 3, ".ko"))
		n -= 3;
	if (!n || n >= size)
		return -EINVAL;
	for (i = 0; i < n; i++)
		name[i] = base[i] == '-' ? '_' : base[i];
	name[n] = '\0';
	return 0;
}
