/* SPDX-License-Identifier: GPL-2.0 */
/*
 * plot.h - figures drawn by gnuplot, as SVG to stand inside a page
 *
 * Figures are described one after the other, drawn all at once by one gnuplot,
 * and then put where they belong. Where there is no gnuplot nothing is drawn,
 * and the page says so: a figure never holds what a table does not.
 */
#ifndef LASTREF_PLOT_H
#define LASTREF_PLOT_H

#include <stdio.h>

#include "errbuf.h"

struct plots;

struct plots *plots_new(void);
void plots_free(struct plots *p);

/*
 * A new figure: gnuplot's commands for it go to the FILE, up to the next call. Its
 * number, from 0, is in *@id. NULL when there can be none.
 */
FILE *plots_add(struct plots *p, unsigned int width, unsigned int height, size_t *id);

/* Between single quotes in a script: what could mean something there is '?'. */
void plots_quote(FILE *script, const char *text);

/* Draws them all. 0, or -1 and err. */
int plots_draw(struct plots *p, struct errbuf *err);

/* The <svg> of a figure that was drawn, with words for who cannot see it. */
void plots_put(const struct plots *p, size_t id, FILE *out, const char *words);

#endif
