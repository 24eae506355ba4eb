/* SPDX-License-Identifier: GPL-2.0 */
/*
 * module_file.h - what the file of a kernel module tells without being loaded
 *
 * As it comes in a kernel package: NAME.ko, or that packed by xz, zstd or gzip.
 * What a file is called does not matter to the reader, only to who looks for
 * modules in a directory: module_file_named().
 */
#ifndef LASTREF_MODULE_FILE_H
#define LASTREF_MODULE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "errbuf.h"

#define MODULE_NAME_SIZE	64

struct module_file {
	char name[MODULE_NAME_SIZE];	/* as the kernel has it: a_b, not a-b */
	char *vermagic;			/* "6.12.1-amd64 SMP preempt mod_unload", or "" */
	char *depends;			/* names, a comma between, or "" */
	char *softdep;			/* "pre: a b post: c", or "" */
	char **imports;			/* what others must have, sorted */
	size_t nr_imports;
	bool has_init;
	bool has_exit;
	unsigned char *bytes;		/* the ELF file, unpacked */
	size_t size;
};

/* 0, or -1 and err with nothing to free. Safe to call from several threads. */
int module_file_read(struct module_file *m, const char *path, struct errbuf *err);
void module_file_free(struct module_file *m);

bool module_file_imports(const struct module_file *m, const char *symbol);

/* The kernel loads no module that has an init but no exit, and lets it go again. */
bool module_file_permanent(const struct module_file *m);

/*
 * Whether a file is called as modules are. Then @name, if not NULL, gets the module's
 * name as the file's name has it: "nf-tables.ko.xz" is nf_tables.
 */
bool module_file_named(const char *path, char name[MODULE_NAME_SIZE]);

#endif
