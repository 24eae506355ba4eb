// SPDX-License-Identifier: GPL-2.0
/*
 * `lastref bench watch`, whole, with a fake machine: a checker that is there and has
 * not seen the posts costs nothing, and the bench must say that rather than a ratio.
 */
#include "fake_tree.h"
#include "kt.h"
#include "spawn.h"

#define COUNTED	"module=deferscale state=live known=all posted=1000 pending=0 missed=0"

/* What unloadcheck says of its modules (NULL: it does not load), and what comes of it. */
static const struct {
	const char *what, *seen;
	int code;
	const char *words;
} trials[] = {
	{ "the posts are counted", COUNTED, 0, "watched" },
	{ "no post is", "module=deferscale state=live known=all posted=0 pending=0 missed=0",
	  3, "it did not watch" },
	{ "those of another module are", "module=rcudefer state=live known=all posted=9 pending=0",
	  3, "it did not watch" },
	{ "nothing is watched", "", 3, "it did not watch" },
	{ "nobody watches", NULL, 3, "insmod unloadcheck: No such file" },
};

static void tried(void)
{
	size_t i;
	int code;

	for (i = 0; i < ARRAY_SIZE(trials); i++) {
		if (trials[i].seen)
			setenv("FAKE_SEEN", trials[i].seen, 1);
		else
			unsetenv("FAKE_SEEN");
		code = run("", "bench watch --rounds 1 --accel tcg --kernel 6.12");
		kt_check(code == trials[i].code, "%s: exit %d, not %d:\n%s", trials[i].what, code,
			 trials[i].code, output);
		kt_check(strstr(output, trials[i].words), "%s: no \"%s\" in:\n%s",
			 trials[i].what, trials[i].words, output);
	}
}

/* No figure of a bench that was refused is kept, where somebody may take it for one. */
static void nothing_is_kept(void)
{
	char path[4096];

	setenv("FAKE_SEEN", COUNTED, 1);
	run("", "bench watch --rounds 1 --accel tcg --kernel 6.12");
	snprintf(path, sizeof(path), "%s/tree/results/latest/bench-watch.json", fake_dir());
	kt_check(!access(path, R_OK), "no %s", path);
	unlink(path);
	setenv("FAKE_SEEN", "", 1);
	run("", "bench watch --rounds 1 --accel tcg --kernel 6.12");
	kt_check(access(path, F_OK), "there is a %s", path);
}

static const struct kt_case cases[] = {
	{ "a watch that sees nothing is refused", tried },
	{ "and leaves no figures", nothing_is_kept },
};

int main(void)
{
	tree_make();
	setenv("LASTREF_QEMU", fake_qemu(), 1);
	setenv("FAKE_QEMU", "scale", 1);
	return kt_run(cases, ARRAY_SIZE(cases));
}
