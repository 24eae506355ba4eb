// SPDX-License-Identifier: GPL-2.0
/*
 * The module's words for the four ends of a run, and what each means when it
 * was foretold or not, are the table below; everything else is copying.
 */
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "compiler.h"
#include "human.h"
#include "text.h"
#include "textbuf.h"

static const struct end {
	const char *state;
	bool busted;			/* the end of a busted form, as foretold */
	bool right;			/* the end of a right form, as foretold */
} ends[] = {
	{ "passed", false, true },
	{ "failed", false, false },
	{ "caught", true, false },
	{ "missed", false, false },
};

static const struct end *find_end(const char *state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		if (!strcmp(state, ends[i].state))
			return &ends[i];
	return NULL;
}

int state_ended(const char *state)
{
	return !!find_end(state);
}

void collect_row(struct table_row *row, const char *stats)
{
	char state[sizeof(row->state)];
	uint64_t ops = text_number(stats, "ops");
	long elapsed = text_number(stats, "elapsed_ms");

	if (!text_value(stats, "state", state, sizeof(state)))
		return;
	strcpy(row->state, state);
	if (elapsed > 0)
		row->rate = ops * 1000 / elapsed;
	row->ops = ops;
	row->counted = true;
	row->near_misses = text_number(stats, "near_misses");
	row->errors = text_number(stats, "errors");
	row->elapsed_ms = elapsed;
	row->time_ms = text_number(stats, "time_ms");
	row->timed = row->time_ms > 0;
}

static char *copy_of(const char *text)
{
	return text ? strdup(text) : NULL;
}

static void name_run(struct run_result *r, const struct torture_spec *spec)
{
	r->name = copy_of(spec->run);
	r->pattern = copy_of(spec->pattern);
	r->flavor = copy_of(spec->flavor);
	r->busted = copy_of(spec->busted);
}

/* "caught by from_zero", and its note or diagnostic "after 132 ms". */
static void read_caught(struct run_result *r, const struct ktap_result *line)
{
	static const char words[] = "caught by ";
	const char *after;

	if (strncmp(line->name, words, strlen(words)) || line->status != KTAP_PASS)
		return;
	free(r->caught_by);
	r->caught_by = strdup(line->name + strlen(words));
	after = strstr(line->note, "after ");
	if (!after)
		after = strstr(line->diag, "after ");
	r->caught_ms = after ? strtol(after + strlen("after "), NULL, 10) :
			       r->elapsed_ms;
}

static void read_checks(struct run_result *r, const struct ktap *k)
{
	struct check_result *check;
	size_t i;

	for (i = 0; i < ktap_results(k); i++) {
		const struct ktap_result *line = ktap_result_at(k, i);

		check = run_add_check(r);
		if (!check)
			return;
		check->name = strdup(line->name);
		check->status = line->status;
		check->note = strdup(*line->note ? line->note : line->diag);
		if (check->note)
			check->note[strcspn(check->note, "\n")] = '\0';
		read_caught(r, line);
	}
}

static void set_problem(struct run_result *r, const struct ktap *k)
{
	const struct end *end = r->state ? find_end(r->state) : NULL;
	const char *foretold = r->busted ? "caught" : "passed";
	int len;

	r->as_foretold = end && (r->busted ? end->busted : end->right) &&
			 ktap_complete(k) && !ktap_count(k, KTAP_FAIL);
	if (r->as_foretold)
		return;
	if (!end || (r->busted ? end->busted : end->right))
		len = asprintf(&r->problem, "the run says \"%s\", but its result does not bear it out: %s",
			       r->state ? r->state : "nothing", ktap_problem(k) ?
			       ktap_problem(k) : "a line of it is not ok");
	else
		len = asprintf(&r->problem, "foretold: %s; what came: %s", foretold, r->state);
	if (len < 0)
		r->problem = NULL;
}

void collect_run(struct run_result *r, const struct torture_spec *spec,
		 const char *stats, const struct ktap *k, const char *failures)
{
	char value[128];

	name_run(r, spec);
	if (text_value(stats, "state", value, sizeof(value)))
		r->state = strdup(value);
	r->seed = text_number(stats, "seed");
	r->ops = text_number(stats, "ops");
	r->near_misses = text_number(stats, "near_misses");
	r->errors = text_number(stats, "errors");
	r->elapsed_ms = text_number(stats, "elapsed_ms");
	if (text_value(ktap_preamble(k), "failure rate per operation", value, sizeof(value)))
		r->bound = strdup(value);
	if (r->errors)
		r->failures = strdup(failures);
	read_checks(r, k);
	set_problem(r, k);
}

