// SPDX-License-Identifier: GPL-2.0
/* Children that cannot outlive the process that wanted them: see child.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

#define KILL_MS	2000

void child_die_with_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/*
	 * A parent that died before prctl() will never cause the signal; but then
	 * the child has another parent already.
	 */
	if (getppid() != parent)
		_exit(127);
}

static void end_group(int sig)
{
	signal(sig, SIG_IGN);
	kill(0, sig);
	_exit(128 + sig);
}

/* A shell would heed the signal only after what it waits for; so this waits for the shell. */
void child_keep(char *const argv[], pid_t parent)
{
	int status = 0;
	pid_t pid;

	setpgid(0, 0);
	signal(SIGTERM, end_group);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	pid = fork();
	if (pid == 0) {
		signal(SIGTERM, SIG_DFL);
		execvp(argv[0], argv);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	_exit(pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 127);
}

static int poll_one(int fd, int timeout_ms)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, timeout_ms);
}

int child_wait(pid_t pid, int timeout_ms, int *status)
{
	int fd = syscall(SYS_pidfd_open, pid, 0), err = 0;

	if (fd < 0 || poll_one(fd, timeout_ms) <= 0) {
		kill(pid, SIGKILL);
		err = -ETIMEDOUT;
		/* One that is stuck in the kernel is not waited for. */
		if (fd >= 0 && poll_one(fd, KILL_MS) <= 0) {
			close(fd);
			return err;
		}
	}
	waitpid(pid, status, 0);
	if (fd >= 0)
		close(fd);
	return err;
}

static void exec_program(const char *const argv[], int out, pid_t parent)
{
	int null = open("/dev/null", O_RDWR);

	child_die_with_parent(parent);
	dup2(null, 0);
	dup2(out, 1);
	dup2(null, 2);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

int child_first_line(const char *const argv[], int timeout_ms, char *buf,
		     size_t size)
{
	pid_t parent = getpid(), pid;
	int fds[2], status = 0, err;
	size_t len = 0;
	ssize_t n;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid == 0)
		exec_program(argv, fds[1], parent);
	close(fds[1]);
	while (pid > 0 && len < size - 1 && poll_one(fds[0], timeout_ms) > 0) {
		n = read(fds[0], buf + len, size - 1 - len);
		if (n <= 0)
			break;
		len += n;
	}
	close(fds[0]);
	buf[len] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	if (pid < 0)
		return -EAGAIN;
	err = child_wait(pid, timeout_ms, &status);
	if (!err && WIFEXITED(status) && WEXITSTATUS(status) == 127)
		err = -ENOENT;
	return err;
}
