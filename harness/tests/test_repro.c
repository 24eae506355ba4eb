// SPDX-License-Identifier: GPL-2.0
/*
 * Schedules, searched for and done again, with a fake machine: what is a find, what is
 * kept of it, what is said when it comes again and when it does not, with a debugger
 * and recorded; and that an interrupt leaves nothing.
 */
#include <glob.h>
#include <sys/prctl.h>

#include "fake_tree.h"
#include "kt.h"
#include "leftover.h"
#include "spawn.h"

#define SCENARIO	"[scenario]\nabout = a test\nexpect = pass\ntimeout = 3\n[steps]\n" \
			"do = insmod reftorture\ndo = rmmod reftorture\n"
#define SEARCH		"explore alone --schedules --accel tcg --seed 3 --budget 1"

/* "2026-11-22-1/schedule-1", as the last search named it; "" if it found nothing. */
static char id[200];

static int search(const char *fake, const char *more)
{
	char line[200], *at;
	int code;

	snprintf(line, sizeof(line), SEARCH "%s", more);
	code = run(fake, line);
	at = strstr(output, "lastref repro ");
	snprintf(id, sizeof(id), "%.*s", at ? (int)strcspn(at + 14, "\n") : 0, at ? at + 14 : "");
	return code;
}

static int again(const char *fake, const char *more)
{
	char line[300];

	snprintf(line, sizeof(line), "repro %s%s", id, more);
	return run(fake, line);
}

/* How many paths below the results match. */
static size_t count(const char *pattern)
{
	glob_t found = { .gl_pathc = 0 };
	char path[4096];
	size_t n;

	snprintf(path, sizeof(path), "%s/tree/results/%s", fake_dir(), pattern);
	n = glob(path, 0, NULL, &found) ? 0 : found.gl_pathc;
	globfree(&found);
	return n;
}

static void has(const char *words)
{
	kt_check(strstr(output, words), "no \"%s\" in:\n%s", words, output);
}

static void found_and_kept(void)
{
	static const char *const files[] = {
		"repro.json", "initrd.gz", "console.log", "agent.log", "reftorture.ko",
		"crash.txt", "trace.txt", "memory.kdump",
	};
	char path[300];
	size_t i;

	kt_check(search("alone-crash", "") == 1, "%s", output);
	has("crash: text-gone in unknown text under rcu_do_batch");
	has("once more: bit-identical");
	has(" 1 kinds of failure");
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", id, files[i]);
		kt_check(count(path) == 1, "%s is not kept", path);
	}
	kt_check(count("latest/schedule-*") == 1, "more is kept than was found");
}

static void comes_again(void)
{
	search("alone-crash", "");
	kt_check(again("alone-crash", "") == 0, "%s", output);
	has("bit-identical: ");
	has("memory.kdump");
}

static void does_not_come_again(void)
{
	search("alone-crash", "");
	kt_check(again("alone-varies", "") == 1, "%s", output);
	has("diverged at console line 2");
	kt_check(again("alone-clean", "") == 1, "%s", output);
	kt_check(search("alone-varies", "") == 0 && !*id, "%s", output);
	has("not the same, not kept");
	kt_check(!count("latest/schedule-*"), "it was kept");
}

static void nothing_found(void)
{
	kt_check(search("alone-clean", "") == 0, "%s", output);
	has(" 0 kinds of failure");
	kt_check(!count("latest/schedule-*"), "something is left");
}

static void with_a_debugger(void)
{
	search("alone-crash", "");
	kt_check(again("alone-crash", " --gdb") == 0, "%s", output);
	has("gdb -x ");
	has("break *0xffffffffc0201010");
	has("bit-identical");
	kt_check(count("*/attach.gdb") == 1 && !count("*/gdb.sock"), "its files");
}

static void recorded(void)
{
	search("alone-crash", "");
	kt_check(again("alone-crash", " --rr") == 2, "2 CPUs: %s", output);
	has("--smp 1");
	search("alone-crash", " --smp 1");
	kt_check(again("alone-crash", " --rr") == 0, "%s", output);
	has("bit-identical to the record");
	kt_check(again("alone-varies", " --rr --gdb") == 1, "%s", output);
	has("reverse-stepi");
	has("NOT the same");
	kt_check(!count("*/rr.*"), "the record is left");
}

/* 130, soon, and neither a process nor half a find is left. */
static void interrupt(const char *line, const char *words, int signal)
{
	time_t before;
	pid_t pid;
	int code;

	unlink(output_path());
	pid = spawn("silent", line);
	wait_for_words(words);
	sleep_ms(200);
	before = time(NULL);
	kill(pid, signal);
	code = finish(pid);
	kt_check(code == 130, "%s: exit %d:\n%s", line, code, output);
	kt_check(time(NULL) - before < 5, "%s: it took %ld s", line, time(NULL) - before);
	kt_check(!wait_for_all(5000), "%s: a process is left", line);
}

static void interrupted(void)
{
	char line[300];

	interrupt(SEARCH, "searching", SIGTERM);
	kt_check(!count("latest/schedule-*"), "half a find is left");
	interrupt(SEARCH, "searching", SIGINT);
	search("alone-crash", "");
	snprintf(line, sizeof(line), "repro %s --gdb", id);
	interrupt(line, "gdb -x", SIGTERM);
	kt_check(!count("*/gdb.sock"), "the socket is left");
	search("alone-crash", " --smp 1");
	snprintf(line, sizeof(line), "repro %s --rr", id);
	interrupt(line, "", SIGINT);
	kt_check(!count("*/rr.*"), "the record is left");
}

static const struct kt_case cases[] = {
	{ "a schedule is found, done twice and kept", found_and_kept },
	{ "it comes again, bit by bit", comes_again },
	{ "it does not come again", does_not_come_again },
	{ "nothing is found", nothing_found },
	{ "with a debugger", with_a_debugger },
	{ "recorded and replayed", recorded },
	{ "interrupted", interrupted },
};

int main(void)
{
	fake_dir();
	tree_make();
	tree_text("vm-images/scenarios/alone.scn", SCENARIO);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return kt_run(cases, ARRAY_SIZE(cases));
}
