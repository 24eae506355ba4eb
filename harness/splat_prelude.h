/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines held back until something shows what they belong to: "cut here" and
 * the sentence after it, and the registers before a "Call Trace:".
 */
#ifndef LASTREF_SPLAT_PRELUDE_H
#define LASTREF_SPLAT_PRELUDE_H

#include <stdbool.h>
#include <stddef.h>

#include "splat_text.h"
#include "textbuf.h"

/* Where a line, or a headline in it, begins on the console. */
struct place {
	size_t offset;
	size_t line;
};

struct prelude {
	struct textbuf text;
	size_t lines;		/* 0: none */
	size_t count;		/* of "cut here": two CPUs may warn at once */
	size_t limit;		/* more lines, and no headline will come */
	struct place first;
};

/* @p points into the segment, and not to its end unless it is empty. */
struct place place_of(const struct segment *seg, const char *p);

/* Its line of that number from 0, or its last; free() it. */
char *prelude_line(const struct prelude *p, size_t number);

void prelude_drop(struct prelude *p);
void prelude_free(struct prelude *p);

/* A line that is no headline. */
void cut_hold(struct prelude *cut, const struct place *place, const char *body);
void cpu_hold(struct prelude *cpu, const struct place *place, const char *body);

/* A headline has used up one "cut here"; another one's may still be to come. */
void cut_use(struct prelude *cut);

/* No headline has come for too long; longer if other reports are in between. */
bool cut_is_overdue(const struct prelude *cut, bool busy);

#endif
