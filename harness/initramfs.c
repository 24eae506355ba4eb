// SPDX-License-Identifier: GPL-2.0
/*
 * A cpio archive from a list: see initramfs.h.
 *
 * Entries are kept as they were added and sorted when written: by path, and of
 * equal paths the last added wins. A parent directory nobody asked for counts as
 * added before all others, so an explicit one wins.
 */
#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "content.h"
#include "initramfs.h"

struct entry {
	char *guest;		/* no slash at the beginning */
	char *host;		/* a regular file's content, or NULL: */
	char *text;		/* ... this, or a link's target */
	mode_t mode;		/* type and permissions */
	dev_t dev;
	long order;
};

struct initramfs {
	struct entry *list;
	size_t n, room;
	int error;		/* the first problem */
	struct errbuf what;
};

struct initramfs *initramfs_new(void)
{
	return calloc(1, sizeof(struct initramfs));
}

void initramfs_free(struct initramfs *rd)
{
	size_t i;

	if (!rd)
		return;
	for (i = 0; i < rd->n; i++) {
		free(rd->list[i].guest);
		free(rd->list[i].host);
		free(rd->list[i].text);
	}
	free(rd->list);
	free(rd);
}

static void problem(struct initramfs *rd, int err, const char *path)
{
	if (rd->error)
		return;
	rd->error = err;
	errbuf_set(&rd->what, "%s: %s: it cannot be put into the guest's initramfs",
		   path, strerror(-err));
}

static struct entry *add(struct initramfs *rd, const char *guest, mode_t mode,
			 long order)
{
	struct entry *e;

	if (rd->n == rd->room) {
		size_t room = rd->room ? rd->room * 2 : 256;

		e = reallocarray(rd->list, room, sizeof(*e));
		if (!e)
			goto no_memory;
		rd->list = e;
		rd->room = room;
	}
	while (*guest == '/')
		guest++;
	e = &rd->list[rd->n];
	memset(e, 0, sizeof(*e));
	e->guest = strdup(guest);
	if (!e->guest)
		goto no_memory;
	e->mode = mode;
	e->order = order;
	rd->n++;
	return e;
no_memory:
	problem(rd, -ENOMEM, guest);
	return NULL;
}

static void set(struct initramfs *rd, char **field, const char *value)
{
	*field = strdup(value);
	if (!*field)
		problem(rd, -ENOMEM, value);
}

void initramfs_file(struct initramfs *rd, const char *guest, const char *host,
		    mode_t mode)
{
	struct entry *e = add(rd, guest, S_IFREG | mode, rd->n + 1);

	if (e)
		set(rd, &e->host, host);
}

void initramfs_text(struct initramfs *rd, const char *guest, const char *text,
		    mode_t mode)
{
	struct entry *e = add(rd, guest, S_IFREG | mode, rd->n + 1);

	if (e)
		set(rd, &e->text, text);
}

void initramfs_link(struct initramfs *rd, const char *guest, const char *target)
{
	struct entry *e = add(rd, guest, S_IFLNK | 0777, rd->n + 1);

	if (e)
		set(rd, &e->text, target);
}

void initramfs_dir(struct initramfs *rd, const char *guest, mode_t mode)
{
	add(rd, guest, S_IFDIR | mode, rd->n + 1);
}

static void add_node(struct initramfs *rd, const char *guest, unsigned int major,
		     unsigned int minor)
{
	struct entry *e = add(rd, guest, S_IFCHR | 0600, rd->n + 1);

	if (e)
		e->dev = makedev(major, minor);
}

static void add_any(struct initramfs *rd, const char *guest, const char *host)
{
	char target[PATH_MAX];
	struct stat st;
	ssize_t n;

	if (lstat(host, &st)) {
		problem(rd, -errno, host);
	} else if (S_ISDIR(st.st_mode)) {
		initramfs_tree(rd, guest, host);
	} else if (S_ISLNK(st.st_mode)) {
		n = readlink(host, target, sizeof(target) - 1);
		target[n < 0 ? 0 : n] = '\0';
		initramfs_link(rd, guest, target);
	} else if (S_ISREG(st.st_mode)) {
		initramfs_file(rd, guest, host, st.st_mode & 0777);
	} else {
		problem(rd, -EINVAL, host);
	}
}

