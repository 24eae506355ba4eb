// SPDX-License-Identifier: GPL-2.0
/*
 * The virtual machine against a QEMU that does everything wrong.
 *
 * A case starts a fake QEMU with one behaviour, does what the harness would do, and
 * checks three things: the answer, how the machine is said to have ended, and
 * that both took a bounded time.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "fake.h"
#include "kt.h"
#include "vm.h"

#define HELLO_MS	5000
#define REPLY_MS	30000

/* What came out of the machine. */
static struct {
	char text[4096];	/* the lines of the last command, each with \n */
	size_t longest, console;
	char tail[64];		/* of the console */
	int boots;
} seen;

static long long started;

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void on_boot(void *arg, int attempt)
{
	(void)arg;
	seen.boots = attempt;
}

static void on_console(void *arg, const char *bytes, size_t n)
{
	size_t keep = sizeof(seen.tail) - 1, old = strlen(seen.tail);

	(void)arg;
	seen.console += n;
	if (n > keep) {
		bytes += n - keep;
		n = keep;
	}
	if (old + n > keep) {
		memmove(seen.tail, seen.tail + old + n - keep, keep - n);
		old = keep - n;
	}
	memcpy(seen.tail + old, bytes, n);
	seen.tail[old + n] = '\0';
}

static void on_line(void *arg, const char *line)
{
	size_t len = strlen(line), at = strlen(seen.text);

	(void)arg;
	if (len > seen.longest)
		seen.longest = len;
	if (at + len + 2 < sizeof(seen.text))
		sprintf(seen.text + at, "%s\n", line);
}

static struct vm_config config_for(const char *behaviour)
{
	memset(&seen, 0, sizeof(seen));
	setenv("FAKE_QEMU", behaviour, 1);
	started = now_ms();
	return (struct vm_config){
		.qemu = fake_qemu(), .kernel = "vmlinux", .initrd = "initrd",
		.dir = fake_dir(), .on_boot = on_boot, .on_console = on_console,
	};
}

static struct vm *start(const char *behaviour)
{
	struct vm_config config = config_for(behaviour);
	struct errbuf err = { "" };
	struct vm *vm = vm_start(&config, &err);

	kt_check(vm, "%s: %s", behaviour, err.text);
	return vm;
}

/* A machine that has said hello. */
static struct vm *start_up(const char *behaviour)
{
	struct vm *vm = start(behaviour);

	kt_check(vm_wait_hello(vm, HELLO_MS) == 0, "no hello: %s",
		 vm_end_reason(vm));
	return vm;
}

static int command(struct vm *vm, const char *line)
{
	seen.text[0] = '\0';
	seen.longest = 0;
	return vm_command(vm, REPLY_MS, on_line, NULL, "%s", line);
}

/* The end, and a part of its reason; then the machine is forgotten. */
static void ends(struct vm *vm, enum vm_end end, const char *reason, long within_ms)
{
	int err = vm_wait_end(vm, 20000);
	long took = now_ms() - started;

	kt_check(!err, "it does not end");
	kt_check(vm_end(vm) == end, "the end is %s (%s), not %s",
		 vm_end_name(vm_end(vm)), vm_end_reason(vm), vm_end_name(end));
	kt_check(strstr(vm_end_reason(vm), reason), "the reason is: %s",
		 vm_end_reason(vm));
	kt_check(took < within_ms, "it took %ld ms", took);
	vm_free(vm);
}

static long file_size(const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", fake_dir(), name);
	return stat(path, &st) ? -1 : (long)st.st_size;
}

static bool file_has(const char *name, const char *text)
{
	static char buf[1 << 20];
	char path[PATH_MAX];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", fake_dir(), name);
	f = fopen(path, "r");
	if (f) {
		n = fread(buf, 1, sizeof(buf) - 1, f);
		fclose(f);
	}
	buf[n] = '\0';
	return strstr(buf, text);
}

