// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "textbuf.h"

void text_add_line(void *arg, const char *line)
{
	textbuf_addf(arg, "%s\n", line);
}

bool text_value(const char *text, const char *key, char *out, size_t size)
{
	size_t len = strlen(key);
	const char *line, *next;

	for (line = text; *line; line = next) {
		next = line + strcspn(line, "\n");
		next += *next == '\n';
		line += strspn(line, "# ");
		if (strncmp(line, key, len) || line[len] != ':')
			continue;
		line += len + 1;
		line += strspn(line, " \t");
		snprintf(out, size, "%.*s", (int)strcspn(line, "\n"), line);
		return true;
	}
	return false;
}

unsigned long long text_number(const char *text, const char *key)
{
	char value[32];

	return text_value(text, key, value, sizeof(value)) ?
		strtoull(value, NULL, 10) : 0;
}
