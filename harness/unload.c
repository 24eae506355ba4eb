// SPDX-License-Identifier: GPL-2.0
/*
 * A crash that was foretold has a signature: an instruction fetched from where no text
 * is any more, at an address that was unload_demo's. Any other oops is a failure.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "rundir.h"
#include "unload.h"

#define DEMO		"unload_demo"
#define CHECKER		"unloadcheck"
#define LEDGER		"unload_ledger"
#define CONTROL		"none"
#define VERDICTS	"/sys/kernel/debug/unloadcheck/verdicts"
#define LOAD_S		30
#define UNLOAD_S	60
#define READ_S		20

#define MACHINES	4		/* fresh ones for a wrong form; */
#define LAZY_MACHINES	1		/* each takes as long as the kernel holds back */
#define WATCHED_CYCLES	3
#define CRASH_MS	300		/* for what is pending to be run, */
#define LAZY_MS		15000		/* and where the kernel holds it back */

__printf(2, 3)
static void problem(struct unload_cell *c, const char *fmt, ...)
{
	va_list ap;

	if (c->problem[0])
		return;
	va_start(ap, fmt);
	vsnprintf(c->problem, sizeof(c->problem), fmt, ap);
	va_end(ap);
}

static bool is_name(const char *word)
{
	size_t i;

	for (i = 0; i < nr_unload_cases; i++)
		if (!strcmp(unload_cases[i].name, word))
			return true;
	return false;
}

/* By its name, or by its way out where no form has that for a name. */
static bool is_asked(const struct options *o, const struct unload_case *c)
{
	unsigned int i;
	char exit[64];

	unload_word(c->parameters, "exit", exit, sizeof(exit));
	for (i = 0; i < o->nr_operands; i++)
		if (!strcmp(o->operands[i], is_name(o->operands[i]) ? c->name : exit))
			return true;
	return !o->nr_operands;
}

/* Where the control does not crash, that others live shows nothing: it is always there. */
static bool is_control(const struct unload_case *c, size_t mode)
{
	return !strcmp(c->name, CONTROL) && mode == MODE_EXPEDITED;
}

bool unload_is_form(const char *word)
{
	struct options o = { .operands = (char **)&word, .nr_operands = 1 };
	size_t i;

	for (i = 0; i < nr_unload_cases; i++)
		if (is_asked(&o, &unload_cases[i]))
			return true;
	return false;
}

void unload_plan(struct unload *u)
{
	size_t i, j;

	u->cells = calloc(nr_unload_cases * NR_UNLOAD_MODES, sizeof(*u->cells));
	if (!u->cells)
		abort();
	for (i = 0; i < nr_unload_cases; i++) {
		for (j = 0; j < NR_UNLOAD_MODES; j++) {
			if (!is_asked(u->options, &unload_cases[i]) &&
			    !is_control(&unload_cases[i], j))
				continue;
			u->cells[u->nr_cells++] = (struct unload_cell){
				.what = &unload_cases[i], .mode = &unload_modes[j],
				.lacks = unload_mode_lacks(&unload_modes[j], u->kernel),
			};
		}
	}
}

/* One machine of a kind; *dir is the caller's to free. */
static int boot(struct unload *u, struct rig *r, const struct unload_mode *mode, bool fresh,
		char **dir, const char *name, struct errbuf *err)
{
	struct rig_config config = {
		.kernel = u->kernel, .options = u->options, .qemu = u->qemu,
		.boot = mode->boot, .fresh = fresh,
	};
	char ko[4096];
	struct errbuf ignored;

	*dir = NULL;
	if (asprintf(dir, "%s/%s", u->dir, name) < 0)
		return -1;
	config.dir = *dir;
	if (rig_boot(r, &config, err))
		return -1;
	snprintf(ko, sizeof(ko), "%s/" DEMO ".ko", u->kernel->modules);
	symbols_add_module(r->symbols, DEMO, ko, &ignored);
	return 0;
}

/* The last line of the ledger that tells of an exit path: from the machine, or its console. */
static void count_line(struct unload_count *n, const char *line)
{
	uint64_t posted = unload_number(line, "posted"), done = unload_number(line, "at_exit");

	n->posted += posted;
	n->pending += posted - done;
	n->behind += posted > done;
}

static int read_ledger(struct rig *r, struct unload_count *n)
{
	struct textbuf out = { 0 };
	int ret = rig_command(r, READ_S, &out, "cat /sys/kernel/debug/" LEDGER);
	char *text = textbuf_take(&out), *line = text, *next;

	while ((next = strchr(line, '\n')) && next[1])
		line = next + 1;
	if (!ret)
		count_line(n, line);
	free(text);
	return ret;
}

