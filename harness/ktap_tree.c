// SPDX-License-Identifier: GPL-2.0
/* The tree of results that a KTAP is. See ktap_tree.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap_tree.h"

void tree_problem(struct ktap *k, const char *fmt, ...)
{
	struct textbuf b = { 0 };
	char words[256];
	va_list ap;

	if (k->nr_problems == KTAP_MAX_PROBLEMS)
		return;
	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	if (!k->finished)
		textbuf_addf(&b, "line %u: ", k->line);
	textbuf_addf(&b, "%s", words);
	k->problems[k->nr_problems++] = textbuf_take(&b);
}

static struct level *top(struct ktap *k)
{
	return &k->level[k->depth - 1];
}

static void level_open(struct ktap *k, unsigned int indent)
{
	if (k->depth == KTAP_MAX_DEPTH) {
		tree_problem(k, "subtests are nested more than %d deep", KTAP_MAX_DEPTH);
		top(k)->indent = indent;
		return;
	}
	k->level[k->depth++] = (struct level){
		.indent = indent, .first = k->nr_results,
	};
}

/* Comments after the last result of a level are about that result. */
static void give_diag(struct ktap *k, struct level *l)
{
	struct ktap_result *r;
	struct textbuf b = { 0 };

	if (l->newest && l->diag.len) {
		r = &k->results[l->newest - 1];
		textbuf_addf(&b, "%s%s", r->diag, l->diag.s);
		free(r->diag);
		r->diag = textbuf_take(&b);
	}
	free(l->diag.s);
	l->diag = (struct textbuf){ 0 };
}

static void check_level(struct ktap *k, const struct level *l, const char *whose)
{
	if (!l->has_plan)
		tree_problem(k, "%s has no plan (1..N): how many results should have come?",
			     whose);
	else if (l->seen < l->plan)
		tree_problem(k, "%s planned %u results, only %u came", whose, l->plan, l->seen);
	else if (l->seen > l->plan)
		tree_problem(k, "%s planned %u results, but %u came", whose, l->plan, l->seen);
}

/* All results of the level get their parent's name in front. */
static void name_parent(struct ktap *k, const struct level *l, const char *parent)
{
	size_t i;

	for (i = l->first; i < k->nr_results; i++) {
		struct ktap_result *r = &k->results[i];
		size_t name = r->name - r->path;
		struct textbuf b = { 0 };

		textbuf_addf(&b, "%s/%s", parent, r->path);
		free(r->path);
		r->path = textbuf_take(&b);
		r->name = r->path + strlen(parent) + 1 + name;
	}
}

/* The deepest level ends; @parent is its result, or NULL if that never came. */
static unsigned int level_close(struct ktap *k, const char *parent)
{
	struct level *l = top(k);
	char whose[128];

	snprintf(whose, sizeof(whose), "subtest %.100s", parent ? parent : l->name);
	if (parent)
		name_parent(k, l, parent);
	else
		tree_problem(k, "%s ends without a result of its own", whose);
	check_level(k, l, whose);
	give_diag(k, l);
	k->depth--;
	return l->failed;
}

struct level *tree_level_at(struct ktap *k, unsigned int indent)
{
	unsigned int i = k->depth - 1;

	while (i && k->level[i].indent > indent)
		i--;
	return &k->level[i];
}

struct level *tree_level(struct ktap *k, unsigned int indent)
{
	if (!k->depth || top(k)->indent < indent)
		level_open(k, indent);
	return tree_level_at(k, indent);
}

static struct ktap_result *result_new(struct ktap *k)
{
	if (k->nr_results == KTAP_MAX_RESULTS)
		return NULL;
	if (k->nr_results == k->cap_results) {
		k->cap_results = k->cap_results ? 2 * k->cap_results : 32;
		k->results = reallocarray(k->results, k->cap_results,
					  sizeof(*k->results));
		if (!k->results)
			abort();
	}
	return &k->results[k->nr_results++];
}

static char *copy(const char *s)
{
	struct textbuf b = { 0 };

	textbuf_add(&b, s, strlen(s));
	return textbuf_take(&b);
}

static void check_number(struct ktap *k, struct level *l, const struct ktap_parsed *p)
{
	if (!p->number)
		tree_problem(k, "result \"%.80s\" has no number", p->name);
	else if (p->number <= l->last)
		tree_problem(k, "result %u came after result %u", p->number, l->last);
	else if (p->number > l->last + 1)
		tree_problem(k, "result %u is missing, %u came instead", l->last + 1, p->number);
	if (p->number > l->last)
		l->last = p->number;
	if (l->late_plan)
		tree_problem(k, "result %u came after the plan that should have been last",
			     p->number);
}

static void add_result(struct ktap *k, struct level *l, const struct ktap_parsed *p,
		       bool parent)
{
	struct ktap_result *r = result_new(k);

	l->seen++;
	l->failed += p->status == KTAP_FAIL;
	if (!parent)
		k->counts[p->status]++;
	if (!r) {
		tree_problem(k, "more than %d results", KTAP_MAX_RESULTS);
		return;
	}
	*r = (struct ktap_result){
		.status = p->status, .number = p->number, .line = k->line,
		.depth = l - k->level, .parent = parent,
		.path = copy(p->name), .note = copy(p->note),
		.diag = textbuf_take(&l->diag),
	};
	r->name = r->path;
	l->newest = k->nr_results;
}

void tree_result(struct ktap *k, const struct ktap_parsed *p)
{
	unsigned int failed = 0;
	bool parent = false;
	struct level *l;

	while (k->depth > 1 && top(k)->indent > p->indent) {
		bool child = k->level[k->depth - 2].indent <= p->indent;

		parent = parent || top(k)->seen;
		failed = level_close(k, child ? p->name : NULL);
	}
	l = tree_level(k, p->indent);
	check_number(k, l, p);
	add_result(k, l, p, parent);
	if (failed && p->status == KTAP_PASS)
		tree_problem(k, "\"%.80s\" says ok, but %u of its subtests failed",
			     p->name, failed);
}

void tree_skip_all(struct ktap *k, struct level *l, const char *why)
{
	struct ktap_parsed skip = {
		.status = KTAP_SKIP, .name = "all", .note = why,
	};

	add_result(k, l, &skip, false);
	l->seen = 0;
}

void tree_finish(struct ktap *k)
{
	while (k->depth > 1)
		level_close(k, NULL);
	if (!k->bailed)
		check_level(k, &k->level[0], "the test");
	give_diag(k, &k->level[0]);
}

void tree_free(struct ktap *k)
{
	size_t i;

	for (i = 0; i < k->nr_results; i++) {
		free(k->results[i].path);
		free(k->results[i].note);
		free(k->results[i].diag);
	}
	for (i = 0; i < k->nr_problems; i++)
		free(k->problems[i]);
	for (i = 0; i < k->depth; i++)
		free(k->level[i].diag.s);
	free(k->results);
}
