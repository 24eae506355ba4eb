// SPDX-License-Identifier: GPL-2.0
/*
 * Starting QEMU: its command line, its descriptors, its process.
 *
 * The console shows warnings already during the boot, because a splat below the
 * console's level would never be seen; earlyprintk shows what dies before there is a
 * console. An emulated clock on a busy host looks broken to a kernel that checks
 * it, so it is told not to. The caller's append comes last and may undo all this.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "content.h"
#include "tsc.h"
#include "vm_internal.h"

#define ARGS_MAX	64
#define CHANNEL_BUFFER	1048576

#define APPEND_DEFAULT	"console=ttyS0 earlyprintk=ttyS0 loglevel=5 " \
			"printk.devkmsg=on panic=-1 oops=panic " \
			"tsc=reliable no_timer_check"

/*
 * Who runs, softirqs, work and modules: few enough to leave a race what it is. With
 * the ring as small as it can be the last of them take no time on the console.
 */
#define APPEND_TRACE	" ftrace_dump_on_oops trace_buf_size=4k trace_event=" \
			"sched:sched_switch,irq:softirq_entry," \
			"workqueue:workqueue_execute_start,module:*"

/*
 * The console comes byte by byte, up to 40 KB in a crash. In a socket each of them has a buffer of
 * its own, and when all are taken the guest's port waits for us, which is seen in a guest
 * whose time is made of instructions; in a pipe they share its pages.
 */
static bool is_pipe(int channel)
{
	return channel == CH_CONSOLE || channel == CH_STDERR;
}

static const char *const channel_names[N_CHARDEVS] = {
	[CH_CONSOLE] = "ttyS0",
	[CH_AGENT] = "ttyS1",
	[CH_SHELL] = "ttyS2",
	[CH_QMP] = "qmp",
};

/*
 * Nested KVM may refuse to set the arch capabilities, and QEMU then aborts.
 *
 * No five-level page tables: identify_cpu() clears the feature bits for a
 * moment at boot, KASAN then takes every address for a wild one, and an
 * interrupt that comes just then leaves a report before PID 1, after which
 * lockdep is off. On a busy machine that was three boots of ten.
 */
static const char *const cpu_models[] = {
	[ACCEL_TCG] = "max,-la57",
	[ACCEL_KVM] = "max,-arch-capabilities,-la57",
};

struct command_line {
	char *args[ARGS_MAX];
	int n;
	bool failed;
};

__printf(2, 3)
static void arg(struct command_line *cl, const char *fmt, ...)
{
	va_list ap;

	if (cl->n == ARGS_MAX - 1) {
		cl->failed = true;
		return;
	}
	va_start(ap, fmt);
	if (vasprintf(&cl->args[cl->n], fmt, ap) < 0)
		cl->failed = true;
	else
		cl->args[++cl->n] = NULL;
	va_end(ap);
}

static void free_command_line(struct command_line *cl)
{
	while (cl->n)
		free(cl->args[--cl->n]);
}

static const char *trace_arg(const struct vm_config *c)
{
	return c->trace ? APPEND_TRACE : "";
}

/* KVM tells its guests by itself; time made of instructions is not ours. */
static const char *tsc_arg(const struct vm_config *c)
{
	static char text[40];

	if (c->exact)
		return " nokaslr";
	if (c->accel == ACCEL_KVM || !tsc_khz())
		return "";
	snprintf(text, sizeof(text), " tsc_early_khz=%lu", tsc_khz());
	return text;
}

/* A comma in the value of a suboption is written twice. */
static void arg_memory(struct command_line *cl, const struct vm_config *c)
{
	const char *path = c->from ? c->from->memory : c->memory_file, *p;
	char file[PATH_MAX], *to = file;

	if (!path)
		return;
	for (p = path; *p && to < file + sizeof(file) - 2; p++) {
		*to++ = *p;
		if (*p == ',')
			*to++ = ',';
	}
	*to = '\0';
	if (*p)
		cl->failed = true;
	arg(cl, "-object");
	arg(cl, "memory-backend-file,id=ram,size=%uM,share=%s,mem-path=%s",
	    c->memory_mb, c->from ? "off" : "on", file);
	arg(cl, "-machine");
	arg(cl, "memory-backend=ram");
}

/* A kernel to boot, or nothing: all that is in the snapshot. */
static void boot_args(struct command_line *cl, const struct vm_config *c)
{
	if (c->from) {
		arg(cl, "-incoming");
		arg(cl, "defer");
		return;
	}
	arg(cl, "-kernel");
	arg(cl, "%s", c->kernel);
	arg(cl, "-initrd");
	arg(cl, "%s", c->initrd);
	arg(cl, "-append");
	arg(cl, APPEND_DEFAULT "%s%s%s%s", trace_arg(c), tsc_arg(c),
	    c->append ? " " : "", c->append ? c->append : "");
}

