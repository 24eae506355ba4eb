// SPDX-License-Identifier: GPL-2.0
/*
 * Following a virtual machine from its first byte to its end: see vm.h.
 *
 * One poll loop, vm_pump(), feeds each channel's bytes to whoever reads that
 * channel. An end goes through two stages: a cause is decided (QMP's event, QMP
 * lost, QEMU gone, our own wish), and the machine is then driven to be quiet:
 * `quit`, a while later SIGKILL, until every channel is at its end and the
 * process is reaped. Only then the callers see it, so no last word is lost.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vm_internal.h"

#define LOST_MS		3000	/* QMP closed: a dying QEMU has died by then */
#define QUIT_MS		2000	/* for QEMU to obey `quit` */
#define HELD_MS		500	/* how often a debugger is looked for */
#define KILL_MS		5000	/* for the kernel to obey SIGKILL */
#define CHUNK		65536
#define CONSOLE_CHUNKS	256
#define CONSOLE_REST_MS	5
#define CONSOLE_LIMIT	(64UL << 20)
#define AGENT_LIMIT	(64UL << 20)
#define QEMU_LIMIT	(256UL << 10)

static const struct {
	const char *reason;
	enum vm_end end;
	const char *words;
} qmp_reasons[] = {
	{ "guest-shutdown", VM_POWEROFF, "the guest powered off" },
	{ "guest-reset", VM_RESET, "the guest reset the machine (a panic, or a reboot)" },
	{ "guest-panic", VM_GUEST_PANIC, "the guest reported a panic" },
	{ "host-qmp-quit", VM_QUIT_BY_US, "ended by the harness" },
};

static const char *const end_names[] = {
	[VM_RUNNING] = "running",
	[VM_POWEROFF] = "poweroff",
	[VM_RESET] = "reset",
	[VM_GUEST_PANIC] = "guest-panic",
	[VM_QMP_LOST] = "qmp-lost",
	[VM_QEMU_DIED] = "qemu-died",
	[VM_QUIT_BY_US] = "quit",
	[VM_NOT_STARTED] = "not-started",
};

long long vm_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/*
 * The first cause stands. From here the machine has QUIT_MS to leave by itself,
 * or none when there is no monitor left to ask it.
 */
__printf(3, 4)
static void decide(struct vm *vm, enum vm_end end, const char *fmt, ...)
{
	va_list ap;

	if (vm->decided != VM_RUNNING)
		return;
	vm->decided = end;
	vm->ending_ms = vm_now() + (end == VM_QMP_LOST ? 0 : QUIT_MS);
	va_start(ap, fmt);
	vsnprintf(vm->reason, sizeof(vm->reason), fmt, ap);
	va_end(ap);
}

static void on_shutdown(struct vm *vm)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(qmp_reasons); i++) {
		if (strcmp(vm->qmp.reason, qmp_reasons[i].reason))
			continue;
		decide(vm, qmp_reasons[i].end, "%s (%s)", qmp_reasons[i].words,
		       vm->qmp.reason);
	}
	/* Nothing the guest did: somebody or something on the host. */
	decide(vm, VM_QEMU_DIED, "QEMU was ended from outside (%s)",
	       vm->qmp.reason);
	/* With -no-shutdown QEMU stands still now and waits for this. */
	if (vm->decided == VM_RESET || vm->decided == VM_GUEST_PANIC)
		vm_dump(vm);
	vm->held = vm_debugged(vm);
	if (!vm->held)
		qmp_quit(&vm->qmp);
}

static void on_qmp(struct vm *vm, const char *bytes, size_t n)
{
	bool before = vm->qmp.shutdown, greeted = vm->qmp.greeted;

	if (qmp_feed(&vm->qmp, bytes, n))
		decide(vm, VM_QMP_LOST, "QEMU's monitor made no sense: %s",
		       vm->qmp.error);
	/*
	 * Such a machine waits until the monitor is done with its greetings, for what
	 * QEMU's main thread does meanwhile may take the CPU from another one.
	 */
	if (vm->qmp.greeted && !greeted && vm->config.exact && !vm->config.exact->gdb)
		qmp_send(&vm->qmp, "{\"execute\": \"cont\"}", -1);
	if (vm->qmp.shutdown && !before)
		on_shutdown(vm);
}

