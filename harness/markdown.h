/* SPDX-License-Identifier: GPL-2.0 */
/*
 * markdown.h - the results in a few lines, for a CI's page
 */
#ifndef LASTREF_MARKDOWN_H
#define LASTREF_MARKDOWN_H

#include <stdio.h>

#include "result.h"

void markdown_write(FILE *out, const struct tour_result *t);

/* Writes DIR/summary.md: 0, or -1 and err. */
int markdown_save(const struct tour_result *t, const char *dir, struct errbuf *err);

#endif
