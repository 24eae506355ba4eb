// SPDX-License-Identifier: GPL-2.0
/*
 * The page and the Markdown: that nothing a guest writes gets out of its place,
 * that figures are drawn and may be missing; and that result.json is what its
 * schema says, while broken ones are not.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake.h"
#include "kt.h"
#include "markdown.h"
#include "page.h"
#include "paths.h"
#include "rundir.h"
#include "tally.h"
#include "tour_fixture.h"

#define HOSTILE	"<script>alert('x')</script>\"`touch pwned`' | a \001\x80"

static struct errbuf err;

static void add_series(struct run_result *r)
{
	static const char text[] =
		"reclaim: from delete to free (106)\n"
		"  [ 512ns,    1us)           13 |###############|\n"
		"  [   1us,    2us)           93 |########################################|\n\n"
		"callback: from post to invocation (0)\n\n"
		"barrier: how long it took (2)\n  [   8ms,   more)            2 |####|\n\n";
	struct series s = { NULL, 0, 0, 0 };
	long i;

	for (i = 1; i <= 5; i++)
		series_add(&s, &(struct sample){ .ms = i * 400, .ops = i * i * 1000 });
	r->samples = s.samples;
	r->nr_samples = s.nr;
	r->histograms = histograms_read(text, &r->nr_histograms);
}

/* Every member of every structure has a value, and texts are as bad as can be. */
static void full_tour(struct tour_result *t)
{
	struct check_result *check;
	struct splat_result *splat;
	struct case_result *c;
	struct run_result *r;

	begin_tour(t);
	c = add_case(t, "one", "6.12", STATUS_FAIL);
	set(&c->why, HOSTILE);
	set(&c->about, HOSTILE);
	set(&c->mode, "expedited");
	set(&c->boot, HOSTILE);
	set(&c->release, "6.12.0");
	set(&c->accel, "tcg");
	set(&c->end, "poweroff");
	set(&c->notes, HOSTILE);
	set(&c->again, HOSTILE);
	r = add_run(c, HOSTILE, NULL, 123456);
	add_series(r);
	r = add_run(c, "listing_b", "listing_b:plain_inc", 300);
	r->as_foretold = false;
	set(&r->problem, HOSTILE);
	set(&r->failures, HOSTILE "\n");
	set(&r->bound, "1e-6");
	check = run_add_check(r);
	check->name = strdup(HOSTILE);
	check->note = strdup(HOSTILE);
	check->status = KTAP_FAIL;
	add_run(c, "listing_b", "listing_b:plain_inc", 100);
	case_add_test(c)->name = strdup(HOSTILE);
	c->tests[0].failed = 1;
	set(&c->tests[0].problem, HOSTILE);
	set(&c->tests[0].failures, HOSTILE);
	splat = case_add_splat(c);
	splat->kind = strdup("oops");
	splat->headline = strdup(HOSTILE);
	splat->excerpt = strdup(HOSTILE);
	c = add_case(t, "one", "6.1", STATUS_NOTRUN);
	set(&c->rule, RULE_SKIPPED);
	add_series(add_run(c, "listing_b", NULL, 9999));
}

static const char *in_dir(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", fake_dir(), name);
	return path;
}

static char *read_back(const char *name)
{
	static char text[1 << 20];
	FILE *in = fopen(in_dir(name), "r");
	size_t n = in ? fread(text, 1, sizeof(text) - 1, in) : 0;

	text[n] = '\0';
	if (in)
		fclose(in);
	return text;
}

static unsigned int count_of(const char *text, const char *word)
{
	unsigned int n = 0;

	for (; (text = strstr(text, word)); text++)
		n++;
	return n;
}

static void check_harmless(const char *page)
{
	static const char *const loads[] = {
		"<script", "src=", "http-equiv", "@import", "url(http", "<link", "onload=", "<iframe",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(loads); i++)
		kt_check(!strstr(page, loads[i]), "\"%s\" is in the page", loads[i]);
	for (; *page; page++)
		if (*page & 0x80 || (*page < ' ' && *page != '\n' && *page != '\t'))
			break;
	kt_check(!*page, "byte %#x is in the page", (unsigned char)*page);
	kt_check(access("pwned", F_OK), "a name became a command");
}

