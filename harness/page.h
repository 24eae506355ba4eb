/* SPDX-License-Identifier: GPL-2.0 */
/*
 * page.h - the results as one HTML file, to be read without a network
 *
 * page.c has the frame and the order, page_tables.c what is a table, and
 * page_failures.c what went otherwise than foretold.
 */
#ifndef LASTREF_PAGE_H
#define LASTREF_PAGE_H

#include <stdio.h>

#include "result.h"

/* Writes DIR/report.html; @dir is where the run is now. 0, or -1 and err. */
int page_save(const struct tour_result *t, const char *dir, struct errbuf *err);

/* The parts. "pass" and the like as a word in its colour: */
void page_status(FILE *out, const struct case_result *c);
bool page_matrix(FILE *out, const struct tour_result *t);	/* whether there is one */
void page_cases(FILE *out, const struct tour_result *t);
void page_held(FILE *out, const struct tour_result *t);
void page_busted(FILE *out, const struct tour_result *t);
void page_tests(FILE *out, const struct tour_result *t);
void page_not_run(FILE *out, const struct tour_result *t);
void page_failures(FILE *out, const struct tour_result *t, const char *dir);

#endif