static void on_shell(struct vm *vm, const char *bytes, size_t n)
{
	if (vm->shell_out >= 0 && write(vm->shell_out, bytes, n) < 0)
		vm->shell_out = -1;
}

static void on_bytes(struct vm *vm, int channel, const char *bytes, size_t n)
{
	if (channel < CH_QMP)
		vm->heard_ms = vm_now();
	switch (channel) {
	case CH_CONSOLE:
		logfile_add(&vm->console, bytes, n);
		if (vm->config.on_console)
			vm->config.on_console(vm->config.arg, bytes, n);
		break;
	case CH_AGENT:
		logfile_add(&vm->agent_log, bytes, n);
		agent_reader_feed(vm->reader, bytes, n);
		break;
	case CH_SHELL:
		on_shell(vm, bytes, n);
		break;
	case CH_QMP:
		on_qmp(vm, bytes, n);
		break;
	case CH_STDERR:
		logfile_add(&vm->qemu_log, bytes, n);
		break;
	}
}

static void on_channel_end(struct vm *vm, int channel)
{
	close(vm->fd[channel]);
	vm->fd[channel] = -1;
	if (channel != CH_QMP)
		return;
	/* A dying QEMU closes its channels before its parent hears of the death. */
	vm->qmp.fd = -1;
	vm->lost_ms = vm_now() + LOST_MS;
}

/* Reads once: the number of bytes, 0 if there was nothing or it has ended. */
static size_t read_channel(struct vm *vm, int channel, char *buf)
{
	ssize_t n;

	if (vm->fd[channel] < 0)
		return 0;
	n = read(vm->fd[channel], buf, CHUNK);
	if (n > 0)
		return n;
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		on_channel_end(vm, channel);
	return 0;
}

/*
 * Takes what a channel has. Before a reply or an event is acted upon, the console is
 * brought up to what had been written to it by then: bytes are read here,
 * the console is emptied, and only then the bytes are looked at. A guest
 * that floods gets no more than CONSOLE_CHUNKS of attention at a time.
 */
static void take_channel(struct vm *vm, int channel)
{
	char buf[CHUNK], text[CHUNK];
	size_t n = read_channel(vm, channel, buf), m;
	int i;

	if (channel == CH_CONSOLE)
		vm->console_rests = n && n < CHUNK;
	for (i = 0; n && channel != CH_CONSOLE && i < CONSOLE_CHUNKS; i++) {
		m = read_channel(vm, CH_CONSOLE, text);
		if (!m)
			break;
		on_bytes(vm, CH_CONSOLE, text, m);
	}
	if (n)
		on_bytes(vm, channel, buf, n);
}

static void reap(struct vm *vm)
{
	if (waitpid(vm->pid, &vm->wait_status, WNOHANG) != vm->pid)
		return;
	vm->reaped = true;
	close(vm->pidfd);
	vm->pidfd = -1;
}

/* QEMU left and nobody said why: its exit status and its own words have to do. */
static void decide_by_death(struct vm *vm)
{
	char words[200];

	logfile_last(&vm->qemu_log, words, sizeof(words));
	if (WIFSIGNALED(vm->wait_status))
		decide(vm, VM_QEMU_DIED, "QEMU was killed by signal %d (%s)%s%s",
		       WTERMSIG(vm->wait_status),
		       strsignal(WTERMSIG(vm->wait_status)),
		       *words ? ": " : "", words);
	else
		decide(vm, VM_QEMU_DIED, "QEMU exited with status %d%s%s",
		       WEXITSTATUS(vm->wait_status), *words ? ": " : "", words);
}

