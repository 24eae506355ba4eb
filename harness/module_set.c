// SPDX-License-Identifier: GPL-2.0
/*
 * modinfo's "depends" names modules only; which file that is, modules.dep of the
 * package says: "kernel/net/a.ko.xz: kernel/lib/b.ko.xz". Only its left side is
 * needed, for each module tells its own dependencies.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module_set.h"
#include "paths.h"

#define DEPTH_MAX	32
#define WANTED_DEPTH	3	/* an alias stands for several, each of which may want more */
#define GUEST_DIR	"/lib/modules/watched"

/* The place among the items, or -1. */
static int add(struct module_set *s, const char *word, const char *beside, int depth,
	       struct errbuf *err);

static int find_item(const struct module_set *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (!strcmp(s->items[i].file.name, name))
			return i;
	return -1;
}

/* "nf-tables", "nf_tables" and "nf_tables.ko" are one. */
void module_set_name(char name[MODULE_NAME_SIZE], const char *word)
{
	char *p;

	if (module_file_named(word, name))
		return;
	snprintf(name, MODULE_NAME_SIZE, "%s", word);
	for (p = name; *p; p++)
		if (*p == '-')
			*p = '_';
}

static char *readable(char *path)
{
	if (path && !access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

/* The line of modules.dep, or of modules.builtin, whose file has this name. */
static char *find_in_list(const char *list, const char *name)
{
	FILE *in = fopen(list, "r");
	char *line = NULL, *found = NULL, of[MODULE_NAME_SIZE];
	size_t size = 0;

	while (in && !found && getline(&line, &size, in) > 0) {
		line[strcspn(line, ":\n")] = '\0';
		if (module_file_named(line, of) && !strcmp(of, name))
			found = strdup(line);
	}
	free(line);
	if (in)
		fclose(in);
	return found;
}

static char *find_in_package(const struct kernel *k, const char *list, const char *name)
{
	char *path = NULL, *file, *full = NULL;

	if (!k->dir || asprintf(&path, "%s/modules/%s", k->dir, list) < 0)
		return NULL;
	file = find_in_list(path, name);
	free(path);
	if (file && asprintf(&full, "%s/modules/%s", k->dir, file) < 0)
		full = NULL;
	free(file);
	return full;
}

static char *find_file(const struct module_set *s, const char *name, const char *beside)
{
	char *path = NULL;

	if (beside && asprintf(&path, "%.*s/%s.ko", (int)(strrchr(beside, '/') - beside),
			       beside, name) < 0)
		return NULL;
	path = readable(path);
	if (!path && asprintf(&path, "%s/%s.ko", s->kernel->modules, name) >= 0)
		path = readable(path);
	return path ? path : readable(find_in_package(s->kernel, "modules.dep", name));
}

static void say_not_found(const struct module_set *s, const char *word, const char *name,
			  struct errbuf *err)
{
	char *builtin = find_in_package(s->kernel, "modules.builtin", name);

	if (builtin)
		errbuf_set(err, "%s is built into kernel %s, and stays", name, s->kernel->name);
	else if (strchr(word, '/') || module_file_named(word, NULL))
		errbuf_set(err, "%s: %s", word, strerror(ENOENT));
	else
		errbuf_set(err, "there is no module %s for kernel %s: name a file, or another --kernel",
			   name, s->kernel->name);
	free(builtin);
}

/* A word with a slash, or called as modules are, is a file first of all. */
static char *locate(const struct module_set *s, const char *word, const char *beside,
		    struct errbuf *err)
{
	char name[MODULE_NAME_SIZE], *path = NULL;

	if (strchr(word, '/') || module_file_named(word, NULL))
		path = readable(realpath(word, NULL));
	module_set_name(name, word);
	if (!path && !strchr(word, '/'))
		path = find_file(s, name, beside);
	if (!path)
		say_not_found(s, word, name, err);
	return path;
}

/* "6.12.1-amd64 SMP preempt": the first word must be the kernel's release. */
static int check_kernel(const struct module_set *s, const struct module_file *m,
			const char *path, struct errbuf *err)
{
	const char *release = s->kernel->release;
	size_t len = strcspn(m->vermagic, " ");

	if (!release || (strlen(release) == len && !strncmp(m->vermagic, release, len)))
		return 0;
	errbuf_set(err, "%s is for kernel %.*s and not for %s: build it for that, or name another --kernel",
		   path, len ? (int)len : 7, len ? m->vermagic : "unknown", release);
	return -1;
}

static int add_depends(struct module_set *s, const struct module_file *m, const char *path,
		       int depth, struct errbuf *err)
{
	char *list = strdup(m->depends), *save, *word;
	int ret = list ? 0 : -1;

	if (!list)
		errbuf_set(err, "out of memory");
	for (word = list ? strtok_r(list, ",", &save) : NULL; word && !ret;
	     word = strtok_r(NULL, ",", &save)) {
		struct errbuf why;

		if (find_item(s, word) < 0 && add(s, word, path, depth + 1, &why) < 0) {
			/* Who was asked about, and what is wrong; not the way between. */
			if (depth)
				*err = why;
			else
				errbuf_set(err, "%s depends on %s: %s", m->name, word, why.text);
			ret = -1;
		}
	}
	free(list);
	return ret;
}

/* The modules that modules.alias has for a name; there may be several, as for crc32c. */
static void add_aliases(struct module_set *s, const char *word, int depth)
{
	char *path = NULL, *line = NULL, alias[128], name[MODULE_NAME_SIZE];
	struct errbuf ignored;
	size_t size = 0;
	FILE *in = NULL;

	if (s->kernel->dir && asprintf(&path, "%s/modules/modules.alias", s->kernel->dir) >= 0)
		in = fopen(path, "r");
	while (in && getline(&line, &size, in) > 0)
		if (sscanf(line, "alias %127s %63s", alias, name) == 2 && !strcmp(alias, word))
			add(s, name, NULL, depth + 1, &ignored);
	if (in)
		fclose(in);
	free(line);
	free(path);
}

/* "pre: a b post: c": those before "post:". What cannot be had is done without. */
static void add_wanted(struct module_set *s, const struct module_file *m, int depth)
{
	char *list = strdup(m->softdep), *save, *word;
	struct errbuf ignored;
	size_t before = s->count;

	for (word = list && depth < WANTED_DEPTH ? strtok_r(list, " ", &save) : NULL;
	     word && strcmp(word, "post:");
	     word = strtok_r(NULL, " ", &save))
		if (strcmp(word, "pre:") && add(s, word, NULL, depth + 1, &ignored) < 0)
			add_aliases(s, word, depth);
	for (; before < s->count; before++)
		s->items[before].soft = true;
	free(list);
}

static int append(struct module_set *s, struct module_file *m, const char *path,
		  struct errbuf *err)
{
	struct module_item *more = reallocarray(s->items, s->count + 1, sizeof(*more));

	if (more) {
		s->items = more;
		more[s->count] = (struct module_item){ .file = *m, .origin = strdup(path) };
		if (more[s->count].origin &&
		    asprintf(&more[s->count].guest, "%s/%s.ko", GUEST_DIR, m->name) >= 0) {
			*m = (struct module_file){ 0 };
			return s->count++;
		}
		free(more[s->count].origin);
	}
	errbuf_set(err, "out of memory");
	return -1;
}

static int add(struct module_set *s, const char *word, const char *beside, int depth,
	       struct errbuf *err)
{
	char *path = locate(s, word, beside, err);
	struct module_file m;
	int ret = -1;

	if (!path)
		return -1;
	if (depth > DEPTH_MAX) {
		errbuf_set(err, "%s: modules that depend on each other in a circle", word);
	} else if (!module_file_read(&m, path, err)) {
		ret = find_item(s, m.name);
		if (ret < 0 && !check_kernel(s, &m, path, err) &&
		    !add_depends(s, &m, path, depth, err)) {
			add_wanted(s, &m, depth);
			ret = append(s, &m, path, err);
		}
		module_file_free(&m);
	}
	free(path);
	return ret;
}

int module_set_add(struct module_set *s, const char *word, struct errbuf *err)
{
	int place = add(s, word, NULL, 0, err);

	if (place < 0)
		return -1;
	s->items[place].asked = true;
	s->target = place;
	return 0;
}

int module_set_need(struct module_set *s, const char *word, struct errbuf *err)
{
	char name[MODULE_NAME_SIZE], *builtin;

	if (add(s, word, NULL, 0, err) >= 0)
		return 0;
	module_set_name(name, word);
	builtin = find_in_package(s->kernel, "modules.builtin", name);
	free(builtin);
	return builtin ? 0 : -1;
}

static int unpack_one(struct module_item *item, const char *dir, struct errbuf *err)
{
	FILE *out = NULL;
	int ret = -1;

	if (asprintf(&item->host, "%s/%s.ko", dir, item->file.name) < 0)
		item->host = NULL;
	else
		out = fopen(item->host, "w");
	if (out)
		ret = fwrite(item->file.bytes, 1, item->file.size, out) == item->file.size ? 0 : -1;
	if (out && fclose(out))
		ret = -1;
	if (ret)
		errbuf_set(err, "%s cannot be unpacked to %s: %s", item->file.name, dir,
			   strerror(errno));
	return ret;
}

int module_set_unpack(struct module_set *s, const char *dir, struct errbuf *err)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (unpack_one(&s->items[i], dir, err))
			return -1;
	return 0;
}

void module_set_free(struct module_set *s, bool keep)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		struct module_item *item = &s->items[i];

		if (item->host && !keep)
			unlink(item->host);
		module_file_free(&item->file);
		free(item->origin);
		free(item->guest);
		free(item->host);
	}
	free(s->items);
	*s = (struct module_set){ 0 };
}
