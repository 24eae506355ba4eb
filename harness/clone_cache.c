// SPDX-License-Identifier: GPL-2.0
/* Where golden snapshots are kept: see clone_cache.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "child.h"
#include "clone_cache.h"
#include "content.h"
#include "rundir.h"

#define VERSION_MS	10000
#define CLONES		"clones"
#define PART		".part"
#define LOCK		".lock"
#define MANIFEST	"manifest.json"
#define FORMAT		1

struct name {
	char path[CLONE_PATH_MAX + 32];
};

static struct name name_of(const char *dir, const char *tail)
{
	struct name n;

	snprintf(n.path, sizeof(n.path), "%s%s", dir, tail);
	return n;
}

static int fail(struct errbuf *err, const char *path, int error)
{
	errbuf_set(err, "%s: %s", path, strerror(error));
	return -error;
}

/* Holes are skipped: they are zero, and their places are part of the hash. */
static int hash_file(const char *path, unsigned long long *size,
		     unsigned long long *hash)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;
	struct content c;
	off_t at = 0, end;

	if (fd < 0)
		return -errno;
	ret = content_map(path, &c);
	*size = c.size;
	*hash = CONTENT_SEED;
	while (!ret && (at = lseek(fd, at, SEEK_DATA)) >= 0 && at < (off_t)c.size) {
		end = lseek(fd, at, SEEK_HOLE);
		if (end <= at || end > (off_t)c.size)
			end = c.size;
		*hash = content_hash(*hash, &at, sizeof(at));
		*hash = content_hash(*hash, c.bytes + at, end - at);
		at = end;
	}
	close(fd);
	if (!ret)
		content_unmap(&c);
	return ret;
}

static int add_content(unsigned long long *key, const char *path, struct errbuf *err)
{
	struct content c;
	int ret = content_map(path, &c);

	if (ret)
		return fail(err, path, -ret);
	*key = content_hash(*key, &c.size, sizeof(c.size));
	*key = content_hash(*key, c.bytes, c.size);
	content_unmap(&c);
	return 0;
}

int clone_key(const struct vm_config *config, char *key, size_t size, struct errbuf *err)
{
	const char *const argv[] = {
		config->qemu ? config->qemu : "qemu-system-x86_64", "--version", NULL,
	};
	unsigned long long hash = vm_config_hash(config), format = FORMAT;
	struct utsname host;
	char version[128];
	int ret;

	ret = child_first_line(argv, VERSION_MS, version, sizeof(version));
	if (ret)
		return fail(err, argv[0], -ret);
	hash = content_hash(hash, &format, sizeof(format));
	hash = content_hash(hash, version, strlen(version) + 1);
	/* Another host's clock runs at another speed. */
	if (!uname(&host))
		hash = content_hash(hash, host.nodename, strlen(host.nodename));
	ret = add_content(&hash, config->kernel, err);
	if (!ret)
		ret = add_content(&hash, config->initrd, err);
	snprintf(key, size, "%016llx", hash);
	return ret;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	remove(path);
	return 0;
}

static void remove_dir(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* false: too long, so none of ours. */
static bool path_in(char *path, const char *dir, const char *name)
{
	return snprintf(path, CLONE_PATH_MAX, "%s/%s", dir, name) < CLONE_PATH_MAX;
}

static bool ends_with(const char *name, const char *tail)
{
	size_t len = strlen(name), n = strlen(tail);

	return len > n && !strcmp(name + len - n, tail);
}

/* A lock file may be removed while it is waited for: then there is another. */
static int take_lock(const char *path, int how)
{
	struct stat ours, there;
	int fd, err;

	for (;;) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			return -errno;
		if (flock(fd, how)) {
			err = -errno;
			close(fd);
			return err;
		}
		if (!fstat(fd, &ours) && !stat(path, &there) &&
		    ours.st_ino == there.st_ino && ours.st_dev == there.st_dev)
			return fd;
		close(fd);
	}
}

