// SPDX-License-Identifier: GPL-2.0
/*
 * Threads take the next entry from a counter: modules differ in size by a
 * factor of a thousand, so no division made beforehand would be fair.
 */
#include <errno.h>
#include <fts.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "human.h"
#include "scan.h"

#define THREADS_MAX	64

struct pool {
	struct scan *scan;
	atomic_size_t next;
};

static void add_entry(struct scan *s, const char *path, int err)
{
	/* Doubles whenever the count reaches a power of two. */
	if (!(s->count & (s->count - 1)))
		s->entries = reallocarray(s->entries, s->count ? 2 * s->count : 1,
					  sizeof(*s->entries));
	if (!s->entries)
		abort();
	s->entries[s->count++] = (struct scan_entry){
		.path = strdup(path), .problem = err ? strdup(strerror(err)) : NULL,
	};
}

/* Links are followed only where they were asked for: "build" leads out of the tree. */
void scan_add(struct scan *s, const char *path)
{
	char *const roots[] = { (char *)path, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	FTSENT *e;

	if (!tree) {
		add_entry(s, path, errno);
		return;
	}
	while ((e = fts_read(tree))) {
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR || e->fts_info == FTS_NS)
			add_entry(s, e->fts_path, e->fts_errno);
		else if (e->fts_info == FTS_F &&
			 (!e->fts_level || module_file_named(e->fts_path, NULL)))
			add_entry(s, e->fts_path, 0);
		else if (!e->fts_level && e->fts_info != FTS_D && e->fts_info != FTS_DP)
			add_entry(s, e->fts_path, EINVAL);
	}
	fts_close(tree);
}

static void read_entry(struct scan_entry *e)
{
	struct module_file m;
	struct errbuf err;

	if (e->problem)
		return;
	if (module_file_read(&m, e->path, &err)) {
		e->problem = strdup(err.text);
		return;
	}
	human_clean(e->name, sizeof(e->name), m.name);
	scan_judge(&m, &e->result);
	module_file_free(&m);
}

static void *work(void *arg)
{
	struct pool *p = arg;
	size_t i;

	while ((i = atomic_fetch_add(&p->next, 1)) < p->scan->count)
		read_entry(&p->scan->entries[i]);
	return NULL;
}

static int by_path(const void *a, const void *b)
{
	const struct scan_entry *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* This thread works too, so that it is done even where no other can be had. */
void scan_read(struct scan *s)
{
	struct pool p = { .scan = s };
	pthread_t threads[THREADS_MAX];
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	long n = 0;

	if (s->count)
		qsort(s->entries, s->count, sizeof(*s->entries), by_path);
	while (n < cpus - 1 && n < THREADS_MAX && !pthread_create(&threads[n], NULL, work, &p))
		n++;
	work(&p);
	while (n)
		pthread_join(threads[--n], NULL);
}

void scan_free(struct scan *s)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		free(s->entries[i].path);
		free(s->entries[i].problem);
	}
	free(s->entries);
	*s = (struct scan){ 0 };
}
