// SPDX-License-Identifier: GPL-2.0
/*
 * Two tables carry the grammar: the step words with what parses their value,
 * and the words of a torture line that the harness reads itself. Every other
 * word of a torture line goes to the module as it is.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "step.h"
#include "suggest.h"

#define REPEAT_MAX	1000000
#define TIME_MAX	(7 * 24 * 3600)

/* What the agent understands; NULL in why: a scenario may say it. */
static const struct agent_verb {
	const char *name;
	const char *why;
} agent_verbs[] = {
	{ "insmod", NULL },
	{ "rmmod", NULL },
	{ "write", NULL },
	{ "cat", NULL },
	{ "wait", NULL },
	{ "run", NULL },
	{ "mark", NULL },
	{ "sleep", NULL },
	{ "crash", NULL },
	{ "reboot", "a machine that starts anew has no verdict" },
	{ "poweroff", "every scenario ends with it by itself" },
	{ "calibrate", "the harness does it after each boot" },
	{ "deadlines", "the harness does it after each boot" },
	{ "seed", "the harness does it after each boot, see --seed" },
};

static int number(const char *text, unsigned int max, unsigned int *out)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end || errno || !n || n > max)
		return -1;
	*out = n;
	return 0;
}

static int parse_do(struct step *step, const char *value, struct errbuf *err)
{
	size_t n = ARRAY_SIZE(agent_verbs), i;
	char verb[32];
	const char *near;

	(void)step;
	snprintf(verb, sizeof(verb), "%.*s", (int)strcspn(value, " \t"), value);
	for (i = 0; i < n && strcmp(verb, agent_verbs[i].name); i++)
		;
	if (i < n && !agent_verbs[i].why)
		return 0;
	if (i < n) {
		errbuf_set(err, "\"do = %s\" has no place in a scenario: %s",
			   verb, agent_verbs[i].why);
		return -1;
	}
	near = suggest_from(verb, agent_verbs, n, sizeof(agent_verbs[0]));
	errbuf_set(err, "the guest's agent has no command \"%s\"%s%s%s", verb,
		   near ? ": did you mean \"" : ": there are insmod rmmod write cat wait run mark sleep crash",
		   near ? near : "", near ? "\"?" : "");
	return -1;
}

static int set_run(struct torture_spec *t, const char *value, struct errbuf *err)
{
	size_t len = strlen(value);

	if (!len || len > RUN_NAME_MAX ||
	    strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len) {
		errbuf_set(err, "\"run=%s\" is no name of a run: 1 to %d of a-z 0-9 _ -",
			   value, RUN_NAME_MAX);
		return -1;
	}
	strcpy(t->run, value);
	return 0;
}

static int set_text(char **where, const char *key, const char *value,
		    struct errbuf *err)
{
	if (!*value) {
		errbuf_set(err, "\"%s=\" wants a name behind it", key);
		return -1;
	}
	*where = strdup(value);
	return *where ? 0 : -1;
}

static int set_pattern(struct torture_spec *t, const char *value, struct errbuf *err)
{
	return set_text(&t->pattern, "pattern", value, err);
}

static int set_flavor(struct torture_spec *t, const char *value, struct errbuf *err)
{
	return set_text(&t->flavor, "flavor", value, err);
}

static int set_busted(struct torture_spec *t, const char *value, struct errbuf *err)
{
	return set_text(&t->busted, "busted", value, err);
}

static int set_time(struct torture_spec *t, const char *value, struct errbuf *err)
{
	if (!number(value, TIME_MAX, &t->time))
		return 0;
	errbuf_set(err, "\"time=%s\" is no time: seconds from 1 to %d", value, TIME_MAX);
	return -1;
}

static const struct torture_word {
	const char *name;
	int (*set)(struct torture_spec *t, const char *value, struct errbuf *err);
} torture_words[] = {
	{ "run", set_run },
	{ "pattern", set_pattern },
	{ "flavor", set_flavor },
	{ "busted", set_busted },
	{ "time", set_time },
};

/* Whether key= is among the blank-separated words of the list. */
static int has_key(const char *list, const char *key, size_t len)
{
	const char *p = list;

	while (*p) {
		p += strspn(p, " ");
		if (!strncmp(p, key, len) && p[len] == '=')
			return 1;
		p += strcspn(p, " ");
	}
	return 0;
}

static int torture_word(struct torture_spec *t, char *word, const char *before,
			struct errbuf *err)
{
	char *eq = strchr(word, '='), *keys;
	size_t i;

