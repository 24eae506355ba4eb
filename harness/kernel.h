/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel.h - a kernel made ready: fetched, its modules built, its boot image
 * unpacked, its accelerator chosen
 *
 * A kernel has a name, which is a section of vm-images/kernels.conf; or it is a
 * file, and then its modules are those that were built for "custom".
 */
#ifndef LASTREF_KERNEL_H
#define LASTREF_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "accel.h"
#include "errbuf.h"
#include "options.h"

#define KERNEL_DEFAULT	"6.12"
#define KERNEL_CUSTOM	"custom"

struct kernel {
	char *name;
	char *argument;		/* of --kernel: the name, or the file */
	char *dir;		/* as scripts/get-kernel describes it; NULL: a file */
	char *release;		/* NULL: known only after the boot */
	char *boot;		/* what QEMU gets */
	char *vmlinux;		/* with symbols, or NULL */
	char *modules;		/* directory of our .ko files */
	char *note;		/* worth a word: boots slower, or NULL */
	struct accel_choice accel;
};

/* A section of kernels.conf. */
struct kernel_name {
	char *name;
	char *about;
};

/* All of them, in the order of the file; NULL and err. */
struct kernel_name *kernel_list(size_t *count, struct errbuf *err);
void kernel_list_free(struct kernel_name *list, size_t count);

/* Whether --kernel's argument is a file and not a name. */
bool kernel_is_file(const char *name);

/* May take minutes the first time, and then tells on stderr what it does. */
int kernel_prepare(struct kernel *k, const char *name, const struct options *o,
		   struct errbuf *err);

/* The same without modules, for who only wants to know how it would be booted. */
int kernel_look(struct kernel *k, const char *name, const struct options *o,
		struct errbuf *err);
void kernel_free(struct kernel *k);

/* --qemu, LASTREF_QEMU or the usual name; free() it. NULL and err. */
char *kernel_qemu(const struct options *o, struct errbuf *err);

#endif
