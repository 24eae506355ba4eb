// SPDX-License-Identifier: GPL-2.0
/*
 * Which cells there are, what shares a machine, and whether it came as foretold.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "unload_alone.h"
#include "unload_machine.h"

#define CHECKER		"unloadcheck"
#define CONTROL		"none"
#define VERDICTS	"/sys/kernel/debug/unloadcheck/verdicts"
#define LOAD_S		30
#define READ_S		20
#define WATCHED_CYCLES	3
#define SILENT_S	10

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
		if (!strcmp(list[i].module, UNLOAD_DEMO) && strcmp(list[i].phase, "init_text"))
			c->rulings[list[i].ruling]++;
	if (bad)
		unload_problem(c, "a verdict of " CHECKER " cannot be read");
	unload_verdicts_free(list, count);
	free(text);
	return ret ? ret : rig_command(r, READ_S, NULL,
				       "write /sys/kernel/debug/unloadcheck/config clear=verdicts");
}

/* Of right forms alone, or of any that is watched. */
static void in_company(struct unload *u, struct unload_machine *m, struct unload_cell *c,
		       bool watched)
{
	struct unload_count *n = watched ? &c->watched : &c->alone;
	unsigned int cycles = watched ? WATCHED_CYCLES : u->cycles;
	int ret = unload_mode_set(&m->rig, c->mode);
	struct unload_line line;

	n->machines = 1;
	while (!ret && n->cycles < cycles) {
		n->cycles++;
		ret = unload_machine_cycle(m, c->what);
		if (!ret)
			ret = unload_machine_ledger(m, &line);
		if (!ret)
			unload_count_line(n, &line);
		if (!ret && watched)
			ret = judge(&m->rig, c);
	}
	if (ret)
		unload_problem(c, "%s: %s", watched ? "watched" : "alone", ret > 0 ?
			       vm_status_text(m->rig.vm) : vm_end_reason(m->rig.vm));
	else if (splat_count(m->rig.splats))
		unload_problem(c, "%s", splat_worst(m->rig.splats)->headline);
}

static bool shares(const struct unload_cell *c, const struct unload_mode *mode, bool watched)
{
	return !c->lacks && !strcmp(c->mode->boot, mode->boot) &&
	       (watched || unload_case_right(c->what));
}

static int boot_shared(struct unload *u, struct unload_machine *m,
		       const struct unload_mode *mode, bool watched, struct errbuf *err)
{
	char name[64];

	snprintf(name, sizeof(name), "%s-%s", watched ? "watched" : "right", mode->name);
	if (unload_machine_boot(u, m, mode, name, err))
		return -1;
	if (!watched || !rig_insmod(&m->rig, LOAD_S, CHECKER, ""))
		return 0;
	errbuf_set(err, CHECKER " cannot be loaded: %s", vm_status_text(m->rig.vm));
	rig_end(&m->rig);
	unload_machine_free(m);
	return -1;
}

/* One machine for all modes that are booted alike. */
static void say_shared(struct unload *u, const struct unload_mode *mode, bool watched)
{
	char modes[64] = "";
	size_t i, len = 0;

	for (i = 0; i < NR_UNLOAD_MODES; i++)
		if (!strcmp(unload_modes[i].boot, mode->boot))
			len += snprintf(modes + len, sizeof(modes) - len, "%s%s",
					len ? ", " : "", unload_modes[i].name);
	unload_say(u, "%s: %s", watched ? "all forms, watched by " CHECKER :
		   "right forms, alone", modes);
}

static void share_machine(struct unload *u, const struct unload_mode *mode, bool watched)
{
	struct errbuf err = { "not reached: the machine had ended" };
	struct unload_machine m = { .dir = NULL };
	bool tried = false;
	size_t i;

	for (i = 0; i < u->nr_cells; i++) {
		struct unload_cell *c = &u->cells[i];

		if (!shares(c, mode, watched))
			continue;
		if (!tried) {
			say_shared(u, mode, watched);
			if (boot_shared(u, &m, mode, watched, &err))
				m.dir = NULL;
		}
		tried = true;
		if (time(NULL) - u->said >= SILENT_S)
			unload_say(u, "at %s, %s", c->what->name, c->mode->name);
		if (m.dir && rig_alive(&m.rig)) {
			in_company(u, &m, c, watched);
		} else {
			unload_problem(c, "%s", err.text);
			c->not_done = true;
		}
	}
	if (m.dir) {
		rig_end(&m.rig);
		unload_machine_free(&m);
	}
}

