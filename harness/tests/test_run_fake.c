// SPDX-License-Identifier: GPL-2.0
/*
 * `lastref run`, whole, with a fake machine: what was foretold and came is 0;
 * what came otherwise is 1, in either direction; what the harness could not do is
 * 3; and however it is stopped, no process is left.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "fake_tree.h"
#include "kt.h"
#include "ktap.h"
#include "result.h"
#include "spawn.h"

#define HEAD(expect)	"[scenario]\nabout = a test\nexpect = " expect "\ntimeout = 3\n"
#define RIGHT		"torture = run=a pattern=listing_a time=1\ntorture = run=b pattern=listing_b\n"
#define BUSTED		"torture = run=x pattern=listing_b busted=listing_b:plain_inc\n"

static void make_scenarios(void)
{
	tree_text("vm-images/scenarios/right.scn",
		  HEAD("pass") "tour = yes\n[steps]\ndo = insmod reftorture\n" RIGHT "do = rmmod reftorture\n");
	tree_text("vm-images/scenarios/busted.scn", HEAD("caught")
		  "[steps]\nrepeat = 2\n" BUSTED "end = repeat\n");
	tree_text("vm-images/scenarios/splat.scn", HEAD("pass")
		  "splat = WARNING.*x.c:1\n[steps]\n" RIGHT);
	tree_text("vm-images/scenarios/crash.scn", HEAD("crash")
		  "signature = sysrq triggered crash\n[steps]\ndo = crash\n");
	tree_text("vm-images/scenarios/crash-midrun.scn", HEAD("crash")
		  "signature = sysrq triggered crash\n[steps]\n" RIGHT "do = crash\n" RIGHT);
	tree_text("vm-images/scenarios/self.scn", HEAD("pass") "[steps]\nselftest = one\n");
	tree_text("vm-images/scenarios/debug-only.scn", HEAD("pass")
		  "kernels = debug\n[steps]\n" RIGHT);
	tree_text("build/selftests/lastref/one", "a program");
}

/* A scenario, an outcome, the exit code, words that must be said. */
static const struct {
	const char *scenario, *fake;
	int code;
	const char *words;
} trials[] = {
	{ "right", "as-foretold", 0, "PASS: everything" },
	{ "busted", "as-foretold", 0, "2/2" },
	{ "splat", "warn", 0, "PASS: everything" },
	{ "crash", "as-foretold", 0, "PASS: everything" },
	{ "self", "as-foretold", 0, "PASS: everything" },
	/* A right form that does not hold, or a result that proves nothing. */
	{ "right", "fail", 1, "foretold: passed; what came: failed" },
	{ "right", "half", 1, "right" },
	{ "right", "contradict", 1, "foretold: passed; what came: failed" },
	{ "right", "warn", 1, "kernel/x.c:1" },
	{ "right", "panic", 1, "Fatal exception" },
	{ "right", "silent", 1, "no answer" },
	{ "right", "refuse", 1, "there is no nonsense" },
	{ "right", "endless", 1, "after its time was over" },
	/* A broken form that goes unnoticed. */
	{ "busted", "miss", 1, "foretold: caught; what came: missed" },
	{ "busted", "contradict", 1, "foretold: caught; what came: missed" },
	{ "busted", "half", 1, "busted" },
	{ "busted", "fail", 0, "2/2" },
	{ "busted", "panic", 1, "Fatal exception" },
	/* A complaint, or a crash, that does not come, or another one. */
	{ "splat", "as-foretold", 1, "splat" },
	{ "crash", "survive", 1, "lives on" },
	{ "crash", "other-crash", 1, "Attempted to kill init" },
	{ "crash-midrun", "as-foretold", 0, "PASS: everything" },
	{ "crash-midrun", "other-crash", 1, "Attempted to kill init" },
	/* The host's fault. */
	{ "right", "die", 3, "ERROR" },
};

static void outcomes(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(trials); i++) {
		char line[200];
		int code;

		snprintf(line, sizeof(line), "run %s --accel tcg --kernel 6.12 --no-live",
			 trials[i].scenario);
		code = run(trials[i].fake, line);
		kt_check(code == trials[i].code, "%s, %s: exit %d, not %d:\n%s",
			 trials[i].scenario, trials[i].fake, code, trials[i].code, output);
		kt_check(strstr(output, trials[i].words), "%s, %s: no \"%s\" in:\n%s",
			 trials[i].scenario, trials[i].fake, trials[i].words, output);
	}
}

#define ANY	(-1)	/* depends on what this machine has */