void initramfs_tree(struct initramfs *rd, const char *guest, const char *host)
{
	char from[PATH_MAX], to[PATH_MAX];
	struct dirent *d;
	DIR *dir = opendir(host);

	if (!dir) {
		problem(rd, -errno, host);
		return;
	}
	initramfs_dir(rd, guest, 0755);
	while ((d = readdir(dir))) {
		if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
			continue;
		if (snprintf(from, sizeof(from), "%s/%s", host, d->d_name) >=
		    (int)sizeof(from) ||
		    snprintf(to, sizeof(to), "%s/%s", guest, d->d_name) >=
		    (int)sizeof(to))
			problem(rd, -ENAMETOOLONG, host);
		else
			add_any(rd, to, from);
	}
	closedir(dir);
}

/* What shell scripts of tests call; a name busybox lacks says so when it is called. */
static const char *const applets[] = {
	"[", "ash", "awk", "base64", "basename", "blockdev", "bunzip2", "cat",
	"chgrp", "chmod", "chown", "chroot", "chrt", "clear", "cmp", "comm", "cp",
	"cpio", "cut", "date", "dd", "df", "diff", "dirname", "dmesg", "du", "echo",
	"egrep", "env", "expand", "expr", "false", "fgrep", "find", "flock", "fold",
	"free", "fuser", "getopt", "grep", "gunzip", "gzip", "head", "hexdump",
	"hostname", "id", "insmod", "ionice", "kill", "killall", "less", "ln",
	"logger", "ls", "lsmod", "lsof", "md5sum", "mkdir", "mkfifo", "mknod",
	"mktemp", "modprobe", "more", "mount", "mountpoint", "mv", "nice", "nl",
	"nohup", "nproc", "od", "paste", "pgrep", "pidof", "pkill", "printenv",
	"printf", "ps", "pwd", "readlink", "realpath", "renice", "rev", "rm",
	"rmdir", "rmmod", "script", "sed", "seq", "setsid", "sh", "sha1sum",
	"sha256sum", "shuf", "sleep", "sort", "split", "stat", "strings", "stty",
	"sync", "sysctl", "tac", "tail", "tar", "taskset", "tee", "test", "time",
	"timeout", "top", "touch", "tr", "true", "truncate", "tty", "umount",
	"uname", "uniq", "unshare", "uptime", "usleep", "vi", "wc", "which",
	"xargs", "xxd", "yes", "zcat",
};

void initramfs_base(struct initramfs *rd, const char *init, const char *busybox)
{
	static const char *const dirs[] = {
		"dev", "proc", "sys", "run", "etc", "root", "lib/modules",
		"usr/bin", "sbin", "bin",
	};
	char path[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dirs); i++)
		initramfs_dir(rd, dirs[i], 0755);
	initramfs_dir(rd, "tmp", 01777);
	/* devtmpfs covers these; without it they are all there is. */
	add_node(rd, "dev/console", 5, 1);
	add_node(rd, "dev/null", 1, 3);
	add_node(rd, "dev/ttyS1", 4, 65);
	initramfs_file(rd, "init", init, 0755);
	initramfs_text(rd, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", 0644);
	initramfs_text(rd, "etc/group", "root:x:0:\n", 0644);
	if (!busybox)
		return;
	initramfs_file(rd, "bin/busybox", busybox, 0755);
	for (i = 0; i < ARRAY_SIZE(applets); i++) {
		snprintf(path, sizeof(path), "bin/%s", applets[i]);
		initramfs_link(rd, path, "busybox");
	}
	initramfs_link(rd, "usr/bin/env", "../../bin/busybox");
}

