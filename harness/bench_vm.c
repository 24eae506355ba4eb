// SPDX-License-Identifier: GPL-2.0
/*
 * lastref bench vm: what a fresh machine costs.
 *
 * Boots, clones, and then whole cases that crash their machine: clone,
 * insmod, crash, verdict, result, as explore does them, several at a time. A
 * case that did not crash as it should makes the figure worthless.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "commands.h"
#include "explore.h"
#include "paths.h"
#include "pool.h"
#include "rundir.h"
#include "tour.h"
#include "worker.h"

#define SCENARIO	"crash-control"
#define BOOTS		3
#define CLONES		20
#define CASES_S		10
#define WANTED		3.0

struct figures {
	double boot[BOOTS], restore[CLONES], whole[CLONES];	/* ms */
	double saved;			/* to boot, measure and save it */
	double rate;			/* crash cases a second */
	unsigned long cases, crashed;
	unsigned int jobs;
};

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int measure_boots(const struct vm_config *config, struct figures *f,
			 struct errbuf *err)
{
	int i, retries;

	for (i = 0; i < BOOTS; i++) {
		struct vm *vm = vm_boot(config, deadline_boot_ms(), &retries, err);

		if (!vm)
			return -1;
		f->boot[i] = vm_boot_ms(vm);
		vm_free(vm);
	}
	qsort(f->boot, BOOTS, sizeof(f->boot[0]), by_size);
	return 0;
}

/* The whole of a clone: started, seeded, asked something, gone. */
static int measure_clone(const struct golden *g, const struct vm_config *config,
			 struct figures *f, int i, struct errbuf *err)
{
	double start = now_ms();
	struct vm *vm = golden_clone(g, config, err);
	int ret;

	if (!vm)
		return -1;
	f->restore[i] = now_ms() - start;
	ret = vm_command(vm, 10000, NULL, NULL, "seed %d", i + 1);
	vm_free(vm);
	f->whole[i] = now_ms() - start;
	if (!ret)
		return 0;
	errbuf_set(err, "a clone does not answer");
	return -1;
}

static int measure_clones(const struct vm_config *config, struct figures *f,
			  struct errbuf *err)
{
	struct clone_facts facts;
	double start = now_ms();
	struct golden *g = golden_open(config, deadline_boot_ms(), &facts, err);
	int ret = g ? 0 : -1, i;

	f->saved = facts.made ? now_ms() - start : 0;
	for (i = 0; i < CLONES && !ret; i++)
		ret = measure_clone(g, config, f, i, err);
	golden_close(g);
	qsort(f->restore, CLONES, sizeof(f->restore[0]), by_size);
	qsort(f->whole, CLONES, sizeof(f->whole[0]), by_size);
	return ret;
}

static int measure_cases(const struct tour *t, struct figures *f, struct errbuf *err)
{
	const struct job *job = &t->jobs[0].job;
	struct explore e = {
		.base = job, .dir = t->dir, .budget_s = CASES_S,
		.parallel = pool_fitting(job->scenario->memory),
	};
	int ret = explore_run(&e, err);

	if (!ret) {
		f->cases = e.cases;
		f->crashed = e.lanes[0].outcomes[OUTCOME_CRASH];
		f->rate = e.cases / e.seconds;
		f->jobs = e.parallel;
	}
	explore_clear(&e);
	return ret;
}

static bool all_crashed(const struct figures *f)
{
	return f->cases && f->crashed == f->cases;
}

static const char *verdict(const struct figures *f)
{
	if (!all_crashed(f))
		return "but not all crashed";
	return f->rate >= WANTED ? "reached" : "not reached";
}

static void show(const struct figures *f)
{
	printf("\n  %-34s %9s %9s\n", "", "median", "worst");
	printf("  %-34s %6.0f ms %6.0f ms   %d boots\n", "boot, to the hello of PID 1",
	       f->boot[BOOTS / 2], f->boot[BOOTS - 1], BOOTS);
	if (f->saved > 0)
		printf("  %-34s %6.0f ms\n", "snapshot: boot, measure, save", f->saved);
	printf("  %-34s %6.0f ms %6.0f ms   %d clones\n", "restore, to a running guest",
	       f->restore[CLONES / 2], f->restore[CLONES - 1], CLONES);
	printf("  %-34s %6.0f ms %6.0f ms\n", "a clone: restore, a command, gone",
	       f->whole[CLONES / 2], f->whole[CLONES - 1]);
	printf("  %-34s %6.1f a second, %u at a time; %lu of %lu crashed as they should\n\n",
	       "crash cases, each in a fresh machine", f->rate, f->jobs, f->crashed, f->cases);
	printf("At least %.0f a second are wanted: %s.\n", WANTED, verdict(f));
}

static int save(const struct tour *t, const struct figures *f, struct errbuf *err)
{
	char path[4096];
	json_t *all = json_pack("{s:s, s:f, s:f, s:f, s:f, s:I, s:I, s:i}",
				"kernel", t->jobs[0].job.kernel->name,
				"boot_ms", f->boot[BOOTS / 2],
				"restore_ms", f->restore[CLONES / 2],
				"clone_ms", f->whole[CLONES / 2],
				"crash_cases_per_second", f->rate,
				"cases", (json_int_t)f->cases, "crashed", (json_int_t)f->crashed,
				"jobs", (int)f->jobs);
	int ret;

	snprintf(path, sizeof(path), "%s/bench-vm.json", t->dir);
	ret = json_dump_file(all, path, JSON_INDENT(1));
	json_decref(all);
	if (ret)
		errbuf_set(err, "%s cannot be written", path);
	return ret;
}

static int measure(const struct tour *t, struct figures *f, struct errbuf *err)
{
	const struct job *job = &t->jobs[0].job;
	struct vm_config config;
	char initrd[4096];
	int ret;

	snprintf(initrd, sizeof(initrd), "%s/initrd.gz", t->dir);
	config = worker_config(job, initrd);
	ret = worker_image(job, initrd, err);
	if (!ret)
		ret = measure_boots(&config, f, err);
	if (!ret)
		ret = measure_clones(&config, f, err);
	if (!ret)
		ret = measure_cases(t, f, err);
	unlink(initrd);
	free((char *)config.append);
	return ret;
}

static int run_bench(const struct options *given)
{
	char name[] = SCENARIO, *words[] = { name, NULL };
	struct options o = *given;
	struct figures f = { .jobs = 0 };
	struct errbuf err;
	struct tour t;
	int ret;

	o.operands = words;
	o.nr_operands = 1;
	ret = tour_plan(&t, &o);
	if (!ret)
		ret = tour_prepare(&t, &o);
	if (!ret) {
		printf("kernel %s, results in %s\n", t.jobs[0].job.kernel->name,
		       paths_from_here(t.dir));
		fflush(stdout);
		rmdir(t.jobs[0].job.dir);
		ret = EXIT_HARNESS;
		if (rundir_latest(t.dir, &err) || measure(&t, &f, &err) || save(&t, &f, &err))
			fprintf(stderr, "lastref: %s\n", err.text);
		else
			ret = all_crashed(&f) ? EXIT_PASSED : EXIT_FAILED;
		if (f.cases)
			show(&f);
	}
	tour_clear(&t);
	return ret;
}

const struct bench bench_vm = {
	.name = "vm",
	.about = "fresh machines: boots, clones, crash cases a second",
	.run = run_bench,
};
