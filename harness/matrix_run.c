// SPDX-License-Identifier: GPL-2.0
/*
 * All cells as the jobs of one run. A kernel that cannot be had here makes its
 * cells skipped, with the reason; one for which the modules do not build makes
 * them fail, since that is a matter of the modules.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "matrix.h"
#include "paths.h"
#include "rundir.h"

/* A kernel of the matrix, asked for once. */
struct wanted {
	struct kernel kernel;	/* only its name, if it is not ready */
	char *not_run;
	char *failed;
};

struct run {
	struct tour *t;
	struct wanted *wanted;	/* never moves: jobs point into it */
	size_t nr_wanted;
};

static struct wanted *find(struct run *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->nr_wanted; i++)
		if (!strcmp(r->wanted[i].kernel.name, name))
			return &r->wanted[i];
	return NULL;
}

/* "yes", or why it cannot be had. */
static char *ask(const char *name)
{
	char *script = paths_in_root("scripts/try-kernel");
	char *argv[3] = { script, (char *)name }, *said;
	struct errbuf err;

	said = paths_ask(argv, &err);
	free(script);
	return said ? said : strdup(err.text);
}

static struct wanted *get(struct run *r, const char *name, const struct options *o)
{
	struct wanted *w = find(r, name);
	struct errbuf err;
	char *said;

	if (w)
		return w;
	w = &r->wanted[r->nr_wanted++];
	said = ask(name);
	if (said && strcmp(said, "yes")) {
		w->not_run = said;
	} else {
		free(said);
		if (!kernel_prepare(&w->kernel, name, o, &err))
			return w;
		w->failed = strdup(err.text);
	}
	memset(&w->kernel, 0, sizeof(w->kernel));
	w->kernel.name = strdup(name);
	w->kernel.argument = strdup(name);
	return w;
}

static int add_cell(struct run *r, const struct matrix_group *g, const struct scenario *s,
		    struct wanted *w)
{
	struct tour *t = r->t;
	struct runner_job *more = reallocarray(t->jobs, t->nr_jobs + 1, sizeof(*more));
	char *id = matrix_cell(g, s->name), *dir = NULL;
	struct errbuf err;

	if (!more || !id || asprintf(&dir, "%s/%s", t->dir, id) < 0)
		return -1;
	t->jobs = more;
	more += t->nr_jobs++;
	*more = (struct runner_job){
		.job = { .scenario = s, .kernel = &w->kernel, .options = &g->options,
			 .qemu = t->qemu, .id = id, .dir = dir, .seed = t->seed,
			 .mode = matrix_mode_name(g),
			 .again = options_command(&g->options, program_name, s->name,
						  g->kernel, t->seed) },
		.not_run = w->not_run, .failed = w->failed,
	};
	if (!scenario_wants_kernel(s, g->kernel))
		more->not_run = "it makes no sense on this kernel (lastref list)";
	if (more->not_run || more->failed || !rundir_make(dir, &err))
		return 0;
	fprintf(stderr, "lastref: %s\n", err.text);
	return -1;
}

static int add_group(struct run *r, struct matrix_group *g, const struct options *o)
{
	const char *scenarios = g->mode->scenarios;
	struct wanted *w;
	char word[64];

	g->options = *o;
	g->options.nr_operands = 0;
	g->options.nr_kernels = 0;
	g->options.boot = g->mode->boot;
	if (!o->time)
		g->options.time = g->mode->time;
	w = get(r, g->kernel, &g->options);
	while (matrix_word(&scenarios, word, sizeof(word)))
		if (add_cell(r, g, library_find(&r->t->library, word), w))
			return -1;
	return 0;
}

int matrix_run(struct matrix *m, struct tour *t, const struct options *o, char *command)
{
	struct run r = { .t = t, .wanted = calloc(m->nr_groups + 1, sizeof(*r.wanted)) };
	int ret = r.wanted ? 0 : EXIT_HARNESS;
	size_t i;

	for (i = 0; i < m->nr_groups && !ret; i++)
		ret = add_group(&r, &m->groups[i], o) ? EXIT_HARNESS : 0;
	if (ret)
		free(command);
	else
		ret = tour_run(t, o, command);
	while (r.nr_wanted) {
		kernel_free(&r.wanted[--r.nr_wanted].kernel);
		free(r.wanted[r.nr_wanted].not_run);
		free(r.wanted[r.nr_wanted].failed);
	}
	free(r.wanted);
	return ret;
}
