/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest's whole file system: a cpio archive built from a list.
 *
 * Needs no root: device nodes exist only inside the archive. Two builds from
 * the same contents are the same bytes: entries are sorted by name, owned by root,
 * dated 1970, numbered in order. Parent directories are made as needed. An
 * entry added twice replaces the first, so a caller may override a standard one.
 *
 * An add never fails by itself: the first problem (a host file that cannot be
 * read) is remembered and returned by initramfs_write().
 */
#ifndef LASTREF_INITRAMFS_H
#define LASTREF_INITRAMFS_H

#include <sys/types.h>

#include "errbuf.h"

struct initramfs;

struct initramfs *initramfs_new(void);
void initramfs_free(struct initramfs *rd);

/* Guest paths are absolute. @mode are the permission bits, as 0755. */
void initramfs_file(struct initramfs *rd, const char *guest, const char *host,
		    mode_t mode);
void initramfs_text(struct initramfs *rd, const char *guest, const char *text,
		    mode_t mode);
void initramfs_link(struct initramfs *rd, const char *guest,
		    const char *target);
void initramfs_dir(struct initramfs *rd, const char *guest, mode_t mode);

/* A host directory and all below it, modes kept; links are kept as links. */
void initramfs_tree(struct initramfs *rd, const char *guest, const char *host);

/*
 * What every guest needs: @init as /init, mount points, /dev/console, and if
 * @busybox is not NULL that as /bin/busybox with its usual names (/bin/sh ...).
 */
void initramfs_base(struct initramfs *rd, const char *init,
		    const char *busybox);

/* Writes to a temporary name and renames. 0, or a negative errno and err. */
int initramfs_write(struct initramfs *rd, const char *path, struct errbuf *err);

#endif
