// SPDX-License-Identifier: GPL-2.0
/*
 * The initramfs: what went in comes out, and the same goes in twice gives the
 * same bytes. Read back with libarchive, and taken apart by hand where libarchive might
 * be kinder than the kernel.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "content.h"
#include "fake.h"
#include "initramfs.h"
#include "kt.h"

#define NAMES_MAX	512

static struct {
	char name[256], link[256], text[256];
	mode_t mode;
	long size;
	dev_t dev;
} entries[NAMES_MAX];

static size_t n_entries;

static const char *path_of(const char *name)
{
	static char paths[4][PATH_MAX];
	static int i;

	i = (i + 1) % 4;
	snprintf(paths[i], PATH_MAX, "%s/%s", fake_dir(), name);
	return paths[i];
}

static void host_file(const char *name, const char *text, mode_t mode)
{
	FILE *f = fopen(path_of(name), "w");

	fputs(text, f);
	fclose(f);
	chmod(path_of(name), mode);
}

static void read_back(const char *path)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;

	n_entries = 0;
	archive_read_support_format_cpio(a);
	archive_read_support_filter_gzip(a);
	kt_check(archive_read_open_filename(a, path, 10240) == ARCHIVE_OK, "%s",
		 archive_error_string(a));
	while (archive_read_next_header(a, &e) == ARCHIVE_OK &&
	       n_entries < NAMES_MAX) {
		memset(&entries[n_entries], 0, sizeof(entries[0]));
		snprintf(entries[n_entries].name, 256, "%s", archive_entry_pathname(e));
		snprintf(entries[n_entries].link, 256, "%s", archive_entry_symlink(e) ?
			 archive_entry_symlink(e) : "");
		entries[n_entries].mode = archive_entry_mode(e);
		entries[n_entries].size = archive_entry_size(e);
		entries[n_entries].dev = archive_entry_rdev(e);
		archive_read_data(a, entries[n_entries].text, 255);
		kt_check(archive_entry_mtime(e) == 0 && archive_entry_uid(e) == 0,
			 "%s has a date or an owner", entries[n_entries].name);
		n_entries++;
	}
	archive_read_free(a);
}

/* The index of a name; checks that it is there exactly once. */
static size_t find(const char *name)
{
	size_t i, found = 0, count = 0;

	for (i = 0; i < n_entries; i++) {
		if (strcmp(entries[i].name, name))
			continue;
		found = i;
		count++;
	}
	kt_check(count == 1, "%s is there %zu times", name, count);
	return found;
}

static struct initramfs *build(void)
{
	struct initramfs *rd = initramfs_new();

	initramfs_tree(rd, "/selftests", path_of("tree"));
	initramfs_base(rd, path_of("init"), path_of("busybox"));
	initramfs_text(rd, "/a/b/c/deep", "deep", 0600);
	initramfs_text(rd, "/etc/passwd", "mine", 0640);
	initramfs_dir(rd, "/a/b", 0700);
	return rd;
}

static void write_to(struct initramfs *rd, const char *path)
{
	struct errbuf err = { "" };

	kt_check(initramfs_write(rd, path, &err) == 0, "%s", err.text);
	initramfs_free(rd);
}

static void reads_back(void)
{
	size_t i;

	write_to(build(), path_of("rd.gz"));
	read_back(path_of("rd.gz"));
	i = find("init");
	kt_check(entries[i].mode == (S_IFREG | 0755) &&
		 !strcmp(entries[i].text, "i am init"), "init: %o %s",
		 entries[i].mode, entries[i].text);
	i = find("bin/sh");
	kt_check(S_ISLNK(entries[i].mode) && !strcmp(entries[i].link, "busybox"),
		 "bin/sh -> %s", entries[i].link);
	i = find("dev/console");
	kt_check(S_ISCHR(entries[i].mode) && entries[i].dev == 0x501, "console: %o %lx",
		 entries[i].mode, (long)entries[i].dev);
	i = find("etc/passwd");
	kt_check(!strcmp(entries[i].text, "mine") && entries[i].mode == (S_IFREG | 0640),
		 "the later one does not win: %s", entries[i].text);
	i = find("a");
	kt_check(entries[i].mode == (S_IFDIR | 0755), "a parent: %o", entries[i].mode);
	i = find("a/b");
	kt_check(entries[i].mode == (S_IFDIR | 0700), "one given: %o", entries[i].mode);
	i = find("a/b/c/deep");
	kt_check(!strcmp(entries[i].text, "deep"), "%s", entries[i].text);
	i = find("selftests/sub/run.sh");
	kt_check(entries[i].mode == (S_IFREG | 0755), "%o", entries[i].mode);
	i = find("selftests/empty");
	kt_check(entries[i].size == 0, "%ld", entries[i].size);
	i = find("selftests/link");
	kt_check(!strcmp(entries[i].link, "sub/run.sh"), "%s", entries[i].link);
}

