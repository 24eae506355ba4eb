// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's PID 1: make a small but complete place to live, then serve.
 *
 * ttyS0 belongs to the kernel's log alone, ttyS1 to the protocol, ttyS2 to a
 * shell. PID 1 itself never prints anywhere else and never exits: a wire that
 * fails is opened again.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

#include "agent.h"

#define WIRE		"/dev/ttyS1"
#define COMMAND_FILE	"/lastref.cmds"
#define KLOG_LEVEL	8	/* klogctl: set the console's level */

static const struct {
	const char *source, *target, *type;
	const char *options;
} mounts[] = {
	{ "devtmpfs", "/dev", "devtmpfs", "mode=0755" },
	{ "proc", "/proc", "proc", NULL },
	{ "sysfs", "/sys", "sysfs", NULL },
	{ "tmpfs", "/tmp", "tmpfs", "mode=1777" },
	{ "tmpfs", "/run", "tmpfs", "mode=0755" },
	{ "devpts", "/dev/pts", "devpts", "mode=0620" },
	{ "tmpfs", "/dev/shm", "tmpfs", "mode=1777" },
	{ "debugfs", "/sys/kernel/debug", "debugfs", NULL },
	{ "tracefs", "/sys/kernel/tracing", "tracefs", NULL },
};

static const struct {
	const char *target, *name;
} links[] = {
	{ "/proc/self/fd", "/dev/fd" },
	{ "/proc/self/fd/0", "/dev/stdin" },
	{ "/proc/self/fd/1", "/dev/stdout" },
	{ "/proc/self/fd/2", "/dev/stderr" },
	{ "/proc/mounts", "/etc/mtab" },
};

static const struct verb verbs[] = {
	{ "insmod", 1, -1, "NAME [PARAMETER=VALUE ...]", verb_insmod },
	{ "rmmod", 1, 1, "NAME", verb_rmmod },
	{ "write", 1, -1, "PATH [TEXT]", verb_write },
	{ "cat", 1, 1, "PATH", verb_cat },
	{ "wait", 3, 3, "PATH REGEX MILLISECONDS", verb_wait },
	{ "run", 1, -1, "[-t SECONDS] PROGRAM [ARGUMENT ...]", verb_run },
	{ "shell", 0, 1, "[TTY]", verb_shell },
	{ "calibrate", 0, 0, "", verb_calibrate },
	{ "deadlines", 3, 3, "STALL SOFT HUNG", verb_deadlines },
	{ "mark", 1, -1, "TEXT", verb_mark },
	{ "sleep", 1, 1, "MILLISECONDS", verb_sleep },
	{ "seed", 1, 1, "NUMBER", verb_seed },
	{ "poweroff", 0, 0, "", verb_poweroff },
	{ "reboot", 0, 0, "", verb_reboot },
	{ "crash", 0, 0, "", verb_crash },
	{ NULL, 0, 0, NULL, NULL },
};

/* What a small kernel lacks is not mounted; who needs it will find out by name. */
static void make_place(void)
{
	size_t i;

	umask(0);
	for (i = 0; i < ARRAY_SIZE(mounts); i++) {
		mkdir(mounts[i].target, 0755);
		mount(mounts[i].source, mounts[i].target, mounts[i].type, 0,
		      mounts[i].options);
	}
	for (i = 0; i < ARRAY_SIZE(links); i++)
		if (symlink(links[i].target, links[i].name))
			continue;	/* it is there */
	umask(022);
}

static void make_environment(void)
{
	int null = open("/dev/null", O_RDWR), i;

	for (i = 0; null >= 0 && i < 3; i++)
		dup2(null, i);
	if (null > 2)
		close(null);
	sethostname("lastref", 7);
	clearenv();
	setenv("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", 1);
	setenv("HOME", "/tmp", 1);
	setenv("LANG", "C", 1);
	setenv("TMPDIR", "/tmp", 1);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
}

/*
 * Everything up to info reaches the console: task dumps of the hung task and stall
 * detectors are printed at that level.
 */
static void open_console(void)
{
	klogctl(KLOG_LEVEL, NULL, 7);
}

static int open_wire(void)
{
	int fd = open(WIRE, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios tio;

	if (fd < 0)
		return -1;
	if (!tcgetattr(fd, &tio)) {
		cfmakeraw(&tio);
		tio.c_cflag |= CLOCAL;
		cfsetspeed(&tio, B115200);
		tcsetattr(fd, TCSANOW, &tio);
	}
	return fd;
}

static void hello(struct agent *a)
{
	struct utsname u;
	char line[160];

	uname(&u);
	snprintf(line, sizeof(line), "lastref %d %.80s cpus=%ld", AGENT_PROTOCOL,
		 u.release, sysconf(_SC_NPROCESSORS_ONLN));
	reply_raw(&a->out, '@', line);
}

static void serve_file(struct agent *a)
{
	int fd = open(COMMAND_FILE, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	agent_serve(a, fd, true);
	close(fd);
}

int main(void)
{
	static struct agent agent;
	bool greeted = false;

	/* Anywhere else it would mount over a living system. */
	if (getpid() != 1) {
		dprintf(2, "init: only for a guest's PID 1\n");
		return 1;
	}
	make_place();
	make_environment();
	open_console();
	for (;;) {
		int fd = open_wire();

		if (fd >= 0) {
			agent_init(&agent, fd, verbs);
			if (!greeted)
				hello(&agent);
			if (!greeted)
				serve_file(&agent);
			greeted = true;
			agent_serve(&agent, fd, false);
			close(fd);
		}
		usleep(100000);
	}
}
