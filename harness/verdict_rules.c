// SPDX-License-Identifier: GPL-2.0
/*
 * The rules, in the order in which they are asked; the first that applies
 * decides. First what kept the harness from its work, for then nothing can be
 * said about the test. Then what was foretold to crash. Then how the machine
 * ended, what the console says, what the results say: a source is believed
 * only where no other contradicts it. A pass is what is left at the very end.
 */
#include "compiler.h"
#include "verdict_rules.h"

/* ---- pieces of sentences ---- */

static const char *or_else(const char *text, const char *other)
{
	return text && *text ? text : other;
}

static void say_splat(const struct splat *splat, struct textbuf *b)
{
	textbuf_addf(b, "%s (%s, console line %zu)", splat->headline,
		     splat_kind_name(splat->kind), splat->line);
}

/* What else the console has, for a sentence about something else. */
static void and_console(const struct findings *f, struct textbuf *b)
{
	if (!f->worst)
		return;
	textbuf_addf(b, "; the console shows: ");
	say_splat(f->worst, b);
}

static void and_where(const struct findings *f, struct textbuf *b)
{
	if (f->e->steps_done < f->e->steps)
		textbuf_addf(b, " in step %u of %u", f->e->steps_done + 1, f->e->steps);
}

static bool results_say_ok(const struct findings *f)
{
	return f->e->nr_ktap && !f->torn && !f->failed;
}

static void and_results_disagree(const struct findings *f, struct textbuf *b)
{
	if (results_say_ok(f))
		textbuf_addf(b, "; the results are complete and all ok: the sources disagree");
}

static void say_counts(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "%u ok", f->passed);
	if (f->xfailed)
		textbuf_addf(b, ", %u failed as foretold", f->xfailed);
	if (f->skipped)
		textbuf_addf(b, ", %u not run", f->skipped);
}

/* ---- the harness could not do its work ---- */

static bool harness_applies(const struct findings *f)
{
	return f->e->harness;
}

static void harness_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "the harness could not do its work: %s", f->e->harness);
	and_console(f, b);
}

static bool not_started_applies(const struct findings *f)
{
	return f->e->end == VM_NOT_STARTED;
}

static void not_started_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "QEMU was not started: %s",
		     or_else(f->e->end_reason, "see qemu.log"));
}

static bool qemu_died_applies(const struct findings *f)
{
	return f->e->end == VM_QEMU_DIED;
}

static void qemu_died_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "QEMU died: %s", or_else(f->e->end_reason, "see qemu.log"));
	and_console(f, b);
}

static bool qmp_lost_applies(const struct findings *f)
{
	return f->e->end == VM_QMP_LOST;
}

static void qmp_lost_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "QEMU's control channel was lost, so nobody can say how the machine ended: %s",
		     or_else(f->e->end_reason, "see qemu.log"));
	and_console(f, b);
}

static bool no_pid1_applies(const struct findings *f)
{
	return !f->e->hello;
}

static void no_pid1_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "the machine never reached PID 1 (%s)",
		     or_else(f->e->deadline, or_else(f->e->end_reason, "it was silent")));
	if (f->worst)
		and_console(f, b);
	else
		textbuf_addf(b, "; the end of console.log shows how far it came");
}

/* ---- silence ---- */

static bool deadline_applies(const struct findings *f)
{
	return f->e->deadline;
}

static void deadline_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "a deadline passed");
	and_where(f, b);
	textbuf_addf(b, ": %s", f->e->deadline);
	if (f->signature) {
		textbuf_addf(b, "; it crashed as foretold, but did not end: ");
		say_splat(f->signature, b);
	} else if (f->worst) {
		and_console(f, b);
	} else {
		textbuf_addf(b, "; the console has no splat");
	}
}

/* ---- a crash was foretold ---- */

static bool crash(const struct findings *f)
{
	return f->e->expect == EXPECT_CRASH;
}

static bool crashed_applies(const struct findings *f)
{
	return crash(f) && f->died && f->signature;
}

static void crashed_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "crashed as foretold: ");
	say_splat(f->signature, b);
	if (f->before) {
		textbuf_addf(b, "; before that: ");
		say_splat(f->before, b);
	}
}

static bool other_crash_applies(const struct findings *f)
{
	return crash(f) && f->died && f->worst;
}

static void other_crash_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "crashed");
	and_where(f, b);
	textbuf_addf(b, ", but not as foretold (%s): ", or_else(f->e->signature, "?"));
	say_splat(f->worst, b);
}

static bool mute_crash_applies(const struct findings *f)
{
	return crash(f) && f->died;
}

static void mute_crash_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "the machine ended (%s), but the console does not show the crash that was foretold (%s)",
		     or_else(f->e->end_reason, "reset"), or_else(f->e->signature, "?"));
}

static bool survived_applies(const struct findings *f)
{
	return crash(f) && f->e->end == VM_POWEROFF && !f->e->step_error;
}

static void survived_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "survived, though a crash was foretold (%s)",
		     or_else(f->e->signature, "?"));
	if (f->signature) {
		textbuf_addf(b, "; the console has it, but the machine went on: ");
		say_splat(f->signature, b);
	} else {
		and_console(f, b);
	}
}

/* ---- how the machine ended ---- */

static bool died_applies(const struct findings *f)
{
	return f->died;
}

