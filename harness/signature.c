// SPDX-License-Identifier: GPL-2.0
/* What came out of a case: see signature.h. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "signature.h"

static const char *const names[NR_OUTCOMES] = {
	[OUTCOME_CLEAN] = "clean",
	[OUTCOME_CAUGHT] = "caught",
	[OUTCOME_SPLAT] = "splat",
	[OUTCOME_CRASH] = "crash",
	[OUTCOME_HANG] = "hang",
	[OUTCOME_HARNESS] = "no result",
};

const char *outcome_name(enum outcome outcome)
{
	return names[outcome];
}

/* Frames of the reporting itself: they are the same for everything. */
static const char *const reporters[] = {
	"dump_stack", "__dump_stack", "panic", "show_stack", "print_report", "kasan_report",
	"__warn", "report_bug", "handle_bug", "exc_", "asm_", "die", "oops_", "page_fault_oops",
	"__die", "no_context", "kfence_report", "kcsan_report", "print_address_description",
	"sched_show_task", "lockdep_rcu_suspicious", "__schedule_bug", "end_report",
};

static bool is_reporter(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reporters); i++)
		if (!strncmp(name, reporters[i], strlen(reporters[i])))
			return true;
	return false;
}

/* A name, up to its offset: "cb+0x10/0x24 [demo]" is cb. What a decoder added is kept. */
static void take_name(const char *text, size_t len, char *buf, size_t size)
{
	const char *open = memchr(text, '<', len);
	size_t n;

	if (open && text[0] == '0') {
		len -= open + 1 - text;
		text = open + 1;
	}
	for (n = 0; n < len && text[n] != '+' && text[n] != '>' && !isspace((unsigned char)text[n]);
	     n++)
		;
	snprintf(buf, size, "%.*s", (int)n, text);
}

/* An address nobody could name is different in each boot: who called it may not be. */
static bool is_unknown(const char *name)
{
	return !strncmp(name, "0x", 2);
}

/* Call Trace: frames are indented by one blank; "? " marks a doubtful one. */
static bool is_frame(const char *line, size_t len)
{
	return len > 2 && line[0] == ' ' && line[1] != '?' && line[1] != '<' &&
	       line[1] != ' ' && memmem(line, len, "+0x", 3);
}

void signature_frame(const char *excerpt, char *buf, size_t size)
{
	const char *line, *end;
	bool unknown = false;
	char name[96];

	*buf = '\0';
	for (line = excerpt; *line; line = end + (*end == '\n')) {
		size_t len = strcspn(line, "\n");

		end = line + len;
		if (!unknown && !strncmp(line, "RIP: 0010:", 10))
			take_name(line + 10, len - 10, name, sizeof(name));
		else if (is_frame(line, len))
			take_name(line + 1, len - 1, name, sizeof(name));
		else
			continue;
		if (is_reporter(name))
			continue;
		if (!is_unknown(name)) {
			snprintf(buf, size, "%s%s", unknown ? "unknown text under " : "", name);
			return;
		}
		unknown = true;
		snprintf(buf, size, "unknown text");
	}
}

/* The first fatal one, else the first: what comes after it is its echo. */
static const struct splat_result *worst(const struct case_result *c)
{
	size_t i;

	for (i = 0; i < c->nr_splats; i++)
		if (c->splats[i].fatal)
			return &c->splats[i];
	return c->nr_splats ? &c->splats[0] : NULL;
}

void signature_splat(const char *kind, const char *headline, const char *excerpt,
		     char sig[SIGNATURE_MAX])
{
	char frame[128];

	signature_frame(excerpt ? excerpt : "", frame, sizeof(frame));
	if (*frame)
		snprintf(sig, SIGNATURE_MAX, "%s in %s", kind, frame);
	else
		snprintf(sig, SIGNATURE_MAX, "%.100s", headline);
}

/* A check of a run or a selftest that said no. */
static bool of_checks(const struct case_result *c, char *sig)
{
	size_t i;

	for (i = 0; i < c->nr_runs; i++) {
		if (!c->runs[i].caught_by && c->runs[i].as_foretold)
			continue;
		snprintf(sig, SIGNATURE_MAX, "%s in %s", c->runs[i].caught_by ?
			 c->runs[i].caught_by : "a check", c->runs[i].pattern);
		return true;
	}
	for (i = 0; i < c->nr_tests; i++) {
		if (!c->tests[i].failed)
			continue;
		snprintf(sig, SIGNATURE_MAX, "selftest %s", c->tests[i].name);
		return true;
	}
	return false;
}

static bool is_rule(const struct case_result *c, const char *word)
{
	return c->rule && strstr(c->rule, word);
}

enum outcome signature_of(const struct case_result *c, char sig[SIGNATURE_MAX])
{
	const struct splat_result *splat = c ? worst(c) : NULL;

	*sig = '\0';
	if (!c || (c->status == STATUS_ERROR && !splat)) {
		snprintf(sig, SIGNATURE_MAX, "%.100s", c && c->why ? c->why : "its worker died");
		return OUTCOME_HARNESS;
	}
	if (splat)
		signature_splat(splat->kind, splat->headline, splat->excerpt, sig);
	if (splat && splat->fatal)
		return OUTCOME_CRASH;
	if (is_rule(c, "mute-crash")) {
		snprintf(sig, SIGNATURE_MAX, SIGNATURE_MUTE);
		return OUTCOME_CRASH;
	}
	if (is_rule(c, "deadline")) {
		if (!splat)
			snprintf(sig, SIGNATURE_MAX, "%.100s", c->why);
		return OUTCOME_HANG;
	}
	if (splat)
		return OUTCOME_SPLAT;
	if (of_checks(c, sig))
		return OUTCOME_CAUGHT;
	if (c->status != STATUS_FAIL || c->expect == EXPECT_CRASH)
		return OUTCOME_CLEAN;
	snprintf(sig, SIGNATURE_MAX, "%.100s", c->why);
	return OUTCOME_CAUGHT;
}