/* The kernel makes a file only if its directory came before it. */
static void parents_first(void)
{
	size_t i, j;

	for (i = 0; i < n_entries; i++) {
		char *slash = strrchr(entries[i].name, '/');
		size_t len = slash ? slash - entries[i].name : 0;

		for (j = 0; slash && j < i; j++)
			if (strlen(entries[j].name) == len &&
			    !strncmp(entries[j].name, entries[i].name, len))
				break;
		kt_check(!slash || j < i, "%s has no directory yet", entries[i].name);
	}
}

static unsigned long long hash_of(const char *path)
{
	struct content c;
	unsigned long long hash;

	if (!kt_check(!content_map(path, &c), "%s", path))
		return 0;
	hash = content_hash(CONTENT_SEED, c.bytes, c.size);
	content_unmap(&c);
	return hash;
}

static void twice_the_same(void)
{
	write_to(build(), path_of("one.gz"));
	sleep(1);
	host_file("init", "i am init", 0700);	/* other dates, other mode */
	write_to(build(), path_of("two.gz"));
	kt_check(hash_of(path_of("one.gz")) == hash_of(path_of("two.gz")),
		 "they differ");
	host_file("init", "I am init", 0700);
	write_to(build(), path_of("two.gz"));
	kt_check(hash_of(path_of("one.gz")) != hash_of(path_of("two.gz")),
		 "another content is not seen");
}

static void missing_file(void)
{
	struct initramfs *rd = build();
	struct errbuf err = { "" };

	initramfs_file(rd, "/x", "/nonexistent/x", 0644);
	kt_check(initramfs_write(rd, path_of("bad.gz"), &err) == -ENOENT, "written");
	kt_check(strstr(err.text, "/nonexistent/x"), "%s", err.text);
	kt_check(access(path_of("bad.gz"), F_OK), "a half file is left");
	initramfs_free(rd);
	rd = initramfs_new();
	initramfs_tree(rd, "/x", "/nonexistent");
	kt_check(initramfs_write(rd, path_of("bad.gz"), &err) == -ENOENT, "written");
	initramfs_free(rd);
}

static void cannot_write(void)
{
	struct initramfs *rd = build();
	struct errbuf err = { "" };

	kt_check(initramfs_write(rd, "/nonexistent/rd.gz", &err) == -ENOENT &&
		 strstr(err.text, "/nonexistent/rd.gz"), "%s", err.text);
	initramfs_free(rd);
}

static const struct kt_case cases[] = {
	{ "what went in comes out", reads_back },
	{ "directories come before what is in them", parents_first },
	{ "two builds are the same bytes", twice_the_same },
	{ "a file that is missing", missing_file },
	{ "a place that cannot be written to", cannot_write },
};

int main(void)
{
	fake_dir();
	host_file("init", "i am init", 0600);
	host_file("busybox", "i am busybox", 0600);
	mkdir(path_of("tree"), 0700);
	mkdir(path_of("tree/sub"), 0700);
	host_file("tree/empty", "", 0600);
	host_file("tree/sub/run.sh", "#!/bin/sh\n", 0755);
	if (symlink("sub/run.sh", path_of("tree/link")))
		return 1;
	return kt_run(cases, ARRAY_SIZE(cases));
}
