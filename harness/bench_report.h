/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bench_report.h - what was measured: for people, for programs, as pictures
 */
#ifndef LASTREF_BENCH_REPORT_H
#define LASTREF_BENCH_REPORT_H

#include <stdio.h>

#include "bench_data.h"

/* Tables, a set each, with the figures that are to be reached. */
void bench_report_write(FILE *out, const struct bench_data *d);

/* Everything, raw samples included. 0, or -1 and err. */
int bench_report_json(const struct bench_data *d, const char *name, const char *kernel,
		      const char *accel, const char *path, struct errbuf *err);

/* A figure a set, DIR/STEM-SET.svg. 0, or -1 and err, which is for the reader. */
int bench_report_plot(const struct bench_data *d, const char *dir, const char *stem,
		      struct errbuf *err);

/* How many rows have failed, or were not measured in every round. */
size_t bench_report_failures(const struct bench_data *d);

#endif
