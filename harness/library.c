// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "library.h"
#include "paths.h"
#include "suggest.h"

static int is_scenario(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name), tail = strlen(SCENARIO_SUFFIX);

	return len > tail && !strcmp(entry->d_name + len - tail, SCENARIO_SUFFIX);
}

/* A mistyped kernel would make a scenario that never runs. */
static int check_kernels(const struct scenario *s, const struct kernel_name *names,
			 size_t count, struct errbuf *err)
{
	char *words = strdup(s->kernels ? s->kernels : ""), *save, *word;
	size_t i = 0;

	for (word = strtok_r(words, " ", &save); word && i < count;
	     word = strtok_r(NULL, " ", &save)) {
		for (i = 0; i < count && strcmp(names[i].name, word); i++)
			;
		if (i == count)
			errbuf_set(err, "%s: kernels = %s: vm-images/kernels.conf has no such name",
				   s->path, word);
	}
	free(words);
	return i < count ? 0 : -1;
}

static int load_one(struct library *l, const char *dir, const char *file,
		    const struct kernel_name *names, size_t count, struct errbuf *err)
{
	struct scenario *s = NULL;
	char *path;

	if (asprintf(&path, "%s/%s", dir, file) >= 0) {
		s = scenario_load(path, err);
		free(path);
	}
	if (!s)
		return -1;
	l->scenarios[l->count++] = s;
	return check_kernels(s, names, count, err);
}

int library_load(struct library *l, struct errbuf *err)
{
	char *dir = paths_in_root("vm-images/scenarios");
	struct kernel_name *kernels = NULL;
	struct dirent **entries = NULL;
	size_t nr_kernels = 0;
	int n, i, ret = -1;

	memset(l, 0, sizeof(*l));
	n = scandir(dir, &entries, is_scenario, alphasort);
	if (n <= 0)
		errbuf_set(err, "there are no scenarios in %s%s%s", dir, n < 0 ? ": " : "",
			   n < 0 ? strerror(errno) : "");
	else
		kernels = kernel_list(&nr_kernels, err);
	if (kernels)
		l->scenarios = calloc(n, sizeof(*l->scenarios));
	for (i = 0, ret = l->scenarios ? 0 : -1; i < n && !ret; i++)
		ret = load_one(l, dir, entries[i]->d_name, kernels, nr_kernels, err);
	for (i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	kernel_list_free(kernels, nr_kernels);
	free(dir);
	if (ret)
		library_free(l);
	return ret;
}

const struct scenario *library_add(struct library *l, const char *path, struct errbuf *err)
{
	struct scenario **more = reallocarray(l->scenarios, l->count + 1, sizeof(*more));
	struct scenario *s;

	if (!more) {
		errbuf_set(err, "out of memory");
		return NULL;
	}
	l->scenarios = more;
	s = scenario_load(path, err);
	if (s)
		more[l->count++] = s;
	return s;
}

void library_free(struct library *l)
{
	while (l->count)
		scenario_free(l->scenarios[--l->count]);
	free(l->scenarios);
	l->scenarios = NULL;
}

const struct scenario *library_find(const struct library *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		if (!strcmp(l->scenarios[i]->name, name))
			return l->scenarios[i];
	return NULL;
}

const char *library_suggest(const struct library *l, const char *name)
{
	const char **names = calloc(l->count + 1, sizeof(*names)), *near = NULL;
	size_t i;

	for (i = 0; names && i < l->count; i++)
		names[i] = l->scenarios[i]->name;
	if (names)
		near = suggest_from(name, names, l->count, sizeof(*names));
	free(names);
	return near;
}
