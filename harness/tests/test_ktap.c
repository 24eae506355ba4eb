// SPDX-License-Identifier: GPL-2.0
/*
 * The KTAP reader: what it makes of good accounts, and which word it has for
 * each way in which an account can be bad.
 */
#include <stdlib.h>
#include <string.h>

#include "kt.h"
#include "ktap.h"

#define V	"KTAP version 1\n"

static struct ktap *read_bytes(const char *text, size_t len)
{
	struct ktap *k = ktap_new();
	const char *end = text + len, *newline;

	for (; text < end; text = newline + 1) {
		newline = memchr(text, '\n', end - text);
		if (!newline)
			newline = end;
		ktap_line(k, text, newline - text);
	}
	ktap_finish(k);
	return k;
}

static struct ktap *read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

/* ---- what a complete account says ---- */

static const struct {
	const char *name;
	const char *text;
	unsigned int counts[KTAP_NR_STATUS];	/* pass fail skip xfail */
} good[] = {
	{ "plan first", V "1..2\nok 1 a\nok 2 b\n", { 2, 0, 0, 0 } },
	{ "plan last", V "ok 1 a\nok 2 b\n1..2\n", { 2, 0, 0, 0 } },
	{ "TAP 13", "TAP version 13\n1..1\nok 1 - a\n", { 1, 0, 0, 0 } },
	{ "TAP 14", "TAP version 14\n1..1\nok 1 - a\n", { 1, 0, 0, 0 } },
	{ "failed", V "1..2\nok 1 a\nnot ok 2 b\n", { 1, 1, 0, 0 } },
	{ "skipped is not passed", V "1..2\nok 1 a # SKIP not run: barriers=0\n"
	  "not ok 2 b # skip no device\n", { 0, 0, 2, 0 } },
	{ "kselftest's nameless skip", "TAP version 13\n1..1\nok 1 # SKIP no root\n",
	  { 0, 0, 1, 0 } },
	{ "skip all", V "1..0 # SKIP module not loaded\n", { 0, 0, 1, 0 } },
	{ "todo", V "1..2\nnot ok 1 a # TODO later\nok 2 b # TODO done\n", { 1, 0, 0, 1 } },
	{ "xfail", V "1..2\nnot ok 1 a # XFAIL as foretold\nok 2 # XFAIL b\n",
	  { 0, 0, 0, 2 } },
	{ "xpass", V "1..2\nok 1 a # XPASS\nnot ok 2 b # XPASS\n", { 1, 1, 0, 0 } },
	{ "timeout and error", V "1..3\nnot ok 1 a # TIMEOUT 45\nok 2 b # ERROR\n"
	  "not ok 3 c # ERROR\n", { 0, 3, 0, 0 } },
	{ "a remark is no directive", V "1..2\nok 1 a # ran 12345 times\n"
	  "ok 2 b # skipped none\n", { 2, 0, 0, 0 } },
	{ "\\# belongs to the name", V "1..1\nok 1 a \\# SKIP\n", { 1, 0, 0, 0 } },
	{ "comments anywhere", "# before\n" V "# seed=1\n1..1\n# why\nok 1 a\n# after\n",
	  { 1, 0, 0, 0 } },
	{ "blank lines and other text", V "\n1..1\nhello\n\nok 1 a\n\n", { 1, 0, 0, 0 } },
	{ "other text with the word ok", V "1..1\nlook 3 times\nok 1 a\n", { 1, 0, 0, 0 } },
	{ "\\r\\n", "KTAP version 1\r\n1..1\r\nok 1 a\r\n", { 1, 0, 0, 0 } },
	{ "UTF-8", V "1..1\nok 1 na\xc3\xafve\n", { 1, 0, 0, 0 } },
	{ "totals agree", V "1..3\nok 1 a\nnot ok 2 b\nok 3 c # SKIP\n"
	  "# Totals: pass:1 fail:1 xfail:0 xpass:0 skip:1 error:0\n", { 1, 1, 1, 0 } },
	{ "subtests", V "1..2\n  " V "  # Subtest: outer\n  1..2\n    " V "    1..1\n"
	  "    ok 1 leaf\n  ok 1 inner\n  ok 2 b\nok 1 outer\nok 2 c\n", { 3, 0, 0, 0 } },
	{ "a failed subtest", V "1..1\n  1..2\n  ok 1 a\n  not ok 2 b\nnot ok 1 outer\n",
	  { 1, 1, 0, 0 } },
	{ "kselftest's runner", "TAP version 13\n1..1\n# selftests: x: y\n"
	  "# TAP version 13\n# 1..1\n# ok 1 inner\nok 1 selftests: x: y\n", { 1, 0, 0, 0 } },
	{ "indented as a whole", "  " V "  1..1\n  ok 1 a\n", { 1, 0, 0, 0 } },
};

