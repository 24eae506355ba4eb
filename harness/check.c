// SPDX-License-Identifier: GPL-2.0
/*
 * A cycle: load all in order, exercise, unload in reverse order, read the verdicts.
 *
 * What the modules depend on is unloaded too, so that a callback of theirs that is
 * still pending is seen; but only what was asked for by name is judged.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "scan_rules.h"

#define CHECKER		"unloadcheck"
#define DEBUGFS		"/sys/kernel/debug/" CHECKER
#define LOAD_S		30
#define UNLOAD_S	60
#define EXERCISE_S	120
#define READ_S		20

/* What one machine needs while it is at work. */
struct attempt {
	struct check *c;
	struct rig rig;
	struct check_mode *mode;
	char *dir;
};

const struct module_item *check_target(const struct check *c)
{
	return &c->modules.items[c->modules.target];
}

/* The first word stays: what comes later is its consequence. Always -1. */
__printf(3, 4)
static int stop(struct check *c, enum check_outcome outcome, const char *fmt, ...)
{
	va_list ap;

	if (c->outcome != CHECK_CLEAN)
		return -1;
	c->outcome = outcome;
	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	return -1;
}

/*
 * A command failed: is the machine still there to tell why? What took it down, or does not
 * come back, is unsafe; an errno is for the caller, whose words are given.
 */
static int went_wrong(struct attempt *a, int ret, const char *doing, const char *words)
{
	const struct unload_mode *mode = a->mode->mode;

	if (ret == -ETIMEDOUT)
		return stop(a->c, CHECK_UNSAFE, "%s did not come to an end (%s mode)", doing,
			    mode->name);
	if (ret < 0)
		return stop(a->c, CHECK_UNSAFE, "the machine went down (%s mode), %s: %s",
			    mode->name, doing, vm_end_reason(a->rig.vm));
	return stop(a->c, CHECK_NOT_DONE, "%s failed: %s", doing, words);
}

static bool is_judged(const struct check *c, const char *module)
{
	size_t i;

	for (i = 0; i < c->modules.count; i++)
		if (!strcmp(c->modules.items[i].file.name, module))
			return c->modules.items[i].asked;
	return false;
}

static int judge(struct attempt *a, const struct unload_verdict *v)
{
	struct check_mode *m = a->mode;
	struct check *c = a->c;

	/* The text of its init goes while it lives: no unload, but not to be passed over. */
	if (!strcmp(v->phase, "init_text") && v->ruling == RULING_CLEAN)
		return 0;
	m->rulings[v->ruling]++;
	m->posted += v->posted;
	m->pending += v->pending;
	if (v->ruling == RULING_CLEAN)
		return 0;
	free(c->evidence);
	c->evidence = strdup(v->details);
	return stop(c, CHECK_UNSAFE, "%s is not safe to unload: %s in %s mode, %llu of %llu callbacks pending, %llu behind no barrier%s: %s",
		    v->module, unload_ruling_name(v->ruling), m->mode->name,
		    (unsigned long long)v->pending, (unsigned long long)v->posted,
		    (unsigned long long)v->uncovered, v->sure ? "" : " (not sure: some were missed)",
		    v->why);
}

/* Whether there must be one. */
static int read_verdicts(struct attempt *a, bool wanted)
{
	struct textbuf text = { 0 };
	struct unload_verdict *list;
	int ret = rig_command(&a->rig, READ_S, &text, "cat " DEBUGFS "/verdicts");
	char *all = textbuf_take(&text);
	size_t count, i;
	bool bad;

	if (ret) {
		free(all);
		return went_wrong(a, ret, "reading the verdicts", vm_status_text(a->rig.vm));
	}
	list = unload_verdicts(all, &count, &bad);
	free(all);
	if (bad)
		ret = stop(a->c, CHECK_NOT_DONE, "a verdict of " CHECKER " cannot be read: build the modules and the harness from one tree");
	for (i = 0; i < count; i++)
		if (is_judged(a->c, list[i].module) && judge(a, &list[i]))
			ret = -1;
	unload_verdicts_free(list, count);
	if (!ret && !count && wanted)
		return stop(a->c, CHECK_NOT_DONE, CHECKER " gave no verdict");
	return ret ? ret : rig_command(&a->rig, READ_S, NULL,
				       "write " DEBUGFS "/config clear=verdicts");
}

