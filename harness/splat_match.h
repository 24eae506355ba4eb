/* SPDX-License-Identifier: GPL-2.0 */
/* Find the row of the splat table that fits a segment. */
#ifndef LASTREF_SPLAT_MATCH_H
#define LASTREF_SPLAT_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "splat_table.h"
#include "splat_text.h"

/* The table's rows by their first byte: most lines meet none. */
struct splat_index {
	const struct splat_table *table;
	unsigned short first[256];	/* 1 + row, 0: none */
	unsigned short next[256];	/* by row: the next with the same first byte */
	unsigned short middle[256];	/* rows to be sought everywhere */
	size_t nr_middle;
};

void splat_index_init(struct splat_index *index, const struct splat_table *table);

/* The row for the segment, and where the headline begins; NULL if it is none. */
const struct splat_row *splat_match(const struct splat_index *index,
				    const struct segment *seg, const char **headline);

/* Which ends (enum splat_ends) a line marks; @body is without printk's prefix. */
unsigned int splat_ends(const struct splat_index *index, const char *body);

/* Whether the segment looks like a part of a report that BY_OTHERS ends. */
const struct splat_part *splat_part(const struct splat_index *index, const char *text);

#endif