static bool drained(const struct vm *vm)
{
	int i;

	for (i = 0; i < N_CHANNELS; i++)
		if (vm->fd[i] >= 0)
			return false;
	return true;
}

static void note_problem(struct vm *vm, const struct logfile *log)
{
	if (log->error && !*vm->problem)
		snprintf(vm->problem, sizeof(vm->problem), "%s: %s", log->name,
			 strerror(log->error));
}

static void close_logs(struct vm *vm)
{
	logfile_close(&vm->console);
	logfile_close(&vm->agent_log);
	logfile_close(&vm->qemu_log);
	note_problem(vm, &vm->console);
	note_problem(vm, &vm->agent_log);
	note_problem(vm, &vm->qemu_log);
}

static void finish(struct vm *vm)
{
	int i;

	for (i = 0; i < N_CHANNELS; i++)
		if (vm->fd[i] >= 0)
			on_channel_end(vm, i);
	decide_by_death(vm);
	if (!vm->reaped && !*vm->problem)
		snprintf(vm->problem, sizeof(vm->problem),
			 "QEMU does not die of SIGKILL: look after process %d",
			 vm->pid);
	close_logs(vm);
	vm->end = vm->decided;
}

/*
 * What time has brought. A channel may outlive QEMU in a process QEMU started, so
 * after SIGKILL the wait for its end is bounded too.
 */
static void on_time(struct vm *vm)
{
	long long now = vm_now();

	if (vm->reaped && drained(vm)) {
		finish(vm);
		return;
	}
	if (vm->lost_ms && now >= vm->lost_ms && !vm->reaped)
		decide(vm, VM_QMP_LOST, "QEMU closed its monitor and lived on");
	if (vm->held && (vm->reaped || !vm_debugged(vm))) {
		vm->held = false;
		vm->ending_ms = now + QUIT_MS;
		qmp_quit(&vm->qmp);
	}
	if (vm->reaped && vm->decided == VM_RUNNING && !vm->ending_ms)
		vm->ending_ms = now + QUIT_MS;
	if (vm->held || !vm->ending_ms || now < vm->ending_ms)
		return;
	if (vm->killed || vm->reaped) {
		finish(vm);
		return;
	}
	kill(-vm->pid, SIGKILL);
	kill(vm->pid, SIGKILL);
	vm->killed = true;
	vm->ending_ms = now + KILL_MS;
}

/* How long poll() may sleep: the caller's time, or less if something is due. */
static int sleep_ms(const struct vm *vm, int timeout_ms)
{
	long long due = vm->ending_ms, left;

	if (vm->lost_ms && !vm->reaped && (!due || vm->lost_ms < due) &&
	    vm->decided == VM_RUNNING)
		due = vm->lost_ms;
	if (vm->held)
		due = vm_now() + HELD_MS;
	if (!due)
		return timeout_ms;
	left = due - vm_now();
	if (left < 0)
		left = 0;
	return left < timeout_ms ? (int)left : timeout_ms;
}

/*
 * A guest writes its console byte by byte. To be woken for each is dearer than the byte, so
 * after some of them the console is left alone for a moment; the pipe keeps what comes.
 */
static int wait_for_events(struct vm *vm, struct pollfd *fds, int timeout_ms)
{
	int i, ms = sleep_ms(vm, timeout_ms);

	for (i = 0; i < N_CHANNELS; i++)
		fds[i] = (struct pollfd){ vm->fd[i], POLLIN, 0 };
	fds[N_CHANNELS] = (struct pollfd){ vm->pidfd, POLLIN, 0 };
	if (vm->console_rests) {
		fds[CH_CONSOLE].fd = -1;
		ms = ms < CONSOLE_REST_MS ? ms : CONSOLE_REST_MS;
	}
	vm->console_rests = false;
	return poll(fds, N_CHANNELS + 1, ms);
}

