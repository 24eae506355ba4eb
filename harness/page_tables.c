// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "human.h"
#include "page.h"
#include "tally.h"

static const char *const classes[] = {
	[STATUS_PASS] = "pass",
	[STATUS_FAIL] = "fail",
	[STATUS_ERROR] = "error",
	[STATUS_NOTRUN] = "notrun",
};

void page_status(FILE *out, const struct case_result *c)
{
	fprintf(out, "<span class=\"%s\">%s</span>", classes[c->status], status_word(c));
}

/* Begins a table that scrolls by itself where the page is narrow. */
static void begin_table(FILE *out, const char *caption, const char *const *heads)
{
	fprintf(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n"
		"<table><caption>%s</caption>\n<thead><tr>", caption, caption);
	for (; *heads; heads++)
		html_element(out, "th scope=\"col\"", "%s", *heads);
	fputs("</tr></thead>\n<tbody>\n", out);
}

static void put_title(FILE *out, const char *id, const char *title, const char *words)
{
	fprintf(out, "<h2 id=\"%s\">%s</h2>\n<p>%s</p>\n", id, title, words);
}

static void end_table(FILE *out)
{
	fputs("</tbody></table></div>\n", out);
}

static void row_head(FILE *out, const char *text)
{
	fputs("<tr>", out);
	html_element(out, "th scope=\"row\"", "%s", text);
}

/* Distinct names in order of appearance. */
struct names {
	const char **list;
	size_t nr;
};

static void add_name(struct names *n, const char *name)
{
	size_t i;

	for (i = 0; i < n->nr; i++)
		if (!strcmp(n->list[i], name))
			return;
	n->list = reallocarray(n->list, n->nr + 1, sizeof(*n->list));
	if (!n->list)
		abort();
	n->list[n->nr++] = name;
}

static void put_cell(FILE *out, const struct tour_result *t, const char *scenario,
		     const char *where)
{
	char other[CASE_WHERE_MAX];
	size_t i;

	fputs("<td class=\"cell\">", out);
	for (i = 0; i < t->nr_cases; i++) {
		const struct case_result *c = &t->cases[i];

		if (strcmp(c->scenario, scenario) || strcmp(case_where(c, other), where))
			continue;
		fprintf(out, "<a href=\"#c%zu\" title=\"", i);
		html_put(out, c->why ? c->why : "");
		fputs("\">", out);
		page_status(out, c);
		fputs("</a>", out);
	}
	fputs("</td>", out);
}

/* What the names of modes stand for. */
static void put_modes(FILE *out, const struct tour_result *t)
{
	struct names modes = { NULL, 0 };
	size_t i, known;

	for (i = 0; i < t->nr_cases; i++) {
		known = modes.nr;
		if (!t->cases[i].mode || !t->cases[i].boot)
			continue;
		add_name(&modes, t->cases[i].mode);
		if (modes.nr == known)
			continue;
		fputs(known ? "" : "<dl>\n", out);
		html_element(out, "dt", "%s", t->cases[i].mode);
		html_element(out, "dd", "%s", t->cases[i].boot);
	}
	fputs(modes.nr ? "</dl>\n" : "", out);
	free(modes.list);
}

static void put_matrix(FILE *out, const struct tour_result *t, const struct names *rows,
		       const struct names *columns)
{
	const char **heads = calloc(columns->nr + 2, sizeof(*heads));
	size_t i, j;

	if (!heads)
		return;
	heads[0] = "kernel and mode";
	memcpy(heads + 1, columns->list, columns->nr * sizeof(*heads));
	fputs("<h2 id=\"matrix\">Matrix</h2>\n", out);
	begin_table(out, "What came out of each scenario on each kernel", heads);
	for (i = 0; i < rows->nr; i++) {
		row_head(out, rows->list[i]);
		for (j = 0; j < columns->nr; j++)
			put_cell(out, t, columns->list[j], rows->list[i]);
		fputs("</tr>\n", out);
	}
	end_table(out);
	free(heads);
	put_modes(out, t);
}

