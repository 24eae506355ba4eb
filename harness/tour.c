// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "commands.h"
#include "paths.h"
#include "rundir.h"
#include "suggest.h"
#include "tour.h"

static int choose(struct tour *t, const struct scenario *s)
{
	size_t i;

	for (i = 0; i < t->nr_chosen; i++)
		if (t->chosen[i] == s)
			return 0;
	t->chosen[t->nr_chosen++] = s;
	return 0;
}

static int choose_named(struct tour *t, const char *name)
{
	const struct scenario *s = library_find(&t->library, name);
	struct errbuf err;
	const char *near;
	size_t i;

	if (strchr(name, '/')) {
		s = library_add(&t->library, name, &err);
		if (!s) {
			fprintf(stderr, "lastref: %s\n", err.text);
			return EXIT_USAGE;
		}
	}
	if (s)
		return choose(t, s);
	if (!strcmp(name, "all")) {
		for (i = 0; i < t->library.count; i++)
			choose(t, t->library.scenarios[i]);
		return 0;
	}
	near = library_suggest(&t->library, name);
	fprintf(stderr, "lastref: there is no scenario \"%s\"%s%s%s (lastref list shows them)\n",
		name, near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return EXIT_USAGE;
}

static int choose_scenarios(struct tour *t, const struct options *o)
{
	unsigned int i;
	int ret = 0;

	t->chosen = calloc(t->library.count + o->nr_operands, sizeof(*t->chosen));
	if (!t->chosen)
		return EXIT_HARNESS;
	for (i = 0; i < o->nr_operands && !ret; i++)
		ret = choose_named(t, o->operands[i]);
	for (i = 0; i < t->library.count && !o->nr_operands; i++)
		if (t->library.scenarios[i]->tour)
			choose(t, t->library.scenarios[i]);
	return ret;
}

static int check_kernel(const char *name)
{
	struct kernel_name *list;
	const char *near = NULL;
	struct errbuf err;
	size_t count, i;
	int ret = 0;

	if (kernel_is_file(name)) {
		if (!access(name, R_OK))
			return 0;
		fprintf(stderr, "lastref: --kernel %s: %s\n", name, strerror(errno));
		return EXIT_USAGE;
	}
	list = kernel_list(&count, &err);
	if (!list) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	for (i = 0; i < count && strcmp(list[i].name, name); i++)
		;
	if (i == count) {
		near = suggest_from(name, list, count, sizeof(*list));
		fprintf(stderr, "lastref: there is no kernel \"%s\"%s%s%s: there are", name,
			near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
		for (i = 0; i < count; i++)
			fprintf(stderr, " %s", list[i].name);
		fprintf(stderr, ", or a file (with a / in its name)\n");
		ret = EXIT_USAGE;
	}
	kernel_list_free(list, count);
	return ret;
}

int tour_plan(struct tour *t, const struct options *o)
{
	unsigned int files = 0, i;
	struct errbuf err;
	int ret = 0;

	memset(t, 0, sizeof(*t));
	if (!paths_root(&err) || library_load(&t->library, &err)) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	for (i = 0; i < o->nr_kernels && !ret; i++) {
		ret = check_kernel(o->kernels[i]);
		files += kernel_is_file(o->kernels[i]);
	}
	if (files > 1) {
		fprintf(stderr, "lastref: --kernel: one file at most, its modules are those of \"custom\"\n");
		return EXIT_USAGE;
	}
	return ret ? ret : choose_scenarios(t, o);
}

/* The kernel a scenario runs on when the user does not say. */
static void default_kernel(const struct scenario *s, char *name, size_t size)
{
	if (scenario_wants_kernel(s, KERNEL_DEFAULT))
		snprintf(name, size, "%s", KERNEL_DEFAULT);
	else
		snprintf(name, size, "%.*s", (int)strcspn(s->kernels, " "), s->kernels);
}

static const struct kernel *find_kernel(const struct tour *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->nr_kernels; i++)
		if (!strcmp(t->kernels[i].name, name))
			return &t->kernels[i];
	return NULL;
}

static int prepare_kernel(struct tour *t, const char *name, const struct options *o)
{
	struct errbuf err = { "out of memory" };
	struct kernel *k;

	if (find_kernel(t, kernel_is_file(name) ? KERNEL_CUSTOM : name))
		return 0;
	k = reallocarray(t->kernels, t->nr_kernels + 1, sizeof(*k));
	if (!k)
		return EXIT_HARNESS;
	t->kernels = k;
	k += t->nr_kernels;
	if (kernel_prepare(k, name, o, &err)) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	t->nr_kernels++;
	return 0;
}

static int prepare_kernels(struct tour *t, const struct options *o)
{
	char name[64];
	int ret = 0;
	size_t i;

	for (i = 0; i < o->nr_kernels && !ret; i++)
		ret = prepare_kernel(t, o->kernels[i], o);
	for (i = 0; i < t->nr_chosen && !ret && !o->nr_kernels; i++) {
		default_kernel(t->chosen[i], name, sizeof(name));
		ret = prepare_kernel(t, name, o);
	}
	return ret;
}

static bool has_repeat(const struct scenario *s)
{
	size_t i;

	for (i = 0; i < s->nr_steps; i++)
		if (s->steps[i].kind == STEP_REPEAT)
			return true;
	return false;
}

/* What repeats one of several machines is one machine with its seed. */
static char *command_again(const struct options *o, const struct scenario *s,
			   const struct kernel *k, unsigned int round, uint64_t seed)
{
	struct options one = *o;
	char *own = paths_in_root("vm-images/scenarios/%s" SCENARIO_SUFFIX, s->name), *text;

	if (round)
		one.repeat = 0;
	text = options_command(&one, program_name, strcmp(own, s->path) ? s->path : s->name,
			       k->argument, seed);
	free(own);
	return text;
}

static int add_job(struct tour *t, const struct options *o, const struct scenario *s,
		   const struct kernel *k, unsigned int round)
{
	char kernel[80] = "", nth[16] = "", *id = NULL, *dir = NULL;
	uint64_t seed = t->seed + (round ? round - 1 : 0);
	struct runner_job *more;
	struct errbuf err;

	if (t->nr_kernels > 1)
		snprintf(kernel, sizeof(kernel), "@%s", k->name);
	if (round)
		snprintf(nth, sizeof(nth), "-%u", round);
	more = reallocarray(t->jobs, t->nr_jobs + 1, sizeof(*more));
	if (!more || asprintf(&id, "%s%s%s", s->name, kernel, nth) < 0 ||
	    asprintf(&dir, "%s/%s", t->dir, id) < 0)
		return EXIT_HARNESS;
	t->jobs = more;
	more += t->nr_jobs++;
	*more = (struct runner_job){
		.job = { .scenario = s, .kernel = k, .options = o, .qemu = t->qemu,
			 .id = id, .dir = dir, .seed = seed,
			 .again = command_again(o, s, k, round, seed) },
		.not_run = scenario_wants_kernel(s, k->name) ? NULL :
			   "it makes no sense on this kernel (lastref list)",
	};
	if (more->not_run || !rundir_make(dir, &err))
		return 0;
	fprintf(stderr, "lastref: %s\n", err.text);
	return EXIT_HARNESS;
}

/* Each scenario on each kernel that was asked for, or on its own. */
static int add_jobs(struct tour *t, const struct options *o, const struct scenario *s)
{
	bool machines = o->repeat > 1 && !has_repeat(s);
	unsigned int rounds = machines ? o->repeat : 1, round;
	char name[64];
	int ret = 0;
	size_t i;

	default_kernel(s, name, sizeof(name));
	for (i = 0; i < t->nr_kernels; i++) {
		if (!o->nr_kernels && strcmp(t->kernels[i].name, name))
			continue;
		for (round = 1; round <= rounds && !ret; round++)
			ret = add_job(t, o, s, &t->kernels[i], machines ? round : 0);
	}
	return ret;
}

unsigned int tour_fitting(const struct tour *t, const struct options *o)
{
	unsigned long cpus = 1, memory = 1, n, m;
	struct sysinfo info;
	size_t i;

	for (i = 0; i < t->nr_chosen; i++) {
		n = o->smp ? o->smp : t->chosen[i]->cpus;
		m = o->memory ? o->memory : t->chosen[i]->memory;
		cpus = n > cpus ? n : cpus;
		memory = m > memory ? m : memory;
	}
	n = sysconf(_SC_NPROCESSORS_ONLN) / cpus;
	if (!sysinfo(&info)) {
		m = ((info.freeram + info.bufferram) * info.mem_unit >> 20) * 3 / 4 / memory;
		n = m < n ? m : n;
	}
	return n ? n : 1;
}

uint64_t tour_random_seed(void)
{
	uint32_t seed = 0;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = getpid();
	return (seed & INT32_MAX) | 1;
}

int tour_prepare(struct tour *t, const struct options *o)
{
	char *results = o->results ? strdup(o->results) : paths_in_root("results");
	struct errbuf err = { "out of memory" };
	int ret = EXIT_HARNESS;
	size_t i;

	t->seed = o->seed ? o->seed : tour_random_seed();
	t->qemu = kernel_qemu(o, &err);
	if (t->qemu && !prepare_kernels(t, o)) {
		t->dir = rundir_new(results, &err);
		ret = t->dir ? 0 : EXIT_HARNESS;
		for (i = 0; i < t->nr_chosen && !ret; i++)
			ret = add_jobs(t, o, t->chosen[i]);
		if (!t->dir)
			fprintf(stderr, "lastref: %s\n", err.text);
	} else if (!t->qemu) {
		fprintf(stderr, "lastref: %s\n", err.text);
	}
	t->parallel = o->jobs ? o->jobs : tour_fitting(t, o);
	free(results);
	return ret;
}

void tour_clear(struct tour *t)
{
	while (t->nr_jobs) {
		free((char *)t->jobs[--t->nr_jobs].job.id);
		free((char *)t->jobs[t->nr_jobs].job.dir);
		free((char *)t->jobs[t->nr_jobs].job.again);
	}
	free(t->jobs);
	while (t->nr_kernels)
		kernel_free(&t->kernels[--t->nr_kernels]);
	free(t->kernels);
	free(t->chosen);
	free(t->qemu);
	free(t->dir);
	library_free(&t->library);
}
