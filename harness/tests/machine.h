/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of the virtual machine share: a machine with a behaviour, what
 * comes out of it, and how it must end. See fake-qemu.c for the behaviours.
 */
#ifndef LASTREF_TESTS_MACHINE_H
#define LASTREF_TESTS_MACHINE_H

#include <stdlib.h>
#include <string.h>
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

static inline long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static inline void on_boot(void *arg, int attempt)
{
	(void)arg;
	seen.boots = attempt;
}

static inline void on_console(void *arg, const char *bytes, size_t n)
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

static inline void on_line(void *arg, const char *line)
{
	size_t len = strlen(line), at = strlen(seen.text);

	(void)arg;
	if (len > seen.longest)
		seen.longest = len;
	if (at + len + 2 < sizeof(seen.text))
		sprintf(seen.text + at, "%s\n", line);
}

static inline struct vm_config config_for(const char *behaviour)
{
	memset(&seen, 0, sizeof(seen));
	setenv("FAKE_QEMU", behaviour, 1);
	started = now_ms();
	return (struct vm_config){
		.qemu = fake_qemu(), .kernel = "vmlinux", .initrd = "initrd",
		.dir = fake_dir(), .on_boot = on_boot, .on_console = on_console,
	};
}

static inline struct vm *start(const char *behaviour)
{
	struct vm_config config = config_for(behaviour);
	struct errbuf err = { "" };
	struct vm *vm = vm_start(&config, &err);

	kt_check(vm, "%s: %s", behaviour, err.text);
	return vm;
}

/* A machine that has said hello. */
static inline struct vm *start_up(const char *behaviour)
{
	struct vm *vm = start(behaviour);

	kt_check(vm_wait_hello(vm, HELLO_MS) == 0, "no hello: %s",
		 vm_end_reason(vm));
	return vm;
}

static inline int command(struct vm *vm, const char *line)
{
	seen.text[0] = '\0';
	seen.longest = 0;
	return vm_command(vm, REPLY_MS, on_line, NULL, "%s", line);
}

/* The end, and a part of its reason; then the machine is forgotten. */
static inline void ends(struct vm *vm, enum vm_end end, const char *reason, long within_ms)
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

static inline long file_size(const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", fake_dir(), name);
	return stat(path, &st) ? -1 : (long)st.st_size;
}

#endif