static void complete(void)
{
	size_t i, status;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		struct ktap *k = read_text(good[i].text);

		kt_check(ktap_complete(k), "%s: %s", good[i].name, ktap_problem(k));
		for (status = 0; status < KTAP_NR_STATUS; status++)
			kt_check(ktap_count(k, status) == good[i].counts[status],
				 "%s: %u %s, expected %u", good[i].name,
				 ktap_count(k, status), ktap_status_name(status),
				 good[i].counts[status]);
		ktap_free(k);
	}
}

/* ---- what makes an account incomplete ---- */

static const struct {
	const char *name;
	const char *text;
	const char *problem;
} bad[] = {
	{ "nothing", "", "nothing was printed" },
	{ "no KTAP", "hello\nworld\n", "no KTAP in what was printed" },
	{ "version only", V, "the test has no plan" },
	{ "no plan", V "ok 1 a\nok 2 b\n", "the test has no plan" },
	{ "no version", "1..1\nok 1 a\n", "no version line" },
	{ "begins with a result", "ok 1 a\n1..1\n", "line 1: a result before the version" },
	{ "too few", V "1..3\nok 1 a\nok 2 b\n", "the test planned 3 results, only 2 came" },
	{ "none came", V "1..3\n", "the test planned 3 results, only 0 came" },
	{ "too many", V "1..1\nok 1 a\nok 2 b\n", "the test planned 1 results, but 2 came" },
	{ "a gap", V "1..3\nok 1 a\nok 3 c\n", "line 4: result 2 is missing, 3 came" },
	{ "a repetition", V "1..2\nok 1 a\nok 1 a\n", "line 4: result 1 came after result 1" },
	{ "out of order", V "1..2\nok 2 b\nok 1 a\n", "line 3: result 1 is missing" },
	{ "no number", V "1..1\nok a\n", "line 3: result \"a\" has no number" },
	{ "two plans", V "1..1\n1..1\nok 1 a\n", "line 3: a second plan" },
	{ "plan in the middle", V "ok 1 a\n1..2\nok 2 b\n",
	  "line 4: result 2 came after the plan that should have been last" },
	{ "a plan of nothing", V "1..0\n", "line 2: a plan of no results" },
	{ "a second KTAP", V "1..2\nok 1 a\n" V "1..1\nok 1 a\n",
	  "line 4: a second KTAP begins" },
	{ "bailed out", V "1..3\nok 1 a\nBail out! no memory\n",
	  "line 4: the test bailed out: no memory" },
	{ "torn result", V "1..3\nok 1 a\nsome text ok 2 b\nok 3 c\n", "line 4: a torn line" },
	{ "torn not ok", V "1..2\nok 1 a\n[   1.2] not ok 2 b\n", "line 4: a torn line" },
	{ "a half line at the end", V "1..2\nok 1 a\nnot o",
	  "the test planned 2 results, only 1 came" },
	{ "kernel text in a result", V "1..1\nok 1 ab[   12.345678] BUG: unable to\n",
	  "line 3: a kernel message inside a result" },
	{ "kernel text in a remark", V "1..1\nok 1 a # ran [   12.345678] foo\n",
	  "line 3: a kernel message inside a result" },
	{ "binary in a result", V "1..1\nok 1 a\001b\n", "line 3: binary bytes" },
	{ "no UTF-8", V "1..1\nok 1 a\xff\n", "line 3: binary bytes" },
	{ "binary as the agent escapes it", V "1..1\nok 1 a\\x00b\n", "line 3: binary bytes" },
	{ "totals disagree", V "1..1\nok 1 a\n"
	  "# Totals: pass:2 fail:0 xfail:0 xpass:0 skip:0 error:0\n",
	  "line 4: the totals say 2 pass, the results say 1" },
	{ "subtest too short", V "1..1\n  1..2\n  ok 1 a\nok 1 outer\n",
	  "line 5: subtest outer planned 2 results, only 1 came" },
	{ "subtest without a plan", V "1..1\n  " V "  ok 1 a\nok 1 outer\n",
	  "line 5: subtest outer has no plan" },
	{ "subtest without its parent", V "1..1\n  # Subtest: outer\n  1..1\n  ok 1 a\n",
	  "subtest outer ends without a result of its own" },
	{ "subtest that says its name and no more", V "1..1\n  # Subtest: outer\n",
	  "subtest outer ends without a result of its own" },
	{ "a number too large", V "1..1\nok 4294967297 a\n",
	  "line 3: result \"4294967297 a\" has no number" },
	{ "a number and letters", V "1..1\nok 1a b\n", "line 3: result \"1a b\" has no" },
	{ "a plan too large", V "1..4294967297\nok 1 a\n", "the test has no plan" },
	{ "a plan and letters", V "1..1x\nok 1 a\n", "the test has no plan" },
	{ "a parent that lies", V "1..1\n  1..1\n  not ok 1 a\nok 1 outer\n",
	  "line 5: \"outer\" says ok, but 1 of its subtests failed" },
};

