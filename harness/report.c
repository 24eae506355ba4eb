// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "human.h"
#include "paths.h"
#include "report.h"
#include "tally.h"

#define EXCERPT_LINES	24
#define BIO_LINES	32

static const char *const status_color[] = {
	[STATUS_PASS] = "\033[32m",
	[STATUS_FAIL] = "\033[1;31m",
	[STATUS_ERROR] = "\033[33m",
	[STATUS_NOTRUN] = "\033[33m",
};

static unsigned int count_status(const struct tour_result *t, enum status status)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < t->nr_cases; i++)
		count += t->cases[i].status == status;
	return count;
}

enum status report_status(const struct tour_result *t)
{
	if (count_status(t, STATUS_FAIL))
		return STATUS_FAIL;
	if (count_status(t, STATUS_ERROR) || t->interrupted)
		return STATUS_ERROR;
	return count_status(t, STATUS_PASS) ? STATUS_PASS : STATUS_NOTRUN;
}

void report_headline(FILE *out, const struct tour_result *t, bool color)
{
	static const char *const words[] = {
		[STATUS_PASS] = "PASS: everything came out as foretold",
		[STATUS_FAIL] = "FAIL: something came out otherwise than foretold",
		[STATUS_ERROR] = "ERROR: the harness could not do its work",
		[STATUS_NOTRUN] = "NOT RUN: nothing was tested",
	};
	unsigned int not_run = count_status(t, STATUS_NOTRUN);
	enum status status = report_status(t);
	char time[HUMAN_MAX], gap[32] = "";

	if (not_run)
		snprintf(gap, sizeof(gap), ", %u not run", not_run);
	fprintf(out, "%s%s%s (%u of %zu scenarios in %s%s)\n",
		color ? status_color[status] : "", t->interrupted ?
		"INTERRUPTED: what had come until then is kept" : words[status],
		color ? "\033[0m" : "", count_status(t, STATUS_PASS), t->nr_cases,
		human_ms(time, t->seconds * 1000), gap);
}

static int longest_id(const struct tour_result *t)
{
	int width = 0;
	size_t i;

	for (i = 0; i < t->nr_cases; i++)
		if ((int)strlen(t->cases[i].id) > width)
			width = strlen(t->cases[i].id);
	return width;
}

static void put_cases(FILE *out, const struct tour_result *t, unsigned int width,
		      bool color)
{
	int id = longest_id(t);
	unsigned int column = 2 + 7 + 1 + id + 1 + 7 + 2;
	size_t i;

	fprintf(out, "\nScenarios:\n");
	for (i = 0; i < t->nr_cases; i++) {
		const struct case_result *c = &t->cases[i];
		char time[HUMAN_MAX];

		fprintf(out, "  %s%-7s%s %-*s %7s  ", color ? status_color[c->status] : "",
			status_word(c), color ? "\033[0m" : "", id, c->id,
			human_ms(time, c->seconds * 1000));
		/* Of what is well the beginning is enough. */
		if (c->status != STATUS_PASS)
			human_wrap(out, c->why, column, column, width);
		else if (width > column + 3 && strlen(c->why) > width - column)
			fprintf(out, "%.*s...\n", (int)(width - column - 3), c->why);
		else
			fprintf(out, "%s\n", c->why);
	}
}

/* Widths for both tables of runs; no kernel is named when there is only one. */
struct columns {
	int name;
	int flavor;
	int kernel;
};

static struct columns fit_columns(const struct tally *rows, size_t count, bool busted)
{
	struct columns c = { strlen("pattern"), strlen("flavor"), strlen("kernel") };
	bool several = false;
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(rows[i].kernel, rows[0].kernel) || rows[i].places > 1)
			several = true;
		if ((int)strlen(rows[i].kernel) > c.kernel)
			c.kernel = strlen(rows[i].kernel);
		if (rows[i].busted == busted && (int)strlen(rows[i].pattern) > c.name)
			c.name = strlen(rows[i].pattern);
		if (rows[i].busted == busted && (int)strlen(rows[i].flavor) > c.flavor)
			c.flavor = strlen(rows[i].flavor);
	}
	c.kernel = several ? c.kernel : 0;
	return c;
}

