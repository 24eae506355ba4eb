// SPDX-License-Identifier: GPL-2.0
/* The last trace events of a machine that died: see trace.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splat_report.h"
#include "splat_text.h"
#include "textbuf.h"
#include "trace.h"

#define BEGINNING	"Dumping ftrace buffer:"
#define EMPTY		"   (ftrace buffer empty)"
#define RULER		"---------------------------------"

/* "comm-pid cpu flags TIMEus : name: ...": a mark behind "us" tells of a delay. */
static bool is_event(const char *line)
{
	const char *p = line;

	while ((p = strstr(p, "us"))) {
		p += 2;
		if (*p && strchr(" +!#*$@", *p) && p[1] == ':' && p[2] == ' ')
			return true;
	}
	return strstr(line, " EVENTS]");
}

bool trace_takes(struct trace_dump *d, const char *line)
{
	if (begins(line, BEGINNING)) {
		*d = (struct trace_dump){ .open = true };
		return true;
	}
	if (!d->open)
		return false;
	if (begins(line, EMPTY)) {
		d->open = false;
		return true;
	}
	if (begins(line, RULER)) {
		d->open = ++d->rulers < 2;
		return true;
	}
	return is_event(line);
}

static size_t cut(FILE *in, FILE *out)
{
	struct trace_dump d = { .open = false };
	char *line = NULL;
	size_t size = 0, n = 0;

	while (getline(&line, &size, in) > 0) {
		const char *body;

		line[strcspn(line, "\r\n")] = '\0';
		body = skip_printk_prefix(line);
		if (!trace_takes(&d, body) || !is_event(body))
			continue;
		fprintf(out, "%s\n", body);
		n++;
	}
	free(line);
	return n;
}

static FILE *open_in(const char *dir, const char *name, const char *how)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return fopen(path, how);
}

size_t trace_cut(const char *dir)
{
	FILE *in = open_in(dir, "console.log", "r");
	FILE *out = in ? open_in(dir, TRACE_NAME, "w") : NULL;
	char path[4096];
	size_t n = 0;

	if (out) {
		n = cut(in, out);
		fclose(out);
	}
	if (in)
		fclose(in);
	snprintf(path, sizeof(path), "%s/" TRACE_NAME, dir);
	if (out && !n)
		unlink(path);
	return n;
}

static const char *last_lines(const char *text, size_t max)
{
	const char *p;
	size_t n = 0;

	for (p = text; *p; p++)
		n += *p == '\n';
	for (; n > max; n--)
		text = strchr(text, '\n') + 1;
	return text;
}

char *trace_tail(const char *dir, size_t max)
{
	FILE *in = open_in(dir, TRACE_NAME, "r");
	struct textbuf all = { 0 };
	char part[4096], *text, *tail;
	size_t n;

	while (in && (n = fread(part, 1, sizeof(part), in)))
		textbuf_add(&all, part, n);
	if (in)
		fclose(in);
	text = textbuf_take(&all);
	tail = strdup(last_lines(text, max));
	free(text);
	return tail;
}