/* Nobody watches: against what was foretold. */
static void compare_alone(struct unload_cell *c, const struct unload_fate *fate)
{
	const struct unload_count *n = &c->alone;

	if (fate->dies && n->crashes < n->machines)
		unload_problem(c, "%u of %u machines did not crash", n->machines - n->crashes,
			       n->machines);
	if (fate->lives && n->crashes)
		unload_problem(c, "%u of %u machines crashed", n->crashes, n->machines);
	if (fate->pending && !n->behind)
		unload_problem(c, "nothing was ever pending: it shows nothing");
	if (fate->warned && !n->warned)
		unload_problem(c, "the kernel did not warn");
	if ((fate->lives || fate->dies) && n->warned)
		unload_problem(c, "the kernel warned in %u of %u unloads", n->warned, n->cycles);
	if (fate->never_pending && n->behind)
		unload_problem(c, "%llu callbacks were pending", (unsigned long long)n->pending);
}

/* What is wrong is caught in every mode, whatever became of it alone. */
static void compare_watched(struct unload_cell *c)
{
	unsigned int clean = c->rulings[RULING_CLEAN];
	unsigned int caught = c->rulings[RULING_PENDING] + c->rulings[RULING_UNBARRIERED];

	if (unload_case_right(c->what) && clean < c->watched.cycles)
		unload_problem(c, "right, and called clean in %u of %u unloads only", clean,
			       c->watched.cycles);
	if (!unload_case_right(c->what) && caught < c->watched.cycles)
		unload_problem(c, "wrong, and caught in %u of %u unloads only", caught,
			       c->watched.cycles);
}

void unload_judge(struct unload_cell *c)
{
	if (c->alone.cycles)
		compare_alone(c, unload_cell_fate(c));
	compare_watched(c);
}

void unload_say(struct unload *u, const char *fmt, ...)
{
	va_list ap;

	u->said = time(NULL);
	fprintf(stderr, "%5lld s  ", (long long)(u->said - u->started));
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static size_t to_do(const struct unload *u)
{
	size_t i, n = 0;

	for (i = 0; i < u->nr_cells; i++)
		n += !u->cells[i].lacks;
	return n;
}

static void conclude(struct unload *u, struct unload_cell *c)
{
	unload_judge(c);
	unload_say(u, "%zu of %zu: %s, %s: %s%s%s", ++u->nr_through, to_do(u), c->what->name,
		   c->mode->name, unload_outcome(c), c->problem[0] ? ": " : "", c->problem);
}

void unload_run(struct unload *u)
{
	size_t i;

	u->started = time(NULL);
	for (i = 0; i < NR_UNLOAD_MODES; i++) {
		const struct unload_mode *mode = &unload_modes[i];

		if (unload_mode_lacks(mode, u->kernel) ||
		    (i && !strcmp(mode->boot, unload_modes[i - 1].boot)))
			continue;
		share_machine(u, mode, false);
		share_machine(u, mode, true);
	}
	for (i = 0; i < u->nr_cells; i++)
		if (!u->cells[i].lacks && unload_case_right(u->cells[i].what))
			conclude(u, &u->cells[i]);
	unload_alone(u, conclude);
}

bool unload_cell_alone(const struct unload_cell *c)
{
	return !c->lacks && !unload_case_right(c->what);
}

const struct unload_fate *unload_cell_fate(const struct unload_cell *c)
{
	return &unload_fates[c->what->fates[c->mode - unload_modes]];
}

const char *unload_outcome(const struct unload_cell *c)
{
	if (c->lacks || !c->alone.cycles)
		return "not run";
	if (c->alone.crashes)
		return "crashed";
	if (c->alone.warned)
		return "warned";
	if (c->alone.behind)
		return "lucky";
	return unload_case_right(c->what) ? "clean" : "hidden";
}

void unload_free(struct unload *u)
{
	free(u->cells);
	*u = (struct unload){ 0 };
}
