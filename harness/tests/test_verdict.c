// SPDX-License-Identifier: GPL-2.0
/*
 * The verdict: every rule by an example, what no evidence may ever pass, and
 * that each rule is needed.
 */
#include <stdlib.h>
#include <string.h>

#include "kt.h"
#include "verdict_rules.h"

#define HEAD	"KTAP version 1\n"
#define OK	HEAD "1..2\nok 1 age # ran 5 times\nok 2 canary\n"
#define SKIPS	HEAD "1..1\nok 1 barrier # SKIP not run: barriers=0\n"
#define SOME	HEAD "1..2\nok 1 age\nok 2 barrier # SKIP not run: barriers=0\n"
#define FAILS	HEAD "1..2\nok 1 age\nnot ok 2 canary # 3 of 900\n"
#define CAUGHT	HEAD "1..1\nok 1 caught by canary # after 132 ms\n"
#define MISSED	HEAD "1..1\nnot ok 1 missed: canary did not see it\n"
#define SHORT	HEAD "1..2\nok 1 age\n"
#define XFAIL	HEAD "1..1\nnot ok 1 age # XFAIL as foretold\n"

#define WARN	"[ 1.000000] WARNING: CPU: 0 PID: 1 at a.c:1 f+0x1/0x2 [reftorture]\n" \
		"[ 1.000001] ---[ end trace 0000000000000000 ]---\n"
#define LOCKS	"[ 1.000000] WARNING: suspicious RCU usage\n[ 1.000001]  </TASK>\n"
#define GONE	"[ 2.000000] BUG: unable to handle page fault for address: ffffffffc0201130\n" \
		"[ 2.000001] RIP: 0010:0xffffffffc0201130\n" \
		"[ 2.000002]  rcu_do_batch+0x1a2/0x540\n" \
		"[ 2.000003] ---[ end trace 0000000000000000 ]---\n"
#define PANIC	"[ 3.000000] Kernel panic - not syncing: Fatal exception in interrupt\n"
#define RACE(f)	"[    5.000000] ==================================================================\n" \
		"[    5.000001] BUG: KCSAN: data-race in " f " / schedule_hrtimeout_range_clock\n" \
		"[    5.000002]\n[    5.000003] write to 0x1 of 8 bytes by interrupt on cpu 0:\n" \
		"[    5.000004]  f+0x36/0x60\n[    5.000005]\n" \
		"[    5.000006] ==================================================================\n"
#define SIGN	"ffffffffc0.*rcu_do_batch"

/* Evidence as a test writes it: text in place of objects. */
struct sample {
	const char *name;
	enum expect expect;
	const char *signature, *splat;
	bool mute;		/* no hello */
	unsigned int undone;	/* steps of 4 */
	const char *step_error;
	const char *ktap[3];
	enum vm_end end;	/* VM_POWEROFF if not given */
	bool running;
	const char *reason;
	const char *console;
	unsigned int again;	/* how often the console says all that once more */
	const char *deadline, *harness;
	/* what must come out */
	enum status status;
	const char *rule;
	const char *why[3];	/* parts of the sentence */
	const char *not;	/* what it must not say */
};

