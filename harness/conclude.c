// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conclude.h"
#include "junit.h"
#include "markdown.h"
#include "options.h"
#include "page.h"
#include "report.h"
#include "rundir.h"
#include "screen.h"

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

int conclude_begin(struct tour_result *r, char *command, const char *dir, uint64_t seed,
		   size_t nr_cases)
{
	struct errbuf err;

	*r = (struct tour_result){
		.command = command, .started = date(), .dir = strdup(dir), .seed = seed,
		.seconds = -now(), .nr_cases = nr_cases,
	};
	r->cases = calloc(nr_cases + 1, sizeof(*r->cases));
	if (!r->cases || !command || !r->dir || !r->started)
		return EXIT_HARNESS;
	if (rundir_write(dir, "command", command, &err) || rundir_latest(dir, &err))
		fprintf(stderr, "lastref: %s\n", err.text);
	return 0;
}

int conclude(struct tour_result *r)
{
	int bad;

	r->seconds += now();
	r->exit_code = exit_code(r);
	putchar('\n');
	report_write(stdout, r, screen_width(STDOUT_FILENO), screen_color(STDOUT_FILENO));
	bad = save(r);
	return bad && r->exit_code == EXIT_PASSED ? EXIT_HARNESS : r->exit_code;
}
