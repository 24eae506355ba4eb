// SPDX-License-Identifier: GPL-2.0
/*
 * scripts/prepare (get-kernel, where no modules are wanted) does the work and
 * prints the kernel's directory; it is called each time, since it knows best
 * whether there is anything to do.
 */
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bootimage.h"
#include "kernel.h"
#include "paths.h"

struct list {
	struct kernel_name *names;
	size_t count;
};

static int on_line(void *arg, const char *section, const char *name,
		   const char *value)
{
	struct list *list = arg;
	struct kernel_name *more, *last = NULL;

	if (list->count)
		last = &list->names[list->count - 1];
	if (!last || strcmp(last->name, section)) {
		more = reallocarray(list->names, list->count + 1, sizeof(*more));
		if (!more)
			return 0;
		list->names = more;
		last = &more[list->count++];
		last->name = strdup(section);
		last->about = NULL;
	}
	if (!strcmp(name, "about") && !last->about)
		last->about = strdup(value);
	return 1;
}

struct kernel_name *kernel_list(size_t *count, struct errbuf *err)
{
	char *path = paths_in_root("vm-images/kernels.conf");
	struct list list = { 0 };
	int bad = ini_parse(path, on_line, &list);

	if (bad < 0)
		errbuf_set(err, "%s cannot be read: %s", path, strerror(errno));
	else if (bad || !list.count)
		errbuf_set(err, "%s:%d: not of the form [name] or key = value", path, bad);
	free(path);
	*count = list.count;
	if (!bad && list.count)
		return list.names;
	kernel_list_free(list.names, list.count);
	return NULL;
}

void kernel_list_free(struct kernel_name *list, size_t count)
{
	while (count) {
		free(list[--count].name);
		free(list[count].about);
	}
	free(list);
}

bool kernel_is_file(const char *name)
{
	return strchr(name, '/');
}

char *kernel_qemu(const struct options *o, struct errbuf *err)
{
	const char *name = o->qemu ? o->qemu : getenv("LASTREF_QEMU");
	char *path;

	if (!name || !*name)
		name = "qemu-system-x86_64";
	path = paths_program(name);
	if (!path)
		errbuf_set(err, "there is no %s: apt-get install qemu-system-x86, or say --qemu FILE",
			   name);
	return path;
}

static char *first_line(const char *path)
{
	FILE *in = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	if (in && getline(&line, &size, in) > 0)
		line[strcspn(line, "\n")] = '\0';
	if (in)
		fclose(in);
	return line;
}

/* What the script left behind. */
static int look_into_dir(struct kernel *k, const char *name, char **image,
			 struct errbuf *err)
{
	char *script = paths_in_root("scripts/%s", name);
	char *argv[3] = { script, k->name };
	char *path = NULL;

	k->dir = paths_ask(argv, err);
	free(script);
	if (!k->dir)
		return -1;
	if (asprintf(&path, "%s/release", k->dir) < 0)
		return -1;
	k->release = first_line(path);
	free(path);
	if (asprintf(&k->vmlinux, "%s/vmlinux", k->dir) < 0 ||
	    asprintf(image, "%s/vmlinuz", k->dir) < 0)
		return -1;
	if (access(k->vmlinux, R_OK)) {
		free(k->vmlinux);
		k->vmlinux = NULL;
	}
	k->modules = paths_in_root("build/modules/%s", k->name);
	return 0;
}

static int look_at_file(struct kernel *k, const char *file, char **image,
			struct errbuf *err)
{
	*image = strdup(file);
	k->modules = paths_in_root("build/modules/%s", KERNEL_CUSTOM);
	if (*image && !access(*image, R_OK) && !access(k->modules, R_OK))
		return 0;
	if (access(file, R_OK))
		errbuf_set(err, "%s: %s", file, strerror(errno));
	else
		errbuf_set(err, "there are no modules for %s: make run KDIR=<its build directory> KERNEL=%s",
			   file, file);
	return -1;
}

static int choose_accel(struct kernel *k, const struct options *o,
			const char *cache, struct errbuf *err)
{
	struct accel_query query = {
		.mode = o->accel, .kernel = k->boot, .cache = cache,
	};
	char *qemu = kernel_qemu(o, err), *init = paths_in_root("build/init");
	int ret = -1;

	query.qemu = qemu;
	query.init = init;
	if (qemu && access(init, R_OK))
		errbuf_set(err, "there is no %s: type make", init);
	else if (qemu)
		ret = accel_choose(&query, &k->accel, err);
	free(qemu);
	free(init);
	return ret;
}

static int make_ready(struct kernel *k, const char *name, const char *script,
		      const struct options *o, struct errbuf *err)
{
	char *cache = paths_cache(err), *image = NULL, boot[4096];
	struct errbuf why = { "" };
	int ret = -1;

	memset(k, 0, sizeof(*k));
	k->name = strdup(kernel_is_file(name) ? KERNEL_CUSTOM : name);
	k->argument = strdup(name);
	if (!cache || !k->name || !k->argument)
		goto out;
	if (kernel_is_file(name) ? look_at_file(k, name, &image, err) :
				   look_into_dir(k, script, &image, err))
		goto out;
	ret = boot_kernel_path(image, cache, boot, sizeof(boot), &why);
	if (ret < 0) {
		*err = why;
		goto out;
	}
	if (ret > 0)
		k->note = strdup(why.text);
	k->boot = strdup(boot);
	ret = k->boot ? choose_accel(k, o, cache, err) : -1;
out:
	free(cache);
	free(image);
	if (ret)
		kernel_free(k);
	return ret;
}

int kernel_prepare(struct kernel *k, const char *name, const struct options *o,
		   struct errbuf *err)
{
	return make_ready(k, name, "prepare", o, err);
}

int kernel_look(struct kernel *k, const char *name, const struct options *o,
		struct errbuf *err)
{
	return make_ready(k, name, "get-kernel", o, err);
}

void kernel_free(struct kernel *k)
{
	free(k->name);
	free(k->argument);
	free(k->dir);
	free(k->release);
	free(k->boot);
	free(k->vmlinux);
	free(k->modules);
	free(k->note);
	memset(k, 0, sizeof(*k));
}
