// SPDX-License-Identifier: GPL-2.0
/* The cases of lastref unload, and which of them are chosen. */
#include <string.h>

#include "commands.h"
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

static const struct unload_case *wrong(void)
{
	const struct unload_case *c = unload_cases;

	while (unload_case_right(c))
		c++;
	return c;
}

/* Each prediction has something that can fail it. */
static void can_fail(void)
{
	size_t i;

	for (i = 0; i < NR_FATES; i++) {
		const struct unload_fate *f = &unload_fates[i];

		kt_check(f->name && (f->pending || f->never_pending), "fate %zu", i);
		kt_check(!f->lives || !f->dies, "%s lives and dies", f->name);
		kt_check(!f->pending || !f->never_pending, "%s is and is not pending", f->name);
	}
}

/* A cell of this fate, in which all came as foretold; with one thing changed. */
static bool refused(enum unload_fate_id fate, const struct unload_count *alone,
		    const unsigned int *rulings)
{
	bool right = fate == FATE_CLEAN;
	struct unload_case what = {
		.name = "x", .fates = { right ? FATE_CLEAN : FATE_LUCK, fate, FATE_LUCK },
	};
	struct unload_cell c = {
		.what = &what, .mode = &unload_modes[MODE_EXPEDITED], .alone = *alone,
		.watched = { .cycles = 3 },
	};

	memcpy(c.rulings, rulings, sizeof(c.rulings));
	unload_judge(&c);
	return c.problem[0];
}

static void judged(void)
{
	static const unsigned int clean[] = { 3, 0, 0 }, caught[] = { 0, 1, 2 },
		missed[] = { 1, 0, 2 }, none[] = { 0, 0, 0 };
	static const struct unload_count lived = { .machines = 4, .cycles = 40 },
		left = { .machines = 4, .cycles = 40, .behind = 40, .pending = 40 },
		died = { .machines = 4, .cycles = 5, .crashes = 4, .behind = 5, .pending = 5 },
		some = { .machines = 4, .cycles = 20, .crashes = 3, .behind = 20, .pending = 20 },
		warned = { .machines = 4, .cycles = 4, .behind = 3, .pending = 3, .warned = 3,
			   .lost = 2 };

	kt_check(!refused(FATE_CLEAN, &lived, clean), "clean");
	kt_check(refused(FATE_CLEAN, &left, clean), "right, and pending");
	kt_check(refused(FATE_CLEAN, &lived, missed), "right, and caught");
	kt_check(!refused(FATE_LUCK, &left, caught), "luck");
	kt_check(refused(FATE_LUCK, &lived, caught), "luck that nothing shows");
	kt_check(refused(FATE_LUCK, &some, caught), "luck, and crashed");
	kt_check(refused(FATE_LUCK, &left, missed), "luck, and called clean");
	kt_check(refused(FATE_LUCK, &left, none), "luck, and no verdict");
	kt_check(!refused(FATE_HIDDEN, &lived, caught), "hidden");
	kt_check(refused(FATE_HIDDEN, &left, caught), "hidden, and pending");
	kt_check(refused(FATE_HIDDEN, &died, caught), "hidden, and crashed");
	kt_check(!refused(FATE_WARNED, &warned, caught), "warned");
	kt_check(refused(FATE_WARNED, &left, caught), "warned, and the kernel said nothing");
	kt_check(refused(FATE_WARNED, &died, caught), "warned, and crashed without a word");
	kt_check(refused(FATE_WARNED, &warned, missed), "warned, and called clean");
	kt_check(refused(FATE_LUCK, &warned, caught), "luck, and warned");
	kt_check(refused(FATE_CRASH, &warned, caught), "crash, and warned");
	kt_check(!refused(FATE_CHANCE, &warned, caught), "chance, and warned");
	kt_check(!refused(FATE_CRASH, &died, caught), "crash");
	kt_check(refused(FATE_CRASH, &some, caught), "one of four did not crash");
	kt_check(refused(FATE_CRASH, &left, caught), "none crashed");
	kt_check(!refused(FATE_CHANCE, &some, caught), "chance");
	kt_check(!refused(FATE_CHANCE, &left, caught), "chance, and lucky");
	kt_check(refused(FATE_CHANCE, &lived, caught), "chance that nothing shows");
}

static void help_names_all(void)
{
	size_t i;

	for (i = 0; i < nr_unload_cases; i++)
		kt_check(strstr(command_unload.text, unload_cases[i].name), "%s is not named",
			 unload_cases[i].name);
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
	c.what = wrong();
	kt_check(!strcmp(unload_outcome(&c), "hidden"), "%s", unload_outcome(&c));
	c.alone.behind = 1;
	kt_check(!strcmp(unload_outcome(&c), "lucky"), "%s", unload_outcome(&c));
	c.alone.warned = 1;
	kt_check(!strcmp(unload_outcome(&c), "warned"), "%s", unload_outcome(&c));
	c.alone.crashes = 1;
	kt_check(!strcmp(unload_outcome(&c), "crashed"), "%s", unload_outcome(&c));
}

static const struct kt_case cases[] = {
	{ "chosen by name and by way out", chosen_by_name_and_exit },
	{ "right or wrong", right_or_wrong },
	{ "predictions can fail", can_fail },
	{ "judged against what was foretold", judged },
	{ "the help names all forms", help_names_all },
	{ "outcomes", outcomes },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
