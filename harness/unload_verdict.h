/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unload_verdict.h - what unloadcheck says of a module that went
 *
 * The file "verdicts" of its debugfs: a line of name=value words a verdict, and
 * below it, indented, what it stands on. module/unload/check.h is its grammar.
 */
#ifndef LASTREF_UNLOAD_VERDICT_H
#define LASTREF_UNLOAD_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From good to bad. */
enum unload_ruling { RULING_CLEAN, RULING_UNBARRIERED, RULING_PENDING, NR_RULINGS };

struct unload_verdict {
	enum unload_ruling ruling;
	char module[64];
	char phase[16];
	uint64_t nr;
	uint64_t posted;
	uint64_t pending;
	uint64_t running;
	uint64_t uncovered;
	uint64_t missed;
	bool sure;
	char *why;		/* "no_barrier: ...", never NULL */
	char *details;		/* lines, never NULL */
};

/*
 * All verdicts of the text, in order; *count may be 0. A line that is none of the grammar is
 * no verdict: then *bad is true.
 */
struct unload_verdict *unload_verdicts(const char *text, size_t *count, bool *bad);
void unload_verdicts_free(struct unload_verdict *v, size_t count);

/* "clean" ... */
const char *unload_ruling_name(enum unload_ruling ruling);

/*
 * The value of a name=value word of a line, cut to size; false if it has none.
 * "why" is the rest of the line.
 */
bool unload_word(const char *line, const char *name, char *out, size_t size);
uint64_t unload_number(const char *line, const char *name);

#endif