/* Removes DIR, or only its .part, unless somebody is at it. */
static bool remove_unused(const char *dir, bool all)
{
	struct name lock = name_of(dir, LOCK);
	int fd = take_lock(lock.path, LOCK_EX | LOCK_NB);

	if (fd < 0)
		return false;
	remove_dir(name_of(dir, PART).path);
	if (all) {
		remove_dir(dir);
		unlink(lock.path);
	}
	close(fd);
	return true;
}

static void sweep(const char *clones)
{
	DIR *d = opendir(clones);
	char path[CLONE_PATH_MAX];
	struct dirent *e;

	while (d && (e = readdir(d))) {
		if (!ends_with(e->d_name, PART) || !path_in(path, clones, e->d_name))
			continue;
		path[strlen(path) - strlen(PART)] = '\0';
		remove_unused(path, false);
	}
	if (d)
		closedir(d);
}

int clone_slot_init(struct clone_slot *slot, const char *cache, const char *key,
		    struct errbuf *err)
{
	char clones[CLONE_PATH_MAX];

	slot->lock = -1;
	snprintf(clones, sizeof(clones), "%s/" CLONES, cache);
	if (snprintf(slot->dir, sizeof(slot->dir), "%s/%s", clones, key) >=
	    (int)sizeof(slot->dir))
		return fail(err, cache, ENAMETOOLONG);
	if (rundir_make(clones, err))
		return -EIO;
	chmod(clones, 0700);
	sweep(clones);
	return 0;
}

int clone_slot_lock(struct clone_slot *slot, bool alone, struct errbuf *err)
{
	struct name lock = name_of(slot->dir, LOCK);
	int fd = take_lock(lock.path, alone ? LOCK_EX : LOCK_SH);

	if (fd < 0)
		return fail(err, lock.path, -fd);
	slot->lock = fd;
	return 0;
}

void clone_slot_unlock(struct clone_slot *slot)
{
	if (slot->lock >= 0)
		close(slot->lock);
	slot->lock = -1;
}

static json_t *pack(const struct clone_manifest *m)
{
	return json_pack("{s:s, s:i, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "release", m->release, "cpus", (int)m->cpus,
			 "boot_ms", (json_int_t)m->boot_ms,
			 "loop_ms", (json_int_t)m->loop_ms,
			 "memory_size", (json_int_t)m->memory_size,
			 "memory_hash", (json_int_t)m->memory_hash,
			 "state_size", (json_int_t)m->state_size,
			 "state_hash", (json_int_t)m->state_hash);
}

static int unpack(json_t *json, struct clone_manifest *m)
{
	json_int_t boot, loop, msize, mhash, ssize, shash;
	const char *release;
	int cpus;

	if (json_unpack(json, "{s:s, s:i, s:I, s:I, s:I, s:I, s:I, s:I}",
			"release", &release, "cpus", &cpus, "boot_ms", &boot,
			"loop_ms", &loop, "memory_size", &msize, "memory_hash", &mhash,
			"state_size", &ssize, "state_hash", &shash))
		return -EILSEQ;
	*m = (struct clone_manifest){
		.cpus = cpus, .boot_ms = boot, .loop_ms = loop,
		.memory_size = msize, .memory_hash = mhash,
		.state_size = ssize, .state_hash = shash,
	};
	snprintf(m->release, sizeof(m->release), "%s", release);
	return 0;
}

static int check_file(const char *dir, const char *tail, unsigned long long size,
		      unsigned long long hash, struct errbuf *err)
{
	unsigned long long real_size, real_hash;
	struct name n = name_of(dir, tail);

	if (!hash_file(n.path, &real_size, &real_hash) && size == real_size &&
	    hash == real_hash)
		return 0;
	errbuf_set(err, "%s is not what was written: the snapshot is thrown away", n.path);
	return -EILSEQ;
}

int clone_slot_check(const struct clone_slot *slot, struct clone_manifest *m,
		     struct errbuf *err)
{
	struct name n = name_of(slot->dir, "/" MANIFEST);
	json_t *json;
	int ret;

