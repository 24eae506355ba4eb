// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "initramfs.h"
#include "paths.h"

static int add_modules(struct initramfs *rd, const char *dir, struct errbuf *err)
{
	DIR *modules = opendir(dir);
	struct dirent *entry;
	char *host, *guest;
	int count = 0;

	while (modules && (entry = readdir(modules))) {
		size_t len = strlen(entry->d_name);

		if (len < 4 || strcmp(entry->d_name + len - 3, ".ko"))
			continue;
		if (asprintf(&host, "%s/%s", dir, entry->d_name) < 0)
			break;
		if (asprintf(&guest, "/lib/modules/%s", entry->d_name) >= 0) {
			initramfs_file(rd, guest, host, 0644);
			free(guest);
			count++;
		}
		free(host);
	}
	if (modules)
		closedir(modules);
	if (count)
		return 0;
	errbuf_set(err, "there are no modules in %s: make modules", dir);
	return -1;
}

static int add_selftests(struct initramfs *rd, struct errbuf *err)
{
	char *tree = paths_in_root("build/selftests");
	int ret = access(tree, R_OK);

	if (ret)
		errbuf_set(err, "the selftests are not built: make selftests");
	else
		initramfs_tree(rd, "/selftests", tree);
	free(tree);
	return ret;
}

/* With what all guests have; the caller frees it. NULL and err. */
static struct initramfs *base_image(const struct kernel *k, struct errbuf *err)
{
	char *init = paths_in_root("build/init"), *busybox = paths_program("busybox");
	struct initramfs *rd = initramfs_new();
	bool good = false;

	if (!rd || !init)
		errbuf_set(err, "out of memory");
	else if (!busybox)
		errbuf_set(err, "there is no busybox: apt-get install busybox-static");
	else
		good = !add_modules(rd, k->modules, err);
	if (good)
		initramfs_base(rd, init, busybox);
	free(busybox);
	free(init);
	if (good)
		return rd;
	initramfs_free(rd);
	return NULL;
}

int guest_image_with(const char *path, const struct kernel *k,
		     const struct guest_file *files, size_t nr, struct errbuf *err)
{
	struct initramfs *rd = base_image(k, err);
	int ret = -1;
	size_t i;

	for (i = 0; rd && i < nr; i++)
		initramfs_file(rd, files[i].guest, files[i].host, files[i].mode);
	if (rd)
		ret = initramfs_write(rd, path, err) ? -1 : 0;
	initramfs_free(rd);
	return ret;
}

static int make_image(const char *path, const struct kernel *k, bool selftests,
		      const char *guest, const char *text, struct errbuf *err)
{
	struct initramfs *rd = base_image(k, err);
	int ret = -1;

	if (rd && (!selftests || !add_selftests(rd, err))) {
		if (text)
			initramfs_text(rd, guest, text, 0755);
		ret = initramfs_write(rd, path, err) ? -1 : 0;
	}
	initramfs_free(rd);
	return ret;
}

int guest_image(const char *path, const struct kernel *k, bool selftests,
		const char *script, struct errbuf *err)
{
	return make_image(path, k, selftests, GUEST_SCRIPT, script, err);
}

int guest_image_alone(const char *path, const struct kernel *k, bool selftests,
		      const char *commands, struct errbuf *err)
{
	return make_image(path, k, selftests, GUEST_COMMANDS, commands, err);
}