static void incomplete(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct ktap *k = read_text(bad[i].text);
		const char *problem = ktap_problem(k);

		kt_check(!ktap_complete(k), "%s: complete", bad[i].name);
		kt_check(ktap_problem_at(k, ktap_problems(k) - 1) &&
			 !ktap_problem_at(k, ktap_problems(k)), "%s: %zu problems",
			 bad[i].name, ktap_problems(k));
		kt_check(problem && !strncmp(problem, bad[i].problem, strlen(bad[i].problem)),
			 "%s: \"%s\", expected \"%s\"", bad[i].name,
			 problem ? problem : "", bad[i].problem);
		ktap_free(k);
	}
}

/* Whatever is cut off the end, what is left is not complete. */
static void truncated(void)
{
	static const char text[] = V "# seed=7\n1..4\n  " V "  1..2\n  ok 1 a\n"
		"  not ok 2 b\nnot ok 1 outer\n# why\nok 2 c # SKIP not run\nok 3 d\nok 4 e";
	size_t len;

	for (len = 0; len < strlen(text); len++) {
		struct ktap *k = read_bytes(text, len);
		bool whole = len >= strlen(text) - 2;	/* "ok 4": only the name is gone */

		kt_check(ktap_complete(k) == whole, "%zu of %zu bytes: %s", len,
			 strlen(text), ktap_complete(k) ? "complete" : ktap_problem(k));
		ktap_free(k);
	}
}

/* Nor is it with any one line lost or repeated, but for comments. */
static void lost_and_repeated(void)
{
	static const char *const lines[] = {
		"KTAP version 1\n", "1..3\n", "  KTAP version 1\n", "  1..2\n",
		"  ok 1 a\n", "  ok 2 b\n", "ok 1 outer\n", "ok 2 c\n", "ok 3 d\n",
	};
	char text[512];
	size_t lost, i;
	int times;

	for (lost = 0; lost < ARRAY_SIZE(lines); lost++) {
		for (times = 0; times < 3; times += 2) {
			struct ktap *k;

			text[0] = '\0';
			for (i = 0; i < ARRAY_SIZE(lines); i++) {
				if (i != lost || times)
					strcat(text, lines[i]);
				if (i == lost && times)
					strcat(text, lines[i]);
			}
			k = read_text(text);
			/* a subtest may do without a version line */
			kt_check(!ktap_complete(k) || (lost == 2 && !times),
				 "line %zu, %d times: complete", lost, times);
			ktap_free(k);
		}
	}
}

/* ---- what is kept of a result ---- */