static const struct sample samples[] = {
	/* pass */
	{ .name = "all ok", .ktap = { OK }, .status = STATUS_PASS, .rule = "pass",
	  .why = { "2 ok" } },
	{ .name = "two results", .ktap = { OK, SOME }, .status = STATUS_PASS, .rule = "pass",
	  .why = { "3 ok, 1 not run" } },
	{ .name = "a known race of the kernel's own", .ktap = { OK },
	  .console = RACE("hrtimer_wakeup"), .status = STATUS_PASS, .rule = "pass",
	  .why = { "2 ok" } },
	{ .name = "one that is foretold all the same", .ktap = { OK }, .splat = "hrtimer_wakeup",
	  .console = RACE("hrtimer_wakeup"), .status = STATUS_PASS, .rule = "pass",
	  .why = { "complained as foretold" } },
	{ .name = "a race like it, but not it", .ktap = { OK }, .console = RACE("f [reftorture]"),
	  .status = STATUS_FAIL, .rule = "splat", .why = { "data-race in f" } },
	{ .name = "failed as foretold", .ktap = { XFAIL }, .status = STATUS_PASS,
	  .rule = "pass", .why = { "1 failed as foretold" } },
	{ .name = "steps only", .status = STATUS_PASS, .rule = "pass",
	  .why = { "4 steps done" } },
	{ .name = "the splat that was foretold", .ktap = { OK }, .splat = "a\\.c:1 f",
	  .console = WARN, .status = STATUS_PASS, .rule = "pass",
	  .why = { "complained as foretold: WARNING: CPU: 0", "console line 1" } },
	{ .name = "caught", .expect = EXPECT_CAUGHT, .ktap = { CAUGHT },
	  .status = STATUS_PASS, .rule = "pass", .why = { "caught by canary" } },
	{ .name = "caught, with its splat", .expect = EXPECT_CAUGHT, .ktap = { CAUGHT },
	  .splat = "suspicious", .console = LOCKS, .status = STATUS_PASS,
	  .rule = "pass" },
	{ .name = "crashed as foretold", .expect = EXPECT_CRASH, .signature = SIGN,
	  .console = GONE PANIC, .end = VM_RESET, .undone = 2,
	  .status = STATUS_PASS, .rule = "crashed-as-foretold",
	  .why = { "crashed as foretold: BUG: unable", "(text-gone, console line 1)" } },
	{ .name = "crashed as foretold, pvpanic", .expect = EXPECT_CRASH, .signature = SIGN,
	  .console = GONE PANIC, .end = VM_GUEST_PANIC, .undone = 2,
	  .status = STATUS_PASS, .rule = "crashed-as-foretold" },
	{ .name = "crashed as foretold, after a warning", .expect = EXPECT_CRASH,
	  .signature = SIGN, .console = WARN GONE PANIC, .end = VM_RESET, .undone = 1,
	  .status = STATUS_PASS, .rule = "crashed-as-foretold",
	  .why = { "; before that: WARNING" } },
	{ .name = "crashed as foretold, after two", .expect = EXPECT_CRASH,
	  .signature = SIGN, .console = LOCKS WARN GONE, .end = VM_RESET,
	  .status = STATUS_PASS, .rule = "crashed-as-foretold",
	  .why = { "; before that: WARNING: suspicious" } },

	/* the harness and the host */
	{ .name = "disk full", .ktap = { OK }, .harness = "console.log: No space left on device",
	  .status = STATUS_ERROR, .rule = "harness", .why = { "No space left" } },
	{ .name = "disk full, and a splat", .console = WARN, .harness = "disk full",
	  .status = STATUS_ERROR, .rule = "harness",
	  .why = { "disk full", "console shows: WARNING" } },
	{ .name = "no QEMU", .mute = true, .undone = 4, .end = VM_NOT_STARTED,
	  .reason = "qemu-system-x86_64: No such file or directory",
	  .status = STATUS_ERROR, .rule = "not-started", .why = { "No such file" } },
	{ .name = "QEMU died", .ktap = { OK }, .end = VM_QEMU_DIED, .reason = "signal 6 (Aborted)",
	  .console = WARN, .status = STATUS_ERROR, .rule = "qemu-died",
	  .why = { "QEMU died: signal 6", "console shows: WARNING" } },
	{ .name = "QEMU died before PID 1", .mute = true, .undone = 4, .end = VM_QEMU_DIED,
	  .reason = "exit status 1", .status = STATUS_ERROR, .rule = "qemu-died" },
	{ .name = "QMP lost", .ktap = { OK }, .end = VM_QMP_LOST, .reason = "closed",
	  .console = WARN, .status = STATUS_ERROR, .rule = "qmp-lost",
	  .why = { "control channel was lost", "closed", "console shows: WARNING" } },
	{ .name = "no PID 1, silent", .mute = true, .undone = 4, .end = VM_QUIT_BY_US,
	  .deadline = "no hello in 60 s", .status = STATUS_ERROR, .rule = "no-pid1",
	  .why = { "no hello in 60 s", "console.log" } },
	{ .name = "no PID 1, int3", .mute = true, .undone = 4, .end = VM_RESET,
	  .console = "[ 0.1] x\n[    0.100000] Oops: int3: 0000 [#1] PREEMPT SMP\n",
	  .status = STATUS_ERROR, .rule = "no-pid1", .why = { "Oops: int3" } },
	{ .name = "no PID 1, though a crash was foretold", .expect = EXPECT_CRASH,
	  .signature = SIGN, .mute = true, .undone = 4, .console = GONE, .end = VM_RESET,
	  .status = STATUS_ERROR, .rule = "no-pid1" },
	{ .name = "stopped by the user", .ktap = { OK }, .end = VM_QUIT_BY_US,
	  .status = STATUS_ERROR, .rule = "stopped" },
	{ .name = "still running", .ktap = { OK }, .running = true,
	  .status = STATUS_ERROR, .rule = "stopped", .why = { "still running" } },

	/* silence */
	{ .name = "silence", .undone = 2, .end = VM_QUIT_BY_US, .ktap = { "" },
	  .deadline = "silence: no byte for 40 s", .status = STATUS_FAIL, .rule = "deadline",
	  .why = { "a deadline passed in step 3 of 4: ", "no byte for 40 s", "no splat" } },
	{ .name = "a deadline, and a splat", .undone = 1, .end = VM_QUIT_BY_US,
	  .console = WARN, .deadline = "step: 60 s", .status = STATUS_FAIL,
	  .rule = "deadline", .why = { "in step 4 of 4: step: 60 s", "WARNING" } },
	{ .name = "crashed as foretold, but hung", .expect = EXPECT_CRASH, .signature = SIGN,
	  .console = GONE, .end = VM_QUIT_BY_US, .undone = 1, .deadline = "silence: 40 s",
	  .status = STATUS_FAIL, .rule = "deadline",
	  .why = { "crashed as foretold, but did not end: BUG: unable" } },

	/* a crash was foretold */
	{ .name = "another crash", .expect = EXPECT_CRASH, .signature = SIGN, .undone = 2,
	  .console = "[ 1.000000] BUG: kernel NULL pointer dereference, address: 0\n",
	  .end = VM_RESET, .status = STATUS_FAIL, .rule = "other-crash",
	  .why = { "crashed in step 3 of 4, but not as foretold (" SIGN "): BUG: kernel NULL" } },
	{ .name = "a crash nobody saw", .expect = EXPECT_CRASH, .signature = SIGN,
	  .end = VM_RESET, .reason = "guest-reset", .status = STATUS_FAIL,
	  .rule = "mute-crash", .why = { "(guest-reset)", SIGN } },
	{ .name = "survived", .expect = EXPECT_CRASH, .signature = SIGN,
	  .status = STATUS_FAIL, .rule = "survived", .why = { SIGN } },
	{ .name = "survived, and complained of something else", .expect = EXPECT_CRASH,
	  .signature = SIGN, .console = WARN, .status = STATUS_FAIL, .rule = "survived",
	  .why = { "survived, though", "console shows: WARNING" } },
	{ .name = "survived with all ok", .expect = EXPECT_CRASH, .signature = SIGN,
	  .ktap = { OK }, .status = STATUS_FAIL, .rule = "survived" },
	{ .name = "survived the very splat", .expect = EXPECT_CRASH, .signature = SIGN,
	  .console = GONE, .status = STATUS_FAIL, .rule = "survived",
	  .why = { "the machine went on: BUG: unable" } },
	{ .name = "insmod failed before the crash", .expect = EXPECT_CRASH, .signature = SIGN,
	  .undone = 3, .step_error = "insmod unload_demo: File exists",
	  .status = STATUS_FAIL, .rule = "step" },

	/* the sources disagree */
	{ .name = "ok, but a splat", .ktap = { OK }, .console = WARN, .status = STATUS_FAIL,
	  .rule = "splat", .why = { "complained: WARNING", "sources disagree" },
	  .not = " more" },
	{ .name = "ok, but a reset", .ktap = { OK }, .end = VM_RESET, .reason = "guest-reset",
	  .status = STATUS_FAIL, .rule = "died",
	  .why = { "guest-reset", "does not say why", "sources disagree" } },
	{ .name = "ok, but a panic", .ktap = { OK }, .end = VM_RESET, .console = PANIC,
	  .undone = 1, .status = STATUS_FAIL, .rule = "died",
	  .why = { "the kernel died in step 4 of 4: Kernel panic" } },
	{ .name = "results incomplete, and a panic", .ktap = { SHORT }, .end = VM_RESET,
	  .console = PANIC, .status = STATUS_FAIL, .rule = "died",
	  .why = { "the kernel died: Kernel panic" }, .not = "disagree" },
	{ .name = "results bad, and a splat", .ktap = { FAILS }, .console = WARN,
	  .status = STATUS_FAIL, .rule = "splat", .not = "disagree" },
	{ .name = "ok, but steps are missing", .ktap = { OK }, .undone = 1,
	  .status = STATUS_FAIL, .rule = "unfinished",
	  .why = { "after 3 of 4 steps", "sources disagree" } },
	{ .name = "died as a splat foretold", .ktap = { OK }, .end = VM_RESET, .splat = "a\\.c",
	  .console = WARN, .status = STATUS_FAIL, .rule = "died" },
	{ .name = "caught, but the kernel died", .expect = EXPECT_CAUGHT, .ktap = { CAUGHT },
	  .end = VM_RESET, .console = GONE, .status = STATUS_FAIL, .rule = "died" },
	{ .name = "caught, but a splat", .expect = EXPECT_CAUGHT, .ktap = { CAUGHT },
	  .console = WARN, .status = STATUS_FAIL, .rule = "splat" },
	{ .name = "one splat too many", .ktap = { OK }, .splat = "suspicious",
	  .console = LOCKS WARN, .status = STATUS_FAIL, .rule = "splat",
	  .why = { "complained: WARNING: CPU" } },
	{ .name = "two splats, the worse is told", .console = WARN GONE, .ktap = { OK },
	  .status = STATUS_FAIL, .rule = "splat",
	  .why = { "complained: BUG: unable", "and 1 more" } },
	{ .name = "two splats, the worse came first", .console = GONE WARN, .ktap = { OK },
	  .status = STATUS_FAIL, .rule = "splat", .why = { "complained: BUG: unable" } },
	{ .name = "two warnings, the first is told", .console = LOCKS WARN, .ktap = { OK },
	  .status = STATUS_FAIL, .rule = "splat", .why = { "complained: WARNING: susp" } },
	{ .name = "foretold, but too many to look at", .splat = "a\\.c:1 f",
	  .console = WARN, .again = 79, .ktap = { OK },
	  .status = STATUS_FAIL, .rule = "splat", .why = { "too often", "and 16 more" } },
	{ .name = "the splat did not come", .ktap = { OK }, .splat = "a\\.c:1 f",
	  .status = STATUS_FAIL, .rule = "no-splat", .why = { "a\\.c:1 f", "disagree" } },

	/* the results */
	{ .name = "a step failed", .undone = 2, .step_error = "rmmod reftorture: Device busy",
	  .ktap = { OK }, .status = STATUS_FAIL, .rule = "step",
	  .why = { "step 3 of 4 failed: rmmod" } },
	{ .name = "a check failed", .ktap = { FAILS }, .status = STATUS_FAIL, .rule = "failed",
	  .why = { "1 failed, the first is canary (3 of 900); 1 ok" } },
	{ .name = "a check of the second failed", .ktap = { OK, FAILS }, .status = STATUS_FAIL,
	  .rule = "failed", .why = { "3 ok" } },
	{ .name = "results too short", .ktap = { SHORT }, .status = STATUS_FAIL,
	  .rule = "incomplete", .why = { "no verdict", "planned 2 results, only 1 came" } },
	{ .name = "results promised, none came", .ktap = { OK, "" }, .status = STATUS_FAIL,
	  .rule = "incomplete", .why = { "nothing was printed" } },
	{ .name = "missed", .expect = EXPECT_CAUGHT, .ktap = { MISSED }, .status = STATUS_FAIL,
	  .rule = "failed" },
	{ .name = "ok, but nothing caught", .expect = EXPECT_CAUGHT, .ktap = { OK },
	  .status = STATUS_FAIL, .rule = "not-caught",
	  .why = { "a broken form was to be caught", "2 ok" } },
	{ .name = "caught what was to be right", .ktap = { CAUGHT }, .status = STATUS_FAIL,
	  .rule = "caught-unforetold", .why = { "caught by canary" } },

	/* nothing */
	{ .name = "all skipped", .ktap = { SKIPS }, .status = STATUS_NOTRUN,
	  .rule = "nothing", .why = { "nothing was tested: all 1 were skipped" } },
	{ .name = "all skipped that was to be caught", .expect = EXPECT_CAUGHT,
	  .ktap = { SKIPS }, .status = STATUS_NOTRUN, .rule = "nothing" },
};

