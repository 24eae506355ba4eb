// SPDX-License-Identifier: GPL-2.0
/* Read KTAP: what each kind of line means for the tree. See ktap.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap_tree.h"

static const char *const status_names[KTAP_NR_STATUS] = {
	[KTAP_PASS] = "pass",
	[KTAP_FAIL] = "fail",
	[KTAP_SKIP] = "skip",
	[KTAP_XFAIL] = "xfail",
};

const char *ktap_status_name(enum ktap_status status)
{
	return status_names[status];
}

struct ktap *ktap_new(void)
{
	struct ktap *k = calloc(1, sizeof(*k));

	if (!k)
		abort();
	return k;
}

void ktap_free(struct ktap *k)
{
	if (!k)
		return;
	tree_free(k);
	free(k->preamble.s);
	free(k);
}

static void on_version(struct ktap *k, const struct ktap_parsed *p)
{
	struct level *l = tree_level(k, p->indent);

	if (l->has_version || l->seen)
		tree_problem(k, "a second KTAP begins: the first one was given up");
	l->has_version = true;
}

static void on_subtest(struct ktap *k, const struct ktap_parsed *p)
{
	struct level *l = tree_level(k, p->indent);

	snprintf(l->name, sizeof(l->name), "%.60s", p->name);
}

static void on_plan(struct ktap *k, const struct ktap_parsed *p)
{
	struct level *l = tree_level(k, p->indent);

	if (l->has_plan)
		tree_problem(k, "a second plan (1..%u after 1..%u)", p->number, l->plan);
	l->has_plan = true;
	l->plan = p->number;
	l->late_plan = l->seen;
	if (p->skipped)
		tree_skip_all(k, l, p->note);
	else if (!p->number)
		tree_problem(k, "a plan of no results (1..0) without a reason to skip");
}

static void on_result(struct ktap *k, const struct ktap_parsed *p)
{
	if (!k->depth)
		tree_problem(k, "a result before the version line: the beginning is lost");
	tree_result(k, p);
}

/* "Totals: pass:3 fail:0 xfail:0 xpass:0 skip:1 error:0": do they agree? */
static void check_totals(struct ktap *k, const char *text)
{
	static const struct {
		const char *word;
		enum ktap_status status;
	} words[] = {
		{ "pass:", KTAP_PASS }, { " fail:", KTAP_FAIL }, { "skip:", KTAP_SKIP },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		const char *found = strstr(text, words[i].word);
		unsigned int n;

		if (!found || sscanf(found + strlen(words[i].word), "%u", &n) != 1)
			continue;
		if (n != k->counts[words[i].status])
			tree_problem(k, "the totals say %u %s, the results say %u", n,
				     status_names[words[i].status],
				     k->counts[words[i].status]);
	}
}

static void on_comment(struct ktap *k, const struct ktap_parsed *p)
{
	struct level *outer = &k->level[0];

	if (!k->depth || (k->depth == 1 && !outer->has_plan && !outer->seen))
		textbuf_addf(&k->preamble, "%s\n", p->name);
	else if (!strncmp(p->name, "Totals: ", 8) && p->indent == outer->indent)
		check_totals(k, p->name);
	else
		textbuf_addf(&tree_level_at(k, p->indent)->diag, "%s\n", p->name);
}

static void on_bail(struct ktap *k, const struct ktap_parsed *p)
{
	tree_problem(k, "the test bailed out: %.160s", *p->name ? p->name : "no reason given");
	k->bailed = true;
}

static void on_nothing(struct ktap *k, const struct ktap_parsed *p)
{
	(void)k;
	(void)p;
}

static void (*const on_line[])(struct ktap *k, const struct ktap_parsed *p) = {
	[KTAP_BLANK] = on_nothing,
	[KTAP_VERSION] = on_version,
	[KTAP_PLAN] = on_plan,
	[KTAP_RESULT] = on_result,
	[KTAP_SUBTEST] = on_subtest,
	[KTAP_COMMENT] = on_comment,
	[KTAP_BAIL] = on_bail,
	[KTAP_OTHER] = on_comment,
};

static void check_damage(struct ktap *k, const struct ktap_parsed *p)
{
	static const char *const words[] = {
		[KTAP_BINARY] = "binary bytes",
		[KTAP_KERNEL] = "a kernel message inside a result",
		[KTAP_TORN] = "a torn line: a result begins in its middle",
		[KTAP_LONG] = "a line too long to be one",
	};

	if (p->damage != KTAP_SOUND)
		tree_problem(k, "%s: the channel was disturbed", words[p->damage]);
}

void ktap_line(struct ktap *k, const char *line, size_t len)
{
	struct ktap_parsed *p = &k->parsed;

	k->line++;
	ktap_parse(p, line, len);
	check_damage(k, p);
	on_line[p->kind](k, p);
}

void ktap_finish(struct ktap *k)
{
	if (k->finished)
		return;
	k->finished = true;
	if (!k->depth) {
		tree_problem(k, k->line ? "no KTAP in what was printed" : "nothing was printed");
		return;
	}
	if (!k->level[0].has_version && !k->nr_problems)
		tree_problem(k, "no version line: the beginning is lost");
	tree_finish(k);
}

bool ktap_complete(const struct ktap *k)
{
	return k->finished && !k->nr_problems;
}

const char *ktap_problem(const struct ktap *k)
{
	return k->nr_problems ? k->problems[0] : NULL;
}

size_t ktap_problems(const struct ktap *k)
{
	return k->nr_problems;
}

const char *ktap_problem_at(const struct ktap *k, size_t i)
{
	return i < k->nr_problems ? k->problems[i] : NULL;
}

size_t ktap_results(const struct ktap *k)
{
	return k->nr_results;
}

const struct ktap_result *ktap_result_at(const struct ktap *k, size_t i)
{
	return i < k->nr_results ? &k->results[i] : NULL;
}

unsigned int ktap_count(const struct ktap *k, enum ktap_status status)
{
	return k->counts[status];
}

const char *ktap_preamble(const struct ktap *k)
{
	return k->preamble.s ? k->preamble.s : "";
}