static void page(void)
{
	struct tour_result t;
	unsigned int figures;
	char *text;

	full_tour(&t);
	kt_check(!page_save(&t, fake_dir(), &err), "%s", err.text);
	text = read_back("report.html");
	check_harmless(text);
	kt_check(strstr(text, "&lt;script&gt;alert(&#39;x&#39;)"), "markup is not escaped");
	kt_check(strstr(text, "id=\"matrix\"") && strstr(text, ">skipped<"), "no matrix");
	kt_check(strstr(text, "id=\"failures\"") && strstr(text, "1 of 2"), "no failures");
	kt_check(count_of(text, "<h2 ") == count_of(text, "<li><a href=\"#"), "contents");
	figures = access("/usr/bin/gnuplot", X_OK) ? 0 : 8;
	kt_check(count_of(text, "<svg role=\"img\" aria-label=") == figures &&
		 count_of(text, "</svg>") == figures, "%u figures",
		 count_of(text, "<svg role=\"img\""));
	kt_check(!!strstr(text, "No figures: ") == !figures, "figures that are missing are told");
	tour_free(&t);
}

/* Of a few kernels each has its rows; of many the reader wants one row a form. */
static void added_up(void)
{
	struct tour_result t;
	struct case_result *c;
	struct tally *rows;
	char name[16];
	size_t n, i;

	begin_tour(&t);
	for (i = 1; i <= 5; i++) {
		snprintf(name, sizeof(name), "k%zu", i);
		c = add_case(&t, "busted", name, STATUS_PASS);
		set(&add_run(c, "listing_b", "listing_b:no_gp", 1)->state, STATE_INTERRUPTED);
		add_run(c, "listing_b", "listing_b:plain_inc", i * 100)->as_foretold = i != 2;
		set(&c->runs[1].caught_by, i % 2 ? "from_zero" : "age");
		rows = tally_told(&t, &n);
		kt_check(n == (i > 3 ? 1 : i), "%zu rows of %zu kernels", n, i);
		if (i == 5)
			kt_check(rows->busted && rows->runs == 5 && rows->as_foretold == 4 &&
				 rows->nr_caught == 4 && tally_median(rows) == 300 &&
				 !strcmp(rows->kernel, "5 kernels and modes") &&
				 !strcmp(rows->by, "from_zero, age"), "%u runs, %s, by %s",
				 rows->runs, rows->kernel, rows->by);
		tally_free(rows, n);
	}
	tour_free(&t);
}

/* Of a matrix the page is short, and nothing is left out of it. */
static void page_of_a_matrix(void)
{
	struct tour_result t;
	struct case_result *c;
	char kernel[16], *text;
	unsigned int i;

	begin_tour(&t);
	for (i = 10; i < 24; i++) {
		snprintf(kernel, sizeof(kernel), "k%u", i);
		c = add_case(&t, "busted", kernel, STATUS_PASS);
		add_run(c, "listing_b", "listing_b:plain_inc", 300);
		add_series(add_run(c, "listing_b", NULL, 9999));
		set(&c->mode, "expedited");
		set(&c->boot, "rcupdate.rcu_expedited=1");
	}
	kt_check(!page_save(&t, fake_dir(), &err), "%s", err.text);
	text = read_back("report.html");
	kt_check(count_of(text, "<td>14 kernels and modes</td>") == 2, "not added up");
	kt_check(count_of(text, "On each kernel, in each mode") == 2 &&
		 count_of(text, "<td>k23 expedited</td>") == 3, "what is added up is lost");
	kt_check(count_of(text, "<dd>rcupdate.rcu_expedited=1</dd>") == 1, "the mode is not told");
	if (!access("/usr/bin/gnuplot", X_OK)) {
		kt_check(count_of(text, "<summary>11 more") == 3, "figures are not folded");
		kt_check(strstr(strstr(text, "id=\"catches\""), ">k23<"), "a catch is not drawn");
	}
	tour_free(&t);
}

/* Without gnuplot, or with one that fails, the rest of the page is there. */
static void page_without_figures(void)
{
	char *path = strdup(getenv("PATH")), bin[4096];
	struct tour_result t;

	full_tour(&t);
	snprintf(bin, sizeof(bin), "%s/bin", fake_dir());
	rundir_make(bin, &err);
	rundir_write(bin, "gnuplot", "#!/bin/sh\nexit 1", &err);
	snprintf(bin, sizeof(bin), "%s/bin/gnuplot", fake_dir());
	chmod(bin, 0755);
	*strrchr(bin, '/') = '\0';
	setenv("PATH", bin, 1);
	kt_check(!page_save(&t, fake_dir(), &err), "%s", err.text);
	setenv("PATH", path, 1);
	free(path);
	kt_check(strstr(read_back("report.html"), "No figures: gnuplot could not") &&
		 !strstr(read_back("report.html"), "<svg"), "what is missing is not told");
	kt_check(strstr(read_back("report.html"), "id=\"busted\""), "no tables");
	kt_check(page_save(&t, "/nonexistent", &err) &&
		 strstr(err.text, "/nonexistent/report.html"), "%s", err.text);
	tour_free(&t);
}

