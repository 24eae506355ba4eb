// SPDX-License-Identifier: GPL-2.0
/*
 * The matrix: what its file may say, which cells a word chooses, and that no
 * cell is lost: not those of a kernel that cannot be had, nor of modules that do
 * not build, nor of a host that cannot be reached.
 */
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_tree.h"
#include "kt.h"
#include "leftover.h"
#include "matrix.h"
#include "paths.h"
#include "result.h"

static char output[65536];
static struct errbuf err;

static const char *in_tree(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/tree/%s", fake_dir(), name);
	return path;
}

/* lastref with these words, in the fake tree; its output is kept. */
static int run(const char *words)
{
	char command[5000], lastref[4096];
	FILE *out;
	size_t n;
	int status;

	snprintf(lastref, sizeof(lastref), "%s", fake_qemu());
	strcpy(strrchr(lastref, '/') + 1, "../lastref");
	snprintf(command, sizeof(command), "%s %s 2>&1 </dev/null", lastref, words);
	out = popen(command, "r");
	n = out ? fread(output, 1, sizeof(output) - 1, out) : 0;
	output[n] = '\0';
	status = out ? pclose(out) : -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define SCENARIO	"[scenario]\nabout = a test\nexpect = pass\ntimeout = 3\n[steps]\n" \
			"torture = run=a pattern=listing_a time=1\n"
#define MATRIX								\
	"[default]\nabout = as it is\nkernels = 6.12 debug missing\n"	\
	"scenarios = right other\ntime = 1\n"				\
	"[fast]\nboot = rcupdate.rcu_expedited=1\nkernels = 6.12 broken\n" \
	"scenarios = right\n"

static void make_tree(void)
{
	tree_make();
	tree_text("vm-images/kernels.conf",
		  "[6.12]\nabout = a\n[debug]\nabout = b\n[broken]\nabout = c\n[missing]\nabout = d\n");
	tree_text("vm-images/scenarios/right.scn", SCENARIO);
	tree_text("vm-images/scenarios/other.scn", SCENARIO);
	tree_text("scripts/try-kernel",
		  "#!/bin/sh\n[ \"$1\" = missing ] && echo \"apt knows no kernel\" || echo yes\n");
	tree_text("vm-images/matrix.conf", MATRIX);
	setenv("FAKE_TORTURE", "as-foretold", 1);
}

/* A file, and what must be said of it; NULL: it is in order. */
static const struct {
	const char *text, *words;
} files[] = {
	{ MATRIX, NULL },
	{ "[a]\nkernels = 6.12\nscenarios = right\n", NULL },
	{ "", "there is no [mode]" },
	{ "kernels = 6.12\n", ":1: kernels is in no [mode]" },
	{ "[a]\nkernels = 6.12\n", "[a] has no scenarios =" },
	{ "[a]\nscenarios = right\n", "[a] has no kernels =" },
	{ "[a]\nkernels = 6.12 6.21\nscenarios = right\n", "6.21: vm-images/kernels.conf has no" },
	{ "[a]\nkernels = 6.12\nscenarios = rihgt\n", "rihgt: vm-images/scenarios has no" },
	{ "[a]\nkernel = 6.12\n", ":2: no key is called \"kernel\"" },
	{ "[a]\ntime = soon\n", ":2: time = soon" },
	{ "[a]\ntime = -1\n", ":2: time = -1" },
	{ "[a]\ngarbage\n", ":2: " },
	{ "[a\nkernels = 6.12\n", ":1: " },
};

static void check_files(void)
{
	struct library l;
	struct matrix m;
	size_t i;
	int ret;

	if (!kt_check(paths_root(&err) && !library_load(&l, &err), "%s", err.text))
		return;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		tree_text("odd.conf", files[i].text);
		strcpy(err.text, "");
		ret = matrix_load(&m, in_tree("odd.conf"), &l, &err);
		kt_check(!ret == !files[i].words, "%s: %s", files[i].text, err.text);
		kt_check(!ret || (strstr(err.text, files[i].words) && !m.modes), "%s: %s",
			 files[i].text, err.text);
		if (!ret)
			matrix_free(&m);
	}
	kt_check(matrix_load(&m, "/nonexistent", &l, &err) && strstr(err.text, "No such file"),
		 "%s", err.text);
	library_free(&l);
}

/* The file that is there must be in order too. */
static void own_conf(void)
{
	int code;

	unsetenv("LASTREF_ROOT");
	code = run("matrix --list");
	setenv("LASTREF_ROOT", in_tree("."), 1);
	kt_check(!code && strstr(output, "6.12-rt+expedited"), "exit %d: %s", code, output);
}

