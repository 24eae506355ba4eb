// SPDX-License-Identifier: GPL-2.0
/*
 * Programs: run one, show what it prints, and never wait for it without end.
 *
 * A program gets a session of its own. When it is over, or its time is, the
 * whole process group is killed, so that nothing of it runs into the next
 * command; and a program that cannot be killed, because it is stuck in the
 * kernel, is left behind with a word rather than waited for.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "agent.h"

#define RUN_DEFAULT_S	120
#define RUN_MAX_S	86400
#define KILL_MS		5000		/* for a killed program to go */
#define OUTPUT_MAX	(16L << 20)

struct program {
	pid_t pid;
	int pidfd;
	int out;		/* the read end of its output, -1 at its end */
	long shown, dropped;
};

static void exec_program(const int *pipe_fd, char *const argv[])
{
	int null = open("/dev/null", O_RDONLY);

	setsid();
	dup2(null, 0);
	dup2(pipe_fd[1], 1);
	dup2(pipe_fd[1], 2);
	execvp(argv[0], argv);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static int start(struct program *p, char *const argv[])
{
	int fds[2];

	memset(p, 0, sizeof(*p));
	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	p->pid = fork();
	if (p->pid == 0)
		exec_program(fds, argv);
	close(fds[1]);
	p->out = fds[0];
	if (p->pid < 0) {
		close(fds[0]);
		return -EAGAIN;
	}
	fcntl(p->out, F_SETFL, O_NONBLOCK);
	p->pidfd = syscall(SYS_pidfd_open, p->pid, 0);
	return 0;
}

static void relay(struct agent *a, struct program *p)
{
	char buf[16384];
	ssize_t n = read(p->out, buf, sizeof(buf));

	if (n > 0 && p->shown < OUTPUT_MAX) {
		reply_text(&a->out, buf, n);
		p->shown += n;
	} else if (n > 0) {
		p->dropped += n;
	} else if (n == 0 || errno != EAGAIN) {
		close(p->out);
		p->out = -1;
	}
}

/* Relays until the program has exited (true) or the time is over (false). */
static bool follow(struct agent *a, struct program *p, long long end)
{
	for (;;) {
		struct pollfd fds[2] = {
			{ p->pidfd, POLLIN, 0 }, { p->out, POLLIN, 0 },
		};
		long long left = end - now_ms();

		if (left <= 0)
			return false;
		if (poll(fds, 2, left > 1000 ? 1000 : left) < 0)
			continue;
		if (fds[1].revents)
			relay(a, p);
		else if (fds[0].revents)
			return true;
	}
}

/* What is still in the pipe; another process may hold its write end for ever. */
static void drain(struct agent *a, struct program *p)
{
	while (p->out >= 0 &&
	       poll(&(struct pollfd){ p->out, POLLIN, 0 }, 1, 0) > 0)
		relay(a, p);
	if (p->out >= 0)
		close(p->out);
}

static int exit_status(struct agent *a, const struct program *p, int status)
{
	if (p->dropped)
		agent_words(a, "%ld bytes of output dropped", p->dropped);
	if (WIFSIGNALED(status)) {
		agent_words(a, "%s", strsignal(WTERMSIG(status)));
		return 128 + WTERMSIG(status);
	}
	return WEXITSTATUS(status);
}

static int finish(struct agent *a, struct program *p, bool exited, int seconds)
{
	struct pollfd gone = { p->pidfd, POLLIN, 0 };
	int status = 0;

	kill(-p->pid, SIGKILL);
	if (!exited)
		poll(&gone, 1, KILL_MS);
	drain(a, p);
	close(p->pidfd);
	if (waitpid(p->pid, &status, WNOHANG) != p->pid) {
		agent_words(a, "no end after %d s, and stuck in the kernel", seconds);
		return -ETIMEDOUT;
	}
	if (!exited) {
		agent_words(a, "no end after %d s, killed", seconds);
		return -ETIMEDOUT;
	}
	return exit_status(a, p, status);
}

int verb_run(struct agent *a, const struct command *cmd)
{
	unsigned long long seconds = RUN_DEFAULT_S;
	struct program p;
	int first = 1, err;
	bool exited;

	if (!strcmp(cmd->argv[1], "-t")) {
		if (cmd->argc < 4 ||
		    line_number(cmd->argv[2], RUN_MAX_S, &seconds) || !seconds) {
			agent_words(a, "-t SECONDS (1 to %d) PROG", RUN_MAX_S);
			return -EINVAL;
		}
		first = 3;
	}
	err = start(&p, cmd->argv + first);
	if (err)
		return fail(a, err);
	exited = follow(a, &p, now_ms() + (long long)seconds * 1000);
	return finish(a, &p, exited, seconds);
}

static void exec_shell(const char *tty)
{
	int fd, i;

	setsid();
	fd = open(tty, O_RDWR);
	if (fd < 0)
		_exit(126);
	ioctl(fd, TIOCSCTTY, 0);
	for (i = 0; i < 3; i++)
		dup2(fd, i);
	setenv("TERM", "vt100", 0);
	setenv("PS1", "guest# ", 1);
	execl("/bin/sh", "sh", "-i", (char *)NULL);
	_exit(127);
}

/* No time-out: somebody sits at it. */
int verb_shell(struct agent *a, const struct command *cmd)
{
	const char *tty = cmd->argc > 1 ? cmd->argv[1] : "/dev/ttyS2";
	int status = 0;
	pid_t pid;

	if (access(tty, R_OK | W_OK)) {
		agent_words(a, "%.80s: no such terminal", tty);
		return -ENODEV;
	}
	pid = fork();
	if (pid == 0)
		exec_shell(tty);
	if (pid < 0)
		return -EAGAIN;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
