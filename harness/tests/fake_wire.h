/* SPDX-License-Identifier: GPL-2.0 */
/* The fake QEMU's ends of the channels, and what is said on them. */
#ifndef LASTREF_TESTS_FAKE_WIRE_H
#define LASTREF_TESTS_FAKE_WIRE_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CONSOLE, AGENT, SHELL, QMP, N_FDS };

static const char *const ids[N_FDS] = { "ttyS0", "ttyS1", "ttyS2", "qmp" };
static int fds[N_FDS] = { -1, -1, -1, -1 };

static inline void say(int channel, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		ssize_t n = write(fds[channel], text, len);

		if (n <= 0)
			return;
		text += n;
		len -= n;
	}
}

static inline void say_many(int channel, char c, long n)
{
	char block[65536];

	memset(block, c, sizeof(block));
	for (; n > 0; n -= sizeof(block) - 1) {
		block[n < (long)sizeof(block) ? n : (long)sizeof(block) - 1] = '\0';
		say(channel, block);
	}
}

static inline void shutdown_event(const char *reason)
{
	char event[200];

	snprintf(event, sizeof(event),
		 "{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true, \"reason\": \"%s\"}}\r\n",
		 reason);
	say(QMP, event);
}

static inline void close_channel(int channel)
{
	close(fds[channel]);
	fds[channel] = -1;
}

#endif