void collect_lost(struct run_result *r, const struct torture_spec *spec,
		  const struct table_row *last, const char *state)
{
	static const struct {
		const char *state, *problem;
	} losses[] = {
		{ STATE_LOST, "its end was never seen" },
		{ STATE_NOT_STARTED, "it was never started" },
		{ STATE_INTERRUPTED, "interrupted before its end" },
	};
	size_t i;

	name_run(r, spec);
	r->state = copy_of(state);
	r->ops = last->ops;
	r->near_misses = last->near_misses;
	r->errors = last->errors;
	r->elapsed_ms = last->elapsed_ms;
	for (i = 0; i < ARRAY_SIZE(losses) && strcmp(state, losses[i].state); i++)
		;
	if (i < ARRAY_SIZE(losses))
		r->problem = copy_of(losses[i].problem);
}

/* What the table shows of a run that did not end as foretold. */
static void bad_verdict(struct table_row *row, const struct run_result *r)
{
	const char *word = r->state ? r->state : STATE_LOST;

	row->mood = run_interrupted(r) ? MOOD_ODD : MOOD_BAD;
	if (state_ended(word))
		word = r->busted ? "NOT CAUGHT" : "FAILED";
	snprintf(row->verdict, sizeof(row->verdict), "%s", word);
}

void collect_verdict(struct table_row *row, const struct run_result *r)
{
	char time[HUMAN_MAX], times[24] = "";

	row->ended = true;
	row->rounds++;
	if (row->rounds > 1)
		snprintf(times, sizeof(times), "%ux ", row->rounds);
	if (!r->as_foretold) {
		bad_verdict(row, r);
		return;
	}
	/* One bad end is not made good by a later one. */
	if (row->mood == MOOD_BAD)
		return;
	row->mood = MOOD_GOOD;
	if (r->busted)
		snprintf(row->verdict, sizeof(row->verdict), "caught %sin %s by %s", times,
			 human_ms(time, r->caught_ms), r->caught_by ? r->caught_by : "?");
	else
		snprintf(row->verdict, sizeof(row->verdict), "held %s%s", times,
			 human_s(time, r->elapsed_ms / 1000 * 1000));
}

void collect_test(struct test_result *t, const char *name, const struct ktap *k)
{
	struct textbuf failed = { 0 };
	size_t i;

	t->name = strdup(name);
	t->passed = ktap_count(k, KTAP_PASS) + ktap_count(k, KTAP_XFAIL);
	t->failed = ktap_count(k, KTAP_FAIL);
	t->skipped = ktap_count(k, KTAP_SKIP);
	if (!ktap_complete(k))
		t->problem = copy_of(ktap_problem(k) ? ktap_problem(k) : "incomplete");
	for (i = 0; i < ktap_results(k); i++) {
		const struct ktap_result *result = ktap_result_at(k, i);

		if (result->status != KTAP_FAIL || result->parent)
			continue;
		textbuf_addf(&failed, "not ok %s\n%s", result->path, result->diag);
	}
	if (failed.len)
		t->failures = textbuf_take(&failed);
}

void collect_test_row(struct table_row *row, const struct test_result *t)
{
	struct textbuf words = { 0 };
	char *text;

	textbuf_addf(&words, "%u ok", t->passed);
	if (t->failed)
		textbuf_addf(&words, ", %u NOT OK", t->failed);
	if (t->problem)
		textbuf_addf(&words, ", INCOMPLETE");
	if (t->skipped)
		textbuf_addf(&words, ", %u not run", t->skipped);
	text = textbuf_take(&words);
	snprintf(row->verdict, sizeof(row->verdict), "%s", text);
	free(text);
	row->ended = true;
	row->rounds++;
	row->mood = t->failed || t->problem ? MOOD_BAD : t->passed ? MOOD_GOOD : MOOD_ODD;
}

struct ktap *ktap_of(const char *text)
{
	struct ktap *k = ktap_new();
	const char *end;

	for (; k && *text; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		ktap_line(k, text, end - text);
	}
	if (k)
		ktap_finish(k);
	return k;
}
