// SPDX-License-Identifier: GPL-2.0
/*
 * Results: what is written as JSON is read back the same, junit.xml is XML that
 * says the same, and the report's figures are right.
 */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake.h"
#include "junit.h"
#include "kt.h"
#include "report.h"
#include "rundir.h"
#include "tally.h"

static struct errbuf err;

static struct run_result *add_run(struct case_result *c, const char *busted, long caught_ms)
{
	struct run_result *r = case_add_run(c);

	r->name = strdup("a<b>&\"c\"");
	r->pattern = strdup("listing_b");
	r->flavor = strdup("rcu");
	r->busted = busted ? strdup(busted) : NULL;
	r->round = 1;
	r->state = strdup(busted ? "caught" : "passed");
	r->as_foretold = true;
	r->seed = 42;
	r->ops = 3000000;
	r->near_misses = 7;
	r->elapsed_ms = 1500;
	r->caught_ms = caught_ms;
	if (busted)
		r->caught_by = strdup("from_zero");
	return r;
}

static void fill_case(struct case_result *c)
{
	struct check_result *check;
	struct run_result *r;

	c->id = strdup("one");
	c->scenario = strdup("one");
	c->kernel = strdup("6.12");
	c->why = strdup("a splat: ]]> & <oops> \001\x80");
	c->status = STATUS_FAIL;
	c->expect = EXPECT_CAUGHT;
	r = add_run(c, NULL, -1);
	check = run_add_check(r);
	check->name = strdup("barrier");
	check->status = KTAP_SKIP;
	check->note = strdup("not run: barriers=0");
	add_run(c, "listing_b:plain_inc", 300);
	add_run(c, "listing_b:plain_inc", 100);
	r = add_run(c, "listing_b:plain_inc", -1);
	r->as_foretold = false;
	r->problem = strdup("foretold: caught; what came: missed");
	r->failures = strdup("line 1\nline 2\n");
	case_add_test(c)->name = strdup("ctl");
	c->tests[0].failed = 1;
	case_add_splat(c)->kind = strdup("oops");
	c->splats[0].headline = strdup("BUG: something");
	c->splats[0].excerpt = strdup("BUG: something\n RIP: 0010:f\n");
	case_note(c, "note %d", 1);
	case_note(c, "note %d", 2);
}

static struct tour_result *make_tour(void)
{
	struct tour_result *t = calloc(1, sizeof(*t));
	struct case_result *c;

	t->command = strdup("lastref run --boot 'a \"b\" \\' --seed 1");
	t->started = strdup("2026-11-21T22:00:00+0000");
	t->dir = strdup(fake_dir());
	t->seed = UINT64_MAX >> 1;
	t->seconds = 1.5;
	t->cases = calloc(2, sizeof(*t->cases));
	t->nr_cases = 2;
	fill_case(&t->cases[0]);
	c = &t->cases[1];
	c->id = strdup("two");
	c->scenario = strdup("two");
	c->kernel = strdup("6.12");
	c->why = strdup("it makes no sense here");
	c->status = STATUS_NOTRUN;
	return t;
}

static void drop(struct tour_result *t)
{
	tour_free(t);
	free(t);
}

static const char *in_dir(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", fake_dir(), name);
	return path;
}

static char *read_back(const char *name)
{
	static char text[65536];
	FILE *in = fopen(in_dir(name), "r");
	size_t n = in ? fread(text, 1, sizeof(text) - 1, in) : 0;

	text[n] = '\0';
	if (in)
		fclose(in);
	return text;
}

