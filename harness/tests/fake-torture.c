// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU whose guest tortures: the agent and the debugfs files of reftorture,
 * as far as `lastref run` uses them, with the outcome that $FAKE_TORTURE says.
 *
 * A run ends at the third look at its stats. What the outcomes are is a row of
 * the table at the foot; a scenario's prediction must fail wherever the row
 * does not bear it out.
 */
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler.h"
#include "fake_state.h"

#define RUNS		8
#define LOOKS		3

#define PANIC		"[    9.000000] Kernel panic - not syncing: "
#define WARNING		"[    5.000000] ------------[ cut here ]------------\n" \
			"[    5.000001] WARNING: CPU: 0 PID: 99 at kernel/x.c:1 f+0x1/0x2\n" \
			"[    5.000002] Call Trace:\n[    5.000003]  <TASK>\n" \
			"[    5.000004]  g+0x1/0x2\n[    5.000005]  </TASK>\n" \
			"[    5.000006] ---[ end trace 0000000000000000 ]---\n"

enum { CONSOLE, AGENT, SHELL, QMP, N_FDS };

struct outcome {
	const char *name;
	const char *right;		/* the state a right form ends in, default passed */
	const char *busted;		/* and a busted one, default caught */
	const char *ktap;		/* in place of the result */
	const char *console;		/* when a run starts */
	bool die_at_look;		/* QEMU is killed when stats are read */
	bool panic_at_look;
	bool silent_at_look;
	bool refuse;			/* a start is an error */
	bool endless;			/* no run ever ends */
	bool survive;			/* crash does not */
	bool hang_in_run;		/* a program never ends */
	const char *calibrated;		/* how fast it is, default fast */
	const char *crash;		/* the console's last words, default sysrq's */
	void (*alone)(void);		/* what the guest does by itself */
};

static int fds[N_FDS] = { -1, -1, -1, -1 };
static bool debugged, incoming;
static const struct outcome *self;
static struct run {
	char name[32], busted[64];
	unsigned int time, looks;
	unsigned long long seed;
} runs[RUNS];

static void say(int channel, const char *text)
{
	if (write(fds[channel], text, strlen(text)) < 0)
		exit(0);
}

/* Each line of a text as the agent's output. */
static void output(const char *text)
{
	char line[1024];

	for (; *text; text += strcspn(text, "\n") + 1) {
		snprintf(line, sizeof(line), "| %.*s\n", (int)strcspn(text, "\n"), text);
		say(AGENT, line);
		if (!strchr(text, '\n'))
			break;
	}
}

static void end_machine(const char *reason)
{
	char event[200];

	snprintf(event, sizeof(event),
		 "{\"timestamp\": {\"seconds\": 1, \"microseconds\": 2}, \"event\": \"SHUTDOWN\", \"data\": {\"guest\": true, \"reason\": \"%s\"}}\r\n",
		 reason);
	say(QMP, event);
}

static struct run *find(const char *name)
{
	struct run *r;

	for (r = runs; r < runs + RUNS; r++)
		if (!strcmp(r->name, name))
			return r;
	return NULL;
}

/* The value of key= in a command, "" if it is not there. */
static const char *value(const char *command, const char *key, char *buf, size_t size)
{
	const char *p = strstr(command, key);

	snprintf(buf, size, "%.*s", p ? (int)strcspn(p + strlen(key), " ") : 0,
		 p ? p + strlen(key) : "");
	return buf;
}

static void start(const char *command)
{
	char name[32], number[32];
	struct run *r = find(value(command, "run=", name, sizeof(name)));

	if (r || self->refuse) {
		say(AGENT, "= 22 Invalid argument\n");
		return;
	}
	r = find("");
	strcpy(r->name, name);
	value(command, "busted=", r->busted, sizeof(r->busted));
	r->time = atoi(value(command, " time=", number, sizeof(number)));
	r->seed = strtoull(value(command, "seed=", number, sizeof(number)), NULL, 10);
	r->looks = 0;
	if (self->console)
		say(CONSOLE, self->console);
	say(AGENT, "= 0\n");
}

static void remove_run(const char *command)
{
	char name[32];
	struct run *r = find(value(command, "run=", name, sizeof(name)));

	if (r)
		memset(r, 0, sizeof(*r));
	say(AGENT, r ? "= 0\n" : "= 2 No such file or directory\n");
}

static const char *state(const struct run *r)
{
	if (r->looks < LOOKS || self->endless)
		return "running";
	if (*r->busted)
		return self->busted ? self->busted : "caught";
	return self->right ? self->right : "passed";
}

