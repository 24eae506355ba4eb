/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One virtual machine: a QEMU child, its console, its agent and its QMP.
 *
 * QEMU gets one end of a pipe or socket pair a channel as an inherited descriptor, so
 * nothing is left in the file system and nobody else can connect:
 *
 *   ttyS0  the console, only read: console.log and on_console()
 *   ttyS1  the agent (PID 1 of the guest): vm_command(), agent.log
 *   ttyS2  vm_shell()
 *   QMP    the life cycle: why the machine stopped
 *   stderr QEMU's own complaints: qemu.log
 *
 * The API is synchronous and has no thread. Each waiting call polls all
 * channels until it has what it wants or its time is over; a caller with other
 * work to do calls vm_pump() a few times a second, because a guest whose
 * console is not read stands still.
 *
 * How a machine ended is decided by the first of: QMP's SHUTDOWN event, QMP
 * closed by QEMU while QEMU lives, QEMU dead. Silence is not an end: it is for the
 * caller to judge, with vm_quiet_ms(). An end other than VM_RUNNING is reported only
 * after the last byte of every channel has been read and QEMU was reaped.
 *
 * QEMU dies with the thread that started it (PR_SET_PDEATHSIG), however that
 * dies: start a machine from a thread that outlives it.
 *
 * When vm_command() returns, everything the console had said before the reply
 * has been delivered, so the console can be cut into commands.
 *
 * A write error on a log (a full disk) does not stop the machine: it is kept, once, in
 * vm_log_problem(), and on_console() still sees every byte.
 */
#ifndef LASTREF_VM_H
#define LASTREF_VM_H

#include <stdbool.h>
#include <stddef.h>

#include "accel.h"
#include "errbuf.h"

struct vm;

enum vm_end {
	VM_RUNNING,
	VM_POWEROFF,		/* QMP: guest-shutdown */
	VM_RESET,		/* QMP: guest-reset; a panic with panic=-1, or a reboot */
	VM_GUEST_PANIC,		/* QMP: guest-panic */
	VM_QMP_LOST,		/* QMP ended or turned to nonsense, QEMU lived on */
	VM_QEMU_DIED,		/* QEMU left without a SHUTDOWN event */
	VM_QUIT_BY_US,		/* vm_stop() */
	VM_NOT_STARTED,		/* QEMU was never executed */
};

/*
 * A machine that stands still: what vm_save() leaves, and what any number of
 * machines may go on from, each with a copy of its own (see clone.h).
 */
struct vm_snapshot {
	const char *memory;	/* file: the guest's memory */
	const char *state;	/* file: the state of its devices and CPUs */
	const char *release;	/* what its PID 1 said in its hello */
	unsigned int cpus;
};

/*
 * A machine whose time is the number of its instructions, so that what it does is a
 * function of what it is given: the same kernel, image, arguments and shift give
 * the same console, bit for bit, as long as nobody sends it anything. One thread runs
 * all of its CPUs. Not with KVM, and lost when gone on from a snapshot.
 */
struct vm_exact {
	unsigned int shift;	/* an instruction takes 2^shift ns */
	unsigned long long seed;	/* of the CPU's random numbers */
	const char *record;	/* a file that will hold all that came from outside ... */
	const char *replay;	/* ... or that does; with 1 CPU only */
	const char *disk;	/* with either: keeps the snapshots that lead back in time */
	const char *gdb;	/* a socket: the machine waits for a debugger there */
};

struct vm_config {
	const char *qemu;	/* NULL: qemu-system-x86_64 */
	const char *kernel;	/* from boot_kernel_path() */
	const char *initrd;
	const char *append;	/* after the defaults, so it overrides; or NULL */
	unsigned int cpus;	/* 0: 2 */
	unsigned int memory_mb;	/* 0: 512 */
	enum accel accel;
	bool one_thread;	/* emulated CPUs take turns in one thread of QEMU */
	const struct vm_exact *exact;	/* NULL: as fast as can be */
	const char *memory_file;	/* becomes the guest's memory; NULL: QEMU's own */
	const struct vm_snapshot *from;	/* go on from there, do not boot; or NULL */
	bool trace;		/* its last trace events come with a crash: trace.h */
	/*
	 * The guest has crashed, and everything it said was delivered: where its
	 * memory goes, or NULL for nowhere.
	 */
	const char *(*dump)(void *arg);
	const char *dir;	/* console.log agent.log qemu.cmd qemu.log; NULL: none */
	size_t console_limit;	/* bytes kept in console.log; 0: 64 MiB */
	/* A new boot begins: attempt 1, or 2 after one that never said hello. */
	void (*on_boot)(void *arg, int attempt);
	/* Every byte of the console in order, also beyond console_limit. */
	void (*on_console)(void *arg, const char *bytes, size_t n);
	void *arg;
};

