// SPDX-License-Identifier: GPL-2.0
/*
 * How a machine ends, with a QEMU that does everything wrong.
 *
 * A case starts a fake QEMU with one behaviour, does what the harness would do, and
 * checks three things: the answer, how the machine is said to have ended, and
 * that both took a bounded time.
 */
#include <errno.h>
#include <sys/resource.h>

#include "machine.h"

static void resets(void)
{
	struct vm *vm = start_up("clean");

	command(vm, "reboot");
	ends(vm, VM_RESET, "guest-reset", 5000);
}

static void guest_panic(void)
{
	struct vm *vm = start_up("clean");

	command(vm, "panicked");
	ends(vm, VM_GUEST_PANIC, "guest-panic", 5000);
}

static void host_signal(void)
{
	struct vm *vm = start_up("host-signal");

	kt_check(command(vm, "x") == -EPIPE, "it answered");
	ends(vm, VM_QEMU_DIED, "host-signal", 5000);
}

static void not_there(void)
{
	struct vm_config config = config_for("clean");
	struct errbuf err = { "" };

	config.qemu = "/nonexistent/qemu";
	kt_check(!vm_start(&config, &err), "it was started");
	kt_check(strstr(err.text, "No such file"), "%s", err.text);
}

static void no_directory(void)
{
	struct vm_config config = config_for("clean");
	struct errbuf err = { "" };

	config.dir = "/nonexistent";
	kt_check(!vm_start(&config, &err), "it was started");
	kt_check(strstr(err.text, "/nonexistent"), "%s", err.text);
}

static void aborts(void)
{
	struct vm *vm = start("abort");

	kt_check(vm_wait_hello(vm, HELLO_MS) == -EPIPE, "it came up");
	ends(vm, VM_QEMU_DIED, "signal 6", 5000);
}

static void refuses(void)
{
	struct vm *vm = start("refuse");

	kt_check(vm_wait_hello(vm, HELLO_MS) == -EPIPE, "it came up");
	ends(vm, VM_QEMU_DIED, "status 1: qemu-system-x86_64: -accel kvm", 5000);
	kt_check(file_has("qemu.log", "invalid accelerator"), "no qemu.log");
}

static void mute(void)
{
	struct vm *vm = start("mute");

	kt_check(vm_wait_hello(vm, 300) == -ETIMEDOUT, "it came up");
	kt_check(vm_end(vm) == VM_RUNNING, "it ended");
	vm_stop(vm);
	ends(vm, VM_QUIT_BY_US, "harness", 3000);
}

static void hangs(void)
{
	struct vm *vm = start_up("hang");

	kt_check(vm_command(vm, 300, NULL, NULL, "x") == -ETIMEDOUT, "it answered");
	kt_check(vm_quiet_ms(vm) >= 290, "quiet for %ld ms", vm_quiet_ms(vm));
	vm_stop(vm);
	ends(vm, VM_QUIT_BY_US, "harness", 3000);
}

static void deaf(void)
{
	struct vm *vm = start_up("deaf");

	vm_stop(vm);
	ends(vm, VM_QUIT_BY_US, "harness", 6000);
}

static void deaf_after_poweroff(void)
{
	struct vm *vm = start_up("deaf-poweroff");

	command(vm, "poweroff");
	ends(vm, VM_POWEROFF, "guest-shutdown", 6000);
}

static void floods(void)
{
	const long limit = 1 << 20, flood = 50L << 20;
	struct vm_config config = config_for("flood");
	struct errbuf err = { "" };
	struct vm *vm;

	config.console_limit = limit;
	vm = vm_start(&config, &err);
	if (!kt_check(vm && !vm_wait_hello(vm, HELLO_MS), "%s", err.text))
		return;
	kt_check(command(vm, "x") == 0, "no answer after the flood");
	kt_check(seen.console > (size_t)flood, "saw %zu bytes", seen.console);
	command(vm, "poweroff");
	/* The fake floods again before it answers. */
	vm_stop(vm);
	kt_check(vm_console_dropped(vm) > (size_t)flood / 2, "dropped %zu",
		 vm_console_dropped(vm));
	vm_free(vm);
	kt_check(now_ms() - started < 60000, "%lld ms", now_ms() - started);
	kt_check(file_size("console.log") >= limit &&
		 file_size("console.log") < limit + (256 << 10),
		 "console.log has %ld bytes", file_size("console.log"));
	kt_check(file_has("console.log", "the beginning"), "the beginning is lost");
	kt_check(strstr(seen.tail, "the end"), "the end is: %s", seen.tail);
}

static void closes_qmp(void)
{
	struct vm *vm = start_up("close-qmp");

	kt_check(command(vm, "x") == -EPIPE, "it answered");
	ends(vm, VM_QMP_LOST, "lived on", 9000);
}

static void qmp_nonsense(void)
{
	struct vm *vm = start_up("qmp-nonsense");

	kt_check(command(vm, "x") == -EPIPE, "it answered");
	ends(vm, VM_QMP_LOST, "not JSON: Segmentation fault", 6000);
}

static void qmp_endless_line(void)
{
	struct vm *vm = start_up("qmp-no-newline");

	kt_check(command(vm, "x") == -EPIPE, "it answered");
	ends(vm, VM_QMP_LOST, "without an end", 6000);
}

