// SPDX-License-Identifier: GPL-2.0
/* A string that grows. See textbuf.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "textbuf.h"

static void make_room(struct textbuf *b, size_t n)
{
	size_t need = b->len + n + 1;

	if (need <= b->cap)
		return;
	b->cap = need < 128 ? 128 : need * 2;
	b->s = realloc(b->s, b->cap);
	if (!b->s) {
		fputs("lastref: out of memory\n", stderr);
		abort();
	}
}

void textbuf_add(struct textbuf *b, const char *s, size_t n)
{
	make_room(b, n);
	memcpy(b->s + b->len, s, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void textbuf_addf(struct textbuf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	make_room(b, n);
	va_start(ap, fmt);
	vsnprintf(b->s + b->len, n + 1, fmt, ap);
	va_end(ap);
	b->len += n;
}

void textbuf_clear(struct textbuf *b)
{
	b->len = 0;
	if (b->s)
		b->s[0] = '\0';
}

char *textbuf_take(struct textbuf *b)
{
	char *s;

	make_room(b, 0);
	b->s[b->len] = '\0';
	s = b->s;
	*b = (struct textbuf){ 0 };
	return s;
}
