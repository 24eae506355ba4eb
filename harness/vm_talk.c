// SPDX-License-Identifier: GPL-2.0
/*
 * Speaking with the agent: the hello, a command and its one reply, a boot.
 *
 * The protocol has no sequence numbers, because it needs none: each command has
 * exactly one reply, in order. A reply that came too late is known by counting,
 * and the reply to a command of the guest's own file by the echo before it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vm_internal.h"

#define HEED_MS		1000

static void on_hello(struct vm *vm, const struct agent_line *line)
{
	vm->greeting = *line;
	vm->greeting.text = NULL;
	vm->bad_protocol = line->protocol != AGENT_PROTOCOL;
	vm->hello = true;
	vm->hello_ms = vm_now();
}

static void on_output(struct vm *vm, const struct agent_line *line)
{
	struct exchange *x = &vm->exchange;

	if (x->waiting && !x->late && !x->own && x->out)
		x->out(x->arg, line->text);
}

static void on_status(struct vm *vm, const struct agent_line *line)
{
	struct exchange *x = &vm->exchange;

	if (x->own) {
		x->own = false;
	} else if (x->late) {
		x->late--;
	} else if (x->waiting) {
		x->waiting = false;
		x->answered = true;
		x->status = line->status;
		snprintf(x->text, sizeof(x->text), "%s", line->text);
	}
}

static void on_garbage(struct vm *vm, const struct agent_line *line)
{
	if (!vm->garbage++)
		snprintf(vm->first_garbage, sizeof(vm->first_garbage), "%s",
			 line->text);
}

static void on_echo(struct vm *vm, const struct agent_line *line)
{
	(void)line;
	vm->exchange.own = true;
}

void vm_on_agent_line(void *arg, const struct agent_line *line)
{
	static void (*const handlers[])(struct vm *vm,
					const struct agent_line *line) = {
		[AGENT_HELLO] = on_hello,
		[AGENT_ECHO] = on_echo,
		[AGENT_OUTPUT] = on_output,
		[AGENT_STATUS] = on_status,
		[AGENT_GARBAGE] = on_garbage,
	};

	handlers[line->kind](arg, line);
}

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

void vm_heed_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

bool vm_interrupted(void)
{
	return interrupted;
}

int vm_pump_until(struct vm *vm, const bool *flag, int timeout_ms)
{
	long long end = vm_now() + timeout_ms, left;

	while (!*flag) {
		if (vm_end(vm) != VM_RUNNING)
			return -EPIPE;
		if (interrupted)
			return -EINTR;
		left = end - vm_now();
		if (left <= 0)
			return -ETIMEDOUT;
		/* A signal just before is not missed for longer than this. */
		vm_pump(vm, left < HEED_MS ? (int)left : HEED_MS);
	}
	return 0;
}

int vm_wait_hello(struct vm *vm, int timeout_ms)
{
	int err = vm->config.from ? vm_resume(vm, timeout_ms) :
				    vm_pump_until(vm, &vm->hello, timeout_ms);

	return !err && vm->bad_protocol ? -EPROTO : err;
}

int vm_wait_end(struct vm *vm, int timeout_ms)
{
	static const bool never;

	int ret = vm_pump_until(vm, &never, timeout_ms);

	return ret == -EPIPE ? 0 : ret;
}

/* The whole line or nothing: a half command would swallow the next one. */
static int send_line(struct vm *vm, const char *line, size_t len, int timeout_ms)
{
	long long end = vm_now() + timeout_ms;
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		if (vm->fd[CH_AGENT] < 0 || vm_end(vm) != VM_RUNNING)
			return -EPIPE;
		n = send(vm->fd[CH_AGENT], line + done, len - done,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			done += n;
			continue;
		}
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -EPIPE;
		/* Once begun it has to be finished, however long the guest sleeps. */
		if (!done && vm_now() >= end)
			return -ETIMEDOUT;
		vm_pump(vm, 20);
	}
	return 0;
}

static int exchange(struct vm *vm, int timeout_ms, const char *line, size_t len)
{
	struct exchange *x = &vm->exchange;
	int err;

	x->answered = false;
	x->waiting = false;
	x->text[0] = '\0';
	logfile_add(&vm->agent_log, "< ", 2);
	logfile_add(&vm->agent_log, line, len);
	err = send_line(vm, line, len, timeout_ms);
	if (err)
		return err;
	x->waiting = true;
	err = vm_pump_until(vm, &x->answered, timeout_ms);
	x->waiting = false;
	if (err == -ETIMEDOUT)
		x->late++;
	return err ? err : x->status;
}

int vm_command(struct vm *vm, int timeout_ms,
	       void (*out)(void *arg, const char *line), void *arg,
	       const char *fmt, ...)
{
	char line[AGENT_COMMAND_MAX + 1];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (n < 0 || n >= (int)sizeof(line) - 1)
		return -E2BIG;
	if (!n || strpbrk(line, "\r\n"))
		return -EINVAL;
	if (vm_end(vm) != VM_RUNNING)
		return -EPIPE;
	line[n++] = '\n';
	vm->exchange.out = out;
	vm->exchange.arg = arg;
	return exchange(vm, timeout_ms, line, n);
}

const char *vm_status_text(const struct vm *vm)
{
	return vm->exchange.text;
}

const char *vm_release(const struct vm *vm)
{
	return vm->hello ? vm->greeting.release : NULL;
}

unsigned int vm_cpus(const struct vm *vm)
{
	return vm->hello ? vm->greeting.cpus : 0;
}

bool vm_hello_seen(const struct vm *vm)
{
	return vm->hello;
}

long vm_boot_ms(const struct vm *vm)
{
	return vm->hello ? vm->hello_ms - vm->started_ms : 0;
}

size_t vm_agent_garbage(const struct vm *vm, const char **first)
{
	if (first)
		*first = vm->first_garbage;
	return vm->garbage;
}