static const struct {
	const char *line;
	int code;
	const char *words;
} usages[] = {
	{ "", 2, "usage: lastref COMMAND" },
	{ "--help", 0, "Commands:" },
	{ "--version", 0, "lastref " },
	{ "rnu", 2, "did you mean \"run\"" },
	{ "run rihgt", 2, "there is no scenario \"rihgt\": did you mean \"right\"" },
	{ "run --kernel 6.21", 2, "there is no kernel \"6.21\": did you mean \"6.12\"" },
	{ "run --kernel /nonexistent", 2, "No such file" },
	{ "run ./nonexistent.scn", 2, "No such file" },
	{ "run --sede 1", 2, "did you mean --seed" },
	{ "run --help", 0, "Examples:" },
	{ "run right --accel tcg --kernel broken", 3, "prepare broken failed" },
	{ "run right --accel tcg --qemu /nonexistent", 3, "there is no /nonexistent" },
	{ "run right --accel tcg --results /dev/null/x", 3, "--results" },
	{ "run debug-only --accel tcg --kernel 6.12", 3, "NOT RUN" },
	{ "run debug-only --accel tcg", 0, "PASS" },
	{ "list", 0, "* right" },
	{ "list --json", 0, "\"name\": \"right\"" },
	{ "doctor --accel tcg", ANY, "kernel 6.12        fake: fetched or built when first used" },
	{ "doctor --accel tcg --qemu /nonexistent", 3, "MISSING  qemu" },
	{ "shell --accel tcg", 0, "ok 1 a selftest" },
	{ "shell --accel tcg --kernel broken", 3, "prepare broken failed" },
	{ "tally", 2, "tally wants files" },
	{ "tally /nonexistent", 1, "0 passed, 1 failed, 0 skipped" },
};

static void usage(void)
{
	size_t i;
	int code;

	for (i = 0; i < ARRAY_SIZE(usages); i++) {
		code = run("as-foretold", usages[i].line);
		kt_check(code == usages[i].code || usages[i].code == ANY, "lastref %s: exit %d, not %d:\n%s",
			 usages[i].line, code, usages[i].code, output);
		kt_check(strstr(output, usages[i].words), "lastref %s: no \"%s\" in:\n%s",
			 usages[i].line, usages[i].words, output);
	}
}

/* Everything that a run leaves is there and agrees with itself. */
static void what_is_kept(void)
{
	static const char *const files[] = {
		"command", "result.json", "junit.xml", "summary.txt", "summary.md", "report.html", "result.ktap",
		"right/console.log", "right/agent.log", "right/result.ktap", "right/stats.txt",
		"right/histograms.txt", "right/qemu.cmd", "right/result.json", "busted/failures.txt",
	};
	struct tour_result t;
	struct errbuf err;
	char path[4096];
	size_t i;

	kt_check(!run("as-foretold", "run right busted --jobs 2 --accel tcg --repeat 3 --seed 7"), "%s",
		 output);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		/* "right" has no repeat block: --repeat gives it three machines. */
		const char *name = strncmp(files[i], "right/", 6) ? files[i] : files[i] + 6;

		snprintf(path, sizeof(path), "%s/tree/results/latest/%s%s", fake_dir(),
			 name == files[i] ? "" : "right-2/", name);
		kt_check(!access(path, R_OK), "%s is not there", path);
	}
	snprintf(path, sizeof(path), "%s/tree/results/latest/initrd.gz", fake_dir());
	kt_check(access(path, R_OK), "%s is still there", path);
	snprintf(path, sizeof(path), "%s/tree/results/latest/result.json", fake_dir());
	if (!kt_check(!tour_load(&t, path, &err), "%s", err.text))
		return;
	kt_check(t.cases[0].seed == 7 && t.cases[2].seed == 9, "each machine has its seed");
	kt_check(t.cases[0].runs[0].nr_samples > 0, "no samples");
	kt_check(t.nr_cases == 4 && t.seed == 7 && t.exit_code == 0, "%zu cases", t.nr_cases);
	kt_check(t.cases[3].nr_runs == 3 && t.cases[3].runs[2].round == 3, "rounds");
	kt_check(t.cases[3].runs[0].caught_ms == 132 &&
		 !strcmp(t.cases[3].runs[0].caught_by, "from_zero"), "caught");
	kt_check(t.cases[0].runs[0].seed != t.cases[1].runs[0].seed &&
		 t.cases[3].runs[0].seed != t.cases[3].runs[1].seed, "seeds differ");
	kt_check(strstr(t.cases[1].again, "run right --kernel 6.12 --seed 8"), "%s",
		 t.cases[1].again);
	tour_free(&t);
	snprintf(path, sizeof(path), "tally %s/tree/results/latest/result.ktap", fake_dir());
	kt_check(!run("as-foretold", path) && strstr(output, "22 passed, 0 failed, 9 skipped"), "%s",
		 output);
}

