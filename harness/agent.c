// SPDX-License-Identifier: GPL-2.0
/* The host's end of the agent protocol: see agent.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "compiler.h"

struct agent_reader {
	void (*on_line)(void *arg, const struct agent_line *line);
	void *arg;
	size_t len;
	bool cut;
	char line[AGENT_LINE_MAX + 1];
};

struct agent_reader *agent_reader_new(void (*on_line)(void *arg,
						      const struct agent_line *line),
				      void *arg)
{
	struct agent_reader *r = calloc(1, sizeof(*r));

	if (r) {
		r->on_line = on_line;
		r->arg = arg;
	}
	return r;
}

void agent_reader_free(struct agent_reader *r)
{
	free(r);
}

/* "lastref 1 6.12.0 cpus=2" */
static bool parse_hello(struct agent_line *out)
{
	int end = 0;

	return sscanf(out->text, "lastref %9d %95s cpus=%9u%n", &out->protocol,
		      out->release, &out->cpus, &end) == 3 &&
	       out->text[end] == '\0';
}

/* "0" or "17 words": no sign, at most nine digits. */
static bool parse_status(struct agent_line *out)
{
	const char *p = out->text;
	int digits = 0;

	for (; isdigit((unsigned char)*p) && digits < 9; digits++)
		out->status = out->status * 10 + (*p++ - '0');
	if (!digits || (*p && *p != ' '))
		return false;
	out->text = *p ? p + 1 : p;
	return true;
}

static bool parse_text(struct agent_line *out)
{
	return out->text;
}

static const struct {
	char mark;
	enum agent_kind kind;
	bool (*parse)(struct agent_line *out);
} marks[] = {
	{ '@', AGENT_HELLO, parse_hello },
	{ '>', AGENT_ECHO, parse_text },
	{ '|', AGENT_OUTPUT, parse_text },
	{ '=', AGENT_STATUS, parse_status },
};

static void classify(const char *line, struct agent_line *out)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(marks); i++) {
		if (line[0] != marks[i].mark || line[1] != ' ')
			continue;
		out->text = line + 2;
		if (!marks[i].parse(out))
			break;
		out->kind = marks[i].kind;
		return;
	}
	out->kind = AGENT_GARBAGE;
	out->text = line;
}

static void end_line(struct agent_reader *r)
{
	struct agent_line line = { .cut = r->cut };
	size_t i;

	/* A terminal between us may have added a carriage return. */
	if (r->len && r->line[r->len - 1] == '\r')
		r->len--;
	r->line[r->len] = '\0';
	for (i = 0; i < r->len; i++)
		if (!r->line[i])
			r->line[i] = '?';
	if (r->len) {
		classify(r->line, &line);
		r->on_line(r->arg, &line);
	}
	r->len = 0;
	r->cut = false;
}

void agent_reader_feed(struct agent_reader *r, const char *bytes, size_t n)
{
	for (; n; n--, bytes++) {
		if (*bytes == '\n')
			end_line(r);
		else if (r->len < AGENT_LINE_MAX)
			r->line[r->len++] = *bytes;
		else
			r->cut = true;
	}
}
