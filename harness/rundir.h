/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rundir.h - where a run is kept
 *
 *	RESULTS/2026-11-21-3/		the third run of that day
 *		command result.json junit.xml result.ktap summary.txt
 *		summary.md report.html
 *		SCENARIO/		console.log agent.log result.ktap ...
 *	RESULTS/latest			-> 2026-11-21-3
 *
 * The number is taken by mkdir(), which only one of several runs at once can
 * win; no file is ever written into another run's directory.
 */
#ifndef LASTREF_RUNDIR_H
#define LASTREF_RUNDIR_H

#include <stddef.h>

#include "errbuf.h"

/* Makes the next directory below @results, and @results if need be; free() it. */
char *rundir_new(const char *results, struct errbuf *err);

/* Points RESULTS/latest to it. 0, or -1 and err. */
int rundir_latest(const char *dir, struct errbuf *err);

/* mkdir -p. */
int rundir_make(const char *dir, struct errbuf *err);

/* Writes text, with a newline at its end, to DIR/NAME. */
int rundir_write(const char *dir, const char *name, const char *text,
		 struct errbuf *err);

#endif