/* Objects made of a sample; freed by evidence_free(). */
struct made {
	struct evidence e;
	struct ktap *ktap[3];
	struct splat_scan *scan;
};

static struct ktap *read_ktap(const char *text)
{
	struct ktap *k = ktap_new();
	const char *line, *end;

	for (line = text; *line; line = end + 1) {
		end = strchr(line, '\n');
		ktap_line(k, line, end - line);
	}
	ktap_finish(k);
	return k;
}

static void make(struct made *m, const struct sample *s)
{
	unsigned int again;

	*m = (struct made){ .e = {
		.expect = s->expect, .signature = s->signature, .splat = s->splat,
		.hello = !s->mute, .steps = 4, .steps_done = 4 - s->undone,
		.step_error = s->step_error, .end_reason = s->reason,
		.deadline = s->deadline, .harness = s->harness,
	} };
	m->e.end = s->running ? VM_RUNNING : s->end ? s->end : VM_POWEROFF;
	for (; m->e.nr_ktap < 3 && s->ktap[m->e.nr_ktap]; m->e.nr_ktap++)
		m->ktap[m->e.nr_ktap] = read_ktap(s->ktap[m->e.nr_ktap]);
	m->e.ktap = (const struct ktap *const *)m->ktap;
	m->scan = splat_scan_new();
	if (s->console)
		splat_scan_feed(m->scan, s->console, strlen(s->console));
	for (again = 0; again < s->again; again++)
		splat_scan_feed(m->scan, s->console, strlen(s->console));
	splat_scan_finish(m->scan);
	m->e.splats = m->scan;
}

