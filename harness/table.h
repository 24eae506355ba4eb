/* SPDX-License-Identifier: GPL-2.0 */
/*
 * table.h - what the live table shows, as text of a known width
 *
 * A block is one scenario on one kernel: a head line and a row for each run it
 * holds. The functions here turn a block into lines and know nothing of
 * terminals; screen.h puts them on one, or not.
 *
 * Columns are dropped, least needed first, when the width does not hold them;
 * what is left of the width belongs to the last column, which is a progress
 * bar while a run is at work and its verdict afterwards. No line is ever wider
 * than the width, whatever the guest says.
 */
#ifndef LASTREF_TABLE_H
#define LASTREF_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum mood {
	MOOD_NONE,
	MOOD_GOOD,
	MOOD_BAD,
	MOOD_ODD,		/* neither: an error of the harness, not run */
};

struct table_row {
	char name[64];		/* pattern, or the busted form */
	char flavor[24];
	char state[24];		/* the module's word, "" before the start */
	char verdict[96];	/* once it has ended */
	enum mood mood;
	bool ended;
	bool counted;		/* its numbers are known */
	bool timed;		/* has a bar: elapsed_ms of time_ms */
	unsigned int rounds;	/* how often it has ended: repeats */
	uint64_t ops;
	uint64_t rate;		/* operations a second */
	uint64_t near_misses;
	uint64_t errors;
	long elapsed_ms;
	long time_ms;
};

struct table_block {
	char title[64];		/* the scenario, and its kernel if there are several */
	char phase[128];	/* what it does now, or its verdict */
	enum mood mood;
	bool started;
	bool ended;
	long elapsed_ms;
	struct table_row *rows;
	size_t nr_rows;
};

struct table_layout {
	unsigned int width;
	unsigned int name;	/* widths of columns; 0: dropped */
	unsigned int flavor;
	unsigned int ops;
	unsigned int rate;
	unsigned int near_misses;
	unsigned int errors;
	unsigned int tail;
	bool color;
	bool utf8;
};

/* Widths of all columns. The blocks are those that will ever be shown. */
void table_layout(struct table_layout *l, unsigned int width,
		  const struct table_block *blocks, size_t nr_blocks);

/* Each prints one line without its newline. */
void table_print_titles(FILE *out, const struct table_layout *l);
void table_print_head(FILE *out, const struct table_layout *l,
		      const struct table_block *b);
void table_print_row(FILE *out, const struct table_layout *l,
		     const struct table_row *r);

/* A line of text, cut to the width and coloured. */
void table_print_text(FILE *out, const struct table_layout *l, enum mood mood,
		      const char *text);

#endif
