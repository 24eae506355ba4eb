/* SPDX-License-Identifier: GPL-2.0 */
/* Results made by hand, for what is told of them. */
#ifndef LASTREF_TESTS_TOUR_FIXTURE_H
#define LASTREF_TESTS_TOUR_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "result.h"

static inline void set(char **text, const char *to)
{
	free(*text);
	*text = strdup(to);
}

static inline struct run_result *add_run(struct case_result *c, const char *pattern,
					 const char *busted, long ms)
{
	struct run_result *r = case_add_run(c);

	set(&r->name, "a");
	set(&r->pattern, pattern);
	set(&r->flavor, "rcu");
	set(&r->state, busted ? "caught" : "passed");
	r->round = 1;
	r->as_foretold = true;
	r->elapsed_ms = busted ? ms : 4000;
	r->ops = busted ? 100 : ms;
	if (busted) {
		set(&r->busted, busted);
		set(&r->caught_by, "from_zero");
		r->caught_ms = ms;
	}
	return r;
}

static inline struct case_result *add_case(struct tour_result *t, const char *scenario,
					   const char *kernel, enum status status)
{
	struct case_result *c;

	t->cases = reallocarray(t->cases, t->nr_cases + 1, sizeof(*t->cases));
	c = &t->cases[t->nr_cases++];
	memset(c, 0, sizeof(*c));
	set(&c->id, scenario);
	set(&c->scenario, scenario);
	set(&c->kernel, kernel);
	set(&c->rule, "pass");
	set(&c->why, "because");
	set(&c->again, "lastref run");
	c->status = status;
	c->boots = 1;
	c->scale = 1;
	return c;
}

static inline void begin_tour(struct tour_result *t)
{
	memset(t, 0, sizeof(*t));
	set(&t->command, "lastref run");
	set(&t->started, "2026-11-21T22:00:00+0000");
	set(&t->dir, fake_dir());
	t->seconds = 1;
}

#endif