static void json_round_trip(void)
{
	struct tour_result *t = make_tour(), back;
	struct case_result *c;

	kt_check(!tour_save(t, in_dir("r.json"), &err), "%s", err.text);
	if (!kt_check(!tour_load(&back, in_dir("r.json"), &err), "%s", err.text))
		return;
	c = &back.cases[0];
	kt_check(!strcmp(back.command, t->command) && back.seed == t->seed, "tour");
	kt_check(back.nr_cases == 2 && back.cases[1].status == STATUS_NOTRUN, "cases");
	kt_check(c->status == STATUS_FAIL && c->expect == EXPECT_CAUGHT, "words");
	kt_check(!strcmp(c->why, "a splat: ]]> & <oops> \001?"), "why: %s", c->why);
	kt_check(c->nr_runs == 4 && c->nr_tests == 1 && c->nr_splats == 1, "arrays");
	kt_check(!strcmp(c->runs[0].name, "a<b>&\"c\"") && c->runs[0].ops == 3000000, "run");
	kt_check(!c->runs[0].busted && !strcmp(c->runs[1].busted, "listing_b:plain_inc"), "busted");
	kt_check(c->runs[0].nr_checks == 1 && c->runs[0].checks[0].status == KTAP_SKIP, "check");
	kt_check(!strcmp(c->runs[3].failures, "line 1\nline 2\n"), "failures");
	kt_check(c->runs[1].caught_ms == 300 && c->runs[3].caught_ms == -1, "times");
	kt_check(!strcmp(c->notes, "note 1\nnote 2\n"), "notes: %s", c->notes);
	tour_free(&back);
	/* What was read back is written as the same bytes. */
	kt_check(!tour_load(&back, in_dir("r.json"), &err), "%s", err.text);
	kt_check(!tour_save(&back, in_dir("s.json"), &err), "%s", err.text);
	tour_free(&back);
	tour_free(t);
	*t = back;
	free(t);
}

static void bad_json(void)
{
	static const char *const bad[] = {
		"", "{", "[]", "17", "{\"cases\": 3}", "{\"seed\": \"x\"}",
		"{\"cases\": [{\"status\": \"perhaps\"}]}", "{\"cases\": [{\"runs\": [[]]}]}",
		"{\"cases\": [{\"id\": \"a\", \"runs\": [{\"name\": \"b\", \"ops\": 1.5}]}]}",
	};
	struct tour_result t;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		rundir_write(fake_dir(), "bad.json", bad[i], &err);
		kt_check(tour_load(&t, in_dir("bad.json"), &err), "accepted: %s", bad[i]);
	}
	kt_check(tour_load(&t, in_dir("none.json"), &err), "accepted no file");
	memset(&t, 0, sizeof(t));
	kt_check(tour_save(&t, "/nonexistent/x.json", &err), "wrote to nowhere");
}

static int number(xmlNode *node, const char *name)
{
	xmlChar *text = xmlGetProp(node, BAD_CAST name);
	int n = text ? atoi((char *)text) : -1;

	xmlFree(text);
	return n;
}

static int count_children(xmlNode *node, const char *name)
{
	xmlNode *child;
	int n = 0;

	for (child = node->children; child; child = child->next) {
		if (child->type != XML_ELEMENT_NODE)
			continue;
		n += !strcmp((char *)child->name, name);
		n += count_children(child, name);
	}
	return n;
}

static void junit(void)
{
	struct tour_result *t = make_tour();
	xmlDoc *doc;
	xmlNode *root;

	kt_check(!junit_save(t, in_dir("j.xml"), &err), "%s", err.text);
	drop(t);
	doc = xmlReadFile(in_dir("j.xml"), NULL, XML_PARSE_NOERROR | XML_PARSE_NONET);
	if (!kt_check(doc, "not well-formed:\n%s", read_back("j.xml")))
		return;
	root = xmlDocGetRootElement(doc);
	kt_check(!strcmp((char *)root->name, "testsuites"), "%s", root->name);
	kt_check(count_children(root, "testsuite") == 2, "suites");
	kt_check(number(root, "tests") == count_children(root, "testcase"), "tests=%d",
		 number(root, "tests"));
	kt_check(number(root, "failures") == count_children(root, "failure") &&
		 number(root, "failures") == 3, "failures=%d", number(root, "failures"));
	kt_check(number(root, "errors") == 0 && !count_children(root, "error"), "errors");
	kt_check(number(root, "skipped") == count_children(root, "skipped") &&
		 number(root, "skipped") == 1, "skipped=%d", number(root, "skipped"));
	xmlFreeDoc(doc);
	t = make_tour();
	kt_check(junit_save(t, "/nonexistent/j.xml", &err), "wrote to nowhere");
	drop(t);
}

