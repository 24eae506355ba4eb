// SPDX-License-Identifier: GPL-2.0
/*
 * Going through a scenario, one step after the other.
 *
 * A step that does not succeed ends the scenario: what comes after it was
 * written for another state of the machine.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "load_map.h"
#include "session.h"

/* A word of a command, from 0; "" behind the last. */
static const char *word_of(const char *command, unsigned int n, char *buf, size_t size)
{
	for (;; n--) {
		size_t len;

		command += strspn(command, " \t");
		len = strcspn(command, " \t");
		if (!n) {
			snprintf(buf, size, "%.*s", (int)len, command);
			return buf;
		}
		command += len;
	}
}

static void learn(void *arg, const char *line)
{
	load_map_line(arg, line);
}

static int do_insmod(struct session *s, const struct step *step)
{
	struct load_map map = { .symbols = s->symbols, .modules = s->job->kernel->modules };
	int ret = session_command(s, step, 0, learn, &map, "%s", step->text);

	load_map_end(&map);
	if (map.problem.text[0] && s->round <= 1)
		case_note(&s->result, "addresses of a module cannot be named: %s",
			  map.problem.text);
	return ret;
}

static int do_rmmod(struct session *s, const struct step *step)
{
	char name[64];
	int ret = session_command(s, step, 0, NULL, NULL, "%s", step->text);

	/* Also where the machine goes down in the midst of it. */
	if (!ret || vm_end(s->vm) != VM_RUNNING)
		symbols_module_gone(s->symbols, word_of(step->text, 1, name, sizeof(name)));
	return ret;
}

static int do_sleep(struct session *s, const struct step *step)
{
	char ms[32];

	return session_command(s, step, atol(word_of(step->text, 1, ms, sizeof(ms))),
			       NULL, NULL, "%s", step->text);
}

static int do_wait(struct session *s, const struct step *step)
{
	char ms[32];

	return session_command(s, step, atol(word_of(step->text, 3, ms, sizeof(ms))),
			       NULL, NULL, "%s", step->text);
}

static int do_run(struct session *s, const struct step *step)
{
	const char *program = step->text + strcspn(step->text, " \t");
	unsigned int seconds = deadline_ms(&s->deadlines, s->job->scenario->timeout) / 1000;

	return session_command(s, step, 10000, NULL, NULL, "run -t %u%s", seconds, program);
}

static int do_crash(struct session *s, const struct step *step)
{
	int ret = vm_command(s->vm, deadline_ms(&s->deadlines, s->job->scenario->timeout),
			     NULL, NULL, "crash");

	if (ret == -EPIPE)
		return 0;
	session_fail(s, step, "the machine lives on");
	return -1;
}

static int do_other(struct session *s, const struct step *step)
{
	return session_command(s, step, 0, NULL, NULL, "%s", step->text);
}

/* Agent commands that need more than to be sent. */
static const struct {
	const char *verb;
	int (*run)(struct session *s, const struct step *step);
} verbs[] = {
	{ "insmod", do_insmod },
	{ "rmmod", do_rmmod },
	{ "sleep", do_sleep },
	{ "wait", do_wait },
	{ "run", do_run },
	{ "crash", do_crash },
};

static int step_do(struct session *s, size_t index, size_t *count)
{
	const struct step *step = &s->job->scenario->steps[index];
	char verb[32];
	size_t i;

	*count = 1;
	session_phase(s, "%s", step->text);
	word_of(step->text, 0, verb, sizeof(verb));
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verb, verbs[i].verb))
			return verbs[i].run(s, step);
	return do_other(s, step);
}

/* Torture lines that follow each other are one group. */
static int step_torture(struct session *s, size_t index, size_t *count)
{
	const struct scenario *scenario = s->job->scenario;

	for (*count = 0; index + *count < scenario->nr_steps &&
	     scenario->steps[index + *count].kind == STEP_TORTURE; ++*count)
		;
	vm_command(s->vm, deadline_ms(&s->deadlines, scenario->timeout), NULL, NULL,
		   "mark line %u: torture = %s", scenario->steps[index].line,
		   scenario->steps[index].text);
	return torture_follow(s, index, *count);
}

static int step_start(struct session *s, size_t index, size_t *count)
{
	*count = 1;
	return torture_start(s, index);
}

/*
 * Its exit status says less than its KTAP, and is not what is judged: only
 * that the program could be run and came to an end.
 */
static int step_selftest(struct session *s, size_t index, size_t *count)
{
	const struct step *step = &s->job->scenario->steps[index];
	unsigned int seconds = deadline_ms(&s->deadlines, s->job->scenario->timeout) / 1000;
	struct table_row row = { .state = "running", .rounds = s->round - 1 };
	struct textbuf out = { 0 };
	struct test_result *t;
	const struct ktap *k;
	char *text;
	int ret;

	*count = 1;
	session_phase(s, "selftest %s", step->text);
	session_row(s, session_row_of(s->job->scenario, index), &row);
	vm_command(s->vm, deadline_ms(&s->deadlines, 10), NULL, NULL, "mark selftest %s",
		   step->text);
	ret = vm_command(s->vm, (seconds + 20) * 1000, text_add_line, &out,
			 "run -t %u /selftests/lastref/%s", seconds, step->text);
	text = textbuf_take(&out);
	k = session_keep_ktap(s, step->text, text);
	free(text);
	t = case_add_test(&s->result);
	if (t) {
		collect_test(t, step->text, k);
		collect_test_row(&row, t);
		session_row(s, session_row_of(s->job->scenario, index), &row);
	}
	if (ret == -ETIMEDOUT)
		s->deadline = "silence";
	if (ret >= 0 && ret != 126 && ret != 127 && ret != ETIMEDOUT)
		return 0;
	session_fail(s, step, "%s", ret == -ETIMEDOUT ? "the guest no longer answers" :
		     ret < 0 ? "the machine ended" : vm_status_text(s->vm));
	return -1;
}

static int (*const step_run[])(struct session *s, size_t index, size_t *count) = {
	[STEP_DO] = step_do,
	[STEP_TORTURE] = step_torture,
	[STEP_START] = step_start,
	[STEP_SELFTEST] = step_selftest,
};

/* From one index to another, without repeats; 0 if all succeeded. */
static int run_block(struct session *s, size_t from, size_t to)
{
	size_t i, count;

	for (i = from; i < to; i += count) {
		if (session_interrupted()) {
			errbuf_set(&s->harness, "interrupted");
			return -1;
		}
		if (step_run[s->job->scenario->steps[i].kind](s, i, &count))
			return -1;
		s->steps_done += count;
	}
	return 0;
}

int session_steps(struct session *s)
{
	const struct scenario *scenario = s->job->scenario;
	size_t i = 0, next;

	while (i < scenario->nr_steps) {
		const struct step *step = &scenario->steps[i];
		unsigned int rounds = 1;

		for (next = i; next < scenario->nr_steps &&
		     scenario->steps[next].kind != STEP_REPEAT; next++)
			;
		if (step->kind == STEP_REPEAT) {
			rounds = s->job->options->repeat ? s->job->options->repeat :
							   step->count;
			i++;
			next = step->partner;
		}
		for (s->round = 1; s->round <= rounds; s->round++)
			if (run_block(s, i, next))
				return -1;
		s->round = 1;
		i = next + (next < scenario->nr_steps &&
			    scenario->steps[next].kind == STEP_END);
	}
	return 0;
}
