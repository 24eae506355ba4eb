// SPDX-License-Identifier: GPL-2.0
/*
 * What is said to a machine and what comes back: the hello, commands, output,
 * boots that are tried again, a shell; with a QEMU that garbles, delays and cuts.
 */
#include <errno.h>

#include "machine.h"

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

/* The late reply of one command is not taken for the reply of the next. */
static void late_reply(void)
{
	struct vm *vm = start_up("slow");

	kt_check(vm_command(vm, 100, NULL, NULL, "slow") == -ETIMEDOUT, "in time");
	kt_check(command(vm, "echo two") == 0, "%s", vm_status_text(vm));
	kt_check(!strcmp(seen.text, "two\n"), "output: %s", seen.text);
	vm_free(vm);
}

static void command_file(void)
{
	struct vm *vm = start_up("command-file");

	kt_check(command(vm, "echo mine") == 0, "%s", vm_status_text(vm));
	kt_check(!strcmp(seen.text, "mine\n"), "output: %s", seen.text);
	kt_check(!vm_agent_garbage(vm, NULL), "%zu garbage", vm_agent_garbage(vm, NULL));
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
	kt_check(!*err.text, "it came up, and yet: %s", err.text);
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
	{ "a power off in the middle of a KTAP", half_ktap },
	{ "words after the shutdown event are kept", last_words },
	{ "garbage on the agent's channel", garbage },
	{ "a reply in single bytes", dribbles },
	{ "a line of 1 MB", long_line },
	{ "a late reply", late_reply },
	{ "a guest with commands of its own", command_file },
	{ "commands that cannot be sent", bad_commands },
	{ "a guest of another protocol", other_protocol },
	{ "a boot that fails once", flaky_boot },
	{ "a boot that always fails", never_boots },
	{ "a failure that is not tried again", no_second_try },
	{ "a shell", shell },
	{ "no descriptor is inherited by accident", descriptors },
};

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	return kt_run(cases, ARRAY_SIZE(cases));
}