static void closes_everything(void)
{
	struct vm *vm = start_up("close-everything");

	kt_check(command(vm, "x") == -EPIPE, "it answered");
	ends(vm, VM_QMP_LOST, "lived on", 9000);
}

/* The monitor's word is passed on; that it disagrees with the console is for the judge. */
static void lies(void)
{
	struct vm *vm = start_up("lie");

	kt_check(command(vm, "x") == -EPIPE, "it answered");
	kt_check(strstr(seen.tail, "Fatal exception"), "console: %s", seen.tail);
	ends(vm, VM_POWEROFF, "guest-shutdown", 5000);
}

static void dies_half_way(void)
{
	struct vm *vm = start_up("signal");

	kt_check(command(vm, "x") == -EPIPE, "it answered");
	kt_check(!strcmp(seen.text, "first\n"), "output: %s", seen.text);
	ends(vm, VM_QEMU_DIED, "signal 11", 5000);
}

static void exits_half_way(void)
{
	struct vm *vm = start_up("exit");

	kt_check(command(vm, "x") == -EPIPE, "it answered");
	kt_check(command(vm, "x") == -EPIPE, "it answered later");
	ends(vm, VM_QEMU_DIED, "status 3: fake: no more memory", 5000);
}

static void leaves_a_child(void)
{
	struct vm *vm = start_up("child");

	kt_check(command(vm, "x") == -EPIPE, "it answered");
	ends(vm, VM_QEMU_DIED, "status 4", 6000);
}

static void complains(void)
{
	struct vm *vm = start_up("complain");

	kt_check(command(vm, "x") == 0, "%s", vm_status_text(vm));
	vm_free(vm);
	kt_check(file_size("qemu.log") > 0 && file_size("qemu.log") < (512 << 10),
		 "qemu.log has %ld bytes", file_size("qemu.log"));
}

/* A file size limit behaves like a full disk, and is at hand without root. */
static void file_too_large(void)
{
	struct rlimit old, small;
	struct vm *vm;

	getrlimit(RLIMIT_FSIZE, &old);
	small = (struct rlimit){ 16384, old.rlim_max };
	vm = start_up("flood");
	setrlimit(RLIMIT_FSIZE, &small);
	kt_check(command(vm, "x") == 0, "no answer");
	vm_stop(vm);
	setrlimit(RLIMIT_FSIZE, &old);
	kt_check(vm_log_problem(vm) && strstr(vm_log_problem(vm), "console.log: "),
		 "problem: %s", vm_log_problem(vm));
	kt_check(seen.console > 50L << 20, "saw only %zu bytes", seen.console);
	vm_free(vm);
}

static void disk_full(void)
{
	char path[PATH_MAX];
	struct vm *vm;

	snprintf(path, sizeof(path), "%s/console.log", fake_dir());
	remove(path);
	if (symlink("/dev/full", path)) {
		kt_skip("no symbolic link can be made");
		return;
	}
	vm = start_up("clean");
	kt_check(command(vm, "echo on") == 0, "%s", vm_status_text(vm));
	command(vm, "poweroff");
	vm_wait_end(vm, 5000);
	kt_check(vm_log_problem(vm) && !strcmp(vm_log_problem(vm),
					       "console.log: No space left on device"),
		 "problem: %s", vm_log_problem(vm));
	ends(vm, VM_POWEROFF, "guest-shutdown", 5000);
	remove(path);
}

static void no_logs(void)
{
	struct vm_config config = config_for("clean");
	struct errbuf err = { "" };
	struct vm *vm;

	config.dir = NULL;
	vm = vm_start(&config, &err);
	kt_check(vm && !vm_wait_hello(vm, HELLO_MS), "%s", err.text);
	kt_check(command(vm, "echo x") == 0, "%s", vm_status_text(vm));
	vm_free(vm);
}

static const struct kt_case cases[] = {
	{ "a reset", resets },
	{ "a guest's panic", guest_panic },
	{ "ended by a signal of the host", host_signal },
	{ "QEMU is not installed", not_there },
	{ "no directory for the logs", no_directory },
	{ "QEMU aborts", aborts },
	{ "QEMU refuses its arguments", refuses },
	{ "no hello", mute },
	{ "no reply", hangs },
	{ "QEMU does not obey quit", deaf },
	{ "QEMU does not obey quit after a power off", deaf_after_poweroff },
	{ "50 MB on the console", floods },
	{ "QEMU closes its monitor", closes_qmp },
	{ "the monitor talks nonsense", qmp_nonsense },
	{ "the monitor's line has no end", qmp_endless_line },
	{ "QEMU closes every channel and lives on", closes_everything },
	{ "a clean end claimed after a panic", lies },
	{ "QEMU dies in the middle of a line", dies_half_way },
	{ "QEMU exits in the middle of a command", exits_half_way },
	{ "QEMU dies and leaves a child", leaves_a_child },
	{ "QEMU complains without end", complains },
	{ "a file size limit", file_too_large },
	{ "a full disk", disk_full },
	{ "no logs wanted", no_logs },
};

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	return kt_run(cases, ARRAY_SIZE(cases));
}
