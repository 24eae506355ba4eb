// SPDX-License-Identifier: GPL-2.0
/*
 * lastref matrix: every kernel in every way to boot it.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "matrix.h"
#include "paths.h"
#include "rundir.h"

static size_t count_cells(const struct matrix *m)
{
	const char *scenarios;
	size_t cells = 0, i;
	char word[64];

	for (i = 0; i < m->nr_groups; i++) {
		scenarios = m->groups[i].mode->scenarios;
		while (matrix_word(&scenarios, word, sizeof(word)))
			cells++;
	}
	return cells;
}

static void list_text(const struct matrix *m)
{
	size_t i;

	for (i = 0; i < m->nr_groups; i++) {
		const struct matrix_group *g = &m->groups[i];

		printf("%-24s %s%s%s\n", g->name, g->mode->scenarios, g->mode->boot ? "; " : "",
		       g->mode->boot ? g->mode->boot : "");
	}
	printf("\n%zu cells in %zu groups\n", count_cells(m), m->nr_groups);
}

static void list_json(const struct matrix *m)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < m->nr_groups; i++) {
		const struct matrix_group *g = &m->groups[i];
		const char *scenarios = g->mode->scenarios;
		json_t *names = json_array();
		char word[64];

		while (matrix_word(&scenarios, word, sizeof(word)))
			json_array_append_new(names, json_string(word));
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:i, s:o}",
						      "group", g->name, "kernel", g->kernel,
						      "mode", g->mode->name, "boot",
						      g->mode->boot ? g->mode->boot : "",
						      "time", (int)g->mode->time,
						      "scenarios", names));
	}
	json_dumpf(list, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(list);
}

/* The words that repeat it. */
static char *command_of(const struct options *o, uint64_t seed)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	unsigned int i;

	fprintf(out, "%s matrix", program_name);
	for (i = 0; i < o->nr_operands; i++)
		fprintf(out, " %s", o->operands[i]);
	if (o->time)
		fprintf(out, " --time %u", o->time);
	if (o->hosts)
		fprintf(out, " --hosts %s", o->hosts);
	fprintf(out, " --seed %llu", (unsigned long long)seed);
	fclose(out);
	return text;
}

/* Any scenario may be in it: so many at a time as the largest of them allows. */
static unsigned int fitting(struct tour *t, const struct options *o)
{
	size_t size = t->library.count * sizeof(*t->chosen);

	t->chosen = malloc(size);
	if (!t->chosen)
		return 1;
	memcpy(t->chosen, t->library.scenarios, size);
	t->nr_chosen = t->library.count;
	return tour_fitting(t, o);
}

static int prepare(struct tour *t, const struct options *o)
{
	char *results = o->results ? strdup(o->results) : paths_in_root("results");
	struct errbuf err;

	t->seed = o->seed ? o->seed : tour_random_seed();
	t->parallel = o->jobs ? o->jobs : fitting(t, o);
	t->qemu = kernel_qemu(o, &err);
	if (t->qemu)
		t->dir = rundir_new(results, &err);
	free(results);
	if (t->dir)
		return 0;
	fprintf(stderr, "lastref: %s\n", err.text);
	return EXIT_HARNESS;
}

static int load(struct matrix *m, struct tour *t, const struct options *o)
{
	struct errbuf err;
	char *path;
	int ret;

	if (!paths_root(&err) || library_load(&t->library, &err)) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	path = paths_in_root("vm-images/matrix.conf");
	ret = matrix_load(m, path, &t->library, &err) ? EXIT_HARNESS : 0;
	free(path);
	if (!ret && matrix_choose(m, o->operands, o->nr_operands, &err))
		ret = EXIT_USAGE;
	if (!ret && o->hosts && access(o->hosts, R_OK)) {
		errbuf_set(&err, "--hosts %s cannot be read", o->hosts);
		ret = EXIT_USAGE;
	}
	if (ret)
		fprintf(stderr, "lastref: %s\n", err.text);
	return ret;
}

static int run_matrix(const struct options *o)
{
	struct tour t = { .nr_jobs = 0 };
	struct matrix m = { .nr_modes = 0 };
	int ret = load(&m, &t, o);

	if (!ret && o->list) {
		(o->json ? list_json : list_text)(&m);
	} else if (!ret) {
		ret = prepare(&t, o);
		if (!ret && o->hosts)
			ret = matrix_spread(&m, &t, o, command_of(o, t.seed));
		else if (!ret)
			ret = matrix_run(&m, &t, o, command_of(o, t.seed));
	}
	matrix_free(&m);
	tour_clear(&t);
	return ret;
}

const struct command command_matrix = {
	.name = "matrix",
	.operands = "[KERNEL|MODE|KERNEL+MODE...]",
	.about = "Run the scenarios on every kernel, in every way to boot it",
	.text = "What there is to run is in vm-images/matrix.conf; without words all of it. A\n"
		"kernel that cannot be had here is skipped, with the reason, and counted.\n"
		"\n"
		"Examples:\n"
		"  lastref matrix --list              the cells\n"
		"  lastref matrix --list --json       the same for a CI's own matrix\n"
		"  lastref matrix 6.12-rt expedited   one kernel, and one mode on all of its kernels\n"
		"  lastref matrix --hosts FILE        on other machines too, by GNU parallel\n"
		"\n"
		"Exit status: as lastref run.\n",
	.options = OPT_BIT(OPT_LIST) | OPT_BIT(OPT_JSON) | OPT_BIT(OPT_HOSTS) |
		OPT_BIT(OPT_JOBS) | OPT_BIT(OPT_TIME) | OPT_BIT(OPT_SEED) |
		OPT_BIT(OPT_ACCEL) | OPT_BIT(OPT_RESULTS) | OPT_BIT(OPT_KEEP) |
		OPT_BIT(OPT_NO_LIVE) | OPT_BIT(OPT_QEMU),
	.run = run_matrix,
};
