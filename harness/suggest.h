/* SPDX-License-Identifier: GPL-2.0 */
/*
 * suggest.h - the nearest known name to one that is not known
 *
 * A mistyped option, command, scenario or key is answered with the name that
 * was probably meant. "Near" is the number of single letters to insert,
 * delete, replace or swap with their neighbour; a name further away than a
 * third of its length is no help to anybody and is not offered.
 */
#ifndef LASTREF_SUGGEST_H
#define LASTREF_SUGGEST_H

#include <stddef.h>

/* Letters to change to get from one word to the other. */
size_t suggest_distance(const char *a, const char *b);

/*
 * The best of @names (each at @stride bytes from the last, so that the name
 * may be the first member of a table's rows), or NULL. Empty names are skipped.
 */
const char *suggest_from(const char *word, const void *names, size_t count,
			 size_t stride);

#endif