static void unmake(struct made *m)
{
	size_t i;

	for (i = 0; i < 3; i++)
		ktap_free(m->ktap[i]);
	splat_scan_free(m->scan);
}

static void check_sample(const struct sample *s)
{
	struct verdict v;
	struct made m;
	size_t i;

	make(&m, s);
	v = verdict_reach(&m.e);
	kt_check(v.status == s->status && !strcmp(v.rule, s->rule),
		 "%s: %s by %s (%s), expected %s by %s", s->name, status_name(v.status),
		 v.rule, v.why, status_name(s->status), s->rule);
	for (i = 0; i < 3 && s->why[i]; i++)
		kt_check(strstr(v.why, s->why[i]), "%s: \"%s\" does not say \"%s\"",
			 s->name, v.why, s->why[i]);
	if (s->not)
		kt_check(!strstr(v.why, s->not), "%s: \"%s\" says \"%s\"", s->name,
			 v.why, s->not);
	kt_check(strlen(v.why) > 2 && !strchr(v.why, '\n'), "%s: why is \"%s\"", s->name,
		 v.why);
	free(v.why);
	unmake(&m);
}

static void each_sample(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(samples); i++)
		check_sample(&samples[i]);
}

static void each_rule_has_a_sample(void)
{
	size_t i, n;

	for (i = 0; i < nr_verdict_rules; i++) {
		bool found = false;

		for (n = 0; n < ARRAY_SIZE(samples); n++)
			found = found || !strcmp(samples[n].rule, verdict_rules[i].name);
		kt_check(found, "no sample for %s", verdict_rules[i].name);
	}
}

