// SPDX-License-Identifier: GPL-2.0
/*
 * A cell that is misspelt would be a cell that is never run: so every name in the
 * file is looked up when it is read.
 */
#include <errno.h>
#include <ini.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "kernel.h"
#include "matrix.h"

struct reader {
	struct matrix *m;
	char why[160];
};

static const struct key {
	const char *name;
	size_t offset;
} keys[] = {
	{ "about", offsetof(struct matrix_mode, about) },
	{ "boot", offsetof(struct matrix_mode, boot) },
	{ "kernels", offsetof(struct matrix_mode, kernels) },
	{ "scenarios", offsetof(struct matrix_mode, scenarios) },
};

bool matrix_word(const char **list, char *word, size_t size)
{
	size_t len;

	*list += strspn(*list, " \t");
	len = strcspn(*list, " \t");
	snprintf(word, size, "%.*s", (int)len, *list);
	*list += len;
	return len;
}

const char *matrix_mode_name(const struct matrix_group *g)
{
	return strcmp(g->mode->name, MATRIX_DEFAULT) ? g->mode->name : NULL;
}

char *matrix_cell(const struct matrix_group *g, const char *scenario)
{
	char *id;

	if (asprintf(&id, "%s@%s", scenario, matrix_mode_name(g) ? g->name : g->kernel) < 0)
		return NULL;
	return id;
}

static struct matrix_mode *mode_of(struct matrix *m, const char *name)
{
	struct matrix_mode *more;

	if (m->nr_modes && !strcmp(m->modes[m->nr_modes - 1].name, name))
		return &m->modes[m->nr_modes - 1];
	more = reallocarray(m->modes, m->nr_modes + 1, sizeof(*more));
	if (!more)
		return NULL;
	m->modes = more;
	more += m->nr_modes++;
	*more = (struct matrix_mode){ .name = strdup(name) };
	return more;
}

static int set_time(struct reader *r, struct matrix_mode *mode, const char *value)
{
	char *end;
	long seconds = strtol(value, &end, 10);

	if (*value && !*end && seconds > 0 && seconds <= 24 * 3600) {
		mode->time = seconds;
		return 1;
	}
	snprintf(r->why, sizeof(r->why), "time = %s: it is a number of seconds", value);
	return 0;
}

static int on_line(void *arg, const char *section, const char *name, const char *value)
{
	struct reader *r = arg;
	struct matrix_mode *mode = mode_of(r->m, section);
	size_t i;

	if (!mode || !*section) {
		snprintf(r->why, sizeof(r->why), "%s is in no [mode]", name);
		return 0;
	}
	if (!strcmp(name, "time"))
		return set_time(r, mode, value);
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		char **to = (char **)((char *)mode + keys[i].offset);

		if (strcmp(name, keys[i].name))
			continue;
		free(*to);
		*to = strdup(value);
		return 1;
	}
	snprintf(r->why, sizeof(r->why), "no key is called \"%s\": there are about, boot, kernels, scenarios, time",
		 name);
	return 0;
}

static bool is_kernel(const struct kernel_name *list, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(list[i].name, name))
			return true;
	return false;
}

static int check_mode(const struct matrix_mode *mode, const struct library *l,
		      const struct kernel_name *list, size_t count, struct errbuf *err)
{
	const char *kernels = mode->kernels, *scenarios = mode->scenarios;
	char word[64];

	if (!kernels || !scenarios) {
		errbuf_set(err, "[%s] has no %s =", mode->name, kernels ? "scenarios" : "kernels");
		return -1;
	}
	while (matrix_word(&kernels, word, sizeof(word))) {
		if (is_kernel(list, count, word))
			continue;
		errbuf_set(err, "[%s] kernels = %s: vm-images/kernels.conf has no such name",
			   mode->name, word);
		return -1;
	}
	while (matrix_word(&scenarios, word, sizeof(word))) {
		if (library_find(l, word))
			continue;
		errbuf_set(err, "[%s] scenarios = %s: vm-images/scenarios has no such file",
			   mode->name, word);
		return -1;
	}
	return 0;
}

static int add_groups(struct matrix *m, const struct matrix_mode *mode)
{
	const char *kernels = mode->kernels;
	struct matrix_group *more;
	char word[32];

	while (matrix_word(&kernels, word, sizeof(word))) {
		more = reallocarray(m->groups, m->nr_groups + 1, sizeof(*more));
		if (!more)
			return -1;
		m->groups = more;
		more += m->nr_groups++;
		*more = (struct matrix_group){ .mode = mode };
		strcpy(more->kernel, word);
		snprintf(more->name, sizeof(more->name), "%s+%s", word, mode->name);
	}
	return 0;
}

static int check_all(struct matrix *m, const struct library *l, struct errbuf *err)
{
	struct kernel_name *list;
	size_t count, i;
	int ret = 0;

	list = kernel_list(&count, err);
	if (!list)
		return -1;
	for (i = 0; i < m->nr_modes && !ret; i++) {
		ret = check_mode(&m->modes[i], l, list, count, err);
		ret = ret ? ret : add_groups(m, &m->modes[i]);
	}
	kernel_list_free(list, count);
	return ret;
}

int matrix_load(struct matrix *m, const char *path, const struct library *l, struct errbuf *err)
{
	struct reader r = { .m = m };
	struct errbuf why = { "out of memory" };
	int bad;

	memset(m, 0, sizeof(*m));
	bad = ini_parse(path, on_line, &r);
	if (bad < 0)
		errbuf_set(err, "%s: %s", path, strerror(errno));
	else if (bad)
		errbuf_set(err, "%s:%d: %s", path, bad, *r.why ? r.why : "not of the form key = value");
	else if (!m->nr_modes)
		errbuf_set(err, "%s: there is no [mode] in it", path);
	else if (check_all(m, l, &why))
		errbuf_set(err, "%s: %s", path, why.text);
	else
		return 0;
	matrix_free(m);
	return -1;
}

void matrix_free(struct matrix *m)
{
	while (m->nr_modes) {
		struct matrix_mode *mode = &m->modes[--m->nr_modes];

		free(mode->name);
		free(mode->about);
		free(mode->boot);
		free(mode->kernels);
		free(mode->scenarios);
	}
	free(m->modes);
	free(m->groups);
	memset(m, 0, sizeof(*m));
}

static bool names(const char *word, const struct matrix_group *g)
{
	return !strcmp(word, g->kernel) || !strcmp(word, g->mode->name) || !strcmp(word, g->name);
}

int matrix_choose(struct matrix *m, char *const *words, unsigned int count, struct errbuf *err)
{
	size_t i, left = 0;
	unsigned int w;

	for (w = 0; w < count; w++) {
		for (i = 0; i < m->nr_groups && !names(words[w], &m->groups[i]); i++)
			;
		if (i == m->nr_groups) {
			errbuf_set(err, "\"%s\" names no kernel, mode or kernel+mode of the matrix (lastref matrix --list)",
				   words[w]);
			return -1;
		}
	}
	for (i = 0; i < m->nr_groups && count; i++) {
		for (w = 0; w < count && !names(words[w], &m->groups[i]); w++)
			;
		if (w < count)
			m->groups[left++] = m->groups[i];
	}
	m->nr_groups = count ? left : m->nr_groups;
	return 0;
}
