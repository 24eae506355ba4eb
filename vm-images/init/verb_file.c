// SPDX-License-Identifier: GPL-2.0
/*
 * Files: cat, write, wait. Most are debugfs, sysfs and proc files, where one
 * write() is one command and a read may block; so files are opened non-blocking,
 * text is written in one piece, and an endless file is cut.
 */
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"

#define CAT_MAX		(8L << 20)
#define WAIT_MAX_MS	(3600 * 1000ULL)
#define WAIT_FILE_MAX	65536
#define WAIT_POLL_MS	10

long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* Says in words what the status says as a number; 0 needs none. */
int fail(struct agent *a, int err)
{
	if (err)
		agent_words(a, "%s", strerror(-err));
	return err;
}

int verb_cat(struct agent *a, const struct command *cmd)
{
	int fd = open(cmd->argv[1], O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	static char buf[65536];
	long total = 0;
	ssize_t n = 0;
	int err = 0;

	if (fd < 0)
		return fail(a, -errno);
	while (total < CAT_MAX && (n = read(fd, buf, sizeof(buf))) > 0) {
		reply_text(&a->out, buf, n);
		total += n;
	}
	/* A pipe that is empty for now has been read to its end for now. */
	if (n < 0 && errno != EAGAIN)
		err = -errno;
	close(fd);
	if (n > 0) {
		agent_words(a, "cut at %ld MiB", CAT_MAX >> 20);
		return -EFBIG;
	}
	return fail(a, err);
}

/* Files are made under /tmp only: elsewhere a missing file is an answer. */
int put_file(const char *path, const char *text)
{
	int flags = O_WRONLY | O_TRUNC | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	size_t len = strlen(text);
	int fd, err = 0;
	ssize_t n;

	if (!strncmp(path, "/tmp/", 5))
		flags |= O_CREAT;
	fd = open(path, flags, 0644);
	if (fd < 0)
		return -errno;
	n = write(fd, text, len);
	if (n < 0)
		err = -errno;
	else if ((size_t)n < len)
		err = -EIO;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int verb_write(struct agent *a, const struct command *cmd)
{
	static char text[LINE_MAX_BYTES + 1];

	snprintf(text, sizeof(text), "%s\n", cmd->argc > 2 ? cmd->tail[2] : "");
	return fail(a, put_file(cmd->argv[1], text));
}

/*
 * Intervals and back references make the library's matcher take memory and time
 * without bound, and PID 1 must not.
 */
static int compile(struct agent *a, regex_t *re, const char *text)
{
	const char *p;
	int err;

	for (p = text; *p; p++) {
		if (*p == '\\' && p[1] && (p[1] < '0' || p[1] > '9')) {
			p++;
		} else if (*p == '{' || *p == '\\') {
			agent_words(a, "no {intervals} and no back references here");
			return -EINVAL;
		}
	}
	err = regcomp(re, text, REG_EXTENDED | REG_NOSUB);
	if (!err)
		return 0;
	regerror(err, re, a->words, sizeof(a->words));
	return -EINVAL;
}

/* The first line that matches is shown: 1; none: 0; or a negative errno. */
static int search(struct agent *a, const char *path, const regex_t *re)
{
	static char buf[WAIT_FILE_MAX];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char *line, *save = NULL;
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	while (len < sizeof(buf) - 1 &&
	       (n = read(fd, buf + len, sizeof(buf) - 1 - len)) > 0)
		len += n;
	close(fd);
	buf[len] = '\0';
	for (line = strtok_r(buf, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (regexec(re, line, 0, NULL, 0))
			continue;
		reply_text(&a->out, line, strlen(line));
		return 1;
	}
	return 0;
}

int verb_wait(struct agent *a, const struct command *cmd)
{
	long long end = now_ms();
	unsigned long long ms;
	regex_t re;
	int found;

	if (line_number(cmd->argv[3], WAIT_MAX_MS, &ms)) {
		agent_words(a, "milliseconds: 0 to %llu", WAIT_MAX_MS);
		return -EINVAL;
	}
	if (compile(a, &re, cmd->argv[2]))
		return -EINVAL;
	end += ms;
	for (;;) {
		found = search(a, cmd->argv[1], &re);
		/* The file may appear yet: a module makes it while we wait. */
		if (found == 1 || now_ms() >= end)
			break;
		usleep(WAIT_POLL_MS * 1000);
	}
	regfree(&re);
	if (found == 1)
		return 0;
	agent_words(a, "%s", found < 0 ? strerror(-found) : "no line matches");
	return -ETIMEDOUT;
}