/* Without it, the status of some sample must come out otherwise. */
static void each_rule_is_needed(void)
{
	struct verdict_rule rules[64];
	size_t i, n;

	for (i = 0; i < nr_verdict_rules; i++) {
		bool noticed = false;
		struct verdict v;
		struct made m;

		memcpy(rules, verdict_rules, nr_verdict_rules * sizeof(rules[0]));
		memmove(rules + i, rules + i + 1,
			(nr_verdict_rules - i - 1) * sizeof(rules[0]));
		for (n = 0; n < ARRAY_SIZE(samples); n++) {
			make(&m, &samples[n]);
			v = verdict_by(rules, nr_verdict_rules - 1, &m.e);
			noticed = noticed || strcmp(v.rule, samples[n].rule);
			free(v.why);
			unmake(&m);
		}
		kt_check(noticed, "without %s: nobody notices", verdict_rules[i].name);
	}
}

static void spoil_harness(struct sample *s)
{
	s->harness = "disk full";
}

static void spoil_end(struct sample *s)
{
	s->end = s->expect == EXPECT_CRASH ? VM_POWEROFF : VM_RESET;
}

static void spoil_qemu(struct sample *s)
{
	s->end = VM_QEMU_DIED;
}

static void spoil_stop(struct sample *s)
{
	s->end = VM_QUIT_BY_US;
}