static void stats(struct run *r)
{
	char text[512];

	if (self->die_at_look)
		raise(SIGKILL);
	if (self->panic_at_look) {
		say(CONSOLE, PANIC "Fatal exception\n");
		end_machine("guest-reset");
		pause();
	}
	if (self->silent_at_look)
		pause();
	r->looks++;
	snprintf(text, sizeof(text),
		 "state: %s\nelapsed_ms: %u\ntime_ms: %u\nseed: %llu\nops: %u\nnear_misses: 3\nerrors: %d\n",
		 state(r), r->looks * 100, r->time * 1000, r->seed, r->looks * 1000,
		 !strcmp(state(r), "failed") || !strcmp(state(r), "caught"));
	output(text);
	say(AGENT, "= 0\n");
}

static void result(struct run *r)
{
	char text[512];
	bool bad = !strcmp(state(r), "failed") || !strcmp(state(r), "missed");

	snprintf(text, sizeof(text),
		 "KTAP version 1\n# run: %s\n# failure rate per operation: below 1.0e-03\n1..3\n%s 1 %s # after 132 ms, failed 1 of 9 times\nok 2 canary # ran 7 times\nok 3 barrier # SKIP not run: barriers=0\n",
		 r->name, bad ? "not ok" : "ok", !strcmp(state(r), "caught") ?
		 "caught by from_zero" : "from_zero");
	output(self->ktap ? self->ktap : text);
	say(AGENT, "= 0\n");
}

/* cat of a file of the module's debugfs. */
static void show(const char *path)
{
	char name[32] = "";
	const char *file = strrchr(path, '/') + 1;
	struct run *r = NULL;

	if (sscanf(path, "/sys/kernel/debug/reftorture/%31[^/]/", name) == 1)
		r = find(name);
	if (!strcmp(file, "error_log")) {
		output("[1.0] reftorture: control: error: pattern: there is no nonsense\n  start pattern=nonsense\n                ^\n");
		say(AGENT, "= 0\n");
	} else if (!r) {
		say(AGENT, "= 2 No such file or directory\n");
	} else if (!strcmp(file, "stats")) {
		stats(r);
	} else if (!strcmp(file, "result")) {
		result(r);
	} else {
		output("failed checks: 1\n  biography of element 5\n");
		say(AGENT, "= 0\n");
	}
}

static void die_by_command(void)
{
	if (self->survive) {
		say(AGENT, "= 5 Input/output error\n");
		return;
	}
	say(CONSOLE, self->crash ? self->crash : PANIC "sysrq triggered crash\n");
	end_machine("guest-reset");
}

static void command(const char *line)
{
	if (!strncmp(line, "cat ", 4)) {
		show(line + 4);
	} else if (strstr(line, "/control start ")) {
		start(line);
	} else if (strstr(line, "/control remove ")) {
		remove_run(line);
	} else if (!strncmp(line, "wait ", 5)) {
		usleep(20000);
		say(AGENT, "= 110 Connection timed out\n");
	} else if (!strcmp(line, "crash")) {
		die_by_command();
	} else if (!strncmp(line, "run -t ", 7)) {
		if (self->hang_in_run)
			return;
		output("TAP version 13\n1..1\nok 1 a selftest\n");
		say(AGENT, "= 0\n");
	} else {
		output(strcmp(line, "calibrate") ? "" :
		       self->calibrated ? self->calibrated : "ms 100");
		say(AGENT, "= 0\n");
	}
	if (!strcmp(line, "poweroff"))
		end_machine("guest-shutdown");
}

static void on_agent_bytes(const char *bytes, ssize_t n)
{
	static char line[8192];
	static size_t len;

	for (; n-- > 0; bytes++) {
		line[len++] = *bytes;
		if (*bytes != '\n' && len < sizeof(line))
			continue;
		line[len - 1] = '\0';
		len = 0;
		command(line);
	}
}

/* Its state is saved to a file and gone on from, as that of fake-qemu. */
static void on_migration(const char *bytes, size_t n)
{
	if (memmem(bytes, n, "\"migrate\"", 9) && state_save())
		say(QMP, "{\"event\": \"MIGRATION\", \"data\": {\"status\": \"completed\"}}\r\n");
	if (memmem(bytes, n, "\"migrate-incoming\"", 18)) {
		state_load();
		say(QMP, "{\"event\": \"RESUME\"}\r\n");
	}
}

static void on_qmp_bytes(const char *bytes, size_t n)
{
	state_dump(bytes, n);
	on_migration(bytes, n);
	if (memmem(bytes, n, "\"quit\"", 6))
		exit(0);
	if (self->alone && memmem(bytes, n, "\"cont\"", 6))
		self->alone();
	say(QMP, "{\"return\": {}}\r\n");
}

