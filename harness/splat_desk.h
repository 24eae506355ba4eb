/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The desk: which line is a headline, and to which reports it belongs.
 *
 * Reports of two CPUs may be interleaved, so several can be open, and a line
 * goes to all of them: an excerpt never misses a line of its own.
 */
#ifndef LASTREF_SPLAT_DESK_H
#define LASTREF_SPLAT_DESK_H

#include <stddef.h>

#include "splat.h"
#include "splat_table.h"
#include "splat_text.h"

struct desk;

struct desk *desk_new(const struct splat_table *table);
void desk_free(struct desk *d);
void desk_line(struct desk *d, const struct segment *seg);
void desk_finish(struct desk *d);
size_t desk_count(const struct desk *d);
const struct splat *desk_get(const struct desk *d, size_t i);

#endif
