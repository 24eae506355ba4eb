// SPDX-License-Identifier: GPL-2.0
/*
 * lastref run: plan, prepare, run, tell.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "conclude.h"
#include "human.h"
#include "paths.h"
#include "screen.h"
#include "tour.h"

static void say_what_runs(const struct tour *t)
{
	size_t i;

	for (i = 0; i < t->nr_kernels; i++) {
		const struct kernel *k = &t->kernels[i];

		printf("kernel %s%s%s\n  ", k->name, k->release ? ", " : "",
		       k->release ? k->release : "");
		human_wrap(stdout, k->accel.why, 2, 2, screen_width(STDOUT_FILENO));
		if (!k->note)
			continue;
		printf("  ");
		human_wrap(stdout, k->note, 2, 2, screen_width(STDOUT_FILENO));
	}
	printf("%zu scenario%s, %u at a time, seed %llu, results in %s\n\n", t->nr_jobs,
	       t->nr_jobs == 1 ? "" : "s", t->parallel, (unsigned long long)t->seed,
	       paths_from_here(t->dir));
	fflush(stdout);
}

int tour_run(struct tour *t, const struct options *o, char *command)
{
	struct tour_result r;
	int code = conclude_begin(&r, command, t->dir, t->seed, t->nr_jobs);

	if (!code) {
		say_what_runs(t);
		r.interrupted = runner_run(t->jobs, t->nr_jobs, t->parallel, !o->no_live, r.cases);
		code = conclude(&r);
	}
	tour_free(&r);
	return code;
}

static int run_scenarios(const struct options *o)
{
	struct tour t;
	int ret = tour_plan(&t, o);

	if (!ret)
		ret = tour_prepare(&t, o);
	if (!ret)
		ret = tour_run(&t, o, options_command(o, program_name, NULL, NULL, t.seed));
	tour_clear(&t);
	return ret;
}

const struct command command_run = {
	.name = "run",
	.operands = "[SCENARIO...]",
	.about = "Torture the patterns in virtual machines and say what held",
	.text = "Without a scenario the default tour is run; \"all\" are all of them\n"
		"(lastref list); a name with a / in it is a file. Each runs in a machine of\n"
		"its own.\n"
		"\n"
		"Examples:\n"
		"  lastref run                            the tour, on kernel " KERNEL_DEFAULT "\n"
		"  lastref run listings --time 60         one scenario, a minute a run\n"
		"  lastref run busted --repeat 20 -k 6.1  each busted form 20 times\n"
		"  lastref run all -k 6.12 -k 6.1 -k debug --expedited\n"
		"\n"
		"Exit status: 0 all as foretold, 1 something was not, 2 usage, 3 the harness\n"
		"could not do its work, 130 interrupted.\n",
	.options = OPT_BIT(OPT_KERNEL) | OPT_BIT(OPT_JOBS) | OPT_BIT(OPT_TIME) |
		OPT_BIT(OPT_SMP) | OPT_BIT(OPT_MEMORY) | OPT_BIT(OPT_REPEAT) |
		OPT_BIT(OPT_SEED) | OPT_BIT(OPT_ACCEL) | OPT_BIT(OPT_EXPEDITED) |
		OPT_BIT(OPT_BOOT) | OPT_BIT(OPT_RESULTS) | OPT_BIT(OPT_KEEP) |
		OPT_BIT(OPT_NO_LIVE) | OPT_BIT(OPT_QEMU),
	.run = run_scenarios,
};
