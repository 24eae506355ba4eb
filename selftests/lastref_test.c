// SPDX-License-Identifier: GPL-2.0
/*
 * The module and its files, seen from a test.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "lastref_test.h"

#define DEBUGFS_MAGIC	0x64626720

int lr_file_of(const char *module)
{
	const char *dir = getenv("LASTREF_MODULES");
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.ko", dir ? dir : "/lib/modules",
		 module);
	return open(path, O_RDONLY | O_CLOEXEC);
}

int lr_module_file(void)
{
	return lr_file_of(LR_MODULE);
}

bool lr_loaded(void)
{
	return !access("/sys/module/" LR_MODULE, F_OK);
}

const char *lr_missing(void)
{
	struct statfs fs;
	int fd;

	if (geteuid())
		return "only root can load a module";
	if (statfs("/sys/kernel/debug", &fs) || fs.f_type != DEBUGFS_MAGIC)
		return "debugfs is not mounted on /sys/kernel/debug";
	if (lr_loaded())
		return LR_MODULE " is loaded already: rmmod it, the tests load it themselves";
	fd = lr_module_file();
	if (fd >= 0)
		close(fd);
	else if (system("modprobe -n -q " LR_MODULE " >/dev/null 2>&1"))
		return "no " LR_MODULE ".ko: set LASTREF_MODULES to the directory that has it";
	return NULL;
}

static int load_file(int fd, const char *params)
{
	return syscall(SYS_finit_module, fd, params, 0) ? -errno : 0;
}

int lr_load_file(int fd)
{
	return load_file(fd, "");
}

int lr_insmod_with(const char *module, const char *params)
{
	int fd = lr_file_of(module), err;
	char command[512];

	if (fd < 0) {
		snprintf(command, sizeof(command), "modprobe %s %s", module,
			 params);
		return system(command) ? -ENOEXEC : 0;
	}
	err = load_file(fd, params);
	close(fd);
	return err;
}

int lr_insmod(const char *module)
{
	return lr_insmod_with(module, "");
}

int lr_rmmod(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK) ? -errno : 0;
}

int lr_load_needed(void)
{
	int err = lr_insmod(LR_NEEDED);

	return err == -EEXIST ? 0 : err;
}

int lr_unload_needed(void)
{
	int err = lr_rmmod(LR_NEEDED);

	return err == -EAGAIN ? 0 : err;
}

int lr_load(void)
{
	int err = lr_load_needed();

	return err ? err : lr_insmod(LR_MODULE);
}

int lr_unload(void)
{
	int err = lr_rmmod(LR_MODULE);

	return err ? err : lr_unload_needed();
}

static int open_file(const char *path, int flags)
{
	char whole[512];

	snprintf(whole, sizeof(whole), "%s%s", *path == '/' ? "" : LR_DIR "/",
		 path);
	return open(whole, flags | O_CLOEXEC);
}

char *lr_read(const char *path)
{
	int fd = open_file(path, O_RDONLY), saved;
	size_t len = 0, size = 65536;
	char *text = malloc(size);
	ssize_t n = -1;

	while (fd >= 0 && text) {
		n = read(fd, text + len, size - len - 1);
		if (n <= 0)
			break;
		len += n;
		if (size - len < 4096)
			text = realloc(text, size *= 2);
	}
	saved = errno;
	if (fd >= 0)
		close(fd);
	if (n < 0) {
		free(text);
		errno = saved;
		return NULL;
	}
	text[len] = '\0';
	return text;
}

int lr_write(const char *path, const void *bytes, size_t n)
{
	int fd = open_file(path, O_WRONLY), err = 0;
	ssize_t done;

	if (fd < 0)
		return -errno;
	done = write(fd, bytes, n);
	if (done < 0)
		err = -errno;
	else if ((size_t)done != n)
		err = -EIO;
	close(fd);
	return err;
}

unsigned long long lr_seed(void)
{
	const char *seed = getenv("LASTREF_SEED");
	struct timespec ts;

	if (seed && *seed)
		return strtoull(seed, NULL, 0);
	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* splitmix64: any state will do as a seed, 0 too. */
unsigned int lr_random(unsigned long long *state, unsigned int below)
{
	unsigned long long z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	z ^= z >> 31;
	return below ? (z >> 32) * below >> 32 : 0;
}

double lr_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}