static void details(void)
{
	struct ktap *k = read_text(V "# seed: 42\n# pattern: listing_a\n1..2\n"
		"  1..1\n  # the element's biography\n  not ok 1 age # 3 errors\n"
		"not ok 1 checks\n# more words\nok 2 - canary # SKIP not run: stall=0\n# last\n");
	const struct ktap_result *age = ktap_result_at(k, 0);
	const struct ktap_result *checks = ktap_result_at(k, 1);
	const struct ktap_result *canary = ktap_result_at(k, 2);

	kt_check(!strcmp(ktap_preamble(k), "seed: 42\npattern: listing_a\n"), "preamble: %s",
		 ktap_preamble(k));
	if (!kt_check(ktap_results(k) == 3 && age && checks && canary, "%zu results",
		      ktap_results(k)))
		return;
	kt_check(!strcmp(age->path, "checks/age") && !strcmp(age->name, "age"),
		 "path %s, name %s", age->path, age->name);
	kt_check(age->depth == 1 && age->number == 1 && age->line == 7 && !age->parent,
		 "depth %u number %u line %u", age->depth, age->number, age->line);
	kt_check(!strcmp(age->diag, "the element's biography\n"), "diag %s", age->diag);
	kt_check(!strcmp(age->note, "3 errors"), "note %s", age->note);
	kt_check(checks->parent && !checks->depth, "the parent");
	kt_check(!strcmp(canary->name, "canary") && canary->status == KTAP_SKIP,
		 "%s: %s", canary->name, ktap_status_name(canary->status));
	kt_check(!strcmp(canary->note, "not run: stall=0"), "note %s", canary->note);
	kt_check(!strcmp(canary->diag, "more words\nlast\n"), "diag %s", canary->diag);
	kt_check(!ktap_result_at(k, 3), "a fourth result");
	ktap_free(k);
}

/* kselftest's skip has no name but its reason; a test that gives up needs no plan. */
static void nameless_and_bailed(void)
{
	struct ktap *k = read_text("TAP version 13\n1..1\nok 1 # SKIP no root\n");

	kt_check(!strcmp(ktap_result_at(k, 0)->path, "no root"), "path %s",
		 ktap_result_at(k, 0)->path);
	ktap_free(k);
	k = read_text(V "ok 1 a\nBail out!\n");
	kt_check(ktap_problems(k) == 1 && strstr(ktap_problem(k), "no reason given"),
		 "%zu problems, the first is %s", ktap_problems(k), ktap_problem(k));
	ktap_free(k);
}

static void many(void)
{
	struct ktap *k = ktap_new();
	char line[64];
	int i;

	ktap_line(k, V, strlen(V));
	for (i = 1; i <= 20000; i++) {
		snprintf(line, sizeof(line), "ok %d test_%d", i, i);
		ktap_line(k, line, strlen(line));
	}
	ktap_line(k, "1..20000", 8);
	ktap_finish(k);
	kt_check(ktap_complete(k), "%s", ktap_problem(k));
	kt_check(ktap_count(k, KTAP_PASS) == 20000, "%u", ktap_count(k, KTAP_PASS));
	ktap_free(k);
}

/* Any bytes: no crash, bounded, and never complete by accident. */
static void junk(void)
{
	static char bytes[20000];
	unsigned int seed = 1;
	size_t i, round;

	for (round = 0; round < 200; round++) {
		struct ktap *k = ktap_new();

		for (i = 0; i < sizeof(bytes); i++)
			bytes[i] = round % 2 ? rand_r(&seed) :
				   "okn t12.#\n KTAPversion-"[rand_r(&seed) % 24];
		ktap_line(k, bytes, sizeof(bytes));
		for (i = 0; i + 20 < sizeof(bytes); i += 20)
			ktap_line(k, bytes + i, 20);
		ktap_finish(k);
		kt_check(!ktap_complete(k), "round %zu: complete", round);
		ktap_free(k);
	}
}

static const struct kt_case cases[] = {
	{ "complete", complete },
	{ "incomplete", incomplete },
	{ "truncated_anywhere", truncated },
	{ "lines_lost_and_repeated", lost_and_repeated },
	{ "details_of_results", details },
	{ "nameless_and_bailed", nameless_and_bailed },
	{ "many_results", many },
	{ "junk", junk },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
