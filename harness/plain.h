/* SPDX-License-Identifier: GPL-2.0 */
/*
 * plain.h - the live table as lines, for files, pipes and dumb terminals
 *
 * A line for each change, and one every ten seconds for what is at work, so
 * that a silent log is never taken for a dead one. A line begins with the time
 * since the start.
 */
#ifndef LASTREF_PLAIN_H
#define LASTREF_PLAIN_H

#include "table.h"

struct plain;

struct plain *plain_new(int fd);
void plain_free(struct plain *p);

/* @blocks must be the same array each time. */
void plain_update(struct plain *p, const struct table_block *blocks, size_t nr);
void plain_ended(struct plain *p, const struct table_block *blocks, size_t nr,
		 const struct table_block *ended);

#endif
