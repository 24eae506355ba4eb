/* SPDX-License-Identifier: GPL-2.0 */
/* build/lastref as a child, with what it says in a file; the guest is that of fake-torture. */
#ifndef LASTREF_TESTS_SPAWN_H
#define LASTREF_TESTS_SPAWN_H

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "fake.h"

static char output[65536];

static inline const char *output_path(void)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/output", fake_dir());
	return path;
}

/* Starts build/lastref with these words; its output goes to a file. */
static inline pid_t spawn(const char *fake, const char *line)
{
	char words[1024], path[4096], program[] = "lastref", *argv[40] = { program }, *save;
	int argc = 0, fd;
	pid_t pid = fork();

	if (pid)
		return pid;
	setenv("FAKE_TORTURE", fake, 1);
	snprintf(words, sizeof(words), "%s", line);
	for (argc = 1, save = words; argc < 39; argc++) {
		argv[argc] = strtok_r(NULL, " ", &save);
		if (!argv[argc])
			break;
	}
	fd = open(output_path(), O_RDWR | O_CREAT | O_TRUNC, 0600);
	dup2(fd, 1);
	dup2(fd, 2);
	fd = open("/dev/null", O_RDONLY);
	dup2(fd, 0);
	snprintf(path, sizeof(path), "%s", fake_qemu());
	strcpy(strrchr(path, '/'), "");
	strcpy(strrchr(path, '/') + 1, "lastref");
	execv(path, argv);
	_exit(99);
}

static inline void read_output(void)
{
	FILE *in = fopen(output_path(), "r");
	size_t n = in ? fread(output, 1, sizeof(output) - 1, in) : 0;

	output[n] = '\0';
	if (in)
		fclose(in);
}

static inline int finish(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	read_output();
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static inline int run(const char *fake, const char *line)
{
	return finish(spawn(fake, line));
}

static inline void sleep_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

/* Until the run has said this, or for 30 seconds. */
static inline void wait_for_words(const char *words)
{
	int i;

	for (i = 0; i < 3000; i++) {
		read_output();
		if (strstr(output, words))
			return;
		sleep_ms(10);
	}
}

#endif