	if (access(slot->dir, F_OK))
		return -ENOENT;
	json = json_load_file(n.path, 0, NULL);
	ret = unpack(json, m);
	json_decref(json);
	if (ret)
		errbuf_set(err, "%s cannot be read: the snapshot is thrown away", n.path);
	if (!ret)
		ret = check_file(slot->dir, "/state", m->state_size, m->state_hash, err);
	if (!ret)
		ret = check_file(slot->dir, "/memory", m->memory_size, m->memory_hash, err);
	/* Its age, for who has to go first. */
	if (!ret)
		utimensat(AT_FDCWD, n.path, NULL, 0);
	return ret;
}

int clone_slot_begin(const struct clone_slot *slot, char *part, size_t size,
		     struct errbuf *err)
{
	snprintf(part, size, "%s" PART, slot->dir);
	remove_dir(part);
	return mkdir(part, 0700) ? fail(err, part, errno) : 0;
}

int clone_slot_commit(const struct clone_slot *slot, struct clone_manifest *m,
		      struct errbuf *err)
{
	struct name part = name_of(slot->dir, PART), file;
	json_t *json;
	int ret;

	file = name_of(slot->dir, PART "/memory");
	ret = hash_file(file.path, &m->memory_size, &m->memory_hash);
	if (!ret) {
		file = name_of(slot->dir, PART "/state");
		ret = hash_file(file.path, &m->state_size, &m->state_hash);
	}
	if (ret)
		return fail(err, file.path, -ret);
	file = name_of(slot->dir, PART "/" MANIFEST);
	json = pack(m);
	ret = json_dump_file(json, file.path, JSON_INDENT(2));
	json_decref(json);
	if (ret)
		return fail(err, file.path, errno ? errno : EIO);
	remove_dir(slot->dir);
	return rename(part.path, slot->dir) ? fail(err, slot->dir, errno) : 0;
}

void clone_slot_abort(const struct clone_slot *slot)
{
	remove_dir(name_of(slot->dir, PART).path);
}

void clone_slot_remove(const struct clone_slot *slot)
{
	remove_dir(slot->dir);
}

static unsigned long disk_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_blocks / 2;
}

/* The one that was not used for the longest time; "" if there is none. Adds up all. */
static unsigned long find_oldest(const char *clones, struct timespec after, char *oldest,
				 struct timespec *when)
{
	DIR *d = opendir(clones);
	char dir[CLONE_PATH_MAX];
	unsigned long total = 0;
	struct dirent *e;
	struct stat st;

	*oldest = '\0';
	while (d && (e = readdir(d))) {
		if (*e->d_name == '.' || !path_in(dir, clones, e->d_name) ||
		    stat(name_of(dir, "/" MANIFEST).path, &st))
			continue;
		total += disk_of(name_of(dir, "/memory").path) +
			 disk_of(name_of(dir, "/state").path);
		if (st.st_mtim.tv_sec < after.tv_sec ||
		    (st.st_mtim.tv_sec == after.tv_sec && st.st_mtim.tv_nsec <= after.tv_nsec))
			continue;
		if (*oldest && (st.st_mtim.tv_sec > when->tv_sec ||
				(st.st_mtim.tv_sec == when->tv_sec &&
				 st.st_mtim.tv_nsec >= when->tv_nsec)))
			continue;
		strcpy(oldest, dir);
		*when = st.st_mtim;
	}
	if (d)
		closedir(d);
	return total;
}

unsigned long clone_cache_trim(const char *cache, unsigned long limit_mb)
{
	struct timespec after = { 0, 0 }, when = { 0, 0 };
	char clones[CLONE_PATH_MAX], oldest[CLONE_PATH_MAX];
	unsigned long kb;

	snprintf(clones, sizeof(clones), "%s/" CLONES, cache);
	for (;;) {
		kb = find_oldest(clones, after, oldest, &when);
		if (kb <= limit_mb << 10 || !*oldest)
			return kb >> 10;
		/* One that is in use is passed by. */
		if (!remove_unused(oldest, true))
			after = when;
	}
}
