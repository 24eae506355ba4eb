// SPDX-License-Identifier: GPL-2.0
/* A log that may be flooded and a disk that may be full: see logfile.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "logfile.h"

int logfile_open(struct logfile *log, const char *dir, const char *name,
		 size_t limit)
{
	char path[PATH_MAX];

	memset(log, 0, sizeof(*log));
	log->name = name;
	log->limit = limit;
	log->fd = -1;
	log->tail = malloc(LOGFILE_TAIL);
	if (!log->tail)
		return -ENOMEM;
	if (!dir)
		return 0;
	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	log->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	return log->fd < 0 ? -errno : 0;
}

static void put(struct logfile *log, const char *bytes, size_t n)
{
	while (n && log->fd >= 0 && !log->error) {
		ssize_t done = write(log->fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			log->error = errno;
			break;
		}
		bytes += done;
		n -= done;
	}
}

static void keep_tail(struct logfile *log, const char *bytes, size_t n)
{
	size_t at = log->total;

	if (n > LOGFILE_TAIL) {
		at += n - LOGFILE_TAIL;
		bytes += n - LOGFILE_TAIL;
		n = LOGFILE_TAIL;
	}
	while (n) {
		size_t from = at % LOGFILE_TAIL;
		size_t part = LOGFILE_TAIL - from < n ? LOGFILE_TAIL - from : n;

		memcpy(log->tail + from, bytes, part);
		at += part;
		bytes += part;
		n -= part;
	}
}

void logfile_add(struct logfile *log, const char *bytes, size_t n)
{
	if (log->total < log->limit)
		put(log, bytes, log->limit - log->total < n ?
				log->limit - log->total : n);
	keep_tail(log, bytes, n);
	log->total += n;
}

/* How much of what is beyond the limit the tail still has. */
static size_t in_tail(const struct logfile *log)
{
	size_t beyond = log->total > log->limit ? log->total - log->limit : 0;

	return beyond < LOGFILE_TAIL ? beyond : LOGFILE_TAIL;
}

size_t logfile_dropped(const struct logfile *log)
{
	if (log->total <= log->limit)
		return 0;
	return log->total - log->limit - in_tail(log);
}

static void copy_tail(const struct logfile *log, char *to, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = log->tail[(log->total - n + i) % LOGFILE_TAIL];
}

void logfile_last(const struct logfile *log, char *buf, size_t size)
{
	size_t n = log->total < size - 1 ? log->total : size - 1;
	char *p;

	if (n > LOGFILE_TAIL)
		n = LOGFILE_TAIL;
	copy_tail(log, buf, n);
	while (n && (buf[n - 1] == '\n' || buf[n - 1] == '\r'))
		n--;
	buf[n] = '\0';
	/* A first line that is cut is left out if another follows. */
	p = strchr(buf, '\n');
	if (log->total > size - 1 && p)
		memmove(buf, p + 1, strlen(p + 1) + 1);
}

void logfile_close(struct logfile *log)
{
	size_t dropped = logfile_dropped(log), n = in_tail(log);
	char *tail;
	char line[80];

	if (log->fd < 0)
		return;
	tail = malloc(n + 1);
	if (n && tail) {
		snprintf(line, sizeof(line),
			 "\n[lastref: %zu bytes dropped here]\n", dropped);
		if (dropped)
			put(log, line, strlen(line));
		copy_tail(log, tail, n);
		put(log, tail, n);
	}
	free(tail);
	if (close(log->fd) && !log->error)
		log->error = errno;
	log->fd = -1;
}

void logfile_free(struct logfile *log)
{
	logfile_close(log);
	free(log->tail);
	log->tail = NULL;
}
