// SPDX-License-Identifier: GPL-2.0
/*
 * Which accelerator: the ladder and its memory, see accel.h.
 *
 * Answers are kept in one small JSON file, newest last. The cheap rungs are tried
 * every time, so a /dev/kvm that goes away is noticed; only the boot of a real
 * kernel is remembered.
 */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "content.h"
#include "deadline.h"
#include "initramfs.h"
#include "kvm_probe.h"
#include "vm.h"

#define MEMORY_FILE	"accel.json"
#define MEMORY_MAX	32
#define PROBE_INITRD	"accel-probe.cpio.gz"
#define PROBE_MS	(3 * DEADLINE_BOOT_MS)
#define VERSION_MS	10000

static const struct {
	const char *name;
	enum accel_mode mode;
} modes[] = {
	{ "auto", ACCEL_MODE_AUTO },
	{ "kvm", ACCEL_MODE_KVM },
	{ "tcg", ACCEL_MODE_TCG },
};

struct answer {
	bool kvm;
	bool remembered;
	char why[160];
};

int accel_parse_mode(const char *text, enum accel_mode *mode)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		if (strcmp(text, modes[i].name))
			continue;
		*mode = modes[i].mode;
		return 0;
	}
	return -EINVAL;
}

const char *accel_option(enum accel accel, bool one_thread)
{
	if (accel == ACCEL_KVM)
		return "kvm";
	return one_thread ? "tcg,thread=single" : "tcg,thread=multi";
}

unsigned long long accel_key(const struct accel_facts *f)
{
	unsigned long long key = CONTENT_SEED;

	/* With their NULs, so that words cannot move from one to the next. */
	key = content_hash(key, f->boot_id, strlen(f->boot_id) + 1);
	key = content_hash(key, f->qemu_version, strlen(f->qemu_version) + 1);
	key = content_hash(key, f->cpu_model, strlen(f->cpu_model) + 1);
	return content_hash(key, &f->kernel_hash, sizeof(f->kernel_hash));
}

/* The line of a proc file that begins with prefix; "" if there is none. */
static void proc_line(const char *path, const char *prefix, char *buf, size_t size)
{
	char line[512];
	FILE *f = fopen(path, "re");

	buf[0] = '\0';
	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, prefix, strlen(prefix)))
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(buf, size, "%.*s", (int)size - 1, line);
		break;
	}
	if (f)
		fclose(f);
}

static void gather(const struct accel_query *q, struct accel_facts *f)
{
	const char *const argv[] = { q->qemu, "--version", NULL };
	struct content c;

	memset(f, 0, sizeof(*f));
	proc_line("/proc/sys/kernel/random/boot_id", "", f->boot_id,
		  sizeof(f->boot_id));
	proc_line("/proc/cpuinfo", "model name", f->cpu_model,
		  sizeof(f->cpu_model));
	if (child_first_line(argv, VERSION_MS, f->qemu_version,
			     sizeof(f->qemu_version)))
		f->qemu_version[0] = '\0';
	if (!content_map(q->kernel, &c)) {
		f->kernel_hash = content_hash(CONTENT_SEED, c.bytes, c.size);
		content_unmap(&c);
	}
}

static json_t *load_memory(const char *cache)
{
	char path[PATH_MAX];
	json_t *all;

	snprintf(path, sizeof(path), "%s/" MEMORY_FILE, cache);
	all = json_load_file(path, 0, NULL);
	if (json_is_object(all))
		return all;
	/* Missing, or damaged: nothing is remembered. */
	json_decref(all);
	return json_object();
}

static bool recall(const char *cache, const char *key, struct answer *a)
{
	json_t *all = load_memory(cache), *one = json_object_get(all, key);
	json_t *kvm = json_object_get(one, "kvm");
	const char *why = json_string_value(json_object_get(one, "why"));
	bool found = json_is_boolean(kvm) && why;

	if (found) {
		a->kvm = json_is_true(kvm);
		a->remembered = true;
		snprintf(a->why, sizeof(a->why), "%s", why);
	}
	json_decref(all);
	return found;
}

