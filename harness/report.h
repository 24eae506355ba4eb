/* SPDX-License-Identifier: GPL-2.0 */
/*
 * report.h - the results in words, for summary.txt and the end of a run
 */
#ifndef LASTREF_REPORT_H
#define LASTREF_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "result.h"

/* All of it; sentences are broken at @width. */
void report_write(FILE *out, const struct tour_result *t, unsigned int width, bool color);

/* The worst that came: a failure counts more than an error. */
enum status report_status(const struct tour_result *t);

/* The one line at the top: what a person wants to know first. */
void report_headline(FILE *out, const struct tour_result *t, bool color);

#endif
