/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests that use the fake QEMU share: where it is, and a place to write. */
#ifndef LASTREF_TESTS_FAKE_H
#define LASTREF_TESTS_FAKE_H

#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The program beside this one. */
static inline const char *fake_qemu(void)
{
	static char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 16);

	path[n < 0 ? 0 : n] = '\0';
	strcpy(strrchr(path, '/') + 1, "fake-qemu");
	return path;
}

static inline int fake_remove_one(const char *path, const struct stat *st,
				  int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static char fake_dir_path[64];

static inline void fake_remove_dir(void)
{
	nftw(fake_dir_path, fake_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A directory that is gone when the test is; made once, or exits. */
static inline const char *fake_dir(void)
{
	if (*fake_dir_path)
		return fake_dir_path;
	snprintf(fake_dir_path, sizeof(fake_dir_path), "%s/lastref-XXXXXX",
		 getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 32 ?
		 getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(fake_dir_path)) {
		printf("Bail out! no temporary directory\n");
		exit(1);
	}
	atexit(fake_remove_dir);
	return fake_dir_path;
}

/* Does this file of the fake directory hold the text? */
static inline bool file_has(const char *name, const char *text)
{
	static char buf[1 << 20];
	char path[PATH_MAX];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", fake_dir(), name);
	f = fopen(path, "r");
	if (f) {
		n = fread(buf, 1, sizeof(buf) - 1, f);
		fclose(f);
	}
	buf[n] = '\0';
	return strstr(buf, text);
}

#endif
