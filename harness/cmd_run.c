// SPDX-License-Identifier: GPL-2.0
/*
 * lastref run: plan, prepare, run, tell.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "human.h"
#include "junit.h"
#include "markdown.h"
#include "page.h"
#include "paths.h"
#include "report.h"
#include "rundir.h"
#include "screen.h"
#include "tour.h"

#define SUMMARY_WIDTH	100

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static char *date(void)
{
	time_t t = time(NULL);
	char text[40];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S%z", &tm);
	return strdup(text);
}

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

/* Any failure counts more than any error: a bug may be what broke the harness. */
static int exit_code(const struct tour_result *r)
{
	bool failed = false, error = false, passed = false;
	size_t i;

	for (i = 0; i < r->nr_cases; i++) {
		failed |= r->cases[i].status == STATUS_FAIL;
		error |= r->cases[i].status == STATUS_ERROR;
		passed |= r->cases[i].status == STATUS_PASS;
	}
	if (r->interrupted)
		return EXIT_INTERRUPTED;
	if (failed)
		return EXIT_FAILED;
	return error || !passed ? EXIT_HARNESS : EXIT_PASSED;
}

/* The KTAP of all cases as subtests of one. */
static void save_ktap(const struct tour_result *r)
{
	char path[4096], line[4096];
	FILE *out, *in;
	size_t i;

	snprintf(path, sizeof(path), "%s/result.ktap", r->dir);
	out = fopen(path, "w");
	if (!out)
		return;
	fprintf(out, "KTAP version 1\n1..%zu\n", r->nr_cases);
	for (i = 0; i < r->nr_cases; i++) {
		const struct case_result *c = &r->cases[i];

		snprintf(path, sizeof(path), "%s/%s/result.ktap", r->dir, c->id);
		in = fopen(path, "r");
		while (in && fgets(line, sizeof(line), in))
			fprintf(out, "    %s", line);
		if (in)
			fclose(in);
		fprintf(out, "%s %zu %s%s%s\n", c->status == STATUS_PASS ||
			c->status == STATUS_NOTRUN ? "ok" : "not ok", i + 1, c->id,
			c->status == STATUS_NOTRUN ? " # SKIP " : "",
			c->status == STATUS_NOTRUN ? c->why : "");
	}
	fclose(out);
}

static int save(const struct tour_result *r)
{
	char *path = NULL, *summary = NULL;
	struct errbuf err;
	size_t size;
	FILE *out;
	int bad;

	save_ktap(r);
	out = open_memstream(&summary, &size);
	report_write(out, r, SUMMARY_WIDTH, false);
	fclose(out);
	bad = rundir_write(r->dir, "summary.txt", summary, &err);
	free(summary);
	if (!bad && asprintf(&path, "%s/result.json", r->dir) >= 0) {
		bad = tour_save(r, path, &err);
		free(path);
	}
	if (!bad && asprintf(&path, "%s/junit.xml", r->dir) >= 0) {
		bad = junit_save(r, path, &err);
		free(path);
	}
	bad = bad || markdown_save(r, r->dir, &err) || page_save(r, r->dir, &err);
	if (bad)
		fprintf(stderr, "lastref: %s\n", err.text);
	return bad;
}

static int run_tour(struct tour *t, const struct options *o)
{
	struct tour_result r = {
		.command = options_command(o, program_name, NULL, NULL, t->seed), .started = date(),
		.dir = strdup(t->dir), .seed = t->seed, .nr_cases = t->nr_jobs,
	};
	double started = now();
	struct errbuf err;
	int code;

	r.cases = calloc(t->nr_jobs + 1, sizeof(*r.cases));
	if (!r.cases || !r.command)
		return EXIT_HARNESS;
	if (rundir_write(r.dir, "command", r.command, &err) || rundir_latest(r.dir, &err))
		fprintf(stderr, "lastref: %s\n", err.text);
	say_what_runs(t);
	r.interrupted = runner_run(t->jobs, t->nr_jobs, t->parallel, !o->no_live, r.cases);
	r.seconds = now() - started;
	r.exit_code = exit_code(&r);
	putchar('\n');
	report_write(stdout, &r, screen_width(STDOUT_FILENO), screen_color(STDOUT_FILENO));
	code = save(&r) && r.exit_code == EXIT_PASSED ? EXIT_HARNESS : r.exit_code;
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
		ret = run_tour(&t, o);
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
