/* SPDX-License-Identifier: GPL-2.0 */
/*
 * human.h - numbers and times as a person reads them, in a known width
 */
#ifndef LASTREF_HUMAN_H
#define LASTREF_HUMAN_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define HUMAN_MAX 32

/* "0" ... "99999", "123k", "1.23M" ... "18.4E": at most five characters. */
const char *human_count(char buf[HUMAN_MAX], uint64_t n);

/* "132 ms", "1.32 s", "75 s", "12:05", "3:10:00"; "-" when negative. */
const char *human_ms(char buf[HUMAN_MAX], long ms);

/* Whole seconds, rounded up: "6 s", "12:05". */
const char *human_s(char buf[HUMAN_MAX], long ms);

/* "4.2 GiB", "512 MiB" */
const char *human_bytes(char buf[HUMAN_MAX], uint64_t bytes);

/*
 * @text broken between words, so that no line is wider than @width where words
 * allow; the first line begins at column @at, the others at @indent.
 */
void human_wrap(FILE *out, const char *text, unsigned int at, unsigned int indent,
		unsigned int width);

/*
 * @text with everything that could disturb a terminal or a report replaced by
 * '?': control characters, and bytes that are not ASCII. Cut to @size.
 */
void human_clean(char *out, size_t size, const char *text);

#endif