static const struct {
	const char *words, *says;
	int code;
} choices[] = {
	{ "matrix --list", "8 cells in 5 groups", 0 },
	{ "matrix --list 6.12", "3 cells in 2 groups", 0 },
	{ "matrix --list fast", "2 cells in 2 groups", 0 },
	{ "matrix --list 6.12+fast", "1 cells in 1 groups", 0 },
	{ "matrix --list 6.12+default", "2 cells in 1 groups", 0 },
	{ "matrix --list default 6.12+fast", "7 cells in 4 groups", 0 },
	{ "matrix --list 6.21", "\"6.21\" names no kernel, mode", 2 },
	{ "matrix --list 6.12+slow", "names no kernel", 2 },
	{ "matrix --hosts /dev/null/x", "--hosts /dev/null/x cannot be read", 2 },
	{ "matrix --boot x", "matrix has no option --boot", 2 },
};

static void choose(void)
{
	size_t i;
	int code;

	for (i = 0; i < ARRAY_SIZE(choices); i++) {
		code = run(choices[i].words);
		kt_check(code == choices[i].code && strstr(output, choices[i].says), "%s: exit %d: %s",
			 choices[i].words, code, output);
	}
}

static void list_json(void)
{
	json_t *list, *group;

	kt_check(!run("matrix --list --json"), "%s", output);
	list = json_loads(output, 0, NULL);
	group = json_array_get(list, 3);
	kt_check(json_array_size(list) == 5 &&
		 !strcmp(json_string_value(json_object_get(group, "group")), "6.12+fast") &&
		 json_array_size(json_object_get(group, "scenarios")) == 1, "%s", output);
	json_decref(list);
}

static const struct case_result *find(const struct tour_result *t, const char *id)
{
	size_t i;

	for (i = 0; i < t->nr_cases; i++)
		if (!strcmp(t->cases[i].id, id))
			return &t->cases[i];
	return NULL;
}

static void check_case(const struct tour_result *t, const char *id, const char *status,
		       const char *why)
{
	const struct case_result *c = find(t, id);

	if (!kt_check(!!c, "%s is not there", id))
		return;
	kt_check(!strcmp(status_word(c), status) && strstr(c->why, why), "%s: %s, %s", id,
		 status_word(c), c->why);
}

static bool load(struct tour_result *t)
{
	return kt_check(!tour_load(t, in_tree("results/latest/result.json"), &err), "%s\n%s",
			err.text, output);
}

static void check_all(const struct tour_result *t)
{
	const struct case_result *c = find(t, "right@6.12+fast");

	kt_check(t->nr_cases == 8, "%zu cases", t->nr_cases);
	check_case(t, "right@6.12", "pass", "");
	check_case(t, "other@debug", "pass", "");
	check_case(t, "right@missing", "skipped", "apt knows no kernel");
	check_case(t, "other@missing", "skipped", "apt knows no kernel");
	check_case(t, "right@broken+fast", "FAIL", "prepare broken failed");
	check_case(t, "right@6.12+fast", "pass", "");
	kt_check(c && c->mode && !strcmp(c->mode, "fast") &&
		 strstr(c->again, "--boot 'rcupdate.rcu_expedited=1'"), "%s", c ? c->again : "");
	kt_check(!access(in_tree("results/latest/right@6.12+fast/console.log"), R_OK) &&
		 !access(in_tree("results/latest/report.html"), R_OK), "files are not there");
}

static void whole(void)
{
	struct tour_result t;
	int code = run("matrix --accel tcg --no-live --seed 7");

	kt_check(code == 1, "exit %d: %s", code, output);
	kt_check(strstr(output, "2 cases skipped: apt knows no kernel"), "%s", output);
	if (!load(&t))
		return;
	check_all(&t);
	tour_free(&t);
	/* A kernel that cannot be had is no failure, but nothing was tested either. */
	code = run("matrix missing --accel tcg --no-live");
	kt_check(code == 3 && strstr(output, "NOT RUN"), "exit %d: %s", code, output);
	code = run("matrix 6.12 missing --accel tcg --no-live");
	kt_check(code == 0 && strstr(output, "2 cases skipped"), "exit %d: %s", code, output);
}

static bool have_parallel(void)
{
	return !system("parallel --version 2>/dev/null | grep -q 'GNU parallel'");
}

/*
 * Two lanes on this machine, then one behind an ssh of our own, then none; all
 * without $SHELL, which not every environment has.
 */