static void added_up(void)
{
	struct tour_result *t = make_tour();
	struct tally *rows;
	size_t n;

	rows = tally_runs(t, &n);
	if (kt_check(n == 2, "%zu rows", n)) {
		kt_check(!rows[0].busted && rows[0].runs == 1 && rows[0].ops == 3000000, "right");
		kt_check(rows[1].runs == 3 && rows[1].as_foretold == 2, "busted");
		kt_check(rows[1].nr_caught == 2 && rows[1].caught_ms[0] == 100 &&
			 rows[1].caught_ms[1] == 300, "times are sorted");
		kt_check(tally_median(&rows[1]) == 100, "median %ld", tally_median(&rows[1]));
		kt_check(tally_median(&rows[0]) == -1, "no median");
		kt_check(!strcmp(rows[1].by, "from_zero"), "by %s", rows[1].by);
	}
	kt_check((int)(tally_bound(3000000) * 3000000 * 1000) == 2995, "bound");
	kt_check(tally_bound(0) == 1, "no operation proves nothing");
	tally_free(rows, n);
	drop(t);
}

static void report_text(void)
{
	static const char *const words[] = {
		"FAIL: something came out otherwise", "0 of 2 scenarios", ", 1 not run)",
		"listing_b:plain_inc", "2/3", "100 ms", "300 ms", "from_zero",
		"foretold: caught; what came: missed", "(seed 42)", "line 1", "BUG: something",
		"barrier            in 1 run: barriers=0", "lastref run --boot",
		"/report.html", "note 2", "selftest ctl: failed",
	};
	struct tour_result *t = make_tour();
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	report_write(out, t, 100, false);
	fclose(out);
	for (i = 0; i < ARRAY_SIZE(words); i++)
		kt_check(strstr(text, words[i]), "no \"%s\" in:\n%s", words[i], text);
	kt_check(!strchr(text, '\033'), "colours");
	free(text);
	drop(t);
}

static void directories(void)
{
	char *one, *two, target[256] = "";
	char path[4096];

	snprintf(path, sizeof(path), "%s/deep/results", fake_dir());
	one = rundir_new(path, &err);
	two = rundir_new(path, &err);
	if (kt_check(one && two, "%s", err.text)) {
		kt_check(strcmp(one, two) && !strcmp(one + strlen(one) - 2, "-1") &&
			 !strcmp(two + strlen(two) - 2, "-2"), "%s, %s", one, two);
		kt_check(!rundir_latest(one, &err) && !rundir_latest(two, &err), "%s", err.text);
		snprintf(path, sizeof(path), "%s/deep/results/latest", fake_dir());
		kt_check(readlink(path, target, sizeof(target) - 1) > 0 &&
			 !strcmp(target, strrchr(two, '/') + 1), "latest is %s", target);
	}
	free(one);
	free(two);
	kt_check(!rundir_new("/dev/null/x", &err) && strstr(err.text, "--results"), "%s", err.text);
	kt_check(rundir_write("/nonexistent", "x", "y", &err), "wrote to nowhere");
}

static const struct kt_case cases[] = {
	{ "result.json is read back as it was written", json_round_trip },
	{ "what is no result is refused", bad_json },
	{ "junit.xml is well-formed and counts right", junit },
	{ "runs are added up", added_up },
	{ "the report tells it all", report_text },
	{ "directories of runs", directories },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
