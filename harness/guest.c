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

int guest_image(const char *path, const struct kernel *k, bool selftests,
		const char *script, struct errbuf *err)
{
	char *init = paths_in_root("build/init"), *busybox = paths_program("busybox");
	struct initramfs *rd = initramfs_new();
	int ret = -1;

	if (!rd || !init) {
		errbuf_set(err, "out of memory");
	} else if (!busybox) {
		errbuf_set(err, "there is no busybox: apt-get install busybox-static");
	} else if (!add_modules(rd, k->modules, err) &&
		   (!selftests || !add_selftests(rd, err))) {
		initramfs_base(rd, init, busybox);
		if (script)
			initramfs_text(rd, GUEST_SCRIPT, script, 0755);
		ret = initramfs_write(rd, path, err) ? -1 : 0;
	}
	initramfs_free(rd);
	free(busybox);
	free(init);
	return ret;
}