static void spoil_hello(struct sample *s)
{
	s->mute = true;
}

static void spoil_deadline(struct sample *s)
{
	s->deadline = "silence";
}

static void spoil_console(struct sample *s)
{
	s->console = "[ 1.000000] BUG: Bad page state in process x  pfn:1\n";
}

static void spoil_steps(struct sample *s)
{
	if (s->expect == EXPECT_CRASH)
		spoil_hello(s);
	s->undone = 1;
}

static void spoil_results(struct sample *s)
{
	if (s->expect == EXPECT_CRASH)
		spoil_hello(s);
	s->ktap[s->ktap[0] ? 1 : 0] = SHORT;
}

/* What no passing sample may survive. */
static const struct {
	const char *name;
	void (*spoil)(struct sample *s);
} spoils[] = {
	{ "harness", spoil_harness }, { "end", spoil_end }, { "QEMU", spoil_qemu },
	{ "stop", spoil_stop }, { "hello", spoil_hello }, { "deadline", spoil_deadline },
	{ "console", spoil_console }, { "steps", spoil_steps },
	{ "results", spoil_results },
};

static void spoiled_is_no_pass(void)
{
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		for (n = 0; n < ARRAY_SIZE(spoils); n++) {
			struct sample s = samples[i];
			struct verdict v;
			struct made m;

			if (s.status != STATUS_PASS)
				continue;
			spoils[n].spoil(&s);
			make(&m, &s);
			v = verdict_reach(&m.e);
			kt_check(v.status == STATUS_FAIL || v.status == STATUS_ERROR,
				 "%s, spoiled by %s: %s by %s (%s)", s.name,
				 spoils[n].name, status_name(v.status), v.rule, v.why);
			free(v.why);
			unmake(&m);
		}
	}
}

static void regexes(void)
{
	kt_check(!verdict_bad_regex("a.*b"), "a.*b: %s", verdict_bad_regex("a.*b"));
	kt_check(verdict_bad_regex("a(b"), "a(b is no error");
	kt_check(verdict_bad_regex("[a"), "[a is no error");
}

static const struct kt_case cases[] = {
	{ "samples", each_sample },
	{ "each_rule_has_a_sample", each_rule_has_a_sample },
	{ "each_rule_is_needed", each_rule_is_needed },
	{ "spoiled_evidence_is_no_pass", spoiled_is_no_pass },
	{ "regexes", regexes },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
