// SPDX-License-Identifier: GPL-2.0
/*
 * What a crash leaves: the memory of the first with each signature in a run, by
 * whoever comes first of several; names for the addresses of modules, also of those
 * that are gone; what a debugger is told; and a machine that is held for it.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "crash.h"
#include "debugger.h"
#include "load_map.h"
#include "machine.h"
#include "qcow2.h"
#include "rundir.h"

#define AT_ONCE		8

static const char *in_dir(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", fake_dir(), name);
	return path;
}

static void put(const char *name, const char *text)
{
	struct errbuf err;

	if (rundir_write(fake_dir(), name, text, &err))
		exit(1);
}

/* A case's directory, in a run that there is. */
static const char *case_in(const char *run, const char *id)
{
	static char path[2 * PATH_MAX];

	mkdir(in_dir(run), 0777);
	snprintf(path, sizeof(path), "%s/%s", in_dir(run), id);
	return path;
}

static void first_of_each(void)
{
	char sig[32];
	int i;

	kt_check(crash_is_first(case_in("run", "case-1"), "oops in f"), "the first");
	kt_check(!crash_is_first(case_in("run", "case-2"), "oops in f"), "the same once more");
	kt_check(crash_is_first(case_in("run", "case-2"), "oops in g"), "another");
	for (i = 2; i < DUMPS_MAX; i++) {
		snprintf(sig, sizeof(sig), "oops in h%d", i);
		kt_check(crash_is_first(case_in("run", "case-3"), sig), "%d of %d", i, DUMPS_MAX);
	}
	kt_check(!crash_is_first(case_in("run", "case-4"), "oops in i"), "more than may be kept");
	kt_check(crash_is_first(case_in("other", "case-1"), "oops in f"), "in another run");
}

static void one_of_many(void)
{
	const char *dir = case_in("many", "case-1");
	int i, status, firsts = 0;

	fflush(stdout);
	for (i = 0; i < AT_ONCE; i++)
		if (fork() == 0)
			_exit(crash_is_first(dir, "oops in f"));
	for (i = 0; i < AT_ONCE; i++) {
		wait(&status);
		firsts += WEXITSTATUS(status) == 1;
	}
	kt_check(firsts == 1, "%d were the first", firsts);
}

static const char *dump_to;

static const char *on_crash(void *arg)
{
	(void)arg;
	return dump_to;
}

/* Asked for when the machine has crashed, not when it ends otherwise. */
static void memory_is_kept(const char *how, enum vm_end end, bool kept)
{
	static char path[PATH_MAX];
	struct vm_config config = config_for("clean");
	struct errbuf err;
	struct vm *vm;

	snprintf(path, sizeof(path), "%s", in_dir(DUMP_NAME));
	dump_to = path;
	config.dump = on_crash;
	vm = vm_start(&config, &err);
	vm_wait_hello(vm, HELLO_MS);
	command(vm, how);
	kt_check(!vm_wait_end(vm, 5000) && vm_end(vm) == end, "%s: %s", how,
		 vm_end_name(vm_end(vm)));
	kt_check(!access(path, F_OK) == kept, "%s: %s", how, kept ? "no memory" : "memory");
	unlink(path);
	vm_free(vm);
}

static void memory(void)
{
	memory_is_kept("reboot", VM_RESET, true);
	memory_is_kept("panicked", VM_GUEST_PANIC, true);
	memory_is_kept("poweroff", VM_POWEROFF, false);
}

/* This program is as good a module as any; see where its own text is. */
static void names_of_what_is_gone(void)
{
	struct load_map map = { .symbols = symbols_new(), .modules = fake_dir() };
	char name[200];
	bool named;

	if (symlink("/proc/self/exe", in_dir("self.ko"))) {
		kt_skip("no symbolic link can be made");
		return;
	}
	put("agent.log", "> insmod self\n| module self 0xffffffffc0201000\n"
	    "| section .data 0xffffffffc0301000\n= 0\n> rmmod self\n");
	load_map_log(&map, fake_dir());
	kt_check(!map.problem.text[0], "%s", map.problem.text);
	named = symbols_name(map.symbols, 0xffffffffc0201100, name, sizeof(name));
	kt_check(named && !strncmp(name, "self!", 5) && strstr(name, "(text gone)"), "%s",
		 named ? name : "no name");
	named = symbols_name(map.symbols, 0xffffffffc0301000, name, sizeof(name));
	kt_check(named && strstr(name, "(data gone)"), "%s", named ? name : "no name of data");
	kt_check(!symbols_name(map.symbols, 0xffffffffd0000000, name, sizeof(name)), "%s", name);
	symbols_free(map.symbols);
}

