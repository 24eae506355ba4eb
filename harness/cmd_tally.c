// SPDX-License-Identifier: GPL-2.0
/*
 * lastref tally: what CI prints at its end, counted from files.
 *
 * A file that cannot be read or is not complete is one failure more, so that a
 * test that died half-way, or left nothing at all, is not lost in the sum.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "ktap.h"

struct sum {
	unsigned int passed;
	unsigned int failed;
	unsigned int skipped;
};

static void tell_failed(const char *file, const struct ktap *k)
{
	size_t i;

	for (i = 0; i < ktap_results(k); i++) {
		const struct ktap_result *r = ktap_result_at(k, i);

		if (r->status == KTAP_FAIL && !r->parent)
			fprintf(stderr, "%s: not ok %s\n", file, r->path);
	}
}

static void add_file(struct sum *sum, const char *file)
{
	FILE *in = strcmp(file, "-") ? fopen(file, "r") : stdin;
	struct ktap *k = ktap_new();
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (in && k && (len = getline(&line, &size, in)) > 0)
		ktap_line(k, line, len);
	free(line);
	if (!in || !k) {
		fprintf(stderr, "lastref: %s: %s: counts as a failure\n", file, strerror(errno));
		sum->failed++;
		ktap_free(k);
		return;
	}
	ktap_finish(k);
	sum->passed += ktap_count(k, KTAP_PASS) + ktap_count(k, KTAP_XFAIL);
	sum->failed += ktap_count(k, KTAP_FAIL);
	sum->skipped += ktap_count(k, KTAP_SKIP);
	tell_failed(file, k);
	if (!ktap_complete(k)) {
		sum->failed++;
		fprintf(stderr, "lastref: %s: %s: counts as a failure\n", file,
			ktap_problem(k) ? ktap_problem(k) : "incomplete");
	}
	if (in != stdin)
		fclose(in);
	ktap_free(k);
}

static int add_up(const struct options *o)
{
	struct sum sum = { 0 };
	unsigned int i;

	if (!o->nr_operands) {
		fprintf(stderr, "lastref: tally wants files (lastref tally --help)\n");
		return EXIT_USAGE;
	}
	for (i = 0; i < o->nr_operands; i++)
		add_file(&sum, o->operands[i]);
	printf("%u passed, %u failed, %u skipped\n", sum.passed, sum.failed, sum.skipped);
	return sum.failed || !sum.passed ? EXIT_FAILED : EXIT_PASSED;
}

const struct command command_tally = {
	.name = "tally",
	.operands = "FILE...",
	.about = "Count the results in KTAP files",
	.text = "Prints \"N passed, N failed, N skipped\"; the failed ones go to stderr.\n"
		"A file that is missing or not complete counts as a failure.\n"
		"\n"
		"Examples:\n"
		"  lastref tally results/latest/result.ktap\n"
		"  build/tests/test_table | lastref tally -\n"
		"\n"
		"Exit status: 0 something passed and nothing failed, else 1.\n",
	.options = 0,
	.run = add_up,
};
