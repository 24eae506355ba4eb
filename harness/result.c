// SPDX-License-Identifier: GPL-2.0
/*
 * The life of the data: arrays that grow, strings that are freed. The form on
 * disk is in result_json.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"

static void *grow(void **array, size_t *count, size_t size)
{
	char *more = reallocarray(*array, *count + 1, size);

	if (!more)
		return NULL;
	*array = more;
	memset(more + *count * size, 0, size);
	return more + (*count)++ * size;
}

struct run_result *case_add_run(struct case_result *c)
{
	struct run_result *r = grow((void **)&c->runs, &c->nr_runs, sizeof(*r));

	if (r)
		r->caught_ms = -1;
	return r;
}

struct test_result *case_add_test(struct case_result *c)
{
	return grow((void **)&c->tests, &c->nr_tests, sizeof(*c->tests));
}

struct splat_result *case_add_splat(struct case_result *c)
{
	return grow((void **)&c->splats, &c->nr_splats, sizeof(*c->splats));
}

struct check_result *run_add_check(struct run_result *r)
{
	return grow((void **)&r->checks, &r->nr_checks, sizeof(*r->checks));
}

void case_note(struct case_result *c, const char *fmt, ...)
{
	char *line = NULL, *notes;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&line, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	if (asprintf(&notes, "%s%s\n", c->notes ? c->notes : "", line) >= 0) {
		free(c->notes);
		c->notes = notes;
	}
	free(line);
}

const char *case_where(const struct case_result *c, char buf[CASE_WHERE_MAX])
{
	snprintf(buf, CASE_WHERE_MAX, "%s%s%s", c->kernel ? c->kernel : "?",
		 c->mode ? " " : "", c->mode ? c->mode : "");
	return buf;
}

const char *status_word(const struct case_result *c)
{
	if (c->status == STATUS_NOTRUN && c->rule && !strcmp(c->rule, RULE_SKIPPED))
		return RULE_SKIPPED;
	return status_name(c->status);
}

bool run_interrupted(const struct run_result *r)
{
	return r->state && !strcmp(r->state, STATE_INTERRUPTED);
}

static void run_clear(struct run_result *r)
{
	size_t i;

	for (i = 0; i < r->nr_checks; i++) {
		free(r->checks[i].name);
		free(r->checks[i].note);
	}
	free(r->checks);
	free(r->samples);
	while (r->nr_histograms)
		histogram_clear(&r->histograms[--r->nr_histograms]);
	free(r->histograms);
	free(r->name);
	free(r->pattern);
	free(r->flavor);
	free(r->busted);
	free(r->state);
	free(r->problem);
	free(r->caught_by);
	free(r->bound);
	free(r->failures);
}

static void test_clear(struct test_result *t)
{
	free(t->name);
	free(t->problem);
	free(t->failures);
}

static void splat_clear(struct splat_result *s)
{
	free(s->kind);
	free(s->headline);
	free(s->excerpt);
}

void case_free(struct case_result *c)
{
	while (c->nr_runs)
		run_clear(&c->runs[--c->nr_runs]);
	while (c->nr_tests)
		test_clear(&c->tests[--c->nr_tests]);
	while (c->nr_splats)
		splat_clear(&c->splats[--c->nr_splats]);
	free(c->runs);
	free(c->tests);
	free(c->splats);
	free(c->id);
	free(c->scenario);
	free(c->about);
	free(c->kernel);
	free(c->release);
	free(c->accel);
	free(c->mode);
	free(c->boot);
	free(c->rule);
	free(c->why);
	free(c->end);
	free(c->again);
	free(c->notes);
	memset(c, 0, sizeof(*c));
}

static void fill_in(char **text)
{
	if (!*text)
		*text = strdup("?");
	if (!*text)
		abort();
}

static void run_fill_in(struct run_result *r)
{
	size_t i;

	fill_in(&r->name);
	fill_in(&r->pattern);
	fill_in(&r->flavor);
	for (i = 0; i < r->nr_checks; i++)
		fill_in(&r->checks[i].name);
	for (i = 0; i < r->nr_histograms; i++)
		fill_in(&r->histograms[i].name);
}

static void case_fill_in(struct case_result *c)
{
	size_t i;

	fill_in(&c->id);
	fill_in(&c->scenario);
	fill_in(&c->kernel);
	fill_in(&c->why);
	for (i = 0; i < c->nr_runs; i++)
		run_fill_in(&c->runs[i]);
	for (i = 0; i < c->nr_tests; i++)
		fill_in(&c->tests[i].name);
	for (i = 0; i < c->nr_splats; i++) {
		fill_in(&c->splats[i].kind);
		fill_in(&c->splats[i].headline);
		fill_in(&c->splats[i].excerpt);
	}
}

void tour_fill_in(struct tour_result *t)
{
	size_t i;

	fill_in(&t->command);
	fill_in(&t->started);
	fill_in(&t->dir);
	for (i = 0; i < t->nr_cases; i++)
		case_fill_in(&t->cases[i]);
}

void tour_free(struct tour_result *t)
{
	while (t->nr_cases)
		case_free(&t->cases[--t->nr_cases]);
	free(t->cases);
	free(t->command);
	free(t->started);
	free(t->dir);
	memset(t, 0, sizeof(*t));
}
