// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "textbuf.h"
#include "unload_verdict.h"

static const char *const rulings[] = {
	[RULING_CLEAN] = "clean",
	[RULING_UNBARRIERED] = "unbarriered",
	[RULING_PENDING] = "pending",
};

/* What ends a word. */
static const char blanks[] = { ' ', '\n', '\0' };

static_assert(ARRAY_SIZE(rulings) == NR_RULINGS, "a name for each ruling");

/* Where the value of a name begins; NULL if the line has no such word. */
static const char *value_of(const char *line, const char *name)
{
	size_t len = strlen(name), word;

	for (; *line && *line != '\n'; line += word + (line[word] == ' ')) {
		word = strcspn(line, blanks);
		if (word > len && !strncmp(line, name, len) && line[len] == '=')
			return line + len + 1;
		/* What is behind it is prose, and may hold anything. */
		if (!strncmp(line, "why=", 4))
			return NULL;
	}
	return NULL;
}

bool unload_word(const char *line, const char *name, char *out, size_t size)
{
	const char *value = value_of(line, name);

	if (value)
		snprintf(out, size, "%.*s",
			 (int)strcspn(value, strcmp(name, "why") ? blanks : "\n"), value);
	return value;
}

uint64_t unload_number(const char *line, const char *name)
{
	const char *value = value_of(line, name);

	return value && isdigit((unsigned char)*value) ? strtoull(value, NULL, 10) : 0;
}

static bool read_line(struct unload_verdict *v, const char *line)
{
	char ruling[16], sure[8], why[512] = "";

	if (!unload_word(line, "verdict", ruling, sizeof(ruling)) ||
	    !unload_word(line, "module", v->module, sizeof(v->module)) ||
	    !unload_word(line, "phase", v->phase, sizeof(v->phase)) ||
	    !unload_word(line, "sure", sure, sizeof(sure)))
		return false;
	while (v->ruling < NR_RULINGS && strcmp(rulings[v->ruling], ruling))
		v->ruling++;
	unload_word(line, "why", why, sizeof(why));
	v->nr = unload_number(line, "nr");
	v->posted = unload_number(line, "posted");
	v->pending = unload_number(line, "pending");
	v->running = unload_number(line, "running");
	v->uncovered = unload_number(line, "uncovered");
	v->missed = unload_number(line, "missed");
	v->sure = !strcmp(sure, "yes");
	if (v->ruling == NR_RULINGS)
		return false;
	v->why = strdup(why);
	return v->why;
}

/* A line that is indented belongs to the verdict above it; the agent escapes a tab. */
static const char *indented(const char *line)
{
	if (!strncmp(line, "\\x09", 4))
		return line + 4;
	return *line == '\t' || *line == ' ' ? line + strspn(line, "\t ") : NULL;
}

static struct unload_verdict *add_verdict(struct unload_verdict **list, size_t *count,
					  const char *line)
{
	struct unload_verdict v = { 0 }, *more;

	if (!read_line(&v, line))
		return NULL;
	more = reallocarray(*list, *count + 1, sizeof(*more));
	if (!more)
		abort();
	*list = more;
	more[(*count)++] = v;
	return &more[*count - 1];
}

struct unload_verdict *unload_verdicts(const char *text, size_t *count, bool *bad)
{
	struct unload_verdict *list = NULL, *last = NULL;
	struct textbuf details = { 0 };
	const char *line, *more;

	*count = 0;
	*bad = false;
	for (line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		more = indented(line);
		if (more && last) {
			textbuf_addf(&details, "%.*s\n", (int)strcspn(more, "\n"), more);
			continue;
		}
		if (last)
			last->details = textbuf_take(&details);
		last = add_verdict(&list, count, line);
		*bad |= !last;
	}
	if (last)
		last->details = textbuf_take(&details);
	free(details.s);
	return list;
}

void unload_verdicts_free(struct unload_verdict *v, size_t count)
{
	while (count) {
		free(v[--count].why);
		free(v[count].details);
	}
	free(v);
}

const char *unload_ruling_name(enum unload_ruling ruling)
{
	return rulings[ruling];
}