/* Scenarios by kernel and mode; nothing where all ran in one place. */
bool page_matrix(FILE *out, const struct tour_result *t)
{
	char (*wheres)[CASE_WHERE_MAX] = calloc(t->nr_cases + 1, sizeof(*wheres));
	struct names rows = { NULL, 0 }, columns = { NULL, 0 };
	bool several;
	size_t i;

	for (i = 0; wheres && i < t->nr_cases; i++) {
		add_name(&rows, case_where(&t->cases[i], wheres[i]));
		add_name(&columns, t->cases[i].scenario);
	}
	several = rows.nr > 1;
	if (several)
		put_matrix(out, t, &rows, &columns);
	free(rows.list);
	free(columns.list);
	free(wheres);
	return several;
}

void page_cases(FILE *out, const struct tour_result *t)
{
	static const char *const heads[] = {
		"verdict", "scenario", "kernel", "time", "why", NULL
	};
	char where[CASE_WHERE_MAX], time[HUMAN_MAX];
	size_t i;

	fputs("<h2 id=\"scenarios\">Scenarios</h2>\n", out);
	begin_table(out, "Each scenario and its verdict", heads);
	for (i = 0; i < t->nr_cases; i++) {
		const struct case_result *c = &t->cases[i];

		fprintf(out, "<tr id=\"c%zu\"><td>", i);
		page_status(out, c);
		fputs("</td>", out);
		html_element(out, "th scope=\"row\"", "%s", c->scenario);
		html_element(out, "td", "%s", case_where(c, where));
		html_element(out, "td class=\"n\"", "%s",
			     c->status == STATUS_NOTRUN ? "" : human_ms(time, c->seconds * 1000));
		fputs("<td class=\"wide\">", out);
		html_put(out, c->why ? c->why : "");
		if (c->status == STATUS_FAIL || c->status == STATUS_ERROR)
			fprintf(out, " (<a href=\"#f%zu\">details</a>)", i);
		fputs("</td></tr>\n", out);
	}
	end_table(out);
}

/* A table of added up runs: which rows are in it, and how one is put. */
struct tally_table {
	const char *id, *title, *words;
	const char *const *heads;
	bool (*has)(const struct tally *row);
	void (*put)(FILE *out, const struct tally *row);
};

static bool has_held(const struct tally *row)
{
	return !row->busted && row->as_foretold == row->runs;
}

static void put_held(FILE *out, const struct tally *row)
{
	char ops[HUMAN_MAX], time[HUMAN_MAX], near[HUMAN_MAX];

	html_element(out, "td", "%s", row->flavor);
	html_element(out, "td", "%s", row->kernel);
	html_element(out, "td class=\"n\"", "%u", row->runs);
	html_element(out, "td class=\"n\"", "%s", human_ms(time, row->elapsed_ms));
	html_element(out, "td class=\"n\"", "%s", human_count(ops, row->ops));
	html_element(out, "td class=\"n\"", "%s", human_count(near, row->near_misses));
	html_element(out, "td class=\"n\"", "%.1e", tally_bound(row->ops));
}

static bool has_busted(const struct tally *row)
{
	return row->busted;
}

static void put_busted(FILE *out, const struct tally *row)
{
	bool all = row->as_foretold == row->runs;
	char time[HUMAN_MAX];

	html_element(out, "td", "%s", row->flavor);
	html_element(out, "td", "%s", row->kernel);
	fputs("<td class=\"n\">", out);
	html_element(out, all ? "span class=\"pass\"" : "span class=\"fail\"", "%u of %u",
		     row->as_foretold, row->runs);
	fputs("</td>", out);
	html_element(out, "td class=\"n\"", "%s", human_ms(time, tally_median(row)));
	html_element(out, "td class=\"n\"", "%s",
		     human_ms(time, row->nr_caught ? row->caught_ms[0] : -1));
	html_element(out, "td class=\"n\"", "%s",
		     human_ms(time, row->nr_caught ? row->caught_ms[row->nr_caught - 1] : -1));
	html_element(out, "td", "%s", row->by);
}

