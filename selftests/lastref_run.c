// SPDX-License-Identifier: GPL-2.0
/*
 * A run of the module, seen from a test: what is told to control, and what
 * the files of a run say.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lastref_test.h"

int lr_do(const char *command)
{
	return lr_write("control", command, strlen(command));
}

int lr_control(const char *format, ...)
{
	char command[4096];
	va_list ap;

	va_start(ap, format);
	vsnprintf(command, sizeof(command), format, ap);
	va_end(ap);
	return lr_do(command);
}

const char *lr_field(const char *text, const char *name)
{
	size_t n = strlen(name);

	while (text && *text) {
		if (!strncmp(text, name, n) && text[n] == ':') {
			text += n + 1;
			return text + strspn(text, " \t");
		}
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return NULL;
}

long long lr_stat(const char *run, const char *name)
{
	const char *value;
	long long number;
	char path[64];
	char *text;

	snprintf(path, sizeof(path), "%s/stats", run);
	text = lr_read(path);
	value = lr_field(text, name);
	number = value ? strtoll(value, NULL, 10) : -1;
	free(text);
	return number;
}

int lr_state(const char *run, char *state)
{
	char *text = lr_read("control"), *line, *rest;
	int err = -ENOENT;
	char name[64];

	if (!text)
		return -errno;
	for (line = strtok_r(text, "\n", &rest); line && err;
	     line = strtok_r(NULL, "\n", &rest))
		if (sscanf(line, "%63s %15s", name, state) == 2 &&
		    !strcmp(name, run))
			err = 0;
	free(text);
	return err;
}

bool lr_ended(const char *state)
{
	static const char *const ended[] = { "passed", "failed", "caught", "missed" };
	size_t i;

	for (i = 0; i < sizeof(ended) / sizeof(ended[0]); i++)
		if (!strcmp(state, ended[i]))
			return true;
	return false;
}

int lr_wait_state(const char *run, const char *state, unsigned int seconds)
{
	double end = lr_now() + seconds;
	char now[16];
	int err;

	do {
		err = lr_state(run, now);
		if (err)
			return err;
		if (!strcmp(state, "ended") ? lr_ended(now) : !strcmp(state, now))
			return 0;
		usleep(50000);
	} while (lr_now() < end);
	return -ETIMEDOUT;
}

int lr_wait_stat(const char *run, const char *name, long long min,
		 unsigned int seconds)
{
	double end = lr_now() + seconds;

	do {
		if (lr_stat(run, name) >= min)
			return 0;
		usleep(50000);
	} while (lr_now() < end);
	return -ETIMEDOUT;
}

size_t lr_names(const char *path, struct lr_name *names, size_t max)
{
	char *text = lr_read(path), *line, *rest;
	size_t n = 0;

	if (!text)
		return 0;
	for (line = strtok_r(text, "\n", &rest); line && n < max;
	     line = strtok_r(NULL, "\n", &rest))
		if (*line != '#' && sscanf(line, "%47s", names[n].text) == 1)
			n++;
	free(text);
	return n;
}

/* The line is "# again: start run=... key=value ..." */
bool lr_config_has(const char *run, const char *word)
{
	char *text, *line, *next, *rest;
	bool has = false;
	char path[64];

	snprintf(path, sizeof(path), "%s/result", run);
	text = lr_read(path);
	line = text ? strstr(text, "\n# again: ") : NULL;
	if (line) {
		line = strtok_r(line, "\n", &rest);
		for (next = strtok_r(line, " ", &rest); next && !has;
		     next = strtok_r(NULL, " ", &rest))
			has = !strcmp(next, word);
	}
	free(text);
	return has;
}

bool lr_shows(const char *path, const char *what)
{
	char *text = lr_read(path);
	bool shows = text && strstr(text, what);

	free(text);
	return shows;
}

void lr_say(const char *text)
{
	int n;

	for (; *text; text += n + !!text[n]) {
		n = strcspn(text, "\n");
		fprintf(stderr, "#    %.*s\n", n, text);
	}
}

void lr_say_file(const char *path)
{
	char *text = lr_read(path);

	lr_say(text ? text : "(it cannot be read)");
	free(text);
}

int lr_last_error(const char *path, char *says, size_t size)
{
	static const char margin[] = "  Command: ";
	char *text = lr_read(path), *caret, *line, *head;
	int column = -1;

	*says = '\0';
	caret = text ? strrchr(text, '^') : NULL;
	for (line = caret; line && line > text && line[-1] != '\n'; line--)
		;
	if (!line || line == text)
		goto out;
	column = caret - line - (int)strlen(margin);
	for (line--; line > text && line[-1] != '\n'; line--)
		;
	if (strncmp(line, margin, strlen(margin)) || line == text)
		goto out;
	for (head = line - 1; head > text && head[-1] != '\n'; head--)
		;
	snprintf(says, size, "%.*s", (int)strcspn(head, "\n"), head);
out:
	free(text);
	return column;
}
