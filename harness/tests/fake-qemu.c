// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU without a guest, for the tests of the harness.
 *
 * It takes QEMU's command line, speaks QMP, a console and the agent protocol on the
 * inherited sockets, and misbehaves as $FAKE_QEMU says. A behaviour is a row of a
 * table: what happens at the start, when the guest would have come up, and on
 * each agent command. What a row leaves out is done right. Like QEMU it lives on when the
 * other ends of its sockets are closed.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compiler.h"
#include "fake_scale.h"
#include "fake_state.h"
#include "fake_wire.h"

#define FLOOD_BYTES	52428800L
#define LONG_LINE	1048576L

static bool kvm, incoming;

struct behaviour {
	const char *name;
	void (*start)(void);
	void (*up)(void);		/* default: say hello */
	void (*command)(const char *line);
	bool deaf;			/* does not obey QMP's quit */
	bool unsaved;			/* cannot save its state */
};

static const struct behaviour *self;

/* ---- the good ways ---- */

static void hello(void)
{
	say(AGENT, "@ lastref 1 6.12.0-fake cpus=2\n");
}

static void command(const char *line)
{
	if (!strncmp(line, "echo ", 5)) {
		say(AGENT, "| ");
		say(AGENT, line + 5);
		say(AGENT, "\n");
	}
	say(AGENT, "= 0\n");
	if (!strcmp(line, "poweroff"))
		shutdown_event("guest-shutdown");
	if (!strcmp(line, "reboot"))
		shutdown_event("guest-reset");
	if (!strcmp(line, "panicked"))
		say(QMP, "{\"event\": \"GUEST_PANICKED\", \"data\": {\"action\": \"pause\"}}\n");
}

/* ---- the bad ways ---- */

static void do_abort(void)
{
	abort();
}

static void do_refuse(void)
{
	fprintf(stderr, "qemu-system-x86_64: -accel kvm: invalid accelerator kvm\n");
	exit(1);
}

/* The control of the test that no QEMU outlives its runner. */
static void outlive_the_runner(void)
{
	prctl(PR_SET_PDEATHSIG, 0);
}

static void do_not_restore(void)
{
	if (!incoming)
		return;
	fprintf(stderr, "qemu-system-x86_64: this state is not for me\n");
	exit(1);
}

static void do_nothing(void)
{
}

static void up_panics(void)
{
	say(CONSOLE, "[    0.100000] Kernel panic - not syncing: IO-APIC + timer doesn't work!\n");
	shutdown_event("guest-reset");
}

/* The first boot dies, the next one finds the file and is fine. */
static void up_second_time(void)
{
	int fd = open(getenv("FAKE_QEMU_STATE"), O_CREAT | O_EXCL | O_WRONLY, 0600);

	if (fd < 0) {
		hello();
		return;
	}
	close(fd);
	up_panics();
}

static void up_other_protocol(void)
{
	say(AGENT, "@ lastref 99 6.12.0-fake cpus=2\n");
}

static void up_if_no_kvm(void)
{
	if (!kvm)
		hello();
}

static void no_reply(const char *line)
{
	(void)line;
}

static void flood(const char *line)
{
	say(CONSOLE, "the beginning\n");
	say_many(CONSOLE, 'x', FLOOD_BYTES);
	say(CONSOLE, "\nthe end\n");
	command(line);
}

static void close_qmp(const char *line)
{
	(void)line;
	close_channel(QMP);
}

static void qmp_nonsense(const char *line)
{
	(void)line;
	say(QMP, "Segmentation fault\n");
}

static void qmp_no_newline(const char *line)
{
	(void)line;
	say_many(QMP, '{', 200000);
}

/* A panic on the console, but the monitor tells of a clean end. */
static void lie(const char *line)
{
	(void)line;
	say(CONSOLE, "[    9.000000] Kernel panic - not syncing: Fatal exception\n");
	shutdown_event("guest-shutdown");
}

/* Two of three results, then an orderly power off. */
static void half_ktap(const char *line)
{
	(void)line;
	say(AGENT, "| KTAP version 1\n| 1..3\n| ok 1 one\n| ok 2 two\n");
	shutdown_event("guest-shutdown");
}

static void garbage(const char *line)
{
	static const char junk[] = "\x80\xff\x01\n=\n= x\n= -1\n=0\n@ lastref\n"
				   "[ 1.0] kernel text\n| good\n\r\n\n";

	send(fds[AGENT], "\0\0\0", 3, MSG_NOSIGNAL);
	say(AGENT, junk);
	command(line);
}