static void spread(void)
{
	static const char *const hosts[] = { "2/:\n", "SSH one\nSSH two\n" };
	char text[9000], link[4096], words[5000];
	struct tour_result t;
	size_t i;
	int code;

	if (!have_parallel()) {
		kt_skip("there is no GNU parallel");
		return;
	}
	snprintf(link, sizeof(link), "%s", fake_qemu());
	strcpy(strrchr(link, '/') + 1, "../lastref");
	kt_check(!symlink(link, in_tree("build/lastref")), "symlink");
	unsetenv("SHELL");
	tree_text("ssh", "#!/bin/sh\nwhile [ \"${1#-}\" != \"$1\" ]; do shift; done\n"
		  "shift\n[ \"$1\" != -- ] || shift\ncd / && exec sh -c \"$*\"\n");
	snprintf(words, sizeof(words), "matrix --accel tcg --seed 7 --hosts %s", in_tree("hosts"));
	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		if (i)
			snprintf(text, sizeof(text), "1/%s one\n1/%s two\n", in_tree("ssh"),
				 in_tree("ssh"));
		tree_text("hosts", i ? text : hosts[i]);
		code = run(words);
		kt_check(code == 1, "%s: exit %d: %s", hosts[i], code, output);
		if (!load(&t))
			return;
		check_all(&t);
		tour_free(&t);
	}
	tree_text("hosts", "1/false nowhere\n");
	code = run(words);
	kt_check(code == 3, "exit %d: %s", code, output);
	if (!load(&t))
		return;
	kt_check(t.nr_cases == 8, "%zu cases", t.nr_cases);
	check_case(&t, "right@6.12+fast", "ERROR", "no result came back");
	tour_free(&t);
}

/* Two lanes, each with a cell that passes and one that has no end. */
#define ENDLESS								\
	"[default]\nabout = as it is\nkernels = 6.12 debug\n"		\
	"scenarios = quick other\n"					\
	"[fast]\nboot = x\nkernels = 6.12 debug\nscenarios = quick\n"

static pid_t start_spread(void)
{
	char lastref[4096];
	pid_t pid = fork();

	if (pid)
		return pid;
	snprintf(lastref, sizeof(lastref), "%s", in_tree("said"));
	if (!freopen(lastref, "w", stdout) || dup2(1, 2) < 0)
		_exit(127);
	snprintf(lastref, sizeof(lastref), "%s", in_tree("build/lastref"));
	execl(lastref, "lastref", "matrix", "--accel", "tcg", "--hosts", in_tree("hosts"), NULL);
	_exit(127);
}

/* Until both lanes are in the cell that has no end, or for a minute. */
static bool both_run(void)
{
	char command[5000];
	int i;

	snprintf(command, sizeof(command),
		 "test $(ls %s/build/matrix-parts/*/*/latest/other@*/agent.log 2>/dev/null | wc -l) = 2",
		 in_tree("."));
	for (i = 0; i < 600; i++) {
		if (!system(command))
			return true;
		usleep(100000);
	}
	return false;
}

static void check_interrupted(void)
{
	struct tour_result t;

	if (!load(&t))
		return;
	kt_check(t.interrupted && t.nr_cases == 6, "%zu cases", t.nr_cases);
	check_case(&t, "quick@6.12", "pass", "");
	check_case(&t, "quick@debug", "pass", "");
	check_case(&t, "other@6.12", "ERROR", "interrupted");
	check_case(&t, "quick@6.12+fast", "not run", "interrupted before its result came");
	tour_free(&t);
}

/* By SIGTERM: what came is kept, the rest is not passed, nobody is left. */
static void spread_interrupted(void)
{
	pid_t pid;
	int status = -1;

	if (!have_parallel()) {
		kt_skip("there is no GNU parallel");
		return;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	setenv("FAKE_TORTURE", "endless", 1);
	tree_text("vm-images/scenarios/quick.scn",
		  "[scenario]\nabout = a test\nexpect = pass\n[steps]\ndo = insmod reftorture\n");
	tree_text("vm-images/matrix.conf", ENDLESS);
	tree_text("hosts", "2/:\n");
	pid = start_spread();
	kt_check(both_run(), "the lanes do not run");
	kill(pid, SIGTERM);
	kt_check(waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
		 WEXITSTATUS(status) == 130, "status %#x", status);
	pid = wait_for_all(3000);
	kt_check(!pid, "process %d is left", pid);
	check_interrupted();
	kt_check(!rmdir(in_tree("build/matrix-parts")), "parts are left");
}

static const struct kt_case cases[] = {
	{ "what the file may say", check_files },
	{ "the file that is there", own_conf },
	{ "which cells a word chooses", choose },
	{ "the list as JSON", list_json },
	{ "no cell is lost", whole },
	{ "spread over lanes, over ssh, and over nothing", spread },
	{ "spread and interrupted", spread_interrupted },
};

int main(void)
{
	make_tree();
	return kt_run(cases, ARRAY_SIZE(cases));
}
