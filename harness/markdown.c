// SPDX-License-Identifier: GPL-2.0
/*
 * Short: what did not pass is named, what did is counted. A text from a guest
 * goes where Markdown means nothing: into code, or with its marks escaped.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "human.h"
#include "markdown.h"
#include "report.h"
#include "rundir.h"
#include "tally.h"

#define WHY_MAX	160

static void put(FILE *out, const char *text)
{
	unsigned int left = WHY_MAX;

	for (; *text && left--; text++) {
		unsigned char c = *text;

		if (strchr("\\`*_{}[]<>#|~&!@", c))
			putc('\\', out);
		putc(c >= ' ' && c < 127 ? c : ' ', out);
	}
	if (*text)
		fputs("...", out);
}

/* In backticks; a backtick within becomes an apostrophe. */
static void put_code(FILE *out, const char *text)
{
	putc('`', out);
	for (; *text; text++)
		putc(*text == '`' ? '\'' : *text >= ' ' && *text < 127 ? *text : ' ', out);
	putc('`', out);
}

static bool is_bad(const struct case_result *c)
{
	return c->status == STATUS_FAIL || c->status == STATUS_ERROR;
}

static void put_bad(FILE *out, const struct tour_result *t)
{
	char where[CASE_WHERE_MAX];
	bool any = false;
	size_t i;

	for (i = 0; i < t->nr_cases; i++) {
		const struct case_result *c = &t->cases[i];

		if (!is_bad(c))
			continue;
		if (!any)
			fputs("\n| verdict | scenario | kernel | why |\n|---|---|---|---|\n", out);
		any = true;
		fprintf(out, "| **%s** | ", status_word(c));
		put(out, c->scenario);
		fputs(" | ", out);
		put(out, case_where(c, where));
		fputs(" | ", out);
		put(out, c->why);
		fputs(" |\n", out);
	}
	for (i = 0; i < t->nr_cases; i++) {
		if (!is_bad(&t->cases[i]) || !t->cases[i].again)
			continue;
		fputs("\nAgain: ", out);
		put_code(out, t->cases[i].again);
		putc('\n', out);
	}
}

/* What was not run is counted by its reason: a gap is never silent. */
static void put_gaps(FILE *out, const struct tour_result *t)
{
	size_t i, j, count;

	for (i = 0; i < t->nr_cases; i++) {
		const struct case_result *c = &t->cases[i];

		if (c->status != STATUS_NOTRUN)
			continue;
		for (j = 0; j < i; j++)
			if (t->cases[j].status == STATUS_NOTRUN && !strcmp(t->cases[j].why, c->why))
				break;
		if (j < i)
			continue;
		for (count = 0; j < t->nr_cases; j++)
			count += t->cases[j].status == STATUS_NOTRUN &&
				 !strcmp(t->cases[j].why, c->why);
		fprintf(out, "\n- %zu %s: ", count, status_word(c));
		put(out, c->why);
		putc('\n', out);
	}
}

static void put_counts(FILE *out, const struct tour_result *t)
{
	unsigned int held = 0, right = 0, caught = 0, busted = 0;
	char ops[HUMAN_MAX];
	struct tally *rows;
	uint64_t sum = 0;
	size_t count, i;

	rows = tally_runs(t, &count);
	for (i = 0; i < count; i++) {
		if (rows[i].busted) {
			busted += rows[i].runs;
			caught += rows[i].as_foretold;
		} else {
			right += rows[i].runs;
			held += rows[i].as_foretold;
			sum += rows[i].ops;
		}
	}
	tally_free(rows, count);
	if (right)
		fprintf(out, "\n%u of %u right forms held over %s operations.\n", held, right,
			human_count(ops, sum));
	if (busted)
		fprintf(out, "\n%u of %u busted forms were caught.\n", caught, busted);
}

void markdown_write(FILE *out, const struct tour_result *t)
{
	fputs("### lastref: ", out);
	report_headline(out, t, false);
	put_counts(out, t);
	put_bad(out, t);
	put_gaps(out, t);
	fprintf(out, "\nSeed %llu. Repeat: ", (unsigned long long)t->seed);
	put_code(out, t->command);
	putc('\n', out);
}

int markdown_save(const struct tour_result *t, const char *dir, struct errbuf *err)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int ret;

	markdown_write(out, t);
	fclose(out);
	ret = rundir_write(dir, "summary.md", text, err);
	free(text);
	return ret;
}
