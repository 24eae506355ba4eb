/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A log that may be flooded and a disk that may be full.
 *
 * The beginning is written as it comes, up to a limit. Of what comes after it
 * the newest LOGFILE_TAIL bytes are kept in memory and follow when the log is
 * closed, behind a line that says how much is missing: a machine's last words
 * are worth more than the middle of a flood. A write error ends the writing and is
 * kept; it never ends the run.
 */
#ifndef LASTREF_LOGFILE_H
#define LASTREF_LOGFILE_H

#include <stddef.h>

#define LOGFILE_TAIL	(128 * 1024)

struct logfile {
	const char *name;	/* "console.log" */
	int fd;			/* -1: nothing is written */
	int error;		/* the first write error, an errno */
	size_t limit;
	size_t total;		/* bytes seen */
	char *tail;		/* a ring of the newest bytes */
};

/* dir NULL: no file, only the tail. 0 or a negative errno. */
int logfile_open(struct logfile *log, const char *dir, const char *name,
		 size_t limit);
void logfile_add(struct logfile *log, const char *bytes, size_t n);

/* Bytes that are in no file, or will not be once it is closed. */
size_t logfile_dropped(const struct logfile *log);

/* The last lines, at most size - 1 bytes, for a message. */
void logfile_last(const struct logfile *log, char *buf, size_t size);

/* Writes what the tail has and closes the file; the tail can still be read. */
void logfile_close(struct logfile *log);
void logfile_free(struct logfile *log);

#endif