static void died_why(const struct findings *f, struct textbuf *b)
{
	const struct splat *splat = f->worst ? f->worst : f->foretold;

	textbuf_addf(b, "the kernel died");
	and_where(f, b);
	if (splat) {
		textbuf_addf(b, ": ");
		say_splat(splat, b);
	} else {
		textbuf_addf(b, " (%s) and the console does not say why",
			     or_else(f->e->end_reason, "reset"));
	}
	and_results_disagree(f, b);
}

static bool splat_applies(const struct findings *f)
{
	return f->unforetold;
}

static void splat_why(const struct findings *f, struct textbuf *b)
{
	size_t others = f->unforetold - (f->worst ? 1 : 0);

	textbuf_addf(b, "the kernel complained: ");
	if (f->worst)
		say_splat(f->worst, b);
	else
		textbuf_addf(b, "too often to look at all of it,");
	if (others)
		textbuf_addf(b, " and %zu more", others);
	and_results_disagree(f, b);
}

/* ---- what was done, and what the results say ---- */

static bool step_applies(const struct findings *f)
{
	return f->e->step_error;
}

static void step_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "step %u of %u failed: %s", f->e->steps_done + 1,
		     f->e->steps, f->e->step_error);
}

static bool failed_applies(const struct findings *f)
{
	return f->first_failed;
}

static void failed_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "%u failed, the first is %s", f->failed, f->first_failed->path);
	if (*f->first_failed->note)
		textbuf_addf(b, " (%s)", f->first_failed->note);
	textbuf_addf(b, "; ");
	say_counts(f, b);
}

static bool incomplete_applies(const struct findings *f)
{
	return f->torn;
}

static void incomplete_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "the results are not complete, so there is no verdict: %s",
		     or_else(ktap_problem(f->torn), "they were not read to the end"));
}

static bool unfinished_applies(const struct findings *f)
{
	return f->e->steps_done < f->e->steps;
}

static void unfinished_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "the machine ended (%s) after %u of %u steps",
		     or_else(f->e->end_reason, "?"), f->e->steps_done, f->e->steps);
	and_results_disagree(f, b);
}

static bool stopped_applies(const struct findings *f)
{
	return f->e->end != VM_POWEROFF;
}

static void stopped_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "the machine was stopped before it powered off by itself (%s), so it may yet have failed",
		     or_else(f->e->end_reason, "still running"));
}

static bool nothing_applies(const struct findings *f)
{
	return f->e->nr_ktap ? !f->passed && !f->xfailed : !f->e->steps;
}

static void nothing_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "nothing was tested");
	if (f->skipped)
		textbuf_addf(b, ": all %u were skipped", f->skipped);
}

static bool no_splat_applies(const struct findings *f)
{
	return f->e->splat && !f->foretold;
}

static void no_splat_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "the complaint that was foretold (%s) did not come", f->e->splat);
	and_results_disagree(f, b);
}

static bool not_caught_applies(const struct findings *f)
{
	return f->e->expect == EXPECT_CAUGHT && !f->caught;
}

static void not_caught_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "a broken form was to be caught, but no result says so: ");
	say_counts(f, b);
}

static bool caught_right_applies(const struct findings *f)
{
	return f->e->expect == EXPECT_PASS && f->caught;
}

static void caught_right_why(const struct findings *f, struct textbuf *b)
{
	textbuf_addf(b, "%s, but the scenario foretells that nothing is broken: say expect = caught if it is",
		     f->caught->path);
}

static bool pass_applies(const struct findings *f)
{
	return f->e->end == VM_POWEROFF && f->e->steps_done == f->e->steps;
}

static void pass_why(const struct findings *f, struct textbuf *b)
{
	if (f->e->nr_ktap)
		say_counts(f, b);
	else
		textbuf_addf(b, "%u steps done", f->e->steps_done);
	if (f->caught)
		textbuf_addf(b, "; %s", f->caught->path);
	if (f->foretold) {
		textbuf_addf(b, "; complained as foretold: ");
		say_splat(f->foretold, b);
	}
}

#define RULE(NAME, STATUS, FUNCTION) \
	{ (NAME), STATUS_##STATUS, FUNCTION##_applies, FUNCTION##_why }

const struct verdict_rule verdict_rules[] = {
	RULE("harness", ERROR, harness),
	RULE("not-started", ERROR, not_started),
	RULE("qemu-died", ERROR, qemu_died),
	RULE("qmp-lost", ERROR, qmp_lost),
	RULE("no-pid1", ERROR, no_pid1),
	RULE("deadline", FAIL, deadline),
	RULE("crashed-as-foretold", PASS, crashed),
	RULE("other-crash", FAIL, other_crash),
	RULE("mute-crash", FAIL, mute_crash),
	RULE("survived", FAIL, survived),
	RULE("died", FAIL, died),
	RULE("splat", FAIL, splat),
	RULE("step", FAIL, step),
	RULE("failed", FAIL, failed),
	RULE("incomplete", FAIL, incomplete),
	RULE("unfinished", FAIL, unfinished),
	RULE("stopped", ERROR, stopped),
	RULE("nothing", NOTRUN, nothing),
	RULE("no-splat", FAIL, no_splat),
	RULE("not-caught", FAIL, not_caught),
	RULE("caught-unforetold", FAIL, caught_right),
	RULE("pass", PASS, pass),
};

const size_t nr_verdict_rules = ARRAY_SIZE(verdict_rules);