/* What a crash left in the directory of its case is named on the page. */
static void page_of_a_crash(void)
{
	static const char mark[] = "href=\"crashed/memory.kdump\"";
	struct tour_result t;
	struct case_result *c;
	char dir[4096];

	begin_tour(&t);
	c = add_case(&t, "crashed", "6.12", STATUS_FAIL);
	snprintf(dir, sizeof(dir), "%s/crashed", fake_dir());
	rundir_make(dir, &err);
	kt_check(!page_save(&t, fake_dir(), &err), "%s", err.text);
	kt_check(!strstr(read_back("report.html"), mark), "a link to nothing");
	rundir_write(dir, "memory.kdump", "KDUMP", &err);
	kt_check(!page_save(&t, fake_dir(), &err), "%s", err.text);
	kt_check(strstr(read_back("report.html"), mark), "no link to the memory");
	set(&c->id, "crashed/../crashed");
	kt_check(!page_save(&t, fake_dir(), &err), "%s", err.text);
	kt_check(!strstr(read_back("report.html"), "kdump"), "a name leads out of the run");
	tour_free(&t);
}

static void markdown(void)
{
	struct tour_result t;
	char *text;

	full_tour(&t);
	kt_check(!markdown_save(&t, fake_dir(), &err), "%s", err.text);
	text = read_back("summary.md");
	kt_check(strstr(text, "### lastref: FAIL") &&
		 strstr(text, "| **FAIL** | one | 6.12 expedited |"), "%s", text);
	kt_check(strstr(text, "\\<script\\>") && strstr(text, "\\| a") && !strchr(text, '\001'),
		 "%s", text);
	kt_check(strstr(text, "- 1 skipped: because") && strstr(text, "1 of 2 busted"), "%s", text);
	kt_check(count_of(text, "\n") < 25, "it is not short:\n%s", text);
	tour_free(&t);
}

static void series(void)
{
	struct series s = { NULL, 0, 0, 0 };
	long i, gap;

	for (i = 1; i <= 10000; i++)
		series_add(&s, &(struct sample){ .ms = i, .ops = i });
	kt_check(s.nr <= SERIES_MAX && s.nr >= SERIES_MAX / 2 - 1, "%zu samples", s.nr);
	gap = s.samples[1].ms - s.samples[0].ms;
	for (i = 1; i < (long)s.nr; i++)
		if (s.samples[i].ms - s.samples[i - 1].ms != gap)
			break;
	kt_check(i >= (long)s.nr - 1, "sample %ld is not %ld ms after the last", i, gap);
	series_add(&s, &(struct sample){ .ms = 5 });
	kt_check(s.samples[s.nr - 1].ms > 5, "time went back");
	free(s.samples);
}

static void read_histograms(void)
{
	struct run_result r = { .nr_samples = 0 };
	static const char *const garbage[] = {
		"", "\n\n", "x", ": (", "a: b", "a: (1)\n", "  [ 1ns, 2ns) 3 |#|\n",
		"name: x (1)\n  [ 1xs, 2ns) 1", "name: x (1)\n  [", "name: x (1)\n  [ 1ns) , 3\n",
		"name: x (1)\n  [ 1ns, 2ns)\n",
	};
	size_t i, nr;

	add_series(&r);
	if (!kt_check(r.nr_histograms == 2, "%zu histograms", r.nr_histograms))
		return;
	kt_check(!strcmp(r.histograms[0].name, "reclaim") &&
		 !strcmp(r.histograms[0].about, "from delete to free"), "%s, %s",
		 r.histograms[0].name, r.histograms[0].about);
	kt_check(r.histograms[0].buckets[1].from_ns == 1024 &&
		 r.histograms[0].buckets[1].below_ns == 2048 &&
		 r.histograms[0].buckets[1].count == 93, "second bucket");
	kt_check(r.histograms[1].buckets[0].from_ns == 8 << 20 &&
		 r.histograms[1].buckets[0].below_ns == 0, "a bucket without a bound");
	while (r.nr_histograms)
		histogram_clear(&r.histograms[--r.nr_histograms]);
	free(r.histograms);
	free(r.samples);
	for (i = 0; i < ARRAY_SIZE(garbage); i++) {
		nr = 1;
		kt_check(!histograms_read(garbage[i], &nr) && !nr, "%s", garbage[i]);
	}
}

/* A document of any shape makes a page or an error, never a crash. */
#define ONE_BUCKET	"'buckets': [{}]"
#define CASES(text)	"{'cases': [" text "]}"