static void exact_args(struct command_line *cl, const struct vm_exact *e)
{
	const char *log = e->record ? e->record : e->replay;

	arg(cl, "-icount");
	if (log) {
		arg(cl, "shift=%u,rr=%s,rrfile=%s,rrsnapshot=start", e->shift,
		    e->record ? "record" : "replay", log);
		arg(cl, "-drive");
		arg(cl, "file=%s,format=qcow2,if=none,id=snapshots", e->disk);
	} else {
		arg(cl, "shift=%u,sleep=off", e->shift);
	}
	/* RDRAND must not bring in the host's. */
	arg(cl, "-seed");
	arg(cl, "%llu", e->seed);
	/* The host's date would be seen in the guest's. */
	arg(cl, "-rtc");
	arg(cl, "base=2024-01-01,clock=vm");
	arg(cl, "-S");
	if (!e->gdb)
		return;
	arg(cl, "-gdb");
	arg(cl, "unix:path=%s,server=on,wait=off", e->gdb);
}

static void machine_args(struct command_line *cl, const struct vm_config *c)
{
	enum accel accel = c->exact ? ACCEL_TCG : c->accel;

	arg(cl, "%s", c->qemu);
	arg(cl, "-no-user-config");
	arg(cl, "-nodefaults");
	arg(cl, "-display");
	arg(cl, "none");
	arg(cl, "-no-reboot");
	arg(cl, "-no-shutdown");
	arg(cl, "-M");
	arg(cl, "q35");
	arg(cl, "-accel");
	arg(cl, "%s", accel_option(accel, c->exact || c->one_thread));
	arg(cl, "-cpu");
	arg(cl, "%s", cpu_models[accel]);
	arg(cl, "-smp");
	arg(cl, "%u", c->cpus);
	arg(cl, "-m");
	arg(cl, "%u", c->memory_mb);
	if (c->exact)
		exact_args(cl, c->exact);
}

/* The clock's frequency is measured and never twice the same: it is left out. */
unsigned long long vm_config_hash(const struct vm_config *config)
{
	unsigned long long hash = CONTENT_SEED;
	struct command_line cl = { .n = 0 };
	struct vm_config c = *config;
	int i;

	vm_set_defaults(&c);
	machine_args(&cl, &c);
	arg(&cl, APPEND_DEFAULT "%s%s", trace_arg(&c), c.append ? c.append : "");
	for (i = 1; i < cl.n; i++)
		hash = content_hash(hash, cl.args[i], strlen(cl.args[i]) + 1);
	free_command_line(&cl);
	return hash;
}

/*
 * A file for QEMU is a pipe for us. It is opened for appending because QEMU would else
 * truncate it, which a pipe refuses.
 */
static void channel_args(struct command_line *cl, const int *fds)
{
	int i;

	arg(cl, "-add-fd");
	arg(cl, "fd=%d,set=1", fds[CH_CONSOLE]);
	for (i = 0; i < N_CHARDEVS; i++) {
		arg(cl, "-chardev");
		if (is_pipe(i))
			arg(cl, "file,id=%s,path=/dev/fdset/1,append=on", channel_names[i]);
		else
			arg(cl, "socket,id=%s,fd=%d", channel_names[i], fds[i]);
		arg(cl, i == CH_QMP ? "-mon" : "-serial");
		arg(cl, i == CH_QMP ? "chardev=%s,mode=control" : "chardev:%s",
		    channel_names[i]);
	}
}

static void write_quoted(FILE *f, const char *word)
{
	fputc('\'', f);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", f);
		else
			fputc(*word, f);
	}
	fputs("' ", f);
}

static int write_command(const struct vm *vm, const struct command_line *cl,
			 int n_machine)
{
	char path[PATH_MAX];
	FILE *f;
	int i;

	if (!vm->config.dir)
		return 0;
	snprintf(path, sizeof(path), "%s/qemu.cmd", vm->config.dir);
	f = fopen(path, "we");
	if (!f)
		return -errno;
	fputs("# As it was run; fd=N are pipes and socket pairs of the runner:\n# ", f);
	for (i = 0; i < cl->n; i++)
		write_quoted(f, cl->args[i]);
	if (vm->config.from) {
		fprintf(f, "\n# It went on from a snapshot: %s\n", vm->config.from->state);
		return fclose(f) ? -errno : 0;
	}
	fputs("\n# By hand, the console on this terminal (Ctrl-a x ends it):\n", f);
	for (i = 0; i < n_machine; i++)
		write_quoted(f, cl->args[i]);
	fputs("-serial mon:stdio\n", f);
	return fclose(f) ? -errno : 0;
}

