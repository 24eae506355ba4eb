// SPDX-License-Identifier: GPL-2.0
/*
 * From a run's files to its result: as the module writes them, and as it never
 * should.
 */
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "kt.h"
#include "text.h"

#define STATS(state)	"state: " state "\nelapsed_ms: 2000\ntime_ms: 10000\nseed: 959405487\n" \
			"ops: 4173\nnear_misses: 208\nerrors: 5\ncheck.barrier.ran: 6\n"
#define PREAMBLE	"KTAP version 1\n# run: a\n# seed: 959405487\n" \
			"# failure rate per operation: below 1.8e-05 (95 %, 4173 operations)\n"
#define PASSED		PREAMBLE "1..3\nok 1 from_zero # ran 12 times\n" \
			"ok 2 age # SKIP not run: readers exclude delete\nok 3 canary # ran 9 times\n"
#define CAUGHT		PREAMBLE "1..2\n# from_zero: gained from a count of 0\n" \
			"ok 1 caught by from_zero # after 719 ms, failed 3 of 12539 times\n" \
			"ok 2 canary # ran 9 times\n"
#define FAILED		PREAMBLE "1..2\nnot ok 1 from_zero # after 5 ms, failed 1 of 2 times\n" \
			"ok 2 canary # ran 9 times\n"

static struct torture_spec right = { .run = "a", .pattern = "listing_b", .flavor = "rcu" };
static struct torture_spec busted = {
	.run = "b", .pattern = "listing_b", .flavor = "rcu", .busted = "listing_b:plain_inc",
};

/* What is said, by whom, and whether that is as foretold. */
static const struct {
	const char *about;
	const struct torture_spec *spec;
	const char *stats, *ktap;
	bool as_foretold;
	const char *problem;
} runs[] = {
	{ "right and passed", &right, STATS("passed"), PASSED, true, NULL },
	{ "busted and caught", &busted, STATS("caught"), CAUGHT, true, NULL },
	{ "right and failed", &right, STATS("failed"), FAILED, false,
	  "foretold: passed; what came: failed" },
	{ "busted and missed", &busted, STATS("missed"), PASSED, false,
	  "foretold: caught; what came: missed" },
	{ "right and caught", &right, STATS("caught"), CAUGHT, false, "what came: caught" },
	{ "busted and passed", &busted, STATS("passed"), PASSED, false, "what came: passed" },
	{ "still running", &right, STATS("running"), PASSED, false, "says \"running\"" },
	{ "no state", &right, "ops: 3\n", PASSED, false, "says \"nothing\"" },
	{ "no stats", &right, "", PASSED, false, "says \"nothing\"" },
	{ "passed, but not ok", &right, STATS("passed"), FAILED, false, "does not bear it out" },
	{ "passed, no result", &right, STATS("passed"), "", false, "does not bear it out" },
	{ "passed, cut off", &right, STATS("passed"), PREAMBLE "1..3\nok 1 x\n", false,
	  "does not bear it out" },
	{ "caught, no result", &busted, STATS("caught"), "", false, "does not bear it out" },
};

static void predictions(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		struct ktap *k = ktap_of(runs[i].ktap);
		struct case_result c = { 0 };
		struct run_result *r = case_add_run(&c);
		struct table_row row = { .mood = MOOD_NONE };

		collect_run(r, runs[i].spec, runs[i].stats, k, "a biography\n");
		kt_check(r->as_foretold == runs[i].as_foretold, "%s: %d", runs[i].about,
			 r->as_foretold);
		if (runs[i].problem)
			kt_check(r->problem && strstr(r->problem, runs[i].problem), "%s: %s",
				 runs[i].about, r->problem ? r->problem : "no problem");
		else
			kt_check(!r->problem, "%s: %s", runs[i].about, r->problem);
		collect_verdict(&row, r);
		kt_check(row.ended && (row.mood == MOOD_GOOD) == runs[i].as_foretold, "%s: mood",
			 runs[i].about);
		case_free(&c);
		ktap_free(k);
	}
}

static void details(void)
{
	struct ktap *k = ktap_of(CAUGHT);
	struct case_result c = { 0 };
	struct run_result *r = case_add_run(&c);

	collect_run(r, &busted, STATS("caught"), k, "a biography\n");
	kt_check(r->seed == 959405487 && r->ops == 4173 && r->near_misses == 208 &&
		 r->errors == 5 && r->elapsed_ms == 2000, "numbers");
	kt_check(r->caught_by && !strcmp(r->caught_by, "from_zero") && r->caught_ms == 719,
		 "caught by %s after %ld", r->caught_by, r->caught_ms);
	kt_check(r->bound && !strcmp(r->bound, "below 1.8e-05 (95 %, 4173 operations)"), "%s",
		 r->bound);
	kt_check(r->nr_checks == 2 && !strcmp(r->checks[1].name, "canary") &&
		 !strcmp(r->checks[1].note, "ran 9 times"), "checks");
	kt_check(r->failures && !strcmp(r->failures, "a biography\n"), "failures");
	case_free(&c);
	ktap_free(k);
	k = ktap_of(PASSED);
	r = case_add_run(&c);
	collect_run(r, &right, STATS("passed"), k, "");
	kt_check(r->checks[1].status == KTAP_SKIP &&
		 strstr(r->checks[1].note, "readers exclude delete"), "not run: %s",
		 r->checks[1].note);
	case_free(&c);
	ktap_free(k);
}

