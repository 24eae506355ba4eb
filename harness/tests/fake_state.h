/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fake QEMU keeps in files: a memory, and a state that, as with QEMU, only
 * the same version can go on from.
 */
#ifndef LASTREF_TESTS_FAKE_STATE_H
#define LASTREF_TESTS_FAKE_STATE_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int state_fd = -1;	/* what came with the last command on QMP */

/* What it saves; as with QEMU, another version cannot read it. */
static inline const char *version(void)
{
	const char *v = getenv("FAKE_QEMU_VERSION");

	return v ? v : "0.0.0";
}

static inline bool state_save(void)
{
	return dprintf(state_fd, "state of %s\n", version()) > 0;
}

static inline void state_load(void)
{
	char text[100] = "", wanted[100];

	snprintf(wanted, sizeof(wanted), "state of %s\n", version());
	if (read(state_fd, text, sizeof(text) - 1) < 0 || strcmp(text, wanted)) {
		fprintf(stderr, "qemu-system-x86_64: load of migration failed\n");
		exit(1);
	}
}

/* A file may come along. */
static inline ssize_t state_read(int fd, char *buf, size_t size)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec text = { buf, size };
	struct msghdr message = {
		.msg_iov = &text, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &message, 0);
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(&state_fd, CMSG_DATA(c), sizeof(state_fd));
	return n;
}

/* "dump-guest-memory" among what came on QMP: "file:PATH" gets a few bytes. */
static inline void state_dump(const char *bytes, size_t n)
{
	const char *end = bytes + n, *path = memmem(bytes, n, "\"file:", 6);
	char name[4096];
	FILE *f;

	if (!path || !memmem(bytes, n, "dump-guest-memory", 17))
		return;
	path += 6;
	snprintf(name, sizeof(name), "%.*s", (int)((char *)memchr(path, '"', end - path) - path),
		 path);
	f = fopen(name, "w");
	if (f && fputs("KDUMP", f) >= 0)
		fclose(f);
}

/* "...,share=on,mem-path=FILE": the guest's memory, made if it is not to be gone on from. */
static inline void state_take_memory(const char *value)
{
	const char *path = strstr(value, "mem-path=");
	int flags = strstr(value, "share=on") ? O_RDWR | O_CREAT : O_RDWR;
	int fd = path ? open(path + strlen("mem-path="), flags, 0600) : -1;

	if (fd >= 0 && (!(flags & O_CREAT) || !ftruncate(fd, 1 << 20)) &&
	    (!(flags & O_CREAT) || pwrite(fd, "memory", 6, 65536) == 6)) {
		close(fd);
		return;
	}
	fprintf(stderr, "qemu-system-x86_64: can't open backing store for guest RAM\n");
	exit(1);
}

#endif