/*
 * QEMU's main thread may find a timer of the guest due before the thread of the CPUs does,
 * and what it then does changes the order in which these take turns. It comes to
 * that where both run at once, or where one wakes and preempts the other.
 */
static void take_one_cpu(void)
{
	struct sched_param none = { .sched_priority = 0 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	sched_setscheduler(0, SCHED_BATCH, &none);
}

/* In the child: only what is safe between fork() and exec(). */
static void become_qemu(const int *theirs, int errors, int report, pid_t parent,
			bool exact, char *const argv[])
{
	sigset_t none;
	int null, i;

	setpgid(0, 0);
	if (exact)
		take_one_cpu();
	child_die_with_parent(parent);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	null = open("/dev/null", O_RDONLY);
	dup2(null, 0);
	dup2(errors, 1);
	dup2(errors, 2);
	/* Whatever else the runner has open is none of QEMU's business. */
	syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
	for (i = 0; i < N_CHARDEVS; i++)
		fcntl(theirs[i], F_SETFD, 0);
	execvp(argv[0], argv);
	i = errno;
	if (write(report, &i, sizeof(i)) != sizeof(i))
		_exit(126);
	_exit(127);
}

static void close_all(int *fds, int n)
{
	while (n--) {
		if (fds[n] >= 0)
			close(fds[n]);
		fds[n] = -1;
	}
}

static int make_channels(int *ours, int *theirs)
{
	int i, size = CHANNEL_BUFFER, pair[2];

	for (i = 0; i < N_CHANNELS; i++) {
		ours[i] = -1;
		theirs[i] = -1;
	}
	for (i = 0; i < N_CHANNELS; i++) {
		if (is_pipe(i) ? pipe2(pair, O_CLOEXEC) :
		    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
			return -errno;
		ours[i] = pair[0];
		theirs[i] = pair[1];
		fcntl(ours[i], F_SETFL, O_NONBLOCK);
		/* As much as a guest may say while its caller is busy. */
		if (is_pipe(i))
			fcntl(theirs[i], F_SETPIPE_SZ, size);
		else
			setsockopt(theirs[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	}
	return 0;
}

/* Forks and waits for exec(): 0, or why it failed. */
static int launch(struct vm *vm, int *theirs, char *const argv[])
{
	int report[2], err = 0;
	pid_t parent = getpid();

	if (pipe2(report, O_CLOEXEC))
		return -errno;
	vm->pid = fork();
	if (vm->pid == 0)
		become_qemu(theirs, theirs[CH_STDERR], report[1], parent,
			    vm->config.exact, argv);
	close(report[1]);
	if (vm->pid < 0)
		err = errno;
	else if (read(report[0], &err, sizeof(err)) != sizeof(err))
		err = 0;
	close(report[0]);
	if (vm->pid > 0 && !err) {
		vm->pidfd = syscall(SYS_pidfd_open, vm->pid, 0);
		if (vm->pidfd >= 0)
			return 0;
		err = errno;
	}
	if (vm->pid > 0) {
		kill(vm->pid, SIGKILL);
		waitpid(vm->pid, NULL, 0);
	}
	return -err;
}

int vm_spawn(struct vm *vm, struct errbuf *err)
{
	struct command_line cl = { .n = 0 };
	int theirs[N_CHANNELS], n_machine, ret;

	ret = make_channels(vm->fd, theirs);
	machine_args(&cl, &vm->config);
	arg_memory(&cl, &vm->config);
	boot_args(&cl, &vm->config);
	n_machine = cl.n;
	channel_args(&cl, theirs);
	if (cl.failed)
		ret = -ENOMEM;
	if (!ret && write_command(vm, &cl, n_machine))
		snprintf(vm->problem, sizeof(vm->problem), "qemu.cmd: %s",
			 strerror(errno));
	if (!ret)
		ret = launch(vm, theirs, cl.args);
	close_all(theirs, N_CHANNELS);
	free_command_line(&cl);
	if (!ret)
		return 0;
	close_all(vm->fd, N_CHANNELS);
	errbuf_set(err, "%s cannot be started: %s: %s", vm->config.qemu,
		   strerror(-ret), ret == -ENOENT ?
		   "install qemu-system-x86 (make deps)" : "try it by hand");
	return ret;
}
