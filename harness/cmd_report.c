// SPDX-License-Identifier: GPL-2.0
/*
 * lastref report: a run as a page, two runs side by side.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "compare.h"
#include "markdown.h"
#include "page.h"
#include "paths.h"
#include "report.h"
#include "screen.h"

/* A run's directory from what the user typed: it, its number, or nothing. */
static char *find_run(const char *word, const struct options *o)
{
	char *results = o->results ? strdup(o->results) : paths_in_root("results");
	char *path = NULL;
	struct stat st;

	if (word && !stat(word, &st) && S_ISDIR(st.st_mode))
		path = strdup(word);
	else if (results && asprintf(&path, "%s/%s", results, word ? word : "latest") < 0)
		path = NULL;
	free(results);
	return path;
}

static int load(struct tour_result *t, const char *word, const struct options *o, char **dir)
{
	struct errbuf err = { "out of memory" };
	char *path = NULL;
	int ret = -1;

	*dir = find_run(word, o);
	if (*dir && asprintf(&path, "%s/result.json", *dir) >= 0)
		ret = tour_load(t, path, &err);
	free(path);
	if (!ret)
		return 0;
	fprintf(stderr, "lastref: %s: give the directory of a run (ls results)\n", err.text);
	free(*dir);
	*dir = NULL;
	return -1;
}

static int report_one(const char *word, const struct options *o)
{
	struct tour_result t;
	struct errbuf err;
	char *dir;
	int ret;

	if (load(&t, word, o, &dir))
		return EXIT_USAGE;
	ret = page_save(&t, dir, &err) || markdown_save(&t, dir, &err) ? EXIT_HARNESS : 0;
	if (ret)
		fprintf(stderr, "lastref: %s\n", err.text);
	else
		printf("%s/report.html\n%s/summary.md\n", paths_from_here(dir),
		       paths_from_here(dir));
	tour_free(&t);
	free(dir);
	return ret;
}

static int report_two(const struct options *o)
{
	struct tour_result a, b;
	char *dir_a, *dir_b;
	int ret = EXIT_USAGE;

	if (load(&a, o->operands[0], o, &dir_a))
		return EXIT_USAGE;
	if (!load(&b, o->operands[1], o, &dir_b)) {
		ret = compare_write(stdout, &a, &b, screen_color(STDOUT_FILENO)) ? EXIT_FAILED :
		      EXIT_PASSED;
		tour_free(&b);
		free(dir_b);
	}
	tour_free(&a);
	free(dir_a);
	return ret;
}

static int run_report(const struct options *o)
{
	struct errbuf err;

	if (!paths_root(&err)) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	if (o->nr_operands > 2) {
		fprintf(stderr, "lastref: report wants one run, or two to compare\n");
		return EXIT_USAGE;
	}
	if (o->nr_operands == 2)
		return report_two(o);
	return report_one(o->nr_operands ? o->operands[0] : NULL, o);
}

const struct command command_report = {
	.name = "report",
	.operands = "[RUN [RUN]]",
	.about = "Show a run as a page, or what differs between two",
	.text = "A run is a directory in results/, or its name there; the newest if none is\n"
		"given. Of one, report.html and summary.md are written again into it, as at\n"
		"the end of each run. Of two, the verdicts that changed, and the rates and\n"
		"times to catch that differ by more than noise would explain.\n"
		"\n"
		"Examples:\n"
		"  lastref report                          the newest run\n"
		"  lastref report 2026-11-22-1 latest      what has changed since\n"
		"\n"
		"Exit status: 0 (of two: nothing got worse), 1 a verdict got worse, 2 there is\n"
		"no such run.\n",
	.options = OPT_BIT(OPT_RESULTS),
	.run = run_report,
};