static void clean(void)
{
	struct vm *vm = start_up("clean");

	kt_check(!strcmp(vm_release(vm), "6.12.0-fake"), "%s", vm_release(vm));
	kt_check(vm_cpus(vm) == 2, "%u cpus", vm_cpus(vm));
	kt_check(command(vm, "echo a b") == 0, "%s", vm_status_text(vm));
	kt_check(!strcmp(seen.text, "a b\n"), "%s", seen.text);
	kt_check(command(vm, "poweroff") == 0, "%s", vm_status_text(vm));
	kt_check(!vm_log_problem(vm), "%s", vm_log_problem(vm));
	ends(vm, VM_POWEROFF, "guest-shutdown", 5000);
	kt_check(file_has("console.log", "Linux version"), "no console.log");
	kt_check(file_has("agent.log", "< echo a b\n| a b\n= 0\n"), "no agent.log");
	kt_check(file_has("qemu.cmd", "'-kernel' 'vmlinux'"), "no qemu.cmd");
}

static void reset(void)
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

static void half_ktap(void)
{
	struct vm *vm = start_up("half-ktap");

	kt_check(command(vm, "run test") == -EPIPE, "it answered");
	kt_check(!strcmp(seen.text, "KTAP version 1\n1..3\nok 1 one\nok 2 two\n"),
		 "output: %s", seen.text);
	ends(vm, VM_POWEROFF, "guest-shutdown", 5000);
}

static void last_words(void)
{
	struct vm *vm = start_up("last-words");

	command(vm, "x");
	kt_check(strstr(seen.tail, "the very last words"), "console: %s", seen.tail);
	ends(vm, VM_RESET, "guest-reset", 6000);
	kt_check(file_has("console.log", "the very last words"), "not in the log");
}

static void garbage(void)
{
	struct vm *vm = start_up("garbage");
	const char *first;

	kt_check(command(vm, "echo yes") == 0, "%s", vm_status_text(vm));
	kt_check(!strcmp(seen.text, "good\nyes\n"), "output: %s", seen.text);
	kt_check(vm_agent_garbage(vm, &first) == 7, "%zu lines, first: %s",
		 vm_agent_garbage(vm, NULL), first);
	vm_free(vm);
}

static void dribbles(void)
{
	struct vm *vm = start_up("dribble");

	kt_check(command(vm, "x") == 7, "another status");
	kt_check(!strcmp(vm_status_text(vm), "seven"), "%s", vm_status_text(vm));
	kt_check(!strcmp(seen.text, "in pieces\n"), "output: %s", seen.text);
	vm_free(vm);
}

