/* SPDX-License-Identifier: GPL-2.0 */
/*
 * screen.h - the live table on a terminal, or plain lines elsewhere
 *
 * On a terminal the blocks that are at work stand in a region at the end of
 * the output, which is drawn anew a few times a second, each time with one
 * write, so that nothing flickers. A block that has ended is printed once more,
 * whole, above the region, and stays: it scrolls as any other output does.
 *
 * Elsewhere, with TERM=dumb, or if asked to, there is a line for each change
 * and one every ten seconds for each run that is at work.
 */
#ifndef LASTREF_SCREEN_H
#define LASTREF_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "table.h"

struct screen;

/* @live: if the output allows it. NO_COLOR, COLUMNS and TERM are obeyed. */
struct screen *screen_new(int fd, bool live);

/* Redraws. @footer is the region's last line. */
void screen_update(struct screen *s, const struct table_block *blocks, size_t nr,
		   const char *footer);

/* The block has ended: print it for good. */
void screen_keep(struct screen *s, const struct table_block *blocks, size_t nr,
		 const struct table_block *ended);

/* The region vanishes, the cursor is back. */
void screen_free(struct screen *s);

/* Columns of the terminal; those of COLUMNS, or 80, where there is none. */
unsigned int screen_width(int fd);

/* Whether text on this descriptor may be coloured. */
bool screen_color(int fd);

#endif
