/* SPDX-License-Identifier: GPL-2.0 */
/*
 * module_set.h - a module and all that must be loaded before it, in that order
 *
 * A module is named by a file, or by its name as modprobe takes it: then it is
 * looked for among lastref's own and in the kernel's package. What it depends on is
 * looked for beside its file, among those that were given by --with, and in the same
 * two places. What it only wants (modinfo's softdep, often an alias) is taken if
 * it is there.
 */
#ifndef LASTREF_MODULE_SET_H
#define LASTREF_MODULE_SET_H

#include "kernel.h"
#include "module_file.h"

struct module_item {
	struct module_file file;
	char *origin;		/* the file it was read from */
	char *guest;		/* where it is in the guest */
	char *host;		/* unpacked, for the guest; NULL before it was written */
	bool asked;		/* by name, not only depended on */
	bool soft;		/* wanted, but may be missing, or not suit this machine */
};

struct module_set {
	const struct kernel *kernel;
	struct module_item *items;	/* as they must be loaded */
	size_t count;
	size_t target;			/* which was asked for last */
};

/*
 * Adds a module and, before it, what it depends on and is not there yet. 0, or -1 and err:
 * it is none, is not there, is for another kernel, or depends on what cannot be found.
 */
int module_set_add(struct module_set *s, const char *word, struct errbuf *err);

/* The same for what is not asked about; what is built into the kernel is there already. */
int module_set_need(struct module_set *s, const char *word, struct errbuf *err);

/* A module's name from a word of any of these forms. */
void module_set_name(char name[MODULE_NAME_SIZE], const char *word);

/* Writes the unpacked modules to @dir; 0, or -1 and err. */
int module_set_unpack(struct module_set *s, const char *dir, struct errbuf *err);

/* Removes what was unpacked, and forgets all. */
void module_set_free(struct module_set *s, bool keep);

#endif
