// SPDX-License-Identifier: GPL-2.0
/* The cases of lastref unload, and which of them are chosen. */
#include <string.h>

#include "kt.h"
#include "unload.h"

static struct kernel nowhere;

static size_t planned(char *word)
{
	struct options o = { .operands = &word, .nr_operands = word ? 1 : 0 };
	struct unload u = { .options = &o, .kernel = &nowhere };
	size_t cells;

	unload_plan(&u);
	cells = u.nr_cells;
	unload_free(&u);
	return cells;
}

static void chosen_by_name_and_exit(void)
{
	kt_check(planned(NULL) == nr_unload_cases * NR_UNLOAD_MODES, "not all");
	kt_check(planned("barrier-100") == NR_UNLOAD_MODES + 1, "a form and the control: %zu",
		 planned("barrier-100"));
	kt_check(planned("none") == NR_UNLOAD_MODES, "name first: %zu", planned("none"));
	kt_check(planned("sync_many") == NR_UNLOAD_MODES + 1, "by exit=: %zu",
		 planned("sync_many"));
	kt_check(unload_is_form("none") && unload_is_form("sync_many"), "forms");
	kt_check(!unload_is_form("non") && !unload_is_form("") && !unload_is_form("exit=none"),
		 "no forms");
}

/* A form is right in every mode or in none. */
static void right_or_wrong(void)
{
	size_t i, j, crashes = 0;

	for (i = 0; i < nr_unload_cases; i++) {
		const struct unload_case *c = &unload_cases[i];

		for (j = 0; j < NR_UNLOAD_MODES; j++) {
			kt_check((c->fates[j] == FATE_CLEAN) == unload_case_right(c),
				 "%s is right in some modes", c->name);
			crashes += c->fates[j] == FATE_CRASH;
		}
		for (j = 0; j < i; j++)
			kt_check(strcmp(c->name, unload_cases[j].name), "%s twice", c->name);
	}
	kt_check(crashes, "no control that must crash");
}

/* Without a config nobody knows whether callbacks can be lazy: not run, not passed. */
static void outcomes(void)
{
	struct unload_cell c = { .what = unload_cases, .mode = &unload_modes[MODE_LAZY] };

	c.lacks = unload_mode_lacks(c.mode, &nowhere);
	kt_check(c.lacks && !strcmp(unload_outcome(&c), "not run"), "%s", unload_outcome(&c));
	c.lacks = NULL;
	kt_check(!strcmp(unload_outcome(&c), "not run"), "%s", unload_outcome(&c));
	c.alone.cycles = 3;
	kt_check(!strcmp(unload_outcome(&c), "clean"), "%s", unload_outcome(&c));
	c.alone.behind = 1;
	kt_check(!strcmp(unload_outcome(&c), "lucky"), "%s", unload_outcome(&c));
	c.alone.crashes = 1;
	kt_check(!strcmp(unload_outcome(&c), "crashed"), "%s", unload_outcome(&c));
}

static const struct kt_case cases[] = {
	{ "chosen by name and by way out", chosen_by_name_and_exit },
	{ "right or wrong", right_or_wrong },
	{ "outcomes", outcomes },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
