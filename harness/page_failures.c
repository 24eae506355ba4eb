// SPDX-License-Identifier: GPL-2.0
/*
 * What a person needs of a failure, in the order in which it is needed: what
 * was wrong, the command that does it again, the element's biography, what the
 * kernel said (registers and backtrace with their lines), its last trace events,
 * and what else is kept, such as the memory of a machine that crashed.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler.h"
#include "html.h"
#include "page.h"
#include "trace.h"

#define BIO_LINES	40
#define SPLAT_LINES	40
#define TRACE_LINES	30

/* Files worth a link: what they are is what they are called. */
static const char *const kept[] = {
	"console.log", "failures.txt", "histograms.txt", "stats.txt", "agent.log", "qemu.cmd",
	"trace.txt", "memory.kdump",
};

static void put_failed_run(FILE *out, const struct run_result *r)
{
	size_t i;

	html_element(out, "h4", "%s: %s %s, round %u", r->name, r->busted ? r->busted : r->pattern,
		     r->flavor, r->round);
	html_element(out, "p", "%s (seed %llu)", r->problem ? r->problem : "?",
		     (unsigned long long)r->seed);
	for (i = 0; i < r->nr_checks; i++)
		if (r->checks[i].status == KTAP_FAIL)
			html_element(out, "p class=\"fail\"", "not ok: %s %s", r->checks[i].name,
				     r->checks[i].note ? r->checks[i].note : "");
	if (r->failures)
		html_pre(out, r->failures, BIO_LINES);
}

static void put_failed_tests(FILE *out, const struct case_result *c)
{
	size_t i;

	for (i = 0; i < c->nr_tests; i++) {
		const struct test_result *test = &c->tests[i];

		if (!test->problem && !test->failed)
			continue;
		html_element(out, "h4", "selftest %s: %s", test->name,
			     test->problem ? test->problem : "failed");
		if (test->failures)
			html_pre(out, test->failures, BIO_LINES);
	}
}

static void put_splats(FILE *out, const struct case_result *c)
{
	size_t i;

	for (i = 0; i < c->nr_splats; i++) {
		if (c->splats[i].expected)
			continue;
		html_element(out, "h4", "The kernel said (%s): %s", c->splats[i].kind,
			     c->splats[i].headline ? c->splats[i].headline : "");
		if (c->splats[i].excerpt)
			html_pre(out, c->splats[i].excerpt, SPLAT_LINES);
	}
}

/* The id may come from a document, which may say anything. */
static bool is_plain(const char *id)
{
	return !strchr(id, '/');
}

static void put_trace(FILE *out, const struct case_result *c, const char *dir)
{
	char path[4096], *text;

	snprintf(path, sizeof(path), "%s/%s", dir, c->id);
	text = is_plain(c->id) ? trace_tail(path, TRACE_LINES) : NULL;
	if (text && *text) {
		html_element(out, "h4", "The last trace events");
		html_pre(out, text, TRACE_LINES);
	}
	free(text);
}

static void put_links(FILE *out, const struct case_result *c, const char *dir)
{
	char path[4096];
	bool any = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kept) && is_plain(c->id); i++) {
		snprintf(path, sizeof(path), "%s/%s/%s", dir, c->id, kept[i]);
		if (access(path, R_OK))
			continue;
		fputs(any ? ", <a href=\"" : "<p>Kept beside this page: <a href=\"", out);
		html_put(out, c->id);
		fprintf(out, "/%s\">%s</a>", kept[i], kept[i]);
		any = true;
	}
	if (any)
		fputs("</p>\n", out);
}

static void put_failure(FILE *out, const struct case_result *c, size_t index, const char *dir)
{
	char where[CASE_WHERE_MAX];
	size_t i;

	fprintf(out, "<section class=\"failure\">\n<h3 id=\"f%zu\">", index);
	page_status(out, c);
	fputs(" ", out);
	html_put(out, c->scenario);
	fputs(" on ", out);
	html_put(out, case_where(c, where));
	fputs("</h3>\n", out);
	html_element(out, "p", "%s", c->why ? c->why : "no reason is known");
	if (c->again)
		html_element(out, "pre tabindex=\"0\" class=\"again\"", "%s", c->again);
	for (i = 0; i < c->nr_runs; i++)
		if (!c->runs[i].as_foretold && !run_interrupted(&c->runs[i]))
			put_failed_run(out, &c->runs[i]);
	put_failed_tests(out, c);
	put_splats(out, c);
	put_trace(out, c, dir);
	if (c->notes)
		html_element(out, "p class=\"notes\"", "%s", c->notes);
	put_links(out, c, dir);
	fputs("</section>\n", out);
}

void page_failures(FILE *out, const struct tour_result *t, const char *dir)
{
	bool any = false;
	size_t i;

	for (i = 0; i < t->nr_cases; i++) {
		if (t->cases[i].status != STATUS_FAIL && t->cases[i].status != STATUS_ERROR)
			continue;
		if (!any)
			fputs("<h2 id=\"failures\">Not as foretold</h2>\n", out);
		any = true;
		put_failure(out, &t->cases[i], i, dir);
	}
}