static void odd_documents(void)
{
	static const struct {
		const char *text;
		bool loads;
	} docs[] = {
		{ "{}", true },
		{ CASES("{}, {'runs': [{}], 'tests': [{}], 'splats': [{}]}"), true },
		{ CASES("{'status': 'FAIL', 'runs': [{'checks': [{}]}]}"), true },
		{ CASES("{'runs': [{'samples': [{}, {}, {}, {}]}]}"), true },
		{ CASES("{'runs': [{'histograms': [{}]}]}"), true },
		{ CASES("{'runs': [{'histograms': [{'name': 'reclaim', " ONE_BUCKET "}]}]}"),
		  true },
		{ "[]", false },
		{ "", false },
		{ "{'cases': 1}", false },
		{ CASES("1"), false },
		{ "{'seed': 'x'}", false },
		{ CASES("{'status': 'fine'}"), false },
	};
	struct tour_result t;
	char text[256], *p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(docs); i++) {
		snprintf(text, sizeof(text), "%s", docs[i].text);
		while ((p = strchr(text, '\'')))
			*p = '"';
		rundir_write(fake_dir(), "odd.json", text, &err);
		if (!kt_check(!tour_load(&t, in_dir("odd.json"), &err) == docs[i].loads, "%s",
			      docs[i].text) || !docs[i].loads)
			continue;
		kt_check(!page_save(&t, fake_dir(), &err) &&
			 !markdown_save(&t, fake_dir(), &err), "%s: %s", text, err.text);
		tour_free(&t);
	}
}

/* What is done to a right document, so that it is none any more. */
static const struct {
	const char *path;	/* of the object, by keys and numbers */
	const char *key;
	const char *value;	/* JSON; NULL: taken away */
} breaks[] = {
	{ "", "cases", NULL },
	{ "", "seed", "-1" },
	{ "", "seconds", "\"1\"" },
	{ "", "nonsense", "1" },
	{ "", "exit_code", "7" },
	{ "", "started", "\"yesterday\"" },
	{ "cases/0", "status", "\"fine\"" },
	{ "cases/0", "why", NULL },
	{ "cases/0", "id", "\"../x\"" },
	{ "cases/0/runs/0", "ops", "1.5" },
	{ "cases/0/runs/0", "round", "0" },
	{ "cases/0/runs/0/samples/0", "ms", NULL },
	{ "cases/0/runs/0/histograms/0", "buckets", "[]" },
	{ "cases/0/runs/1/checks/0", "status", "\"ok\"" },
	{ "cases/0/tests/0", "passed", "null" },
	{ "cases/0/splats/0", "fatal", "\"no\"" },
};

static json_t *walk(json_t *at, const char *path)
{
	char word[32];

	for (; *path; path += *path == '/') {
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(path, "/"), path);
		path += strcspn(path, "/");
		at = json_is_array(at) ? json_array_get(at, atoi(word)) : json_object_get(at, word);
	}
	return at;
}

static void break_document(size_t i)
{
	json_t *doc = json_load_file(in_dir("good.json"), 0, NULL), *at = walk(doc, breaks[i].path);
	char name[32];

	if (breaks[i].value)
		json_object_set_new(at, breaks[i].key,
				    json_loads(breaks[i].value, JSON_DECODE_ANY, NULL));
	else
		json_object_del(at, breaks[i].key);
	snprintf(name, sizeof(name), "broken%02zu.json", i);
	kt_check(at && !json_dump_file(doc, in_dir(name), 0), "%s/%s", breaks[i].path,
		 breaks[i].key);
	json_decref(doc);
}

static void schema(void)
{
	struct tour_result t;
	char command[5000], *text;
	int status;
	size_t i;

	full_tour(&t);
	kt_check(!tour_save(&t, in_dir("good.json"), &err), "%s", err.text);
	tour_free(&t);
	for (i = 0; i < ARRAY_SIZE(breaks); i++)
		break_document(i);
	snprintf(command, sizeof(command), "cd %s && %s/scripts/check-result %s *[0-9].json > said",
		 fake_dir(), paths_root(&err), "good.json");
	status = system(command);
	if (WEXITSTATUS(status) == 3) {
		kt_skip("there is no python3-jsonschema");
		return;
	}
	text = read_back("said");
	kt_check(strstr(text, "good.json: ok\n"), "%s", text);
	kt_check(count_of(text, ": ok\n") == 1, "a broken document passes:\n%s", text);
	kt_check(count_of(text, "\n") == ARRAY_SIZE(breaks) + 1, "%s", text);
}

static const struct kt_case cases[] = {
	{ "a page holds what came and nothing gets out", page },
	{ "runs on many kernels are added up", added_up },
	{ "a page of a matrix", page_of_a_matrix },
	{ "a page without figures", page_without_figures },
	{ "a page of a crash", page_of_a_crash },
	{ "Markdown is short and escaped", markdown },
	{ "a series stays short and even", series },
	{ "histograms are read", read_histograms },
	{ "documents of odd shapes", odd_documents },
	{ "result.json is what its schema says, and broken ones are not", schema },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