static void read_console(const char *dir, struct unload_count *n)
{
	char path[4096], *line = NULL, last[512] = "";
	size_t size = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/console.log", dir);
	in = fopen(path, "r");
	while (in && getline(&line, &size, in) > 0) {
		const char *at = strstr(line, LEDGER ": ");

		if (at)
			snprintf(last, sizeof(last), "%s", at + strlen(LEDGER ": "));
	}
	free(line);
	if (in)
		fclose(in);
	count_line(n, last);
}

/* insmod and rmmod: 0; > 0 the guest's errno; < 0: the machine has ended. */
static int cycle(struct rig *r, const struct unload_case *what)
{
	int ret = rig_insmod(r, LOAD_S, DEMO, what->parameters);

	if (!ret)
		ret = rig_rmmod(r, UNLOAD_S, DEMO);
	return ret;
}

static bool is_foretold(const struct rig *r)
{
	const struct splat *worst = splat_worst(r->splats);
	char *report = rig_report(r);
	bool own = worst && worst->kind == SPLAT_TEXT_GONE && report &&
		   strstr(report, DEMO "!") && strstr(report, "(text gone)");

	free(report);
	return own;
}

/* The machine went: was it for the reason that was foretold? */
static void crashed(struct rig *r, struct unload_cell *c, struct unload_count *n,
		    unsigned int cycles, const char *dir)
{
	const struct splat *worst;

	rig_end(r);
	worst = splat_worst(r->splats);
	if (!is_foretold(r)) {
		problem(c, "ended without the signature (an oops in " DEMO "'s text that is gone): %s",
			worst ? worst->headline : vm_end_reason(r->vm));
		return;
	}
	n->crashes++;
	if (!n->first_crash || cycles < n->first_crash)
		n->first_crash = cycles;
	read_console(dir, n);
}

/* Until it crashes, or the cycles are over. */
static void wear_down(struct unload *u, struct rig *r, struct unload_cell *c, const char *dir)
{
	unsigned int cycles = c->mode->lazy ? 1 : u->cycles, i;
	int ret = unload_mode_set(r, c->mode);

	for (i = 1; !ret && i <= cycles; i++) {
		c->alone.cycles++;
		ret = cycle(r, c->what);
		if (!ret)
			rig_watch(r, c->mode->lazy ? LAZY_MS * r->deadlines.scale : CRASH_MS);
		if (!ret && rig_alive(r))
			ret = read_ledger(r, &c->alone);
		if (ret < 0 || !rig_alive(r)) {
			crashed(r, c, &c->alone, i, dir);
			return;
		}
	}
	if (ret)
		problem(c, "%s", vm_status_text(r->vm));
	rig_end(r);
	if (splat_count(r->splats))
		problem(c, "%s", splat_worst(r->splats)->headline);
}

static void try_alone(struct unload *u, struct unload_cell *c)
{
	unsigned int machines = c->mode->lazy ? LAZY_MACHINES : MACHINES;
	char name[128], *dir;
	struct errbuf err;
	struct rig r;

	while (c->alone.machines < machines && !c->problem[0]) {
		snprintf(name, sizeof(name), "%s-%s-%u", c->what->name, c->mode->name,
			 ++c->alone.machines);
		if (boot(u, &r, c->mode, true, &dir, name, &err)) {
			problem(c, "%s", err.text);
			c->not_done = true;
		} else {
			wear_down(u, &r, c, dir);
			rig_free(&r);
		}
		free(dir);
	}
}

static int judge(struct rig *r, struct unload_cell *c)
{
	struct textbuf out = { 0 };
	int ret = rig_command(r, READ_S, &out, "cat " VERDICTS);
	char *text = textbuf_take(&out);
	struct unload_verdict *list;
	size_t count, i;
	bool bad;

	list = unload_verdicts(text, &count, &bad);
	for (i = 0; i < count; i++)
		if (!strcmp(list[i].module, DEMO) && strcmp(list[i].phase, "init_text"))
			c->rulings[list[i].ruling]++;
	if (bad)
		problem(c, "a verdict of " CHECKER " cannot be read");
	unload_verdicts_free(list, count);
	free(text);
	return ret ? ret : rig_command(r, READ_S, NULL,
				       "write /sys/kernel/debug/unloadcheck/config clear=verdicts");
}

