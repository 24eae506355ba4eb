/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scan.h - many modules read at once, each judged by scan_rules.h
 */
#ifndef LASTREF_SCAN_H
#define LASTREF_SCAN_H

#include <stddef.h>

#include "scan_rules.h"

struct scan_entry {
	char *path;
	char name[MODULE_NAME_SIZE];
	char *problem;			/* why it could not be read; else NULL */
	struct scan_result result;
};

struct scan {
	struct scan_entry *entries;	/* by path */
	size_t count;
};

/*
 * A file, whatever it is called; or a directory and all below it that is called as
 * modules are. What cannot be opened becomes an entry with a problem.
 */
void scan_add(struct scan *s, const char *path);

/* Reads and judges all of them, with a thread for each CPU. */
void scan_read(struct scan *s);

void scan_free(struct scan *s);

#endif
