// SPDX-License-Identifier: GPL-2.0
/* What an exploration found, for people and for programs: see explore.h. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "explore.h"
#include "interval.h"
#include "paths.h"

static unsigned long bad(const struct lane *lane)
{
	return lane->cases - lane->outcomes[OUTCOME_CLEAN] - lane->outcomes[OUTCOME_HARNESS];
}

/* A case without a result is no trial. */
static unsigned long trials(const struct lane *lane)
{
	return lane->cases - lane->outcomes[OUTCOME_HARNESS];
}

/* A column is for what came, or the table is wider than a terminal. */
static bool came(const struct explore *e, enum outcome outcome)
{
	size_t i;

	for (i = 0; i < e->nr_lanes; i++)
		if (e->lanes[i].outcomes[outcome])
			return true;
	return false;
}

static void say_lane(const struct explore *e, const struct lane *lane, FILE *out)
{
	char words[INTERVAL_MAX];
	size_t i;

	fprintf(out, "  %-14s %7lu", lane->variant->name, lane->cases);
	for (i = 0; i < NR_OUTCOMES; i++)
		if (came(e, i))
			fprintf(out, " %9lu", lane->outcomes[i]);
	fprintf(out, "   %s\n", interval_words(words, bad(lane), trials(lane)));
}

/* The command that does that one case again; free() it. */
static char *again(const struct explore *e, const struct finding *f)
{
	/* Named as the user did, for it may be a file of theirs. */
	return options_command(&f->lane->options, program_name,
			       e->base->options->operands[0], e->base->kernel->argument,
			       f->seed);
}

static void say_finding(const struct explore *e, const struct finding *f, FILE *out)
{
	char *command = again(e, f);

	fprintf(out, "  %6lu  %s: %s\n          first: seed %llu, %s; kept in %s\n          %s\n",
		f->count, outcome_name(f->outcome), f->signature,
		(unsigned long long)f->seed, f->lane->variant->name, paths_from_here(f->dir),
		command ? command : "");
	free(command);
}

void explore_report(const struct explore *e, FILE *out)
{
	double rate = 0;
	size_t i;

	if (e->seconds > 0)
		rate = e->cases / e->seconds;
	fprintf(out, "\n%lu cases in %.1f s: %.1f a second, %u at a time\n\n  %-14s %7s",
		e->cases, e->seconds, rate, e->parallel, "machine", "cases");
	for (i = 0; i < NR_OUTCOMES; i++)
		if (came(e, i))
			fprintf(out, " %9s", outcome_name(i));
	fprintf(out, "   failed, with its 95 %% interval\n");
	for (i = 0; i < e->nr_lanes; i++)
		say_lane(e, &e->lanes[i], out);
	fprintf(out, e->nr_findings ? "\nKinds of failure:\n" : "\nNothing failed.\n");
	for (i = 0; i < e->nr_findings; i++)
		say_finding(e, &e->findings[i], out);
	if (e->lost_findings)
		fprintf(out, "  %6lu  of more kinds, which were not kept apart\n",
			e->lost_findings);
}

static json_t *lane_json(const struct lane *lane)
{
	struct interval p = interval_binomial(bad(lane), trials(lane));
	json_t *o = json_pack("{s:s, s:I, s:f, s:f, s:I, s:b}", "machine", lane->variant->name,
			      "cases", (json_int_t)lane->cases, "low", p.low, "high", p.high,
			      "boot_ms", (json_int_t)lane->facts.boot_ms, "made", lane->facts.made);
	size_t i;

	for (i = 0; i < NR_OUTCOMES; i++)
		json_object_set_new(o, outcome_name(i), json_integer(lane->outcomes[i]));
	return o;
}

static json_t *finding_json(const struct explore *e, const struct finding *f)
{
	char *command = again(e, f);
	json_t *o = json_pack("{s:s, s:s, s:I, s:I, s:s, s:s, s:s}",
			      "outcome", outcome_name(f->outcome), "signature", f->signature,
			      "count", (json_int_t)f->count, "seed", (json_int_t)f->seed,
			      "machine", f->lane->variant->name, "dir", f->dir,
			      "again", command ? command : "");

	free(command);
	return o;
}

int explore_save(const struct explore *e, struct errbuf *err)
{
	json_t *lanes = json_array(), *findings = json_array(), *all;
	char path[4096];
	size_t i;
	int ret;

	for (i = 0; i < e->nr_lanes; i++)
		json_array_append_new(lanes, lane_json(&e->lanes[i]));
	for (i = 0; i < e->nr_findings; i++)
		json_array_append_new(findings, finding_json(e, &e->findings[i]));
	all = json_pack("{s:s, s:s, s:I, s:f, s:i, s:b, s:o, s:o}",
			"scenario", e->base->scenario->name, "kernel", e->base->kernel->name,
			"cases", (json_int_t)e->cases, "seconds", e->seconds,
			"jobs", (int)e->parallel, "interrupted", e->interrupted,
			"machines", lanes, "findings", findings);
	snprintf(path, sizeof(path), "%s/explore.json", e->dir);
	ret = json_dump_file(all, path, JSON_INDENT(1));
	json_decref(all);
	if (ret)
		errbuf_set(err, "%s cannot be written", path);
	return ret;
}