/* Of right forms alone, or of any that is watched. */
static void in_company(struct unload *u, struct rig *r, struct unload_cell *c, bool watched)
{
	struct unload_count *n = watched ? &c->watched : &c->alone;
	unsigned int cycles = watched ? WATCHED_CYCLES : u->cycles;
	int ret = unload_mode_set(r, c->mode);

	n->machines = 1;
	while (!ret && n->cycles < cycles) {
		n->cycles++;
		ret = cycle(r, c->what);
		if (!ret)
			ret = read_ledger(r, n);
		if (!ret && watched)
			ret = judge(r, c);
	}
	if (ret)
		problem(c, "%s: %s", watched ? "watched" : "alone", ret > 0 ?
			vm_status_text(r->vm) : vm_end_reason(r->vm));
	else if (splat_count(r->splats))
		problem(c, "%s", splat_worst(r->splats)->headline);
}

static bool shares(const struct unload_cell *c, const struct unload_mode *mode, bool watched)
{
	return !c->lacks && !strcmp(c->mode->boot, mode->boot) &&
	       (watched || unload_case_right(c->what));
}

static void share_machine(struct unload *u, const struct unload_mode *mode, bool watched)
{
	struct errbuf err = { "" };
	char name[64], *dir;
	struct rig r;
	bool up, any = false;
	size_t i;

	for (i = 0; i < u->nr_cells; i++)
		any |= shares(&u->cells[i], mode, watched);
	if (!any)
		return;
	snprintf(name, sizeof(name), "%s-%s", watched ? "watched" : "right", mode->name);
	up = !boot(u, &r, mode, false, &dir, name, &err);
	if (up && watched && rig_insmod(&r, LOAD_S, CHECKER, ""))
		errbuf_set(&err, CHECKER " cannot be loaded: %s", vm_status_text(r.vm));
	for (i = 0; i < u->nr_cells; i++) {
		struct unload_cell *c = &u->cells[i];

		if (!shares(c, mode, watched))
			continue;
		if (!up || err.text[0] || !rig_alive(&r)) {
			problem(c, "%s", err.text[0] ? err.text : "not reached: the machine had ended");
			c->not_done = true;
		} else {
			in_company(u, &r, c, watched);
		}
	}
	if (up) {
		rig_end(&r);
		rig_free(&r);
	}
	free(dir);
}

/* Against the prediction; what is left to chance must still be caught. */
static void compare(struct unload_cell *c)
{
	enum fate fate = c->what->fates[c->mode - unload_modes];
	const struct unload_count *n = &c->alone;

	if (fate == FATE_CLEAN && n->pending)
		problem(c, "%llu callbacks were pending", (unsigned long long)n->pending);
	if (fate == FATE_CRASH && n->crashes < n->machines)
		problem(c, "%u of %u machines did not crash", n->machines - n->crashes,
			n->machines);
	if (fate == FATE_LUCK && n->crashes)
		problem(c, "%u of %u machines crashed", n->crashes, n->machines);
	if (fate != FATE_CLEAN && !n->crashes && !n->behind)
		problem(c, "nothing was ever pending: it shows nothing");
	if (fate == FATE_CLEAN && c->rulings[RULING_CLEAN] < c->watched.cycles)
		problem(c, "right, and called clean in %u of %u unloads only",
			c->rulings[RULING_CLEAN], c->watched.cycles);
	if (fate != FATE_CLEAN && c->rulings[RULING_CLEAN])
		problem(c, "wrong, and called clean in %u of %u unloads", c->rulings[RULING_CLEAN],
			c->watched.cycles);
}

void unload_run(struct unload *u)
{
	size_t i;

	for (i = 0; i < NR_UNLOAD_MODES; i++) {
		const struct unload_mode *mode = &unload_modes[i];

		if (unload_mode_lacks(mode, u->kernel) ||
		    (i && !strcmp(mode->boot, unload_modes[i - 1].boot)))
			continue;
		share_machine(u, mode, false);
		share_machine(u, mode, true);
	}
	for (i = 0; i < u->nr_cells; i++) {
		struct unload_cell *c = &u->cells[i];

		if (c->lacks)
			continue;
		if (!unload_case_right(c->what) && !c->problem[0])
			try_alone(u, c);
		compare(c);
		/* It takes minutes: who waits is told. */
		fprintf(stderr, "%s, %s: %s%s%s\n", c->what->name, c->mode->name,
			unload_outcome(c), c->problem[0] ? ": " : "", c->problem);
	}
}

const char *unload_outcome(const struct unload_cell *c)
{
	if (c->lacks || !c->alone.cycles)
		return "not run";
	if (c->alone.crashes)
		return "crashed";
	return c->alone.behind ? "lucky" : "clean";
}

void unload_free(struct unload *u)
{
	free(u->cells);
	*u = (struct unload){ 0 };
}
