// SPDX-License-Identifier: GPL-2.0
/* QEMU's monitor: see qmp.h. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "compiler.h"
#include "qmp.h"

#define QMP_LINE_MAX	65536

int qmp_init(struct qmp *q)
{
	memset(q, 0, sizeof(*q));
	q->fd = -1;
	q->line = malloc(QMP_LINE_MAX);
	return q->line ? 0 : -ENOMEM;
}

void qmp_free(struct qmp *q)
{
	free(q->line);
	q->line = NULL;
}

/* The socket is empty but for our few words, so a short write is a lost monitor. */
int qmp_send(struct qmp *q, const char *command, int fd)
{
	struct iovec text[2] = {
		{ (char *)command, strlen(command) }, { (char *)"\n", 1 },
	};
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)),
				.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
	struct msghdr message = { .msg_iov = text, .msg_iovlen = 2 };
	ssize_t n;

	if (fd >= 0) {
		memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	n = sendmsg(q->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		return -errno;
	return (size_t)n == text[0].iov_len + 1 ? 0 : -EIO;
}

int qmp_quit(struct qmp *q)
{
	return qmp_send(q, "{\"execute\": \"quit\"}", -1);
}

static const char *string_at(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* The first reason stands: what follows is our own quit. */
static void ended(struct qmp *q, const char *reason)
{
	if (!q->shutdown)
		snprintf(q->reason, sizeof(q->reason), "%s",
			 *reason ? reason : "no reason given");
	q->shutdown = true;
}

static void on_shutdown(struct qmp *q, json_t *data)
{
	ended(q, string_at(data, "reason"));
}

/* With -no-shutdown a guest's panic is an event of its own and nothing follows. */
static void on_panicked(struct qmp *q, json_t *data)
{
	(void)data;
	ended(q, "guest-panic");
}

static void on_resume(struct qmp *q, json_t *data)
{
	(void)data;
	q->resumed = true;
}

static void on_migration(struct qmp *q, json_t *data)
{
	const char *status = string_at(data, "status");

	q->migration_failed = !strcmp(status, "failed");
	q->migrated = q->migration_failed || !strcmp(status, "completed");
}

static const struct {
	const char *name;
	void (*take)(struct qmp *q, json_t *data);
} events[] = {
	{ "SHUTDOWN", on_shutdown },
	{ "GUEST_PANICKED", on_panicked },
	{ "RESUME", on_resume },
	{ "MIGRATION", on_migration },
};

static void on_event(struct qmp *q, const char *name, json_t *data)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (!strcmp(name, events[i].name))
			events[i].take(q, data);
}

static int on_object(struct qmp *q, json_t *object)
{
	json_t *error = json_object_get(object, "error");

	if (json_object_get(object, "QMP")) {
		q->greeted = true;
		return qmp_send(q, "{\"execute\": \"qmp_capabilities\"}", -1);
	}
	if (json_object_get(object, "event"))
		on_event(q, string_at(object, "event"),
			 json_object_get(object, "data"));
	else if (error)
		snprintf(q->error, sizeof(q->error), "%s",
			 string_at(error, "desc"));
	return 0;
}

static int on_line(struct qmp *q)
{
	json_t *object = json_loadb(q->line, q->len, 0, NULL);

	if (!json_is_object(object)) {
		snprintf(q->error, sizeof(q->error), "not JSON: %.*s",
			 (int)(q->len > 80 ? 80 : q->len), q->line);
		json_decref(object);
		return -EPROTO;
	}
	/* A monitor that does not listen will be noticed by its silence. */
	on_object(q, object);
	json_decref(object);
	return 0;
}

int qmp_feed(struct qmp *q, const char *bytes, size_t n)
{
	int err = 0;

	for (; n && !err; n--, bytes++) {
		if (*bytes == '\n') {
			if (q->len && !(q->len == 1 && q->line[0] == '\r'))
				err = on_line(q);
			q->len = 0;
		} else if (q->len == QMP_LINE_MAX) {
			snprintf(q->error, sizeof(q->error),
				 "a line without an end");
			err = -EPROTO;
		} else {
			q->line[q->len++] = *bytes;
		}
	}
	return err;
}