static const char *const held_heads[] = {
	"pattern", "flavor", "kernel", "runs", "time", "operations", "near misses",
	"fewer than, an operation", NULL
};

static const char *const busted_heads[] = {
	"form", "flavor", "kernel", "caught", "median", "fastest", "slowest", "by", NULL
};

static const struct tally_table held = {
	"held", "Patterns that held",
	"With 95 % confidence fewer operations fail than the last column says.",
	held_heads, has_held, put_held
};

static const struct tally_table busted = {
	"busted", "Busted forms", "Each is broken on purpose, and a check must notice.",
	busted_heads, has_busted, put_busted
};

static void put_rows(FILE *out, const struct tally_table *table, const struct tally *rows,
		     size_t count)
{
	size_t i;

	begin_table(out, table->title, table->heads);
	for (i = 0; i < count; i++) {
		if (!table->has(&rows[i]))
			continue;
		row_head(out, rows[i].pattern);
		table->put(out, &rows[i]);
		fputs("</tr>\n", out);
	}
	end_table(out);
}

/* What is told, and folded below it that of each kernel where it is another. */
static void put_tallies(FILE *out, const struct tour_result *t, const struct tally_table *table)
{
	size_t nr_told, nr_each, i;
	struct tally *told, *each;

	told = tally_told(t, &nr_told);
	each = tally_runs(t, &nr_each);
	for (i = 0; i < nr_each && !table->has(&each[i]); i++)
		;
	if (i < nr_each) {
		put_title(out, table->id, table->title, table->words);
		put_rows(out, table, told, nr_told);
	}
	if (i < nr_each && nr_told < nr_each) {
		fputs("<details><summary>On each kernel, in each mode</summary>\n", out);
		put_rows(out, table, each, nr_each);
		fputs("</details>\n", out);
	}
	tally_free(told, nr_told);
	tally_free(each, nr_each);
}

void page_held(FILE *out, const struct tour_result *t)
{
	put_tallies(out, t, &held);
}

void page_busted(FILE *out, const struct tour_result *t)
{
	put_tallies(out, t, &busted);
}

void page_tests(FILE *out, const struct tour_result *t)
{
	static const char *const heads[] = {
		"selftest", "kernel", "passed", "failed", "skipped", "problem", NULL
	};
	char where[CASE_WHERE_MAX];
	bool any = false;
	size_t i, j;

	for (i = 0; i < t->nr_cases; i++) {
		for (j = 0; j < t->cases[i].nr_tests; j++) {
			const struct test_result *test = &t->cases[i].tests[j];

			if (!any) {
				fputs("<h2 id=\"selftests\">Selftests</h2>\n", out);
				begin_table(out, "Selftests", heads);
			}
			any = true;
			row_head(out, test->name);
			html_element(out, "td", "%s", case_where(&t->cases[i], where));
			html_element(out, "td class=\"n\"", "%u", test->passed);
			html_element(out, test->failed ? "td class=\"fail\"" : "td class=\"n\"",
				     "%u", test->failed);
			html_element(out, "td class=\"n\"", "%u", test->skipped);
			html_element(out, "td", "%s", test->problem ? test->problem : "");
			fputs("</tr>\n", out);
		}
	}
	if (any)
		end_table(out);
}

void page_not_run(FILE *out, const struct tour_result *t)
{
	static const char *const heads[] = { "check", "runs", "why", NULL };
	struct skip_tally *skips;
	size_t count, i;

	skips = tally_skips(t, &count);
	if (count) {
		put_title(out, "not-run", "Checks that did not run",
			  "On a right form, and so they show nothing there.");
		begin_table(out, "Checks that did not run", heads);
	}
	for (i = 0; i < count; i++) {
		row_head(out, skips[i].name);
		html_element(out, "td class=\"n\"", "%u", skips[i].runs);
		html_element(out, "td", "%s", skips[i].note);
		fputs("</tr>\n", out);
	}
	if (count)
		end_table(out);
	free(skips);
}
