// SPDX-License-Identifier: GPL-2.0
/* What unloadcheck says, read: its grammar, and what is not of it. */
#include <stdlib.h>
#include <string.h>

#include "kt.h"
#include "unload_verdict.h"

#define PENDING	"verdict=pending module=foo nr=7 phase=exit posted=100 pending=97 running=1 "
#define CLEAN	"verdict=clean module=bar nr=8 phase=init_failed posted=1 "

/* As the agent hands it over. */
static const char two[] =
	PENDING "uncovered=100 sure=yes why=no_barrier: sure=no, no barrier ran\n"
	"\\x09site func=foo_cb [foo] flavor=rcu\n"
	"\tstack foo_put+0x12/0x40 [foo]\n"
	CLEAN "missed=2 sure=no why=barrier: newer=word\n";

static void two_verdicts(void)
{
	struct unload_verdict *v;
	size_t count;
	bool bad;

	v = unload_verdicts(two, &count, &bad);
	if (!kt_check(count == 2 && !bad, "%zu verdicts%s", count, bad ? ", bad" : ""))
		return;
	kt_check(v[0].ruling == RULING_PENDING && v[1].ruling == RULING_CLEAN, "rulings");
	kt_check(!strcmp(v[0].module, "foo") && !strcmp(v[1].phase, "init_failed"), "words");
	kt_check(v[0].nr == 7 && v[0].posted == 100 && v[0].pending == 97 && v[0].running == 1 &&
		 v[0].uncovered == 100 && v[1].missed == 2, "numbers");
	kt_check(v[0].sure && !v[1].sure, "sure");
	kt_check(!strcmp(v[0].why, "no_barrier: sure=no, no barrier ran"), "why: %s", v[0].why);
	kt_check(!strcmp(v[0].details, "site func=foo_cb [foo] flavor=rcu\n"
			 "stack foo_put+0x12/0x40 [foo]\n"),
		 "details: %s", v[0].details);
	kt_check(!*v[1].details, "details: %s", v[1].details);
	unload_verdicts_free(v, count);
}

static void none_at_all(void)
{
	size_t count;
	bool bad;

	unload_verdicts_free(unload_verdicts("", &count, &bad), 0);
	kt_check(!count && !bad, "an empty file: %zu", count);
}

/* A verdict that cannot be read is not one less: it is said. */
static void not_of_the_grammar(void)
{
	static const char *const lines[] = {
		"\n", "verdict=fine module=a phase=exit sure=yes why=x\n",
		"verdict=clean phase=exit sure=yes why=x\n", "why=verdict=clean module=a\n",
		"\tstack of nothing\n", "verdict= module=a phase=exit sure=yes\n",
	};
	size_t count, i;
	bool bad;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		unload_verdicts_free(unload_verdicts(lines[i], &count, &bad), 0);
		kt_check(!count && bad, "taken for a verdict: %s", lines[i]);
	}
}

static void words(void)
{
	const char *line = "cycle=7 exit=none posted=100 at_exit=- later=97\n";
	char word[8];

	kt_check(unload_word(line, "exit", word, sizeof(word)) && !strcmp(word, "none"),
		 "%s", word);
	kt_check(!unload_word(line, "it", word, sizeof(word)), "half a name");
	kt_check(unload_number(line, "at_exit") == 0 && unload_number(line, "later") == 97 &&
		 unload_number(line, "lost") == 0, "numbers");
}

static const struct kt_case cases[] = {
	{ "two verdicts and what they stand on", two_verdicts },
	{ "none at all", none_at_all },
	{ "what is not of the grammar", not_of_the_grammar },
	{ "words of a line", words },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