static void rows(void)
{
	struct table_row row = { .mood = MOOD_NONE };

	collect_row(&row, STATS("running"));
	kt_check(!strcmp(row.state, "running") && row.counted && row.timed, "state");
	kt_check(row.ops == 4173 && row.rate == 2086 && row.near_misses == 208 && row.errors == 5,
		 "rate %llu", (unsigned long long)row.rate);
	collect_row(&row, "");
	kt_check(row.ops == 4173, "stats that did not come change nothing");
	collect_row(&row, "state: a-very-long-word-for-a-state-of-a-run\nops: 99999999999999999999999\n");
	kt_check(strlen(row.state) < sizeof(row.state), "%s", row.state);
}

static void lost_and_interrupted(void)
{
	struct table_row last = { .ops = 77, .elapsed_ms = 5 }, row = { .mood = MOOD_NONE };
	struct case_result c = { 0 };
	struct run_result *r = case_add_run(&c);

	collect_lost(r, &busted, &last, STATE_LOST);
	collect_verdict(&row, r);
	kt_check(!r->as_foretold && r->ops == 77 && row.mood == MOOD_BAD &&
		 !strcmp(row.verdict, "lost"), "%s", row.verdict);
	r = case_add_run(&c);
	collect_lost(r, &right, &last, STATE_INTERRUPTED);
	collect_verdict(&row, r);
	kt_check(run_interrupted(r) && !r->as_foretold && row.mood == MOOD_ODD, "%s", row.verdict);
	case_free(&c);
}

static void rounds(void)
{
	struct ktap *k = ktap_of(CAUGHT);
	struct table_row row = { .mood = MOOD_NONE };
	struct case_result c = { 0 };
	struct run_result *r = case_add_run(&c);

	collect_run(r, &busted, STATS("caught"), k, "");
	collect_verdict(&row, r);
	kt_check(!strcmp(row.verdict, "caught in 719 ms by from_zero"), "%s", row.verdict);
	collect_verdict(&row, r);
	kt_check(!strcmp(row.verdict, "caught 2x in 719 ms by from_zero"), "%s", row.verdict);
	r->as_foretold = false;
	free(r->state);
	r->state = strdup("missed");
	collect_verdict(&row, r);
	kt_check(!strcmp(row.verdict, "NOT CAUGHT"), "%s", row.verdict);
	r->as_foretold = true;
	collect_verdict(&row, r);
	kt_check(!strcmp(row.verdict, "NOT CAUGHT") && row.mood == MOOD_BAD,
		 "a later good round does not hide it: %s", row.verdict);
	case_free(&c);
	ktap_free(k);
}

static void selftests(void)
{
	struct ktap *k = ktap_of("TAP version 13\n1..3\nok 1 a\n# why\nnot ok 2 b\nok 3 c # SKIP d\n");
	struct table_row row = { .mood = MOOD_NONE };
	struct case_result c = { 0 };
	struct test_result *t = case_add_test(&c);

	collect_test(t, "ctl", k);
	kt_check(t->passed == 1 && t->failed == 1 && t->skipped == 1 && !t->problem, "counts");
	kt_check(t->failures && strstr(t->failures, "not ok b"), "%s", t->failures);
	collect_test_row(&row, t);
	kt_check(!strcmp(row.verdict, "1 ok, 1 NOT OK, 1 not run") && row.mood == MOOD_BAD, "%s",
		 row.verdict);
	ktap_free(k);
	k = ktap_of("");
	t = case_add_test(&c);
	collect_test(t, "silent", k);
	kt_check(t->problem, "a test that says nothing has a problem");
	case_free(&c);
	ktap_free(k);
}

static void values(void)
{
	char out[8];

	kt_check(text_value("a: 1\nab: 2\n# b: 3", "ab", out, sizeof(out)) && !strcmp(out, "2"), "%s",
		 out);
	kt_check(text_value("a: 1\nab: 2\n# b: 3", "b", out, sizeof(out)) && !strcmp(out, "3"), "%s",
		 out);
	kt_check(!text_value("a: 1\n", "c", out, sizeof(out)), "what is not there");
	kt_check(!text_value("", "a", out, sizeof(out)), "nothing");
	kt_check(text_value("a:", "a", out, sizeof(out)) && !*out, "empty");
	kt_check(text_value("a: 123456789", "a", out, sizeof(out)) && !strcmp(out, "1234567"), "cut");
}

static const struct kt_case cases[] = {
	{ "predictions fail in both directions", predictions },
	{ "what a run says", details },
	{ "rows", rows },
	{ "lost and interrupted runs", lost_and_interrupted },
	{ "rounds", rounds },
	{ "selftests", selftests },
	{ "values", values },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
