// SPDX-License-Identifier: GPL-2.0
/*
 * A machine's state to files, and machines from it.
 *
 * It is QEMU's migration with the memory left out (x-ignore-shared): the memory is in a
 * file already, shared when it is saved and private when it is gone on from, so
 * neither takes longer for a larger guest.
 *
 * A machine is saved while it runs: QEMU stops it when the migration completes and notes
 * that it ran, so one that goes on from there runs by itself. Until it does, nothing
 * may be sent to it: a serial port takes bytes before its state is loaded, and the
 * load forgets them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vm_internal.h"

#define CAPABILITIES	"{\"execute\": \"migrate-set-capabilities\", \"arguments\": " \
			"{\"capabilities\": [" \
			"{\"capability\": \"x-ignore-shared\", \"state\": true}, " \
			"{\"capability\": \"events\", \"state\": true}]}}"
#define TAKE_FILE	"{\"execute\": \"getfd\", \"arguments\": {\"fdname\": \"state\"}}"
#define SAVE		"{\"execute\": \"migrate\", \"arguments\": {\"uri\": \"fd:state\"}}"
#define LOAD		"{\"execute\": \"migrate-incoming\", \"arguments\": {\"uri\": \"fd:state\"}}"

/* The monitor answers in order, so nothing is waited for but the end of it all. */
static int move(struct vm *vm, const char *how, int fd)
{
	int err = qmp_send(&vm->qmp, CAPABILITIES, -1);

	if (!err)
		err = qmp_send(&vm->qmp, TAKE_FILE, fd);
	return err ? err : qmp_send(&vm->qmp, how, -1);
}

/* What QEMU says when it cannot; its last words if it has left. */
static const char *complaint(const struct vm *vm)
{
	if (vm_end(vm) != VM_RUNNING)
		return vm->reason;
	return *vm->qmp.error ? vm->qmp.error : "it does not come to an end";
}

int vm_save(struct vm *vm, const char *state, int timeout_ms, struct errbuf *err)
{
	int fd = open(state, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), ret;

	if (fd < 0) {
		ret = -errno;
		errbuf_set(err, "%s: %s", state, strerror(-ret));
		return ret;
	}
	ret = move(vm, SAVE, fd);
	if (!ret)
		ret = vm_pump_until(vm, &vm->qmp.migrated, timeout_ms);
	if (!ret && vm->qmp.migration_failed)
		ret = -EIO;
	/* A full disk may be noticed as late as this. */
	if (!ret && fsync(fd))
		ret = -errno;
	close(fd);
	if (ret)
		errbuf_set(err, "the machine cannot be saved: %s",
			   ret == -EIO ? complaint(vm) : strerror(-ret));
	return ret;
}

int vm_resume(struct vm *vm, int timeout_ms)
{
	const struct vm_snapshot *from = vm->config.from;
	int fd, ret;

	if (vm->hello)
		return 0;
	ret = vm_pump_until(vm, &vm->qmp.greeted, timeout_ms);
	if (ret)
		return ret;
	fd = open(from->state, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = move(vm, LOAD, fd);
	close(fd);
	if (!ret)
		ret = vm_pump_until(vm, &vm->qmp.resumed, timeout_ms);
	if (ret)
		return ret;
	vm->greeting.protocol = AGENT_PROTOCOL;
	vm->greeting.cpus = from->cpus;
	snprintf(vm->greeting.release, sizeof(vm->greeting.release), "%s", from->release);
	vm->hello = true;
	vm->hello_ms = vm_now();
	vm->heard_ms = vm->hello_ms;
	return 0;
}