/* A module whose init failed is judged too: its exit function never ran. */
static int load(struct attempt *a, const struct module_item *item)
{
	const char *parameters = item == check_target(a->c) ? a->c->parameters : "";
	int ret = rig_insmod(&a->rig, LOAD_S, item->guest, parameters);
	char doing[96], words[256];

	if (!ret || (ret > 0 && item->soft && !item->asked))
		return 0;
	/* In use when it should have gone, a loop device's for one: it is there still. */
	if (ret == EEXIST && !item->asked)
		return 0;
	snprintf(words, sizeof(words), "%s", vm_status_text(a->rig.vm));
	snprintf(doing, sizeof(doing), "loading %s", item->file.name);
	if (ret > 0)
		read_verdicts(a, false);
	return went_wrong(a, ret, doing, words);
}

static int unload(struct attempt *a, const struct module_item *item)
{
	int ret = rig_rmmod(&a->rig, UNLOAD_S, item->file.name);
	char doing[96];

	/* What others still use, or cannot be unloaded, was not asked about. */
	if (!ret || (ret > 0 && !item->asked))
		return 0;
	snprintf(doing, sizeof(doing), "unloading %s", item->file.name);
	return went_wrong(a, ret, doing, vm_status_text(a->rig.vm));
}

static void keep_output(struct attempt *a, const char *text)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/exercise.log", a->dir);
	out = fopen(path, "a");
	if (out)
		fprintf(out, "%s", text);
	if (!out || fclose(out))
		stop(a->c, CHECK_NOT_DONE, "%s: %s", path, strerror(errno));
}

static int run_exercise(struct attempt *a)
{
	struct textbuf out = { 0 };
	char words[64], *text;
	int ret;

	if (!a->c->exercise)
		return 0;
	ret = rig_command(&a->rig, EXERCISE_S + 20, &out, "run -t %d /bin/sh " GUEST_SCRIPT " %s",
			  EXERCISE_S, check_target(a->c)->file.name);
	text = textbuf_take(&out);
	keep_output(a, text);
	free(text);
	snprintf(words, sizeof(words), "its status is %d, see exercise.log", ret);
	return ret ? went_wrong(a, ret, "the exercise", words) : 0;
}

/* The kernel may complain and live on; that is no clean unload either. */
static int heed_kernel(struct attempt *a)
{
	const struct splat *splat = splat_worst(a->rig.splats);

	if (!splat)
		return 0;
	return stop(a->c, CHECK_UNSAFE, "the kernel complains (%s mode): %s",
		    a->mode->mode->name, splat->headline);
}

static int cycle(struct attempt *a)
{
	const struct module_set *set = &a->c->modules;
	size_t i;

	for (i = 0; i < set->count; i++)
		if (load(a, &set->items[i]))
			return -1;
	if (run_exercise(a))
		return -1;
	while (i)
		if (unload(a, &set->items[--i]))
			return -1;
	a->mode->cycles++;
	return read_verdicts(a, true) || heed_kernel(a) ? -1 : 0;
}

static int cycles(struct attempt *a)
{
	unsigned int i;
	int ret = unload_mode_set(&a->rig, a->mode->mode);

	if (ret)
		return went_wrong(a, ret, "setting the mode", vm_status_text(a->rig.vm));
	/* It takes a while: who waits is told. */
	fprintf(stderr, "%s: %s mode\n", check_target(a->c)->file.name, a->mode->mode->name);
	for (i = 0; i < a->c->cycles; i++)
		if (cycle(a))
			return -1;
	return 0;
}

