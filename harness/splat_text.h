/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a serial console does to a line of text, undone.
 *
 * Kernel lines carry a time stamp and perhaps a caller; programs and firmware
 * write to the same wire without waiting for the end of a line; terminals add
 * escapes and carriage returns; a dying machine adds junk. Here a raw line
 * becomes clean segments, each the text of one writer as far as that can be
 * told: a time stamp in the middle of a line begins a new one.
 */
#ifndef LASTREF_SPLAT_TEXT_H
#define LASTREF_SPLAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct clean {
	char *text;		/* room for as many bytes as the raw line has, + 1 */
	unsigned int *from;		/* text[i] was raw[from[i]] */
	size_t len;
};

/* Drops \r, \n, NUL, escapes and control bytes; a \r inside becomes \n. */
void clean_line(struct clean *c, const char *raw, size_t len);

/* The text of one writer, or a piece of it. */
struct segment {
	const char *text;	/* ends with NUL */
	size_t limit;		/* what begins from here on is for the next piece */
	bool middle;		/* a piece that does not begin where the writer did */
	const unsigned int *from;	/* as in struct clean, for text[0] on */
	size_t offset;		/* on the console, of from[] == 0 */
	size_t line;
};

/* End of the segment that begins at @start: a \n, a time stamp, or the end. */
size_t segment_end(const struct clean *c, size_t start);

/* Skip what printk puts before a message: <level>, [time], [caller]. */
const char *skip_printk_prefix(const char *text);

/* Skip one "subsystem: " as in "watchdog: BUG: ...", or return @text itself. */
const char *skip_subsystem(const char *text);

/* Copy with non-ASCII bytes as \xHH; @out ends with NUL, returns its length. */
size_t print_safe(char *out, size_t room, const char *text, size_t len);

#endif
