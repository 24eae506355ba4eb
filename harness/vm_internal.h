/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the virtual machine share: vm_qemu.c starts it, vm.c
 * follows it, vm_talk.c speaks with its agent, vm_shell.c joins a terminal.
 */
#ifndef LASTREF_VM_INTERNAL_H
#define LASTREF_VM_INTERNAL_H

#include <sys/types.h>

#include "agent.h"
#include "logfile.h"
#include "qmp.h"
#include "vm.h"

/* The channels between runner and QEMU, in the order of their chardevs. */
enum channel {
	CH_CONSOLE,
	CH_AGENT,
	CH_SHELL,
	CH_QMP,
	N_CHARDEVS,
	CH_STDERR = N_CHARDEVS,
	N_CHANNELS,
};

/* Where a command is on its way. */
struct exchange {
	void (*out)(void *arg, const char *line);
	void *arg;
	bool waiting;
	bool answered;
	int status;
	char text[256];
	unsigned int late;	/* replies still to come that nobody wants */
	bool own;		/* the guest does a command of its own file */
};

struct vm {
	struct vm_config config;
	pid_t pid;
	int pidfd;
	int fd[N_CHANNELS];	/* our ends; -1 once closed */
	bool console_rests;	/* it is not listened to just now */
	struct qmp qmp;
	struct agent_reader *reader;
	struct logfile console, agent_log, qemu_log;
	struct exchange exchange;

	bool hello;
	bool bad_protocol;
	struct agent_line greeting;
	long long started_ms, hello_ms, heard_ms;
	size_t garbage;
	char first_garbage[128];
	int shell_out;		/* where ttyS2 goes, -1: nowhere */

	/*
	 * How it ends. "decided" is set by the first cause and never changed;
	 * "end" becomes the same once every channel is drained and QEMU reaped.
	 */
	enum vm_end decided, end;
	char reason[400];
	bool held;		/* a debugger looks at what is left */
	bool reaped, killed;
	int wait_status;
	long long ending_ms;	/* when SIGKILL is due, once decided */
	long long lost_ms;	/* QMP closed: QEMU must be gone by then */
	char problem[160];	/* the first write error on a log */
};

long long vm_now(void);

void vm_set_defaults(struct vm_config *config);

/* vm_qemu.c: fill pid, pidfd and fd[], or return a negative errno and err. */
int vm_spawn(struct vm *vm, struct errbuf *err);

/* vm_talk.c */
void vm_on_agent_line(void *arg, const struct agent_line *line);

/* Pumps until *flag, the machine's end or the time: 0, -EPIPE, -ETIMEDOUT. */
int vm_pump_until(struct vm *vm, const bool *flag, int timeout_ms);

/* vm_last.c: its memory to a file, if that is wanted; is a debugger attached? */
void vm_dump(struct vm *vm);
bool vm_debugged(const struct vm *vm);

/* vm_snapshot.c: vm_wait_hello() of a machine that goes on from a snapshot. */
int vm_resume(struct vm *vm, int timeout_ms);

#endif
