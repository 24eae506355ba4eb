// SPDX-License-Identifier: GPL-2.0
/*
 * A boot, with one more try.
 *
 * Now and then a kernel dies or hangs on its way to PID 1, through no fault of what is
 * tested afterwards. That is retried once and counted. A QEMU that refuses its
 * arguments, or a guest of another protocol, would do so again: no retry.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "vm_internal.h"

#define ATTEMPTS	2

static void explain(const struct vm *vm, int ret, int hello_ms, int attempt,
		    struct errbuf *err)
{
	char last[160];

	logfile_last(&vm->console, last, sizeof(last));
	if (ret == -EINTR)
		errbuf_set(err, "interrupted");
	else if (ret == -EPROTO)
		errbuf_set(err, "the guest speaks protocol %d, not %d: rebuild its init (make)",
			   vm->greeting.protocol, AGENT_PROTOCOL);
	else if (ret == -ETIMEDOUT)
		errbuf_set(err, "the kernel did not reach PID 1 in %d s%s: see console.log; its last words: %s",
			   hello_ms / 1000, attempt > 1 ? ", twice" : "",
			   *last ? last : "none");
	else
		errbuf_set(err, "the machine ended before PID 1%s: %s%s%s",
			   attempt > 1 ? ", twice" : "", vm->reason,
			   *last ? "; last words on the console: " : "", last);
}

/* QEMU left before the guest had said anything: it did not like its arguments. */
static bool refused(const struct vm *vm)
{
	return vm->end == VM_QEMU_DIED && !vm->console.total;
}

static void keep_logs(const char *dir)
{
	static const char *const names[] = {
		"console.log", "agent.log", "qemu.log",
	};
	char from[PATH_MAX], to[PATH_MAX];
	size_t i;

	for (i = 0; dir && i < ARRAY_SIZE(names); i++) {
		snprintf(from, sizeof(from), "%s/%s", dir, names[i]);
		snprintf(to, sizeof(to), "%s/%s.boot1", dir, names[i]);
		rename(from, to);
	}
}

struct vm *vm_boot(const struct vm_config *config, int hello_ms, int *retries,
		   struct errbuf *err)
{
	int attempt, ret;
	struct vm *vm;
	bool again;

	for (attempt = 1; attempt <= ATTEMPTS; attempt++) {
		*retries = attempt - 1;
		if (config->on_boot)
			config->on_boot(config->arg, attempt);
		vm = vm_start(config, err);
		if (!vm)
			return NULL;
		ret = vm_wait_hello(vm, hello_ms);
		if (!ret) {
			err->text[0] = '\0';	/* of the attempt before */
			return vm;
		}
		explain(vm, ret, hello_ms, attempt, err);
		again = ret != -EPROTO && ret != -EINTR && !refused(vm) && attempt < ATTEMPTS;
		vm_free(vm);
		if (!again)
			break;
		keep_logs(config->dir);
	}
	return NULL;
}