/* The same seed gives the same runs, alone or among others. */
static void seeds_repeat(void)
{
	uint64_t seeds[2] = { 0 };
	struct tour_result t;
	struct errbuf err;
	char path[4096];
	int i;

	snprintf(path, sizeof(path), "%s/tree/results/latest/result.json", fake_dir());
	for (i = 0; i < 2; i++) {
		run("as-foretold", i ? "run busted --accel tcg --seed 9" :
		    "run right busted --accel tcg --seed 9");
		if (!kt_check(!tour_load(&t, path, &err), "%s", err.text))
			return;
		seeds[i] = t.cases[t.nr_cases - 1].runs[1].seed;
		tour_free(&t);
	}
	kt_check(seeds[0] && seeds[0] == seeds[1], "%llu, %llu", (unsigned long long)seeds[0],
		 (unsigned long long)seeds[1]);
}

/* A broken form is to be caught in time, and time is what a slow machine has more of. */
static void slow_machine(void)
{
	kt_check(!run("slow", "run right busted --accel tcg"), "%s", output);
	kt_check(file_has("tree/results/latest/busted/agent.log", ":plain_inc time=40 "),
		 "its time is not four times as long");
	kt_check(file_has("tree/results/latest/right/agent.log", "flavor=rcu time=1 "),
		 "a right form's is not as it was");
}

/* Whether all children, also orphans that became ours, are gone within @ms. */
static bool all_gone(long ms)
{
	for (; ms > 0; ms -= 10) {
		if (waitpid(-1, NULL, WNOHANG) < 0)
			return true;
		sleep_ms(10);
	}
	return false;
}

/* SIGINT after a while: 130, soon, and nobody is left. */
static void interrupt_run(const char *fake, const char *line, const char *words)
{
	struct timespec before, after;
	struct tour_result t;
	struct errbuf err;
	char path[4096];
	pid_t pid;
	int code;

	unlink(output_path());
	pid = spawn(fake, line);
	wait_for_words(words);
	clock_gettime(CLOCK_MONOTONIC, &before);
	kill(pid, SIGINT);
	code = finish(pid);
	clock_gettime(CLOCK_MONOTONIC, &after);
	kt_check(code == 130, "%s: exit %d:\n%s", line, code, output);
	kt_check(after.tv_sec - before.tv_sec < 8, "%s: it took %ld s", line,
		 after.tv_sec - before.tv_sec);
	kt_check(waitpid(-1, NULL, WNOHANG) < 0, "%s: a process is left", line);
	kt_check(strstr(output, "INTERRUPTED"), "%s", output);
	snprintf(path, sizeof(path), "%s/tree/results/latest/result.json", fake_dir());
	if (kt_check(!tour_load(&t, path, &err), "%s", err.text)) {
		kt_check(t.interrupted && t.nr_cases >= 1, "result.json");
		kt_check(t.cases[0].status != STATUS_PASS, "an interrupted case has not passed");
		tour_free(&t);
	}
}

static void by_sigint(void)
{
	interrupt_run("endless", "run right busted --jobs 2 --time 60 --accel tcg", ": running;");
}

/* A worker that waits for its guest does not hear: it is killed. */
static void by_sigint_while_deaf(void)
{
	interrupt_run("hang", "run self --accel tcg", "selftest one");
}

static void by_sigkill(void)
{
	unsigned int i;
	pid_t pid;

	for (i = 0; i < 12; i++) {
		pid = spawn("endless", "run right busted --jobs 2 --time 60 --accel tcg");
		sleep_ms(i * 60);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		kt_check(all_gone(5000), "killed after %u ms: a process is left", i * 60);
	}
}

static const struct kt_case cases[] = {
	{ "exit status and verdict of each outcome", outcomes },
	{ "usage", usage },
	{ "what is kept", what_is_kept },
	{ "a seed repeats a run", seeds_repeat },
	{ "a slow machine has more time to catch", slow_machine },
	{ "SIGINT: a clean end, partial results", by_sigint },
	{ "SIGINT while nobody listens", by_sigint_while_deaf },
	{ "SIGKILL: nothing is left", by_sigkill },
};

int main(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	tree_make();
	make_scenarios();
	return kt_run(cases, ARRAY_SIZE(cases));
}
