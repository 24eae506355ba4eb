// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "scenario_rules.h"

struct place {
	struct scenario *s;
	unsigned int *line;
	struct errbuf *why;
};

static int check_run(struct place *p, size_t i)
{
	const struct step *step = &p->s->steps[i], *other;

	if (step->torture.busted && p->s->expect == EXPECT_PASS) {
		errbuf_set(p->why, "\"busted=%s\" in a scenario that expects a pass: say \"expect = caught\"",
			   step->torture.busted);
		return -1;
	}
	while (step->kind == STEP_TORTURE && i--) {
		other = &p->s->steps[i];
		if (other->kind != STEP_TORTURE)
			break;
		if (strcmp(other->torture.run, step->torture.run))
			continue;
		errbuf_set(p->why, "\"run=%s\" is at work already, from line %u: name it otherwise, or put a step between",
			   step->torture.run, other->line);
		return -1;
	}
	return 0;
}

static int open_repeat(struct place *p, size_t i, size_t *open)
{
	if (*open < p->s->nr_steps) {
		errbuf_set(p->why, "a repeat within the repeat of line %u: one at a time",
			   p->s->steps[*open].line);
		return -1;
	}
	*open = i;
	return 0;
}

static int close_repeat(struct place *p, size_t i, size_t *open)
{
	if (*open == p->s->nr_steps || *open == i - 1) {
		errbuf_set(p->why, *open == i - 1 ? "there is nothing to repeat" :
			   "\"end = repeat\" without a repeat before it");
		return -1;
	}
	p->s->steps[i].partner = *open;
	p->s->steps[*open].partner = i;
	*open = p->s->nr_steps;
	return 0;
}

static int check_steps(struct place *p)
{
	struct scenario *s = p->s;
	size_t open = s->nr_steps, i;
	int ret = 0;

	for (i = 0; i < s->nr_steps && !ret; i++) {
		*p->line = s->steps[i].line;
		if (s->steps[i].kind == STEP_REPEAT)
			ret = open_repeat(p, i, &open);
		else if (s->steps[i].kind == STEP_END)
			ret = close_repeat(p, i, &open);
		else
			ret = check_run(p, i);
	}
	if (ret || open == s->nr_steps)
		return ret;
	*p->line = s->steps[open].line;
	errbuf_set(p->why, "this repeat has no \"end = repeat\"");
	return -1;
}

/* What is foretold must be something that can come, and can fail to come. */
static const char *bad_prediction(const struct scenario *s)
{
	size_t i;

	if (s->expect == EXPECT_CRASH && !s->signature)
		return "\"expect = crash\" needs a \"signature =\": any crash is no proof";
	if (s->expect != EXPECT_CRASH && s->signature)
		return "\"signature =\" is for \"expect = crash\": did you mean \"splat =\"?";
	if (!s->nr_steps)
		return "there are no steps: a scenario that does nothing shows nothing";
	if (s->expect != EXPECT_CAUGHT)
		return NULL;
	for (i = 0; i < s->nr_steps; i++)
		if (s->steps[i].torture.busted)
			return NULL;
	return "\"expect = caught\" without a busted= in any step: there is nothing to catch";
}

int scenario_rules(struct scenario *s, unsigned int *line, struct errbuf *why)
{
	struct place p = { .s = s, .line = line, .why = why };
	const char *bad = bad_prediction(s);

	if (!bad)
		return check_steps(&p);
	errbuf_set(why, "%s", bad);
	return -1;
}
