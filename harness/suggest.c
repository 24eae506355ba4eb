// SPDX-License-Identifier: GPL-2.0
/*
 * The distance is the optimal string alignment distance: three rows of the
 * usual table are enough, since a swap looks back two rows and no further.
 */
#include <string.h>

#include "suggest.h"

#define WORD_MAX 64

static size_t min_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t suggest_distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t na = strlen(a), nb = strlen(b), i, j;

	if (na > WORD_MAX || nb > WORD_MAX)
		return na > nb ? na : nb;

	for (j = 0; j <= nb; j++)
		rows[0][j] = j;

	for (i = 1; i <= na; i++) {
		size_t *row = rows[i % 3], *up = rows[(i + 2) % 3];
		size_t *two_up = rows[(i + 1) % 3];

		row[0] = i;
		for (j = 1; j <= nb; j++) {
			row[j] = min_of(up[j - 1] + (a[i - 1] != b[j - 1]),
					min_of(up[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = min_of(row[j], two_up[j - 2] + 1);
		}
	}
	return rows[na % 3][nb];
}

const char *suggest_from(const char *word, const void *names, size_t count,
			 size_t stride)
{
	const char *best = NULL;
	size_t best_distance = 0, i;

	for (i = 0; i < count; i++) {
		const char *name = *(const char *const *)((const char *)names +
							  i * stride);
		size_t distance;

		if (!name || !*name)
			continue;
		distance = suggest_distance(word, name);
		if (distance > (strlen(name) + 2) / 3)
			continue;
		if (!best || distance < best_distance) {
			best = name;
			best_distance = distance;
		}
	}
	return best;
}