static void dribble(const char *line)
{
	static const char reply[] = "| in pieces\r\n= 7 seven\n";
	size_t i;

	(void)line;
	for (i = 0; reply[i]; i++) {
		send(fds[AGENT], reply + i, 1, MSG_NOSIGNAL);
		usleep(2000);
	}
}

static void long_line(const char *line)
{
	say(AGENT, "| ");
	say_many(AGENT, 'y', LONG_LINE);
	say(AGENT, "\n");
	command(line);
}

static void die_half_way(const char *line)
{
	(void)line;
	say(AGENT, "| first\n| sec");
	signal(SIGSEGV, SIG_DFL);	/* no sanitizer's business */
	raise(SIGSEGV);
}

static void exit_half_way(const char *line)
{
	(void)line;
	fprintf(stderr, "fake: no more memory\n");
	exit(3);
}

static void slow_reply(const char *line)
{
	if (!strcmp(line, "slow"))
		usleep(400000);
	command(line);
}

static void last_words(const char *line)
{
	(void)line;
	shutdown_event("guest-reset");
	usleep(100000);
	say(CONSOLE, "the very last words\n");
}

static void close_everything(const char *line)
{
	int i;

	(void)line;
	for (i = 0; i < N_FDS; i++)
		close_channel(i);
	for (;;)
		pause();
}

/* Dead, but a process it started keeps the channels open. */
static void leave_a_child(const char *line)
{
	(void)line;
	if (fork() == 0) {
		sleep(20);
		_exit(0);
	}
	_exit(4);
}

static void complain(const char *line)
{
	int i;

	for (i = 0; i < 200000; i++)
		fprintf(stderr, "qemu: warning number %d\n", i);
	command(line);
}

/* Sends back what is typed, until a q; the shell's status is 5. */
static void echo_shell(const char *line)
{
	char buf[256] = "";
	ssize_t n;

	(void)line;
	say(SHELL, "guest# ");
	while (!strchr(buf, 'q')) {
		n = read(fds[SHELL], buf, sizeof(buf) - 1);
		if (n <= 0)
			break;
		buf[n] = '\0';
		say(SHELL, buf);
	}
	say(AGENT, "= 5\n");
}

/* Answers with the number of descriptors that are none of its business. */
static void count_strangers(const char *line)
{
	char reply[40];
	int fd, i, strangers = 0;

	(void)line;
	for (fd = 3; fd < 1024; fd++) {
		bool ours = false;

		for (i = 0; i < N_FDS; i++)
			ours |= fd == fds[i];
		strangers += !ours && fcntl(fd, F_GETFD) >= 0;
	}
	snprintf(reply, sizeof(reply), "= %d\n", strangers);
	say(AGENT, reply);
}

/* As a guest that has a command file: what it does is shown, then it serves. */
static void up_with_file(void)
{
	hello();
	say(AGENT, "> echo own\n| own\n= 9\n> rmmod x\n= 2 no such module\n");
}

static void stopped_by_host(const char *line)
{
	(void)line;
	shutdown_event("host-signal");
}

static const struct behaviour behaviours[] = {
	{ .name = "clean" },
	{ .name = "no-save", .unsaved = true },
	{ .name = "no-restore", .start = do_not_restore },
	{ .name = "abort", .start = do_abort },
	{ .name = "refuse", .start = do_refuse },
	{ .name = "mute", .up = do_nothing },
	{ .name = "boot-panic", .up = up_panics },
	{ .name = "flaky-boot", .up = up_second_time },
	{ .name = "other-protocol", .up = up_other_protocol },
	{ .name = "no-kvm", .up = up_if_no_kvm },
	{ .name = "command-file", .up = up_with_file },
	{ .name = "hang", .command = no_reply },
	{ .name = "deaf", .command = no_reply, .deaf = true },
	{ .name = "deaf-poweroff", .deaf = true },
	{ .name = "flood", .command = flood },
	{ .name = "close-qmp", .command = close_qmp },
	{ .name = "qmp-nonsense", .command = qmp_nonsense },
	{ .name = "qmp-no-newline", .command = qmp_no_newline },
	{ .name = "lie", .command = lie },
	{ .name = "half-ktap", .command = half_ktap },
	{ .name = "garbage", .command = garbage },
	{ .name = "dribble", .command = dribble },
	{ .name = "long-line", .command = long_line },
	{ .name = "signal", .command = die_half_way },
	{ .name = "exit", .command = exit_half_way },
	{ .name = "slow", .command = slow_reply },
	{ .name = "last-words", .command = last_words },
	{ .name = "close-everything", .command = close_everything },
	{ .name = "child", .command = leave_a_child },
	{ .name = "complain", .command = complain },
	{ .name = "host-signal", .command = stopped_by_host },
	{ .name = "immortal", .start = outlive_the_runner },
	{ .name = "shell", .command = echo_shell },
	{ .name = "strangers", .command = count_strangers },
	{ .name = "scale", .command = scale_command },
};