/* All of a file that was written. */
static const char *content(const char *name)
{
	static char text[8192];
	FILE *f = fopen(in_dir(name), "r");

	text[f ? fread(text, 1, sizeof(text) - 1, f) : 0] = '\0';
	if (f)
		fclose(f);
	return text;
}

static void what_gdb_gets(void)
{
	struct debugger d = { .then = fake_dir(), .modules = "/m", .dir = fake_dir() };
	char deep[200] = "/";
	struct errbuf err = { "" };
	const char *text;

	put("agent.log", "> insmod demo\n| module base 0x10\n| section .bss 0x11\n"
	    "| section .note.gnu 0x12\n| module demo 0x20\n| section .text.unlikely 0x21\n= 0\n");
	kt_check(!debugger_prepare(&d, &err), "%s", err.text);
	text = content("attach.gdb");
	kt_check(strstr(text, "add-symbol-file /m/base.ko.debug 0x10 -s .bss 0x11\n") &&
		 strstr(text, "add-symbol-file /m/demo.ko.debug 0x20 -s .text.unlikely 0x21\n") &&
		 strstr(text, "target remote ") && strstr(text, d.socket), "%s", text);
	memset(deep + 1, 'x', sizeof(deep) - 2);
	d.dir = deep;
	kt_check(debugger_prepare(&d, &err) && strstr(err.text, "--results"), "%s", err.text);
}

/* As QEMU's end of a connection with a debugger, whose end is *client. */
static int connect_at(const char *path, int *client)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), ours;

	if (strlen(path) >= sizeof(at.sun_path))
		exit(1);
	strcpy(at.sun_path, path);
	*client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 1) ||
	    connect(*client, (struct sockaddr *)&at, sizeof(at)))
		exit(1);
	ours = accept(fd, NULL, NULL);
	close(fd);
	return ours;
}

static void held_for_a_debugger(void)
{
	struct vm_config config = config_for("clean");
	struct vm_exact exact = { .gdb = in_dir("held.sock") };
	int client, ours = connect_at(exact.gdb, &client);
	struct errbuf err;
	struct vm *vm;

	config.exact = &exact;
	vm = vm_start(&config, &err);
	vm_wait_hello(vm, HELLO_MS);
	command(vm, "reboot");
	kt_check(vm_wait_end(vm, 3500), "it did not wait for the debugger: %s",
		 vm_end_name(vm_end(vm)));
	close(client);
	close(ours);
	kt_check(!vm_wait_end(vm, 5000) && vm_end(vm) == VM_RESET, "afterwards: %s",
		 vm_end_name(vm_end(vm)));
	vm_free(vm);
}

static void a_disk_for_snapshots(void)
{
	struct errbuf err = { "" };
	struct stat st;

	kt_check(!qcow2_create(in_dir("d.qcow2"), &err), "%s", err.text);
	kt_check(!stat(in_dir("d.qcow2"), &st) && st.st_size == 4 << 16, "its size");
	kt_check(!memcmp(content("d.qcow2"), "QFI\xfb\0\0\0\2", 8), "its beginning");
	kt_check(qcow2_create("/nonexistent/d", &err) && strstr(err.text, "/nonexistent/d"), "%s",
		 err.text);
}

static const struct kt_case cases[] = {
	{ "the memory of the first of each signature", first_of_each },
	{ "of many at once one is the first", one_of_many },
	{ "memory is asked for after a crash", memory },
	{ "the names of modules that are gone", names_of_what_is_gone },
	{ "what gdb gets", what_gdb_gets },
	{ "a machine is held for its debugger", held_for_a_debugger },
	{ "a disk for snapshots", a_disk_for_snapshots },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