	if (!eq || eq == word) {
		errbuf_set(err, "\"%s\" is not of the form key=value", word);
		return -1;
	}
	if (has_key(before, word, eq - word)) {
		errbuf_set(err, "\"%.*s\" is given twice", (int)(eq - word), word);
		return -1;
	}
	for (i = 0; i < ARRAY_SIZE(torture_words); i++) {
		if (strlen(torture_words[i].name) == (size_t)(eq - word) &&
		    !strncmp(word, torture_words[i].name, eq - word))
			return torture_words[i].set(t, eq + 1, err);
	}
	if (!eq[1]) {
		errbuf_set(err, "\"%s\" wants a value behind it", word);
		return -1;
	}
	if (asprintf(&keys, "%s%s%s", t->keys, *t->keys ? " " : "", word) < 0)
		return -1;
	free(t->keys);
	t->keys = keys;
	return 0;
}

static int torture_whole(struct torture_spec *t, struct errbuf *err)
{
	size_t len;

	if (!*t->run || !t->pattern) {
		errbuf_set(err, "%s is missing: a run needs run=NAME pattern=NAME",
			   *t->run ? "pattern=" : "run=");
		return -1;
	}
	if (!t->flavor)
		t->flavor = strdup("rcu");
	if (!t->busted)
		return 0;
	len = strlen(t->pattern);
	if (!strncmp(t->busted, t->pattern, len) && t->busted[len] == ':')
		return 0;
	errbuf_set(err, "\"busted=%s\" is no form of \"pattern=%s\": it would be named %s:SOMETHING",
		   t->busted, t->pattern, t->pattern);
	return -1;
}

static int parse_torture(struct step *step, const char *value, struct errbuf *err)
{
	struct torture_spec *t = &step->torture;
	char *copy = strdup(value), *before = calloc(1, strlen(value) + 2);
	char *save, *word;
	int ret = -1;

	t->keys = strdup("");
	if (!copy || !before || !t->keys)
		goto out;
	for (word = strtok_r(copy, " \t", &save); word;
	     word = strtok_r(NULL, " \t", &save)) {
		if (torture_word(t, word, before, err))
			goto out;
		strcat(strcat(before, word), " ");
	}
	ret = torture_whole(t, err);
out:
	free(before);
	free(copy);
	return ret;
}

static int parse_selftest(struct step *step, const char *value, struct errbuf *err)
{
	(void)step;
	if (*value != '.' && !strpbrk(value, "/ \t"))
		return 0;
	errbuf_set(err, "\"%s\" is no selftest: the name of one program of selftests/, without directory or arguments",
		   value);
	return -1;
}

static int parse_repeat(struct step *step, const char *value, struct errbuf *err)
{
	if (!number(value, REPEAT_MAX, &step->count))
		return 0;
	errbuf_set(err, "\"repeat = %s\" is no count: a number from 1 to %d", value,
		   REPEAT_MAX);
	return -1;
}

static int parse_end(struct step *step, const char *value, struct errbuf *err)
{
	(void)step;
	if (!strcmp(value, "repeat"))
		return 0;
	errbuf_set(err, "\"end = %s\" ends nothing: write \"end = repeat\"", value);
	return -1;
}

static const struct step_rule {
	const char *word;
	bool row;
	int (*parse)(struct step *step, const char *value, struct errbuf *err);
} rules[] = {
	[STEP_DO] = { "do", false, parse_do },
	[STEP_TORTURE] = { "torture", true, parse_torture },
	[STEP_START] = { "start", true, parse_torture },
	[STEP_SELFTEST] = { "selftest", true, parse_selftest },
	[STEP_REPEAT] = { "repeat", false, parse_repeat },
	[STEP_END] = { "end", false, parse_end },
};

bool step_has_row(enum step_kind kind)
{
	return rules[kind].row;
}

const char *step_word(enum step_kind kind)
{
	return rules[kind].word;
}

int step_parse(struct step *step, const char *word, const char *value,
	       struct errbuf *err)
{
	const char *near;
	size_t i;

	memset(step, 0, sizeof(*step));
	for (i = 0; i < ARRAY_SIZE(rules) && strcmp(word, rules[i].word); i++)
		;
	if (i == ARRAY_SIZE(rules)) {
		near = suggest_from(word, rules, ARRAY_SIZE(rules), sizeof(rules[0]));
		errbuf_set(err, "there is no step \"%s\"%s%s%s", word,
			   near ? ": did you mean \"" : ": there are do torture start selftest repeat end",
			   near ? near : "", near ? "\"?" : "");
		return -1;
	}
	if (!*value) {
		errbuf_set(err, "\"%s =\" has nothing behind it", word);
		return -1;
	}
	step->kind = i;
	step->text = strdup(value);
	err->text[0] = '\0';
	if (step->text && !rules[i].parse(step, value, err))
		return 0;
	if (!err->text[0])
		errbuf_set(err, "out of memory");
	step_free(step);
	return -1;
}

void step_free(struct step *step)
{
	free(step->text);
	free(step->torture.pattern);
	free(step->torture.flavor);
	free(step->torture.busted);
	free(step->torture.keys);
	memset(step, 0, sizeof(*step));
}
