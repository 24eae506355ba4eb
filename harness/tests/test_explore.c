// SPDX-License-Identifier: GPL-2.0
/*
 * `lastref explore`, whole, with fake machines that can be cloned: what it counts, what
 * it keeps of the first case of each kind, and that an interrupt leaves nothing.
 */
#include <glob.h>
#include <jansson.h>
#include <sys/prctl.h>

#include "fake_tree.h"
#include "kt.h"
#include "leftover.h"
#include "spawn.h"

#define HEAD(expect)	"[scenario]\nabout = a test\nexpect = " expect "\nfresh = yes\ntimeout = 3\n"
#define EXPLORE(name)	"explore " name " --accel tcg --seed 3 --jobs 2 --budget 2"

static const char *in_results(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/tree/results/%s", fake_dir(), name);
	return path;
}

static size_t count(const char *pattern)
{
	glob_t found = { .gl_pathc = 0 };
	size_t n = glob(in_results(pattern), 0, NULL, &found) ? 0 : found.gl_pathc;

	globfree(&found);
	return n;
}

static void has(const char *words)
{
	kt_check(strstr(output, words), "no \"%s\" in:\n%s", words, output);
}

static void crashes(void)
{
	json_t *all, *finding;
	const char *dir;

	kt_check(run("as-foretold", EXPLORE("crash")) == 1, "%s", output);
	has("crash: Kernel panic - not syncing: sysrq triggered crash");
	has("100 % [");
	kt_check(!strstr(output, "hang"), "a column of what never came:\n%s", output);
	has("lastref run crash --kernel 6.12");
	kt_check(count("latest/case-*") == 1, "%zu cases are kept", count("latest/case-*"));
	kt_check(count("latest/case-*/memory.kdump") == 1 && count("latest/crashes/*") == 1,
		 "the memory of the first is not kept, or more than that");
	all = json_load_file(in_results("latest/explore.json"), 0, NULL);
	finding = json_array_get(json_object_get(all, "findings"), 0);
	dir = json_string_value(json_object_get(finding, "dir"));
	kt_check(dir && !access(dir, F_OK), "the directory of the first is not there: %s",
		 dir ? dir : "");
	json_decref(all);
}

static void clean(void)
{
	kt_check(run("as-foretold", EXPLORE("right")) == 0, "%s", output);
	has("Nothing failed.");
	has("0 % [");
	kt_check(!count("latest/case-*") && !count("latest/crashes"), "something is left");
}

static void varied(void)
{
	static const char *const machines[] = {
		"as it is ", "4 CPUs ", "preempt=none ", "preempt=full ", "expedited ",
	};
	json_t *all;
	size_t i;

	kt_check(run("as-foretold", EXPLORE("crash") " --vary") == 1, "%s", output);
	for (i = 0; i < ARRAY_SIZE(machines); i++)
		has(machines[i]);
	all = json_load_file(in_results("latest/explore.json"), 0, NULL);
	kt_check(json_array_size(json_object_get(all, "machines")) == ARRAY_SIZE(machines),
		 "explore.json has others");
	json_decref(all);
}

/* 130, soon, and nothing is left but what was found. */
static void interrupt(const char *line, const char *words, int signal)
{
	time_t before;
	pid_t pid;
	int code;

	unlink(output_path());
	pid = spawn("silent", line);
	wait_for_words(words);
	sleep_ms(700);
	before = time(NULL);
	kill(pid, signal);
	code = finish(pid);
	kt_check(code == 130, "%s: exit %d:\n%s", line, code, output);
	kt_check(time(NULL) - before < 8, "%s: it took %ld s", line, time(NULL) - before);
	kt_check(!wait_for_all(5000), "%s: a process is left", line);
	kt_check(!count("latest/initrd*") && !count("latest/case-*"), "%s: a case is left", line);
}

static void interrupted(void)
{
	char line[200];

	interrupt("explore right --accel tcg --seed 3 --jobs 2 --budget 60", "exploring", SIGTERM);
	interrupt("explore right --accel tcg --seed 3 --jobs 2 --budget 60", "exploring", SIGINT);
	snprintf(line, sizeof(line), "%s/cache/clones/*.part", fake_dir());
	kt_check(glob(line, 0, NULL, &(glob_t){ 0 }) == GLOB_NOMATCH, "half a snapshot is left");
}

static const struct kt_case cases[] = {
	{ "a crash: how often, and what is kept", crashes },
	{ "nothing fails, nothing is kept", clean },
	{ "on five kinds of machine", varied },
	{ "interrupted", interrupted },
};

int main(void)
{
	fake_dir();
	tree_make();
	tree_text("vm-images/scenarios/right.scn", HEAD("pass")
		  "[steps]\ntorture = run=a pattern=listing_a time=1\n");
	tree_text("vm-images/scenarios/crash.scn", HEAD("crash")
		  "signature = sysrq triggered crash\n[steps]\ndo = crash\n");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return kt_run(cases, ARRAY_SIZE(cases));
}