int vm_pump(struct vm *vm, int timeout_ms)
{
	struct pollfd fds[N_CHANNELS + 1];
	int i, n;

	if (vm->end != VM_RUNNING)
		return -EPIPE;
	n = wait_for_events(vm, fds, timeout_ms);
	for (i = 0; n > 0 && i < N_CHANNELS; i++)
		if (fds[i].revents)
			take_channel(vm, i);
	if (n > 0 && fds[N_CHANNELS].revents)
		reap(vm);
	on_time(vm);
	if (vm->end != VM_RUNNING)
		return -EPIPE;
	return n > 0;
}

static int open_logs(struct vm *vm)
{
	const char *dir = vm->config.dir;
	int err;

	err = logfile_open(&vm->console, dir, "console.log",
			   vm->config.console_limit);
	if (!err)
		err = logfile_open(&vm->agent_log, dir, "agent.log", AGENT_LIMIT);
	if (!err)
		err = logfile_open(&vm->qemu_log, dir, "qemu.log", QEMU_LIMIT);
	return err;
}

void vm_set_defaults(struct vm_config *c)
{
	if (!c->qemu)
		c->qemu = "qemu-system-x86_64";
	if (!c->cpus)
		c->cpus = 2;
	if (!c->memory_mb)
		c->memory_mb = 512;
	if (!c->console_limit)
		c->console_limit = CONSOLE_LIMIT;
}

static void release(struct vm *vm)
{
	logfile_free(&vm->console);
	logfile_free(&vm->agent_log);
	logfile_free(&vm->qemu_log);
	agent_reader_free(vm->reader);
	qmp_free(&vm->qmp);
	free(vm);
}

struct vm *vm_start(const struct vm_config *config, struct errbuf *err)
{
	struct vm *vm = calloc(1, sizeof(*vm));
	int ret;

	if (!vm) {
		errbuf_set(err, "out of memory");
		return NULL;
	}
	vm->config = *config;
	vm_set_defaults(&vm->config);
	vm->pidfd = -1;
	vm->shell_out = -1;
	vm->console.fd = -1;
	vm->agent_log.fd = -1;
	vm->qemu_log.fd = -1;
	vm->reader = agent_reader_new(vm_on_agent_line, vm);
	ret = open_logs(vm);
	if (!ret)
		ret = qmp_init(&vm->qmp);
	if (ret || !vm->reader) {
		errbuf_set(err, "%s: no logs can be written there: %s",
			   config->dir ? config->dir : "-", strerror(-ret));
		release(vm);
		return NULL;
	}
	/* A file size limit is an error like a full disk, not a reason to die. */
	signal(SIGXFSZ, SIG_IGN);
	vm->started_ms = vm_now();
	vm->heard_ms = vm->started_ms;
	if (vm_spawn(vm, err)) {
		release(vm);
		return NULL;
	}
	vm->qmp.fd = vm->fd[CH_QMP];
	return vm;
}

void vm_stop(struct vm *vm)
{
	if (vm->end != VM_RUNNING)
		return;
	decide(vm, VM_QUIT_BY_US, "ended by the harness");
	vm->held = false;
	qmp_quit(&vm->qmp);
	while (vm->end == VM_RUNNING)
		vm_pump(vm, 1000);
}

void vm_free(struct vm *vm)
{
	if (!vm)
		return;
	vm_stop(vm);
	release(vm);
}

enum vm_end vm_end(const struct vm *vm)
{
	return vm->end;
}

const char *vm_end_name(enum vm_end end)
{
	return end_names[end];
}

const char *vm_end_reason(const struct vm *vm)
{
	return vm->reason;
}

long vm_quiet_ms(const struct vm *vm)
{
	return vm_now() - vm->heard_ms;
}

size_t vm_console_dropped(const struct vm *vm)
{
	return logfile_dropped(&vm->console);
}

const char *vm_log_problem(const struct vm *vm)
{
	return *vm->problem ? vm->problem : NULL;
}
