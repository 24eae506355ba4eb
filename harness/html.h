/* SPDX-License-Identifier: GPL-2.0 */
/*
 * html.h - text that a guest may have written, inside a page
 */
#ifndef LASTREF_HTML_H
#define LASTREF_HTML_H

#include <stdio.h>

#include "compiler.h"

/* Markup escaped; what is neither printable ASCII nor a line's end is '?'. */
void html_put(FILE *out, const char *text);

/* <tag>text</tag>; the tag may have attributes. */
__printf(3, 4) void html_element(FILE *out, const char *tag, const char *fmt, ...);

/* <pre>: the first @most lines of a text, the others folded away. */
void html_pre(FILE *out, const char *text, unsigned int most);

#endif
