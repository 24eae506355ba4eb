/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A string that grows. Always ends with NUL once something was added; running
 * out of memory ends the program, since no caller could do better.
 */
#ifndef LASTREF_TEXTBUF_H
#define LASTREF_TEXTBUF_H

#include <stddef.h>

#include "compiler.h"

struct textbuf {
	char *s;
	size_t len;
	size_t cap;
};

void textbuf_add(struct textbuf *b, const char *s, size_t n);
__printf(2, 3) void textbuf_addf(struct textbuf *b, const char *fmt, ...);

/* Empty it, keep the memory. */
void textbuf_clear(struct textbuf *b);

/* The string, now the caller's to free(); never NULL. The buffer is empty. */
char *textbuf_take(struct textbuf *b);

#endif