/* What the machine's end adds: its report, and where to read on. */
static void conclude(struct attempt *a)
{
	struct check *c = a->c;
	char *report;

	rig_end(&a->rig);
	heed_kernel(a);
	if (c->outcome == CHECK_CLEAN)
		return;
	report = rig_report(&a->rig);
	if (report && !c->evidence)
		c->evidence = report;
	else
		free(report);
	c->ended_in = strdup(a->dir);
	c->left = a->rig.left;
}

static int boot(struct attempt *a)
{
	const struct check *c = a->c;
	struct guest_file *files = calloc(c->modules.count + 1, sizeof(*files));
	struct rig_config config = {
		.kernel = c->kernel, .options = c->options, .qemu = c->qemu, .dir = a->dir,
		.boot = a->mode->mode->boot, .files = files,
	};
	struct errbuf err;
	size_t i;
	int ret;

	if (!files)
		return stop(a->c, CHECK_NOT_DONE, "out of memory");
	for (i = 0; i < c->modules.count; i++)
		files[i] = (struct guest_file){
			c->modules.items[i].guest, c->modules.items[i].host, 0644,
		};
	if (c->exercise)
		files[i++] = (struct guest_file){ GUEST_SCRIPT, c->exercise, 0755 };
	config.nr_files = i;
	ret = rig_boot(&a->rig, &config, &err);
	free(files);
	if (ret)
		return stop(a->c, CHECK_NOT_DONE, "%s", err.text);
	for (i = 0; i < c->modules.count; i++)
		symbols_add_module(a->rig.symbols, c->modules.items[i].file.name,
				   c->modules.items[i].host, &err);
	return 0;
}

/* One machine, and in it every mode that boots with the same arguments. */
static void use_machine(struct check *c, size_t first)
{
	struct attempt a = { .c = c, .mode = &c->modes[first] };
	size_t i;
	int ret;

	if (asprintf(&a.dir, "%s/%s", c->dir, unload_modes[first].name) < 0 || boot(&a))
		goto out;
	ret = rig_insmod(&a.rig, LOAD_S, CHECKER, "");
	if (ret)
		stop(c, CHECK_NOT_DONE, "loading " CHECKER " failed: %s",
		     ret > 0 ? vm_status_text(a.rig.vm) : vm_end_reason(a.rig.vm));
	for (i = first; i < NR_UNLOAD_MODES && c->outcome == CHECK_CLEAN; i++) {
		a.mode = &c->modes[i];
		if (a.mode->lacks || strcmp(unload_modes[i].boot, unload_modes[first].boot))
			continue;
		if (cycles(&a))
			break;
	}
	conclude(&a);
	rig_free(&a.rig);
out:
	free(a.dir);
}

uint64_t check_posted(const struct check *c)
{
	uint64_t posted = 0;
	size_t i;

	for (i = 0; i < NR_UNLOAD_MODES; i++)
		posted += c->modes[i].posted;
	return posted;
}

/* Without a post nothing was shown, unless there is none that it could make. */
static void doubt(struct check *c)
{
	struct scan_result scan;

	if (check_posted(c) || c->outcome != CHECK_CLEAN)
		return;
	scan_judge(&check_target(c)->file, &scan);
	if (scan.nr_posts)
		stop(c, CHECK_NOT_SHOWN, "nothing was shown: %s can post with %s(), and never did: name a script with --exercise that makes it",
		     check_target(c)->file.name, scan.posts[0]->name);
}

void check_run(struct check *c)
{
	size_t i, j;

	for (i = 0; i < NR_UNLOAD_MODES; i++) {
		c->modes[i].mode = &unload_modes[i];
		c->modes[i].lacks = unload_mode_lacks(&unload_modes[i], c->kernel);
	}
	for (i = 0; i < NR_UNLOAD_MODES && c->outcome == CHECK_CLEAN; i++) {
		for (j = 0; j < i && strcmp(unload_modes[j].boot, unload_modes[i].boot); j++)
			;
		if (j == i && !c->modes[i].lacks)
			use_machine(c, i);
	}
	doubt(c);
}

void check_free(struct check *c)
{
	module_set_free(&c->modules, c->options->keep);
	free(c->parameters);
	free(c->evidence);
	free(c->ended_in);
}