/* That it cannot be written costs a probe next time, and is no error. */
static void remember(const char *cache, const char *key, const struct answer *a)
{
	json_t *all = load_memory(cache);
	char path[PATH_MAX], temp[PATH_MAX + 32];

	while (json_object_size(all) >= MEMORY_MAX)
		json_object_del(all, json_object_iter_key(json_object_iter(all)));
	json_object_set_new(all, key, json_pack("{s:b, s:s}", "kvm", a->kvm,
						"why", a->why));
	snprintf(path, sizeof(path), "%s/" MEMORY_FILE, cache);
	snprintf(temp, sizeof(temp), "%s.%d", path, getpid());
	if (json_dump_file(all, temp, JSON_INDENT(2)) || rename(temp, path))
		unlink(temp);
	json_decref(all);
}

void accel_forget(const char *cache)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/" MEMORY_FILE, cache);
	unlink(path);
}

static int write_probe_initrd(const struct accel_query *q, const char *path,
			      struct errbuf *err)
{
	struct initramfs *rd = initramfs_new();
	int ret;

	if (!rd)
		return -ENOMEM;
	initramfs_base(rd, q->init, NULL);
	ret = initramfs_write(rd, path, err);
	initramfs_free(rd);
	return ret;
}

/* The last rung: the kernel itself, to PID 1. */
static int try_kernel(const struct accel_query *q, struct answer *a,
		      struct errbuf *err)
{
	char initrd[PATH_MAX];
	struct vm_config config = {
		.qemu = q->qemu, .kernel = q->kernel, .initrd = initrd,
		.accel = ACCEL_KVM,
	};
	struct vm *vm;
	int ret;

	snprintf(initrd, sizeof(initrd), "%s/" PROBE_INITRD, q->cache);
	ret = write_probe_initrd(q, initrd, err);
	if (ret)
		return ret;
	vm = vm_start(&config, err);
	if (!vm)
		return -ENOENT;
	ret = vm_wait_hello(vm, PROBE_MS);
	a->kvm = !ret;
	if (!ret)
		snprintf(a->why, sizeof(a->why), "%s reached PID 1 in %.1f s",
			 vm_release(vm), vm_boot_ms(vm) / 1000.0);
	else if (ret == -ETIMEDOUT)
		snprintf(a->why, sizeof(a->why),
			 "/dev/kvm opens but the kernel did not reach PID 1 in %d s",
			 PROBE_MS / 1000);
	else
		snprintf(a->why, sizeof(a->why),
			 "/dev/kvm opens but the kernel did not boot: %.90s",
			 vm_end_reason(vm));
	vm_free(vm);
	return 0;
}

/* Fills the answer; an error only if the question could not be put at all. */
static int climb(const struct accel_query *q, struct answer *a,
		 struct errbuf *err)
{
	struct accel_facts facts;
	char key[24];
	int ret;

	memset(a, 0, sizeof(*a));
	if ((q->probe_host ? q->probe_host : kvm_probe)(a->why, sizeof(a->why)))
		return 0;
	gather(q, &facts);
	snprintf(key, sizeof(key), "%016llx", accel_key(&facts));
	if (recall(q->cache, key, a))
		return 0;
	ret = try_kernel(q, a, err);
	if (!ret)
		remember(q->cache, key, a);
	return ret;
}

int accel_choose(const struct accel_query *q, struct accel_choice *choice,
		 struct errbuf *err)
{
	struct answer a;
	int ret;

	memset(choice, 0, sizeof(*choice));
	choice->accel = ACCEL_TCG;
	if (q->mode == ACCEL_MODE_TCG) {
		snprintf(choice->why, sizeof(choice->why), "TCG, as demanded");
		return 0;
	}
	ret = climb(q, &a, err);
	if (ret)
		return ret;
	choice->remembered = a.remembered;
	if (a.kvm)
		choice->accel = ACCEL_KVM;
	snprintf(choice->why, sizeof(choice->why), "KVM: %s, %s%s%s",
		 a.kvm ? "yes" : "no", a.why, a.kvm ? "" : "; using TCG",
		 a.remembered ? " (remembered)" : "");
	if (a.kvm || q->mode == ACCEL_MODE_AUTO)
		return 0;
	errbuf_set(err, "KVM was demanded, but %s: use --accel auto or tcg%s%s%s",
		   a.why, a.remembered ? ", or remove " : "",
		   a.remembered ? q->cache : "",
		   a.remembered ? "/" MEMORY_FILE " to try again" : "");
	return -ENODEV;
}
