/* SPDX-License-Identifier: GPL-2.0 */
/*
 * text.h - lines of "key: value"
 */
#ifndef LASTREF_TEXT_H
#define LASTREF_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* vm_command()'s out(): adds the line and a newline to the textbuf @arg. */
void text_add_line(void *arg, const char *line);

/*
 * The value of the line "key: value", cut to size; false if there is none.
 * Leading '#' and blanks are skipped, so that KTAP's comments can be read too.
 */
bool text_value(const char *text, const char *key, char *out, size_t size);

/* The same as a number; 0 if there is none. */
unsigned long long text_number(const char *text, const char *key);

#endif
