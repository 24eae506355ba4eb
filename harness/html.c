// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"

static void put_bytes(FILE *out, const char *text, size_t n)
{
	static const char *const entities[128] = {
		['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;", ['\''] = "&#39;",
	};

	for (; n--; text++) {
		unsigned char c = *text;

		if (c < 128 && entities[c])
			fputs(entities[c], out);
		else
			putc((c >= ' ' && c < 127) || c == '\n' || c == '\t' ? c : '?', out);
	}
}

void html_put(FILE *out, const char *text)
{
	put_bytes(out, text, strlen(text));
}

void html_element(FILE *out, const char *tag, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	fprintf(out, "<%s>", tag);
	html_put(out, text);
	fprintf(out, "</%.*s>", (int)strcspn(tag, " "), tag);
	free(text);
}

void html_pre(FILE *out, const char *text, unsigned int most)
{
	const char *end = text;
	unsigned int rest = 0;
	const char *p;

	for (; *end && most; most--) {
		end += strcspn(end, "\n");
		end += *end == '\n';
	}
	for (p = end; *p; p++)
		rest += *p == '\n' || !p[1];
	fputs("<pre tabindex=\"0\">", out);
	put_bytes(out, text, end - text);
	fputs("</pre>\n", out);
	if (!rest)
		return;
	fprintf(out, "<details><summary>%u more line%s</summary><pre tabindex=\"0\">", rest,
		rest == 1 ? "" : "s");
	html_put(out, end);
	fputs("</pre></details>\n", out);
}