/* Returns NULL and fills err if QEMU could not be executed. */
struct vm *vm_start(const struct vm_config *config, struct errbuf *err);

/*
 * A machine that goes on from a snapshot has said its hello long ago: for it
 * this waits until it runs.
 * 0; -ETIMEDOUT: the guest runs but said nothing; -EPIPE: the machine ended,
 * see vm_end(); -EPROTO: the guest speaks another protocol version.
 */
int vm_wait_hello(struct vm *vm, int timeout_ms);

/*
 * vm_start() and vm_wait_hello(), once more if the kernel came up but never
 * reached PID 1: a boot that dies before PID 1 is a matter of the harness, not
 * of the test. *retries says how often; the logs of the failed boot are kept
 * as *.boot1. NULL with err if there is no running machine in the end.
 */
struct vm *vm_boot(const struct vm_config *config, int hello_ms, int *retries,
		   struct errbuf *err);

/*
 * Send one agent command, without its newline, and wait for the reply. Each
 * output line goes to out() (may be NULL) as the agent escaped it.
 * Returns the guest's status >= 0, whose text is vm_status_text(); or
 * -ETIMEDOUT, -EPIPE (the machine ended), -E2BIG (the line is too long),
 * -EINVAL (it holds a newline). After -ETIMEDOUT the late reply is thrown
 * away by the next command, which waits for it first.
 */
__printf(5, 6)
int vm_command(struct vm *vm, int timeout_ms,
	       void (*out)(void *arg, const char *line), void *arg,
	       const char *fmt, ...);

/* The words behind the last status, "" if none. */
const char *vm_status_text(const struct vm *vm);

/* Events only, for this long at most; returns at once when one was handled. */
int vm_pump(struct vm *vm, int timeout_ms);

/*
 * Saves a machine that has memory_file and has said hello: its memory is in that
 * file, its devices go to the file @state, and the machine goes no further.
 * 0, or a negative errno and err. The machine is to be freed either way.
 */
int vm_save(struct vm *vm, const char *state, int timeout_ms, struct errbuf *err);

/*
 * What machines of this configuration have in common apart from the contents of
 * their files: QEMU's arguments, as a key for a cache.
 */
unsigned long long vm_config_hash(const struct vm_config *config);

/*
 * From here on SIGINT, SIGTERM and SIGHUP do not end this process: what waits for a
 * machine returns -EINTR, and so does all that waits after it.
 */
void vm_heed_signals(void);
bool vm_interrupted(void);

/* Until the machine has ended by itself: 0, -EINTR or -ETIMEDOUT. */
int vm_wait_end(struct vm *vm, int timeout_ms);

/*
 * Join the terminal (or any two descriptors) to /bin/sh in the guest until the
 * shell exits, in_fd ends or Ctrl-] is typed. Returns the shell's status, or
 * an error as vm_command().
 */
int vm_shell(struct vm *vm, int in_fd, int out_fd);

enum vm_end vm_end(const struct vm *vm);

/* One word for an end: "poweroff", "reset", "qemu-died" ... */
const char *vm_end_name(enum vm_end end);

/* A sentence: QMP's reason, or QEMU's signal or exit status and its first lines. */
const char *vm_end_reason(const struct vm *vm);

/* From PID 1's hello, NULL and 0 before it. */
const char *vm_release(const struct vm *vm);
unsigned int vm_cpus(const struct vm *vm);
bool vm_hello_seen(const struct vm *vm);

/* From exec to hello; 0 before it. */
long vm_boot_ms(const struct vm *vm);

/* How long no byte has come from the guest on any channel. */
long vm_quiet_ms(const struct vm *vm);

/* Console bytes that went beyond console_limit: seen, not kept. */
size_t vm_console_dropped(const struct vm *vm);

/* NULL, or the first write error on a log: "console.log: No space left on device". */
const char *vm_log_problem(const struct vm *vm);

/* Lines on the agent's channel that are no part of the protocol; *first may be NULL. */
size_t vm_agent_garbage(const struct vm *vm, const char **first);

/* Ends QEMU, politely for a second, then by SIGKILL; reads what is left. */
void vm_stop(struct vm *vm);

/* vm_stop() if need be, then forget it. NULL is fine. */
void vm_free(struct vm *vm);

#endif