static void on_agent_bytes(char *bytes, ssize_t n)
{
	static char line[8192];
	static size_t len;
	ssize_t i;

	for (i = 0; i < n; i++) {
		if (bytes[i] != '\n' && len < sizeof(line) - 1) {
			line[len++] = bytes[i];
			continue;
		}
		line[len] = '\0';
		len = 0;
		(self->command ? self->command : command)(line);
	}
}

static void save(void)
{
	bool good = !self->unsaved && state_save();

	say(QMP, good ? "{\"event\": \"MIGRATION\", \"data\": {\"status\": \"completed\"}}\r\n" :
		 "{\"event\": \"MIGRATION\", \"data\": {\"status\": \"failed\"}}\r\n");
}

static void go_on(void)
{
	state_load();
	say(QMP, "{\"event\": \"RESUME\"}\r\n");
}

static void on_qmp_bytes(char *bytes, ssize_t n)
{
	if (memmem(bytes, n, "\"migrate\"", 9))
		save();
	if (memmem(bytes, n, "\"migrate-incoming\"", 18))
		go_on();
	state_dump(bytes, n);
	if (memmem(bytes, n, "\"quit\"", 6) && !self->deaf) {
		shutdown_event("host-qmp-quit");
		exit(0);
	}
	say(QMP, "{\"return\": {}}\r\n");
}

static void serve(void)
{
	char buf[4096];
	ssize_t n;

	for (;;) {
		struct pollfd p[2] = {
			{ fds[AGENT], POLLIN, 0 }, { fds[QMP], POLLIN, 0 },
		};

		poll(p, 2, 1000);
		if (p[0].revents) {
			n = read(fds[AGENT], buf, sizeof(buf));
			if (n > 0)
				on_agent_bytes(buf, n);
			else
				close_channel(AGENT);
		}
		if (p[1].revents && fds[QMP] >= 0) {
			n = state_read(fds[QMP], buf, sizeof(buf));
			if (n > 0)
				on_qmp_bytes(buf, n);
			else
				close_channel(QMP);
		}
	}
}

static void parse(int argc, char **argv)
{
	size_t len;
	int i, j;

	for (i = 1; i + 1 < argc; i++) {
		incoming |= !strcmp(argv[i], "-incoming");
		if (!strcmp(argv[i], "-object"))
			state_take_memory(argv[i + 1]);
		if (!strcmp(argv[i], "-accel"))
			kvm = !strcmp(argv[i + 1], "kvm");
		if (!strcmp(argv[i], "-add-fd"))
			sscanf(argv[i + 1], "fd=%d,set=1", &fds[CONSOLE]);
		for (j = AGENT; !strcmp(argv[i], "-chardev") && j < N_FDS; j++) {
			len = strlen(ids[j]);
			if (!strncmp(argv[i + 1], "socket,id=", 10) &&
			    !strncmp(argv[i + 1] + 10, ids[j], len) &&
			    !strncmp(argv[i + 1] + 10 + len, ",fd=", 4))
				fds[j] = atoi(argv[i + 1] + 14 + len);
		}
	}
	for (j = 0; j < N_FDS; j++) {
		if (fds[j] >= 0)
			continue;
		fprintf(stderr, "fake-qemu: no channel %s\n", ids[j]);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	const char *name = getenv("FAKE_QEMU");
	size_t i;

	/* A runner that is gone is an error of write(). */
	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && !strcmp(argv[1], "--version")) {
		printf("QEMU emulator version %s\n", version());
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(behaviours); i++)
		if (!strcmp(behaviours[i].name, name ? name : "clean"))
			self = &behaviours[i];
	if (!self) {
		fprintf(stderr, "fake-qemu: FAKE_QEMU=%s is unknown\n", name);
		return 2;
	}
	parse(argc, argv);
	if (self->start)
		self->start();
	say(QMP, "{\"QMP\": {\"version\": {\"qemu\": {\"major\": 0}}, \"capabilities\": []}}\r\n");
	say(CONSOLE, "[    0.000000] Linux version 6.12.0-fake\n");
	/* What was saved has said its hello. */
	if (!incoming)
		(self->up ? self->up : hello)();
	serve();
}
