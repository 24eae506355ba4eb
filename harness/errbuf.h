/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One error message, for a person: "what is wrong: what to do".
 *
 * A function that can fail for more than one reason takes a struct errbuf and
 * fills it when, and only when, it fails (or, where its header says so, when
 * it succeeded in a way worth a word). The text is one line without a newline.
 */
#ifndef LASTREF_ERRBUF_H
#define LASTREF_ERRBUF_H

#include <stdarg.h>
#include <stdio.h>

#include "compiler.h"

struct errbuf {
	char text[512];
};

__printf(2, 3)
static inline void errbuf_set(struct errbuf *err, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	for (p = err->text; *p; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
}

#endif
