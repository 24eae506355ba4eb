// SPDX-License-Identifier: GPL-2.0
/*
 * lastref unload: what becomes of a module's callbacks when it goes.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "human.h"
#include "paths.h"
#include "per_kernel.h"
#include "rundir.h"
#include "unload.h"

#define WORDS_MAX	48

static const char *caught_words(char buf[WORDS_MAX], const struct unload_cell *c)
{
	unsigned int caught = c->rulings[RULING_PENDING] + c->rulings[RULING_UNBARRIERED];

	if (!c->watched.cycles)
		snprintf(buf, WORDS_MAX, "not run");
	else if (caught)
		snprintf(buf, WORDS_MAX, "%s %u/%u",
			 c->rulings[RULING_PENDING] ? "pending" : "unbarriered", caught,
			 c->watched.cycles);
	else
		snprintf(buf, WORDS_MAX, "clean %u/%u", c->rulings[RULING_CLEAN],
			 c->watched.cycles);
	return buf;
}

/* "crashed after 1": how many unloads it took, at the least. */
static const char *outcome_words(char buf[WORDS_MAX], const struct unload_cell *c)
{
	if (!c->alone.crashes)
		return unload_outcome(c);
	snprintf(buf, WORDS_MAX, "%s after %u", unload_outcome(c), c->alone.first_crash);
	return buf;
}

/* Of the unloads of a wrong form: how many crash? */
static const char *chance_words(char buf[INTERVAL_MAX], const struct unload_cell *c)
{
	if (unload_case_right(c->what) || !c->alone.cycles)
		return "";
	return interval_words(buf, c->alone.crashes, c->alone.cycles);
}

static void print_cell(FILE *out, const struct unload_cell *c)
{
	char caught[WORDS_MAX], chance[INTERVAL_MAX], came[WORDS_MAX], where[WORDS_MAX];

	snprintf(where, sizeof(where), "%u in %u", c->alone.cycles, c->alone.machines);
	fprintf(out, "%c %-18s %-8s %-15s %8s %8u  %-20s %s\n", c->problem[0] ? '!' : ' ',
		c->what->name, unload_cell_fate(c)->name, outcome_words(came, c), where,
		c->alone.behind, chance_words(chance, c), caught_words(caught, c));
}

static void print_mode(FILE *out, const struct unload *u, const struct unload_mode *mode)
{
	const char *lacks = unload_mode_lacks(mode, u->kernel);
	size_t i;

	fprintf(out, "\n%s: %s\n", mode->name, lacks ? lacks : mode->how);
	if (lacks)
		return;
	fprintf(out, "  %-18s %-8s %-15s %8s %8s  %-20s %s\n", "", "FORE-", "", "UNLOADS",
		"LEFT", "UNLOADS THAT CRASH", "WATCHED");
	fprintf(out, "  %-18s %-8s %-15s %8s %8s  %-20s %s\n", "FORM", "TOLD", "CAME", "IN VMS",
		"PENDING", "[95 % INTERVAL]", "(VERDICT)");
	for (i = 0; i < u->nr_cells; i++)
		if (u->cells[i].mode == mode)
			print_cell(out, &u->cells[i]);
}

static void print_problems(FILE *out, const struct unload *u)
{
	unsigned int bad = 0;
	size_t i;

	for (i = 0; i < u->nr_cells; i++) {
		const struct unload_cell *c = &u->cells[i];

		if (!c->problem[0])
			continue;
		fprintf(out, "%s! %s, %s: %s%s\n", bad++ ? "" : "\n", c->what->name,
			c->mode->name, c->not_done ? "not done: " : "", c->problem);
	}
	if (!bad)
		fprintf(out, "\nEverything came as foretold.\n");
	else
		fprintf(out, "Each machine's console is in %s/*/console.log.\n",
			paths_from_here(u->dir));
}

static void print_table(FILE *out, const struct unload *u)
{
	size_t i;

	fprintf(out, "kernel %s%s%s\n", u->kernel->name, u->kernel->release ? ", " : "",
		u->kernel->release ? u->kernel->release : "");
	for (i = 0; i < NR_UNLOAD_MODES; i++)
		print_mode(out, u, &unload_modes[i]);
	fprintf(out, "\n"
		"lucky    it lived; callbacks were pending when exit had returned (the ledger)\n"
		"hidden   wrong, but none were: only that no barrier ran tells it\n"
		"warned   so did the kernel: an srcu_struct went with callbacks queued\n"
		"crashed  an instruction was fetched from the module's text when that was gone\n");
	print_problems(out, u);
}

static json_t *count_json(const struct unload_count *n)
{
	struct interval i = interval_binomial(n->crashes, n->cycles);

	return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:I, s:I, s:[f, f]}",
			 "machines", n->machines, "cycles", n->cycles, "crashes", n->crashes,
			 "first_crash", n->first_crash, "cycles_with_pending", n->behind,
			 "cycles_with_warning", n->warned,
			 "cycles_with_lost", n->lost, "posted", (json_int_t)n->posted,
			 "pending_at_exit", (json_int_t)n->pending,
			 "crashes_interval", i.low, i.high);
}