static void put_names(FILE *out, const struct columns *c, const char *name,
		      const char *flavor, const char *kernel)
{
	fprintf(out, "  %-*s %-*s", c->name, name, c->flavor, flavor);
	if (c->kernel)
		fprintf(out, " %-*s", c->kernel, kernel);
}

static void put_held(FILE *out, const struct tally *rows, size_t count)
{
	struct columns c = fit_columns(rows, count, false);
	char ops[HUMAN_MAX], time[HUMAN_MAX], near[HUMAN_MAX];
	bool any = false;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct tally *row = &rows[i];

		if (row->busted || row->as_foretold != row->runs)
			continue;
		if (!any) {
			fprintf(out, "\nPatterns that held. With 95 %% confidence, fewer operations fail than the bound.\n");
			put_names(out, &c, "pattern", "flavor", "kernel");
			fprintf(out, " %5s %8s %6s %6s  %s\n", "runs", "time", "ops", "near", "bound");
		}
		any = true;
		put_names(out, &c, row->pattern, row->flavor, row->kernel);
		fprintf(out, " %5u %8s %6s %6s  %.1e\n", row->runs,
			human_ms(time, row->elapsed_ms), human_count(ops, row->ops),
			human_count(near, row->near_misses), tally_bound(row->ops));
	}
}

static void put_busted(FILE *out, const struct tally *rows, size_t count)
{
	struct columns c = fit_columns(rows, count, true);
	char median[HUMAN_MAX], min[HUMAN_MAX], max[HUMAN_MAX], caught[32];
	bool any = false;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct tally *row = &rows[i];

		if (!row->busted)
			continue;
		if (!any) {
			fprintf(out, "\nBusted forms, and the time until a check caught them:\n");
			put_names(out, &c, "form", "flavor", "kernel");
			fprintf(out, " %6s %7s %7s %7s  %s\n", "caught", "median", "min", "max", "by");
		}
		any = true;
		snprintf(caught, sizeof(caught), "%u/%u", row->as_foretold, row->runs);
		human_ms(min, row->nr_caught ? row->caught_ms[0] : -1);
		human_ms(max, row->nr_caught ? row->caught_ms[row->nr_caught - 1] : -1);
		put_names(out, &c, row->pattern, row->flavor, row->kernel);
		fprintf(out, " %6s %7s %7s %7s  %s\n", caught,
			human_ms(median, tally_median(row)), min, max, row->by);
	}
}

/* The first lines of a text, each indented, and a word if that is not all. */
static void quote(FILE *out, const char *text, unsigned int most, const char *whole)
{
	const char *end;
	char line[200];

	for (; *text && most; text = end + (*end == '\n'), most--) {
		end = text + strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)(end - text), text);
		human_clean(line, sizeof(line), line);
		fprintf(out, "      %s\n", line);
	}
	if (*text)
		fprintf(out, "      ... the rest is in %s\n", whole);
}

static void put_not_run(FILE *out, const struct tour_result *t)
{
	struct skip_tally *skips;
	size_t count, i;

	skips = tally_skips(t, &count);
	if (count)
		fprintf(out, "\nChecks that did not run on a right form, and so show nothing:\n");
	for (i = 0; i < count; i++)
		fprintf(out, "  %-18s in %u run%s: %s\n", skips[i].name, skips[i].runs,
			skips[i].runs == 1 ? "" : "s", skips[i].note);
	free(skips);
}

static void put_failed_run(FILE *out, const struct case_result *c,
			   const struct run_result *r)
{
	char whole[128];
	size_t i;

	fprintf(out, "    %s %s %s #%u: %s (seed %llu)\n", r->name,
		r->busted ? r->busted : r->pattern, r->flavor, r->round,
		r->problem ? r->problem : "?", (unsigned long long)r->seed);
	for (i = 0; i < r->nr_checks; i++)
		if (r->checks[i].status == KTAP_FAIL)
			fprintf(out, "      not ok: %s %s\n", r->checks[i].name,
				r->checks[i].note ? r->checks[i].note : "");
	snprintf(whole, sizeof(whole), "%s/failures.txt", c->id);
	if (r->failures)
		quote(out, r->failures, BIO_LINES, whole);
}

