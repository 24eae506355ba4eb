/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which accelerator: KVM only where it has been seen to work.
 *
 * A /dev/kvm that exists, opens and even runs a toy guest proves nothing: with
 * nested software virtualisation it may hang every stock kernel. So the answer
 * is found on a ladder, cheapest rung first, and stops at the first that fails:
 *
 *   1. open /dev/kvm
 *   2. the API version and the capabilities QEMU needs
 *   3. a guest of seven bytes, in a child with a deadline (a few ms)
 *   4. the real kernel to PID 1's hello, within three times the time a boot
 *      without KVM is expected to take
 *
 * The last rung costs seconds when it fails, so the answer is remembered in
 * the cache directory, keyed by boot id, QEMU version, kernel content and CPU
 * model. A change of any of these asks again.
 */
#ifndef LASTREF_ACCEL_H
#define LASTREF_ACCEL_H

#include <stdbool.h>
#include <stddef.h>

#include "errbuf.h"

enum accel {
	ACCEL_TCG,
	ACCEL_KVM,
};

enum accel_mode {
	ACCEL_MODE_AUTO,	/* KVM if it works, TCG otherwise */
	ACCEL_MODE_KVM,		/* KVM or an error */
	ACCEL_MODE_TCG,		/* never look at KVM */
};

struct accel_query {
	enum accel_mode mode;
	const char *qemu;	/* the QEMU binary, found through PATH */
	const char *kernel;	/* what vm_start() will boot */
	const char *init;	/* the guest's PID 1, on the host */
	const char *cache;	/* existing directory */
	/* The first three rungs: 0, or < 0 and why. NULL: kvm_probe(). */
	int (*probe_host)(char *why, size_t size);
};

struct accel_choice {
	enum accel accel;
	bool remembered;	/* no probe was made now */
	char why[256];		/* one line for the user, always filled */
};

/* "auto", "kvm", "tcg": 0, or -EINVAL. */
int accel_parse_mode(const char *text, enum accel_mode *mode);

/* The value of QEMU's -accel option; one thread for all CPUs is for emulation only. */
const char *accel_option(enum accel accel, bool one_thread);

/*
 * 0 and a filled choice, or a negative errno and err. It is an error only if
 * KVM was demanded and does not work. May take some ten seconds the first time.
 */
int accel_choose(const struct accel_query *query, struct accel_choice *choice,
		 struct errbuf *err);

/* What a remembered answer depends on, and its key in the cache. */
struct accel_facts {
	char boot_id[64];
	char qemu_version[128];
	char cpu_model[128];
	unsigned long long kernel_hash;
};

unsigned long long accel_key(const struct accel_facts *facts);

/* Drop the remembered answers, so that the next question probes again. */
void accel_forget(const char *cache);

#endif
