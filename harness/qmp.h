/* SPDX-License-Identifier: GPL-2.0 */
/*
 * QEMU's monitor, as much of it as a life cycle needs: JSON objects in, the
 * reason of a shutdown out, and a few commands. No I/O but the writes.
 *
 * QMP sends one JSON object a line: the greeting, then replies and events. The
 * reader gives up (qmp_feed() < 0) on a line that is no JSON object or does not end,
 * since a monitor that cannot be understood is as good as lost.
 */
#ifndef LASTREF_QMP_H
#define LASTREF_QMP_H

#include <stdbool.h>
#include <stddef.h>

struct qmp {
	int fd;			/* set by the owner; -1: closed */
	char *line;		/* the unfinished line */
	size_t len;
	bool greeted;
	bool resumed;		/* the guest was set running, again */
	bool migrated;		/* a migration has ended, one way or the other ... */
	bool migration_failed;	/* ... and it was this way */
	bool shutdown;		/* the SHUTDOWN event was seen */
	char reason[48];	/* its reason: guest-shutdown, guest-reset ... */
	char error[160];	/* the last error reply, or why the reader gave up */
};

int qmp_init(struct qmp *q);
void qmp_free(struct qmp *q);

/* 0, or -EPROTO when this is no QMP. Answers the greeting by itself. */
int qmp_feed(struct qmp *q, const char *bytes, size_t n);

/*
 * Sends one command, as JSON without its newline; with @fd >= 0 that
 * descriptor goes along. 0, or a negative errno.
 */
int qmp_send(struct qmp *q, const char *command, int fd);

/* Asks QEMU to exit: 0, or a negative errno. */
int qmp_quit(struct qmp *q);

#endif
