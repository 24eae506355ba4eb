// SPDX-License-Identifier: GPL-2.0
/*
 * libxml2's writer does the quoting and the nesting, in memory: about files it
 * is talkative. Characters that XML has no way to say become '?' before.
 */
#include <errno.h>
#include <libxml/xmlwriter.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "junit.h"

struct counts {
	unsigned int tests;
	unsigned int failures;
	unsigned int errors;
	unsigned int skipped;
};

static char *xml_text(const char *text)
{
	char *copy = strdup(text ? text : ""), *p;

	for (p = copy; p && *p; p++) {
		unsigned char c = *p;

		if ((c < ' ' && c != '\n' && c != '\t') || c > '~')
			*p = '?';
	}
	return copy;
}

static void attribute(xmlTextWriter *w, const char *name, const char *text)
{
	char *clean = xml_text(text);

	xmlTextWriterWriteAttribute(w, BAD_CAST name, BAD_CAST clean);
	free(clean);
}

static void number(xmlTextWriter *w, const char *name, unsigned int n)
{
	xmlTextWriterWriteFormatAttribute(w, BAD_CAST name, "%u", n);
}

static void seconds(xmlTextWriter *w, double s)
{
	xmlTextWriterWriteFormatAttribute(w, BAD_CAST "time", "%.3f", s);
}

static void text(xmlTextWriter *w, const char *s)
{
	char *clean = xml_text(s);

	xmlTextWriterWriteString(w, BAD_CAST clean);
	free(clean);
}

static void begin(xmlTextWriter *w, const char *name)
{
	xmlTextWriterStartElement(w, BAD_CAST name);
}

static void end(xmlTextWriter *w)
{
	xmlTextWriterEndElement(w);
}

/* <failure message="...">details</failure>, or <error>, or <skipped>. */
static void outcome(xmlTextWriter *w, const char *element, const char *message,
		    const char *details)
{
	begin(w, element);
	attribute(w, "message", message);
	if (details)
		text(w, details);
	end(w);
}

static void count_case(struct counts *n, const struct case_result *c)
{
	size_t i;

	n->tests += c->nr_runs + c->nr_tests + 1;
	for (i = 0; i < c->nr_runs; i++)
		if (!c->runs[i].as_foretold)
			(*(run_interrupted(&c->runs[i]) ? &n->skipped : &n->failures))++;
	for (i = 0; i < c->nr_tests; i++) {
		const struct test_result *t = &c->tests[i];

		n->failures += t->problem || t->failed;
		n->skipped += !t->problem && !t->failed && !t->passed;
	}
	n->failures += c->status == STATUS_FAIL;
	n->errors += c->status == STATUS_ERROR;
	n->skipped += c->status == STATUS_NOTRUN;
}

static void begin_testcase(xmlTextWriter *w, const struct case_result *c,
			   double time)
{
	begin(w, "testcase");
	xmlTextWriterWriteFormatAttribute(w, BAD_CAST "classname", "lastref.%s", c->id);
	seconds(w, time);
}

static void put_run(xmlTextWriter *w, const struct case_result *c,
		    const struct run_result *r)
{
	char name[256];

	snprintf(name, sizeof(name), "%s %s %s #%u", r->name,
		 r->busted ? r->busted : r->pattern, r->flavor, r->round);
	begin_testcase(w, c, r->elapsed_ms / 1000.0);
	attribute(w, "name", name);
	if (!r->as_foretold)
		outcome(w, run_interrupted(r) ? "skipped" : "failure", r->problem, r->failures);
	end(w);
}

static void put_test(xmlTextWriter *w, const struct case_result *c,
		     const struct test_result *t)
{
	begin_testcase(w, c, 0);
	attribute(w, "name", t->name);
	if (t->problem || t->failed)
		outcome(w, "failure", t->problem ? t->problem : "a test failed",
			t->failures);
	else if (!t->passed)
		outcome(w, "skipped", "nothing in it was run", NULL);
	end(w);
}

static void put_verdict(xmlTextWriter *w, const struct case_result *c)
{
	static const char *const element[] = {
		[STATUS_FAIL] = "failure",
		[STATUS_ERROR] = "error",
		[STATUS_NOTRUN] = "skipped",
	};
	const char *splat = c->nr_splats ? c->splats[0].excerpt : NULL;

	begin_testcase(w, c, c->seconds);
	attribute(w, "name", "verdict");
	if (c->status != STATUS_PASS)
		outcome(w, element[c->status], c->why, splat);
	end(w);
}

static void put_suite(xmlTextWriter *w, const struct case_result *c)
{
	struct counts n = { 0 };
	size_t i;

	count_case(&n, c);
	begin(w, "testsuite");
	attribute(w, "name", c->id);
	number(w, "tests", n.tests);
	number(w, "failures", n.failures);
	number(w, "errors", n.errors);
	number(w, "skipped", n.skipped);
	seconds(w, c->seconds);
	for (i = 0; i < c->nr_runs; i++)
		put_run(w, c, &c->runs[i]);
	for (i = 0; i < c->nr_tests; i++)
		put_test(w, c, &c->tests[i]);
	put_verdict(w, c);
	end(w);
}

static void put_tour(xmlTextWriter *w, const struct tour_result *t)
{
	struct counts n = { 0 };
	size_t i;

	for (i = 0; i < t->nr_cases; i++)
		count_case(&n, &t->cases[i]);
	begin(w, "testsuites");
	attribute(w, "name", "lastref");
	number(w, "tests", n.tests);
	number(w, "failures", n.failures);
	number(w, "errors", n.errors);
	number(w, "skipped", n.skipped);
	seconds(w, t->seconds);
	for (i = 0; i < t->nr_cases; i++)
		put_suite(w, &t->cases[i]);
	end(w);
}

int junit_save(const struct tour_result *t, const char *path, struct errbuf *err)
{
	xmlBuffer *buffer = xmlBufferCreate();
	xmlTextWriter *w = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
	FILE *out = w ? fopen(path, "w") : NULL;
	bool bad = !out;

	if (out) {
		xmlTextWriterSetIndent(w, 1);
		xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL);
		put_tour(w, t);
		bad = xmlTextWriterEndDocument(w) < 0 || xmlTextWriterFlush(w) < 0 ||
		      fputs((char *)buffer->content, out) < 0;
		bad |= fclose(out) != 0;
	}
	if (bad)
		errbuf_set(err, "%s cannot be written: %s", path, strerror(errno));
	xmlFreeTextWriter(w);
	xmlBufferFree(buffer);
	return bad ? -1 : 0;
}