static json_t *cell_json(const struct unload_cell *c)
{
	char clean[sizeof(c->problem)];

	human_clean(clean, sizeof(clean), c->problem);
	return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s, s:s, s:o, s:o, s:{s:i, s:i, s:i}, s:s}",
			 "form", c->what->name, "parameters", c->what->parameters,
			 "why", c->what->why, "mode", c->mode->name, "lacks", c->lacks,
			 "foretold", unload_cell_fate(c)->name,
			 "came", unload_outcome(c), "alone", count_json(&c->alone),
			 "watched", count_json(&c->watched), "verdicts",
			 "clean", c->rulings[RULING_CLEAN],
			 "unbarriered", c->rulings[RULING_UNBARRIERED],
			 "pending", c->rulings[RULING_PENDING], "problem", clean);
}

static json_t *unload_json(const struct unload *u)
{
	json_t *cells = json_array();
	size_t i;

	for (i = 0; i < u->nr_cells; i++)
		json_array_append_new(cells, cell_json(&u->cells[i]));
	return json_pack("{s:s, s:s?, s:s, s:o}", "kernel", u->kernel->name,
			 "release", u->kernel->release, "dir", u->dir, "cells", cells);
}

static void tell(const struct unload *u)
{
	char *text = NULL, *dumped;
	json_t *json = unload_json(u);
	struct errbuf err = { "out of memory" };
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print_table(out, u);
	fclose(out);
	dumped = json_dumps(json, JSON_INDENT(1));
	json_decref(json);
	if (!dumped || rundir_write(u->dir, "summary.txt", text, &err) ||
	    rundir_write(u->dir, "result.json", dumped, &err))
		fprintf(stderr, "lastref: %s\n", err.text);
	puts(u->options->json && dumped ? dumped : text);
	free(dumped);
	free(text);
}

static int code_of(const struct unload *u)
{
	bool failed = false, not_done = false;
	size_t i;

	for (i = 0; i < u->nr_cells; i++) {
		failed |= u->cells[i].problem[0] && !u->cells[i].not_done;
		not_done |= u->cells[i].not_done;
	}
	return failed ? EXIT_FAILED : not_done ? EXIT_HARNESS : EXIT_PASSED;
}

static int unload_on(const struct options *o, const struct kernel *k, const char *qemu,
		     const char *dir)
{
	struct unload u = {
		.kernel = k, .options = o, .qemu = qemu, .dir = dir,
		.cycles = o->cycles ? o->cycles : UNLOAD_CYCLES,
	};
	int code;

	fprintf(stderr, "kernel %s, %s, results in %s\n", k->name, k->accel.why,
		paths_from_here(dir));
	unload_plan(&u);
	unload_run(&u);
	tell(&u);
	code = code_of(&u);
	unload_free(&u);
	return code;
}

static int bad_words(const struct options *o)
{
	unsigned int i;

	for (i = 0; i < o->nr_operands; i++) {
		if (unload_is_form(o->operands[i]))
			continue;
		fprintf(stderr, "lastref: there is no form \"%s\" (lastref unload --help lists them)\n",
			o->operands[i]);
		return EXIT_USAGE;
	}
	return 0;
}

static int unload_forms(const struct options *o)
{
	int code = bad_words(o);

	return code ? code : per_kernel(o, unload_on);
}

const struct command command_unload = {
	.name = "unload",
	.operands = "[FORM...]",
	.about = "Load and unload a module that is right or wrong, and see what becomes of it",
	.text = "Each form of unload_demo's way out, in each mode: alone, with a ledger of\n"
		"what was pending when its exit function ended, and watched by unloadcheck.\n"
		"Right forms share a machine; wrong ones get fresh ones until they crash. A\n"
		"form is named as in the first column of the table (barrier, barrier-100,\n"
		"barrier-timer, barrier-srcu, repost-stopped, chain-barriers, close,\n"
		"close-repost, none, none-other-cpu, none-flood, none-long, chain,\n"
		"chain-one-barrier, repost-forever, sync, sync-many, sync-flood, wrong-flavor,\n"
		"wrong-flavor-srcu, barrier-first), or by its exit=. The control, none in\n"
		"expedited mode, is always among them: it must crash. All of them take some\n"
		"ten minutes on two CPUs.\n"
		"\n"
		"Examples:\n"
		"  lastref unload\n"
		"  lastref unload none barrier --cycles 100 -k 6.1 -k 6.12\n"
		"  lastref unload --json > unload.json\n"
		"\n"
		"Exit status: 0 all as foretold, 1 something was not, 2 usage, 3 the harness\n"
		"could not do its work.\n",
	.options = OPT_BIT(OPT_KERNEL) | OPT_BIT(OPT_SMP) | OPT_BIT(OPT_MEMORY) |
		OPT_BIT(OPT_ACCEL) | OPT_BIT(OPT_BOOT) | OPT_BIT(OPT_RESULTS) |
		OPT_BIT(OPT_KEEP) | OPT_BIT(OPT_QEMU) | OPT_BIT(OPT_JSON) |
		OPT_BIT(OPT_CYCLES),
	.run = unload_forms,
};