static void long_line(void)
{
	struct vm *vm = start_up("long-line");

	kt_check(command(vm, "x") == 0, "%s", vm_status_text(vm));
	kt_check(seen.longest > 60000 && seen.longest < 70000,
		 "the line has %zu bytes", seen.longest);
	kt_check(command(vm, "x") == 0, "and then: %s", vm_status_text(vm));
	vm_free(vm);
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

/* The late reply of one command is not taken for the reply of the next. */
static void late_reply(void)
{
	struct vm *vm = start_up("slow");

	kt_check(vm_command(vm, 100, NULL, NULL, "slow") == -ETIMEDOUT, "in time");
	kt_check(command(vm, "echo two") == 0, "%s", vm_status_text(vm));
	kt_check(!strcmp(seen.text, "two\n"), "output: %s", seen.text);
	vm_free(vm);
}

static void bad_commands(void)
{
	struct vm *vm = start_up("clean");
	char big[8192];

	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	kt_check(command(vm, big) == -E2BIG, "a long one was sent");
	kt_check(command(vm, "echo a\necho b") == -EINVAL, "two in one");
	kt_check(command(vm, "") == -EINVAL, "none at all");
	kt_check(command(vm, "echo c") == 0 && !strcmp(seen.text, "c\n"),
		 "a good one: %s", seen.text);
	vm_free(vm);
}

static void other_protocol(void)
{
	struct vm *vm = start("other-protocol");

	kt_check(vm_wait_hello(vm, HELLO_MS) == -EPROTO, "accepted");
	vm_free(vm);
}

static struct vm *boot(const char *behaviour, int hello_ms, int *retries,
		       struct errbuf *err)
{
	struct vm_config config = config_for(behaviour);

	err->text[0] = '\0';
	return vm_boot(&config, hello_ms, retries, err);
}

static void flaky_boot(void)
{
	char state[PATH_MAX];
	struct errbuf err;
	struct vm *vm;
	int retries;

	snprintf(state, sizeof(state), "%s/state", fake_dir());
	setenv("FAKE_QEMU_STATE", state, 1);
	vm = boot("flaky-boot", HELLO_MS, &retries, &err);
	kt_check(vm, "%s", err.text);
	kt_check(retries == 1 && seen.boots == 2, "%d retries", retries);
	kt_check(file_has("console.log.boot1", "IO-APIC"), "the first log is gone");
	vm_free(vm);
}

static void never_boots(void)
{
	struct errbuf err;
	int retries;

	kt_check(!boot("boot-panic", HELLO_MS, &retries, &err), "it came up");
	kt_check(retries == 1, "%d retries", retries);
	kt_check(strstr(err.text, "twice") && strstr(err.text, "IO-APIC"), "%s",
		 err.text);
	kt_check(!boot("mute", 200, &retries, &err), "it came up");
	kt_check(retries == 1 && strstr(err.text, "did not reach PID 1"), "%s",
		 err.text);
}

static void no_second_try(void)
{
	struct errbuf err;
	int retries;

	kt_check(!boot("refuse", HELLO_MS, &retries, &err), "it came up");
	kt_check(!retries && strstr(err.text, "invalid accelerator"), "%s", err.text);
	kt_check(!boot("other-protocol", HELLO_MS, &retries, &err), "it came up");
	kt_check(!retries && strstr(err.text, "protocol 99"), "%s", err.text);
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

static void shell(void)
{
	int in[2], out[2];
	char buf[64] = "";
	struct vm *vm;

	if (pipe(in) || pipe(out))
		return;
	vm = start_up("shell");
	if (write(in[1], "ls\rq", 4) != 4)
		return;
	kt_check(vm_shell(vm, in[0], out[1]) == 5, "another status");
	kt_check(read(out[0], buf, sizeof(buf) - 1) > 0, "no output");
	kt_check(!strcmp(buf, "guest# ls\rq"), "output: %s", buf);
	vm_free(vm);
	close(in[0]);
	close(in[1]);
	close(out[0]);
	close(out[1]);
}

/* Two machines at once; the second must have no descriptor of the first. */
static void descriptors(void)
{
	int careless = dup(1);
	struct vm *one = start_up("strangers"), *two = start_up("strangers");

	kt_check(vm_command(one, REPLY_MS, NULL, NULL, "x") == 0, "the first has some");
	kt_check(vm_command(two, REPLY_MS, NULL, NULL, "x") == 0, "the second has some");
	vm_free(two);
	vm_free(one);
	close(careless);
}

static const struct kt_case cases[] = {
	{ "a clean run", clean },
	{ "a reset", reset },
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
	{ "a power off in the middle of a KTAP", half_ktap },
	{ "words after the shutdown event are kept", last_words },
	{ "garbage on the agent's channel", garbage },
	{ "a reply in single bytes", dribbles },
	{ "a line of 1 MB", long_line },
	{ "QEMU dies in the middle of a line", dies_half_way },
	{ "QEMU exits in the middle of a command", exits_half_way },
	{ "QEMU dies and leaves a child", leaves_a_child },
	{ "QEMU complains without end", complains },
	{ "a late reply", late_reply },
	{ "commands that cannot be sent", bad_commands },
	{ "a guest of another protocol", other_protocol },
	{ "a boot that fails once", flaky_boot },
	{ "a boot that always fails", never_boots },
	{ "a failure that is not tried again", no_second_try },
	{ "a file size limit", file_too_large },
	{ "a full disk", disk_full },
	{ "no logs wanted", no_logs },
	{ "a shell", shell },
	{ "no descriptor is inherited by accident", descriptors },
};

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	return kt_run(cases, ARRAY_SIZE(cases));
}
