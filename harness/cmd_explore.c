// SPDX-License-Identifier: GPL-2.0
/*
 * lastref explore: how often does it fail, and in how many ways?
 */
#include <stdio.h>
#include <unistd.h>

#include "commands.h"
#include "explore.h"
#include "paths.h"
#include "pool.h"
#include "rundir.h"
#include "schedule.h"
#include "tour.h"

#define BUDGET_DEFAULT	60

static int exit_code(const struct explore *e)
{
	size_t i;

	if (e->interrupted)
		return EXIT_INTERRUPTED;
	for (i = 0; i < e->nr_findings; i++)
		if (e->findings[i].outcome != OUTCOME_HARNESS)
			return EXIT_FAILED;
	if (e->nr_findings || !e->cases)
		return EXIT_HARNESS;
	return EXIT_PASSED;
}

static int explore(struct tour *t, const struct options *o)
{
	struct job *job = &t->jobs[0].job;
	unsigned int memory = o->memory ? o->memory : job->scenario->memory;
	struct explore e = {
		.base = job, .dir = t->dir, .vary = o->vary,
		.parallel = o->jobs ? o->jobs : pool_fitting(memory),
		.budget_s = o->budget ? o->budget : BUDGET_DEFAULT,
	};
	struct errbuf err;
	int ret = EXIT_HARNESS;

	rmdir(job->dir);
	if (o->schedules)
		return search_schedules(job, t->dir, e.budget_s);
	printf("exploring %s on %s for %.0f s, seeds from %llu, results in %s\n",
	       job->scenario->name, job->kernel->name, e.budget_s,
	       (unsigned long long)t->seed, paths_from_here(t->dir));
	fflush(stdout);
	vm_heed_signals();
	if (rundir_latest(t->dir, &err) || explore_run(&e, &err)) {
		fprintf(stderr, "lastref: %s\n", err.text);
		ret = vm_interrupted() ? EXIT_INTERRUPTED : EXIT_HARNESS;
	} else {
		explore_report(&e, stdout);
		ret = exit_code(&e);
		if (explore_save(&e, &err)) {
			fprintf(stderr, "lastref: %s\n", err.text);
			ret = EXIT_HARNESS;
		}
	}
	explore_clear(&e);
	return ret;
}

static int run_explore(const struct options *o)
{
	struct tour t;
	int ret;

	if (o->nr_operands != 1 || o->nr_kernels > 1) {
		fprintf(stderr, "lastref: explore wants one scenario and one kernel (lastref list shows them)\n");
		return EXIT_USAGE;
	}
	ret = tour_plan(&t, o);
	if (!ret)
		ret = tour_prepare(&t, o);
	if (!ret && t.nr_jobs != 1) {
		fprintf(stderr, "lastref: explore wants one scenario, not %zu\n", t.nr_jobs);
		ret = EXIT_USAGE;
	}
	if (!ret && t.jobs[0].not_run) {
		fprintf(stderr, "lastref: %s\n", t.jobs[0].not_run);
		ret = EXIT_USAGE;
	}
	if (!ret)
		ret = explore(&t, o);
	tour_clear(&t);
	return ret;
}

const struct command command_explore = {
	.name = "explore",
	.operands = "SCENARIO",
	.about = "Do one scenario in many fresh machines and say how often it fails, and how",
	.text = "Each case is a clone of one boot, with a seed of its own. A case that crashes,\n"
		"hangs or corrupts its machine is an outcome like any other.\n"
		"\n"
		"Examples:\n"
		"  lastref explore crash-control --budget 20\n"
		"  lastref explore listings --time 2 --vary   on five kinds of machine\n"
		"  lastref explore busted --schedules         find one that repeats bit for bit\n"
		"\n"
		"Exit status: 0 nothing failed, 1 something did, 2 usage, 3 the harness could not\n"
		"do its work, 130 interrupted.\n",
	.options = OPT_BIT(OPT_KERNEL) | OPT_BIT(OPT_JOBS) | OPT_BIT(OPT_TIME) |
		OPT_BIT(OPT_SMP) | OPT_BIT(OPT_MEMORY) | OPT_BIT(OPT_SEED) |
		OPT_BIT(OPT_ACCEL) | OPT_BIT(OPT_EXPEDITED) | OPT_BIT(OPT_BOOT) |
		OPT_BIT(OPT_RESULTS) | OPT_BIT(OPT_QEMU) | OPT_BIT(OPT_BUDGET) |
		OPT_BIT(OPT_VARY) | OPT_BIT(OPT_SCHEDULES),
	.run = run_explore,
};
