// SPDX-License-Identifier: GPL-2.0
/*
 * Text to lines the other end can trust.
 *
 * Whatever a file or a program contains, each line that leaves begins with
 * `| `, has no byte but printable ASCII and tabs (others become \xHH) and is at most
 * FOLD bytes of text long; the rest of a longer one follows on a line of its own.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"

#define FOLD	4000

void reply_init(struct reply *out, int fd)
{
	memset(out, 0, sizeof(*out));
	out->fd = fd;
}

static void flush(struct reply *out)
{
	size_t done = 0;

	while (done < out->len) {
		ssize_t n = write(out->fd, out->buf + done, out->len - done);

		if (n > 0)
			done += n;
		else if (n < 0 && errno == EAGAIN)
			poll(&(struct pollfd){ out->fd, POLLOUT, 0 }, 1, -1);
		else if (!(n < 0 && errno == EINTR))
			break;	/* nobody to tell */
	}
	out->len = 0;
}

static void put(struct reply *out, const char *bytes, size_t n)
{
	while (n) {
		size_t room = sizeof(out->buf) - out->len;
		size_t part = n < room ? n : room;

		memcpy(out->buf + out->len, bytes, part);
		out->len += part;
		bytes += part;
		n -= part;
		if (out->len == sizeof(out->buf))
			flush(out);
	}
}

static void end_line(struct reply *out)
{
	if (out->open)
		put(out, "\n", 1);
	out->open = false;
	out->column = 0;
}

static void put_escaped(struct reply *out, unsigned char c)
{
	char hex[5];

	if (c == '\t' || (c >= ' ' && c < 0x7f)) {
		put(out, (char *)&c, 1);
		out->column++;
	} else {
		snprintf(hex, sizeof(hex), "\\x%02x", c);
		put(out, hex, 4);
		out->column += 4;
	}
}

void reply_text(struct reply *out, const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (out->column >= FOLD)
			end_line(out);
		if (!out->open)
			put(out, "| ", 2);
		out->open = true;
		if (text[i] == '\n')
			end_line(out);
		else
			put_escaped(out, text[i]);
	}
}

void reply_line(struct reply *out, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	end_line(out);
	reply_text(out, text, strlen(text));
	end_line(out);
}

void reply_raw(struct reply *out, char mark, const char *text)
{
	end_line(out);
	put(out, &mark, 1);
	put(out, " ", 1);
	for (; *text; text++)
		put_escaped(out, *text);
	out->column = 0;
	put(out, "\n", 1);
	flush(out);
}

void reply_status(struct reply *out, int status, const char *text)
{
	char line[256];

	snprintf(line, sizeof(line), "%d%s%s", status, *text ? " " : "", text);
	reply_raw(out, '=', line);
}
