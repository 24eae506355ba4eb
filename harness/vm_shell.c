// SPDX-License-Identifier: GPL-2.0
/*
 * A terminal joined to a shell in the guest, over ttyS2.
 *
 * The agent answers its `shell` command when the shell has exited, so the exchange stays
 * open meanwhile and bytes go both ways in the same poll loop.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "vm_internal.h"

#define CTRL_BRACKET	0x1d
#define TICK_MS		20
#define PAUSE_MS	400

/* true: the user wants out, or the input has ended. */
static bool relay_input(struct vm *vm, int in_fd)
{
	struct pollfd in = { in_fd, POLLIN, 0 };
	char buf[256];
	ssize_t n;

	if (poll(&in, 1, 0) <= 0)
		return false;
	n = read(in_fd, buf, sizeof(buf));
	if (n <= 0 || memchr(buf, CTRL_BRACKET, n))
		return true;
	return vm->fd[CH_SHELL] < 0 ||
	       send(vm->fd[CH_SHELL], buf, n, MSG_NOSIGNAL) < 0;
}

/* Both wake it: what is typed, and what the machine says. */
static void wait_input(struct vm *vm, int in_fd)
{
	struct pollfd fds[2] = {
		{ in_fd, POLLIN, 0 }, { vm->fd[CH_SHELL], POLLIN, 0 },
	};

	poll(fds, 2, TICK_MS);
}

static void pump_for(struct vm *vm, int ms)
{
	long long end = vm_now() + ms;

	while (!vm->exchange.answered && vm_end(vm) == VM_RUNNING && vm_now() < end)
		vm_pump(vm, TICK_MS);
}

/*
 * The user left the shell behind: end what it does, then the shell, so that the agent
 * answers again. An interrupt empties the terminal's input, hence the pauses.
 */
static void hang_up(struct vm *vm)
{
	static const char keys[] = "\003\004\003\004\004";
	size_t i;

	/* Its last prompts would make the terminal answer into the host's shell. */
	vm->shell_out = -1;
	for (i = 0; i < sizeof(keys) - 1 && vm->fd[CH_SHELL] >= 0; i++) {
		send(vm->fd[CH_SHELL], keys + i, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
		pump_for(vm, PAUSE_MS);
	}
}

static void relay(struct vm *vm, int in_fd)
{
	while (!vm->exchange.answered && vm_end(vm) == VM_RUNNING) {
		wait_input(vm, in_fd);
		vm_pump(vm, 0);
		if (!relay_input(vm, in_fd))
			continue;
		hang_up(vm);
		break;
	}
}

int vm_shell(struct vm *vm, int in_fd, int out_fd)
{
	struct termios saved, raw;
	bool tty = !tcgetattr(in_fd, &saved);
	struct exchange *x = &vm->exchange;
	int ret;

	/* Sent with no time to wait: the reply comes when the shell exits. */
	ret = vm_command(vm, 0, NULL, NULL, "shell");
	if (ret != -ETIMEDOUT)
		return ret;
	x->late--;
	x->waiting = true;
	vm->shell_out = out_fd;
	if (tty) {
		raw = saved;
		cfmakeraw(&raw);
		tcsetattr(in_fd, TCSADRAIN, &raw);
	}
	relay(vm, in_fd);
	if (tty)
		tcsetattr(in_fd, TCSAFLUSH, &saved);
	vm->shell_out = -1;
	x->waiting = false;
	if (!x->answered)
		x->late++;
	return x->answered ? x->status :
	       vm_end(vm) == VM_RUNNING ? 0 : -EPIPE;
}
