/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tree for `lastref run` in which everything but lastref itself is fake: the
 * kernel, the modules, QEMU and its guest. Nothing of it needs a network, a
 * cache or a second.
 */
#ifndef LASTREF_TESTS_FAKE_TREE_H
#define LASTREF_TESTS_FAKE_TREE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "fake.h"
#include "rundir.h"

/* A file of the tree. */
static inline void tree_write(const char *path, const void *bytes, size_t len, mode_t mode)
{
	char full[4096], *slash;
	struct errbuf err;
	FILE *out;

	snprintf(full, sizeof(full), "%s/tree/%s", fake_dir(), path);
	slash = strrchr(full, '/');
	*slash = '\0';
	if (rundir_make(full, &err))
		exit(1);
	*slash = '/';
	out = fopen(full, "w");
	if (!out || fwrite(bytes, 1, len, out) != len || fclose(out) || chmod(full, mode))
		exit(1);
}

static inline void tree_text(const char *path, const char *text)
{
	tree_write(path, text, strlen(text), 0755);
}

/* Looks like a bzImage whose payload is in no format that anybody knows. */
static inline void tree_kernel(void)
{
	static unsigned char image[8192];

	image[0x1f1] = 4;			/* setup sectors */
	memcpy(image + 0x202, "HdrS\x0f\x02", 6);
	image[0x248] = 16;			/* payload offset */
	image[0x24d] = 1;			/* payload length, 256 */
	memset(image + 5 * 512, 1, 1024);
	tree_write("kernel/vmlinuz", image, sizeof(image), 0644);
}

/* Makes the tree and the environment in which lastref finds it. */
static inline void tree_make(void)
{
	char path[4096];

	tree_kernel();
	tree_text("kernel/release", "6.12.0-fake\n");
	snprintf(path, sizeof(path), "#!/bin/sh\n[ \"$1\" != broken ] || exit 3\necho %s/tree/kernel\n",
		 fake_dir());
	tree_text("scripts/prepare", path);
	tree_text("vm-images/kernels.conf", "[6.12]\nabout = fake\n[debug]\nabout = fake\n[broken]\nabout = fake\n");
	tree_text("build/init", "init");
	tree_text("build/modules/6.12/reftorture.ko", "no module");
	tree_text("build/modules/debug/reftorture.ko", "no module");
	snprintf(path, sizeof(path), "%s/tree", fake_dir());
	setenv("LASTREF_ROOT", path, 1);
	snprintf(path, sizeof(path), "%s/cache", fake_dir());
	setenv("LASTREF_CACHE", path, 1);
	snprintf(path, sizeof(path), "%s", fake_qemu());
	strcpy(strrchr(path, '/') + 1, "fake-torture");
	setenv("LASTREF_QEMU", path, 1);
}

#endif