static void add_parents(struct initramfs *rd)
{
	size_t n = rd->n, i;
	char path[PATH_MAX];

	for (i = 0; i < n; i++) {
		char *slash;

		snprintf(path, sizeof(path), "%s", rd->list[i].guest);
		while ((slash = strrchr(path, '/'))) {
			*slash = '\0';
			add(rd, path, S_IFDIR | 0755, 0);
		}
	}
}

static int compare(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;
	int by_name = strcmp(a->guest, b->guest);

	/* The one that wins comes first. */
	return by_name ? by_name : (a->order < b->order) - (a->order > b->order);
}

static int write_entry(struct archive *a, const struct entry *e, long number)
{
	struct content c = { NULL, 0 };
	struct archive_entry *ae = archive_entry_new();
	const void *bytes = e->text;
	int err = ae ? 0 : -ENOMEM;

	if (!err && e->host)
		err = content_map(e->host, &c);
	if (err)
		goto out;
	if (e->host)
		bytes = c.bytes;
	archive_entry_set_pathname(ae, e->guest);
	archive_entry_set_mode(ae, e->mode);
	archive_entry_set_ino64(ae, number);
	archive_entry_set_nlink(ae, S_ISDIR(e->mode) ? 2 : 1);
	archive_entry_set_mtime(ae, 0, 0);
	archive_entry_set_size(ae, 0);
	if (S_ISLNK(e->mode))
		archive_entry_set_symlink(ae, e->text);
	if (S_ISCHR(e->mode))
		archive_entry_set_rdev(ae, e->dev);
	if (S_ISREG(e->mode))
		archive_entry_set_size(ae, e->host ? c.size : strlen(e->text));
	if (archive_write_header(a, ae) != ARCHIVE_OK ||
	    (S_ISREG(e->mode) &&
	     archive_write_data(a, bytes, archive_entry_size(ae)) !=
	     archive_entry_size(ae)))
		err = archive_errno(a) ? -archive_errno(a) : -EIO;
out:
	content_unmap(&c);
	archive_entry_free(ae);
	return err;
}

static int write_entries(struct initramfs *rd, struct archive *a)
{
	size_t i;
	int err;

	for (i = 0; i < rd->n; i++) {
		const struct entry *e = &rd->list[i];

		if (!*e->guest || (i && !strcmp(e->guest, e[-1].guest)))
			continue;
		err = write_entry(a, e, i + 1);
		if (err) {
			problem(rd, err, e->host ? e->host : e->guest);
			return err;
		}
	}
	return 0;
}

static int write_archive(struct initramfs *rd, int fd)
{
	struct archive *a = archive_write_new();
	int err;

	if (!a)
		return -ENOMEM;
	archive_write_set_format_cpio_newc(a);
	archive_write_add_filter_gzip(a);
	archive_write_set_options(a, "gzip:!timestamp,gzip:compression-level=1");
	archive_write_set_bytes_in_last_block(a, 1);
	err = archive_write_open_fd(a, fd) == ARCHIVE_OK ? 0 : -EIO;
	if (!err)
		err = write_entries(rd, a);
	if (!err && archive_write_close(a) != ARCHIVE_OK)
		err = archive_errno(a) ? -archive_errno(a) : -EIO;
	archive_write_free(a);
	return err;
}

int initramfs_write(struct initramfs *rd, const char *path, struct errbuf *err)
{
	char temp[PATH_MAX];
	int fd, ret;

	add_parents(rd);
	if (rd->n)
		qsort(rd->list, rd->n, sizeof(rd->list[0]), compare);
	if (rd->error)
		goto failed;
	snprintf(temp, sizeof(temp), "%s.XXXXXX", path);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		problem(rd, -errno, path);
		goto failed;
	}
	fchmod(fd, 0644);
	ret = write_archive(rd, fd);
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && rename(temp, path))
		ret = -errno;
	if (!ret)
		return 0;
	unlink(temp);
	problem(rd, ret, path);
failed:
	*err = rd->what;
	return rd->error;
}