static void serve(void)
{
	struct pollfd p[2] = {
		{ fds[AGENT], POLLIN, 0 }, { fds[QMP], POLLIN, 0 },
	};
	char buf[4096];
	ssize_t n;

	while (poll(p, 2, -1) >= 0) {
		if (p[0].revents) {
			n = read(fds[AGENT], buf, sizeof(buf));
			if (n <= 0)
				exit(0);
			on_agent_bytes(buf, n);
		}
		if (p[1].revents) {
			n = state_read(fds[QMP], buf, sizeof(buf));
			if (n <= 0)
				exit(0);
			on_qmp_bytes(buf, n);
		}
	}
}

/* ---- a guest with commands of its own ---- */

#define GONE		"[    2.000000] BUG: unable to handle page fault for address: ffffffffc0201010\n" \
			"[    2.000001] #PF: supervisor instruction fetch in kernel mode\n" \
			"[    2.000002] RIP: 0010:0xffffffffc0201010\n" \
			"[    2.000003] Call Trace:\n[    2.000004]  <IRQ>\n" \
			"[    2.000005]  rcu_do_batch+0x1/0x2\n[    2.000006]  </IRQ>\n" \
			"[    2.000007] Dumping ftrace buffer:\n" \
			"[    2.000008] ---------------------------------\n" \
			"[    2.000009]   insmod-77 1d..2. 5123us : module_free: demo\n" \
			"[    2.000010] ---------------------------------\n" \
			"[    2.000011] ---[ end trace 0000000000000000 ]---\n"

static void alone_crashes(void)
{
	say(AGENT, "> insmod reftorture\n| module reftorture 0xffffffffc0201000\n= 0\n> rmmod reftorture\n");
	say(CONSOLE, GONE);
	end_machine("guest-reset");
}

static void alone_varies(void)
{
	char line[80];

	snprintf(line, sizeof(line), "[    1.000000] process %d\n", getpid());
	say(CONSOLE, line);
	alone_crashes();
}

static void alone_ends(void)
{
	say(AGENT, "> poweroff\n= 0\n");
	end_machine("guest-shutdown");
}

static void find_channels(int argc, char **argv)
{
	static const char *const formats[N_FDS] = {
		"fd=%d,set=1", "socket,id=ttyS1,fd=%d", "socket,id=ttyS2,fd=%d",
		"socket,id=qmp,fd=%d",
	};
	int i, j;

	for (i = 1; i < argc; i++) {
		debugged |= !strcmp(argv[i], "-gdb");
		incoming |= !strcmp(argv[i], "-incoming");
		if (!strcmp(argv[i], "-object"))
			state_take_memory(argv[i + 1]);
		for (j = 0; j < N_FDS; j++)
			if (sscanf(argv[i], formats[j], &fds[j]) == 1)
				break;
	}
	for (j = 0; j < N_FDS; j++)
		if (fds[j] < 0)
			exit(2);
}

static const struct outcome outcomes[] = {
	{ .name = "as-foretold" },
	{ .name = "fail", .right = "failed" },
	{ .name = "miss", .busted = "missed" },
	{ .name = "half", .ktap = "KTAP version 1\n1..3\nok 1 from_zero\nok 2 canary\n" },
	{ .name = "contradict", .ktap = "KTAP version 1\n1..1\nok 1 from_zero\n",
	  .right = "failed", .busted = "missed" },
	{ .name = "warn", .console = WARNING },
	{ .name = "die", .die_at_look = true },
	{ .name = "panic", .panic_at_look = true },
	{ .name = "silent", .silent_at_look = true },
	{ .name = "refuse", .refuse = true },
	{ .name = "endless", .endless = true },
	{ .name = "survive", .survive = true },
	{ .name = "hang", .hang_in_run = true },
	{ .name = "slow", .calibrated = "ms 1000" },
	{ .name = "alone-crash", .alone = alone_crashes },
	{ .name = "alone-varies", .alone = alone_varies },
	{ .name = "alone-clean", .alone = alone_ends },
	{ .name = "other-crash", .crash = PANIC "Attempted to kill init!\n" },
};

int main(int argc, char **argv)
{
	const char *name = getenv("FAKE_TORTURE");
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < ARRAY_SIZE(outcomes); i++)
		if (!strcmp(outcomes[i].name, name ? name : "as-foretold"))
			self = &outcomes[i];
	if (!self)
		return 2;
	if (argc > 1 && !strcmp(argv[1], "--version")) {
		printf("QEMU emulator version 0.0.0\n");
		return 0;
	}
	find_channels(argc, argv);
	say(QMP, "{\"QMP\": {\"version\": {\"qemu\": {\"major\": 0}}, \"capabilities\": []}}\r\n");
	if (!incoming)
		say(CONSOLE, "[    0.000000] Linux version 6.12.0-fake\n");
	if (!incoming)
		say(AGENT, "@ lastref 1 6.12.0-fake cpus=2\n");
	/* Nobody tells a machine with a debugger to go on; here nobody waits, either. */
	if (self->alone && debugged)
		self->alone();
	serve();
}