static void put_splats(FILE *out, const struct case_result *c)
{
	unsigned int told = 0;
	char whole[128];
	size_t i;

	snprintf(whole, sizeof(whole), "%s/console.log", c->id);
	for (i = 0; i < c->nr_splats && told < 2; i++) {
		const struct splat_result *s = &c->splats[i];

		if (s->expected)
			continue;
		told++;
		fprintf(out, "    the kernel said (%s):\n", s->kind);
		quote(out, s->excerpt, EXCERPT_LINES, whole);
	}
}

static void put_failed_case(FILE *out, const struct tour_result *t,
			    const struct case_result *c, bool color)
{
	size_t i;

	fprintf(out, "\n%s%s%s %s on %s: %s\n", color ? status_color[c->status] : "",
		status_name(c->status), color ? "\033[0m" : "", c->id, c->kernel, c->why);
	for (i = 0; i < c->nr_runs; i++)
		if (!c->runs[i].as_foretold && !run_interrupted(&c->runs[i]))
			put_failed_run(out, c, &c->runs[i]);
	for (i = 0; i < c->nr_tests; i++) {
		if (!c->tests[i].problem && !c->tests[i].failed)
			continue;
		fprintf(out, "    selftest %s: %s\n", c->tests[i].name,
			c->tests[i].problem ? c->tests[i].problem : "failed");
		if (c->tests[i].failures)
			quote(out, c->tests[i].failures, BIO_LINES, "result.ktap");
	}
	put_splats(out, c);
	if (c->notes)
		quote(out, c->notes, 8, "result.json");
	fprintf(out, "    everything about it: %s/%s/\n", paths_from_here(t->dir), c->id);
	if (c->again)
		fprintf(out, "    again: %s\n", c->again);
}

static void put_tests(FILE *out, const struct tour_result *t)
{
	const char *problem;
	bool any = false;
	size_t i, j;

	for (i = 0; i < t->nr_cases; i++) {
		for (j = 0; j < t->cases[i].nr_tests; j++) {
			const struct test_result *test = &t->cases[i].tests[j];

			if (!any)
				fprintf(out, "\nSelftests:\n");
			any = true;
			problem = test->problem ? test->problem : "";
			fprintf(out, "  %-24s %-6s %u passed, %u failed, %u skipped  %s\n",
				test->name, t->cases[i].kernel, test->passed, test->failed,
				test->skipped, problem);
		}
	}
}

/* Skips by their reason: a gap is never silent. */
static void put_skipped(FILE *out, const struct tour_result *t)
{
	size_t count, i, j;

	for (i = 0; i < t->nr_cases; i++) {
		const struct case_result *c = &t->cases[i];

		if (c->status != STATUS_NOTRUN)
			continue;
		for (j = 0, count = 0; j < t->nr_cases; j++) {
			if (t->cases[j].status != STATUS_NOTRUN || strcmp(t->cases[j].why, c->why))
				continue;
			if (j < i)
				break;
			count++;
		}
		if (j == t->nr_cases)
			fprintf(out, "\n%zu case%s %s: %s\n", count, count == 1 ? "" : "s",
				status_word(c), c->why);
	}
}

void report_write(FILE *out, const struct tour_result *t, unsigned int width, bool color)
{
	struct tally *rows;
	size_t count, i;

	report_headline(out, t, color);
	rows = tally_told(t, &count);
	put_cases(out, t, width, color);
	put_held(out, rows, count);
	put_busted(out, rows, count);
	tally_free(rows, count);
	put_tests(out, t);
	put_not_run(out, t);
	put_skipped(out, t);
	for (i = 0; i < t->nr_cases; i++)
		if (t->cases[i].status == STATUS_FAIL || t->cases[i].status == STATUS_ERROR)
			put_failed_case(out, t, &t->cases[i], color);
	fprintf(out, "\nReport: %s/report.html\nRepeat: %s\n", paths_from_here(t->dir), t->command);
}
