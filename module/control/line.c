// SPDX-License-Identifier: GPL-2.0
/*
 * A command as a line of words, whatever the words mean.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "control.h"

/**
 * ctl_check_bytes() - refuse lines, binary, and what else echo would not write
 * @line: a command
 * @len: its length
 * @why: filled in when it is refused
 *
 * Return: 0, or a negative errno.
 */
int ctl_check_bytes(const char *line, size_t len, struct ctl_error *why)
{
	size_t i;

	if (len > CTL_LINE_MAX)
		return ctl_refuse(why, CTL_LINE_MAX, -E2BIG,
				  "a command has at most %d bytes",
				  CTL_LINE_MAX);
	for (i = 0; i < len; i++) {
		unsigned char c = line[i];

		if (c == '\n')
			return ctl_refuse(why, i, -EINVAL,
					  "one command a write: another line begins here");
		if (!isascii(c) || !isprint(c))
			return ctl_refuse(why, i, -EINVAL,
					  "byte 0x%02x: a command is printable ASCII, its words stand between blanks",
					  c);
	}
	return 0;
}

/**
 * ctl_next_word() - cut the next word off a line
 * @rest: what is left of the line; moves behind the word
 *
 * Return: the word, NULL at the end of the line.
 */
char *ctl_next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " ");
	char *end = word + strcspn(word, " ");

	*rest = *end ? end + 1 : end;
	*end = '\0';
	return *word ? word : NULL;
}
