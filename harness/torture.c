// SPDX-License-Identifier: GPL-2.0
/*
 * The torture= step: start, follow, collect.
 *
 * The stats of each run are read a few times a second. Between two rounds the
 * agent itself waits, inside the guest, for the first run to end: so an end is
 * noticed at once, and a guest that is busy to the brim is asked seldom.
 *
 * A run that has ended is collected before the next is looked at, then removed,
 * which frees its name for the next round of a repeat.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "session.h"

#define TIME_DEFAULT	10
#define ROUND_MS	400

struct follow {
	const struct step *step;
	size_t row;
	struct table_row data;
	struct series series;
	bool started;
	bool ended;
};

/* The same seed for the same run, whatever else is run beside it. */
static uint64_t seed_for(const struct job *job, const struct step *step, unsigned int round)
{
	const char *const words[] = {
		job->scenario->name, "/", step->torture.run,
	};
	uint64_t hash = 14695981039346656037ULL ^ job->seed;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		const char *p;

		for (p = words[i]; *p; p++)
			hash = (hash ^ (unsigned char)*p) * 1099511628211ULL;
	}
	hash = (hash ^ round) * 1099511628211ULL;
	return (hash >> 33 ^ hash) & 0x7fffffff;
}

/* --time is for right forms: a busted form ends when it is caught. */
unsigned int torture_time(const struct job *job, const struct torture_spec *t)
{
	if (job->options->time && !t->busted)
		return job->options->time;
	return t->time ? t->time : TIME_DEFAULT;
}

char *torture_command(const struct job *job, const struct step *step, unsigned int round,
		      unsigned int time)
{
	const struct torture_spec *t = &step->torture;
	char time_word[32] = "", *line;

	if (time)
		snprintf(time_word, sizeof(time_word), " time=%u", time);
	if (asprintf(&line, "write " TORTURE_DIR "/control start run=%s pattern=%s flavor=%s%s%s%s seed=%llu%s%s",
		     t->run, t->pattern, t->flavor, t->busted ? " busted=" : "",
		     t->busted ? t->busted : "", time_word,
		     (unsigned long long)seed_for(job, step, round),
		     *t->keys ? " " : "", t->keys) < 0)
		return NULL;
	return line;
}

/* The module keeps its last refusals with a caret under the word. */
static void quote_error_log(struct session *s, const struct step *step)
{
	struct textbuf log = { 0 };
	char *text, *last;

	vm_command(s->vm, deadline_ms(&s->deadlines, 10), text_add_line, &log,
		   "cat " TORTURE_DIR "/error_log");
	text = textbuf_take(&log);
	session_append(s, "failures.txt", step->text, text);
	last = strstr(text, "error: ");
	while (last && strstr(last + 1, "error: "))
		last = strstr(last + 1, "error: ");
	if (last) {
		last[strcspn(last, "\n")] = '\0';
		session_fail(s, step, "the module refused it: %s", last + strlen("error: "));
	}
	free(text);
}

static int start_run(struct session *s, const struct step *step, unsigned int time)
{
	char *line = torture_command(s->job, step, s->round, time);
	int ret;

	ret = vm_command(s->vm, deadline_ms(&s->deadlines, s->job->scenario->timeout),
			 NULL, NULL, "%s", line ? line : "");
	free(line);
	if (!ret)
		return 0;
	if (ret > 0)
		quote_error_log(s, step);
	if (ret == -ETIMEDOUT)
		s->deadline = "start";
	session_fail(s, step, "%s", ret == -ETIMEDOUT ? "no answer in time" :
		     ret < 0 ? "the machine ended" : vm_status_text(s->vm));
	return -1;
}

int torture_start(struct session *s, size_t index)
{
	const struct step *step = &s->job->scenario->steps[index];
	struct table_row row = { .rounds = s->round };

	if (start_run(s, step, step->torture.time))
		return -1;
	snprintf(row.state, sizeof(row.state), "started %ux", s->round);
	session_row(s, session_row_of(s->job->scenario, index), &row);
	return 0;
}

static char *read_file(struct session *s, const struct step *step, const char *file)
{
	struct textbuf text = { 0 };

	if (!session_command(s, step, 0, text_add_line, &text, "cat " TORTURE_DIR "/%s/%s",
			     step->torture.run, file))
		return textbuf_take(&text);
	free(textbuf_take(&text));
	return NULL;
}

/* What was seen of it over time is the result's from now on. */
static void hand_over_series(struct follow *f, struct run_result *r)
{
	r->samples = f->series.samples;
	r->nr_samples = f->series.nr;
	f->series = (struct series){ 0 };
}

static void keep_sample(struct follow *f)
{
	series_add(&f->series, &(struct sample){
		.ms = f->data.elapsed_ms, .ops = f->data.ops,
		.near_misses = f->data.near_misses, .errors = f->data.errors,
	});
}

/* Everything a run left, into the case's files and its result. */
static int collect(struct session *s, struct follow *f, const char *stats)
{
	const struct torture_spec *t = &f->step->torture;
	char *ktap = read_file(s, f->step, "result");
	char *failures = read_file(s, f->step, "failures");
	char *histograms = read_file(s, f->step, "histograms");
	struct run_result *r = case_add_run(&s->result);
	const struct ktap *k;
	char name[128];
	int ret = -1;

	snprintf(name, sizeof(name), "%s %s %s #%u", t->run,
		 t->busted ? t->busted : t->pattern, t->flavor, s->round);
	if (r && ktap && failures && histograms) {
		r->round = s->round;
		hand_over_series(f, r);
		k = session_keep_ktap(s, name, ktap);
		collect_run(r, t, stats, k, failures);
		r->histograms = histograms_read(histograms, &r->nr_histograms);
		session_append(s, "stats.txt", name, stats);
		session_append(s, "histograms.txt", name, histograms);
		if (r->failures)
			session_append(s, "failures.txt", name, failures);
		collect_verdict(&f->data, r);
		/* Where the KTAP says so itself, it is the better witness. */
		if (!r->as_foretold && ktap_complete(k) && !ktap_count(k, KTAP_FAIL))
			session_fail(s, f->step, "%s", r->problem);
		ret = session_command(s, f->step, 0, NULL, NULL,
				      "write " TORTURE_DIR "/control remove run=%s", t->run);
	}
	free(ktap);
	free(failures);
	free(histograms);
	return ret;
}

/* One look at one run. */
static int look(struct session *s, struct follow *f)
{
	char *stats = read_file(s, f->step, "stats");
	long limit;
	int ret = 0;

	if (!stats)
		return -1;
	collect_row(&f->data, stats);
	keep_sample(f);
	limit = f->data.time_ms + deadline_ms(&s->deadlines, s->job->scenario->timeout);
	if (state_ended(f->data.state)) {
		f->ended = true;
		ret = collect(s, f, stats);
	} else if (f->data.elapsed_ms > limit) {
		s->deadline = "end of a run";
		session_fail(s, f->step, "still %s %ld s after its time was over",
			     f->data.state, (f->data.elapsed_ms - f->data.time_ms) / 1000);
		ret = -1;
	}
	session_row(s, f->row, &f->data);
	free(stats);
	return ret;
}

/* Until one has ended or it is time for another look; inside the guest. */
static int rest(struct session *s, const struct follow *f)
{
	int ret = vm_command(s->vm, deadline_ms(&s->deadlines, s->job->scenario->timeout),
			     NULL, NULL, "wait " TORTURE_DIR "/%s/stats " TORTURE_ENDED " %d",
			     f->step->torture.run, ROUND_MS);

	if (ret >= 0 && !session_interrupted())
		return 0;
	if (ret == -ETIMEDOUT)
		s->deadline = "silence";
	session_fail(s, f->step, "%s", ret == -ETIMEDOUT ? "the guest no longer answers" :
		     ret < 0 ? "the machine ended while it ran" : "interrupted");
	return -1;
}

static int follow_all(struct session *s, struct follow *f, size_t count)
{
	size_t left = count, i;

	while (left) {
		left = 0;
		for (i = 0; i < count; i++) {
			if (f[i].ended)
				continue;
			if (look(s, &f[i]))
				return -1;
			left += !f[i].ended;
		}
		for (i = 0; i < count && f[i].ended; i++)
			;
		if (i < count && rest(s, &f[i]))
			return -1;
	}
	return 0;
}

/* What was started and never collected is on record as lost. */
static void give_up(struct session *s, struct follow *f, size_t count)
{
	struct run_result *r;
	struct table_row row;
	size_t i;

	for (i = 0; i < count; i++) {
		r = f[i].ended ? NULL : case_add_run(&s->result);
		if (!r)
			continue;
		r->round = s->round;
		r->seed = seed_for(s->job, f[i].step, s->round);
		hand_over_series(&f[i], r);
		collect_lost(r, &f[i].step->torture, &f[i].data, session_interrupted() ?
			     STATE_INTERRUPTED : f[i].started ? STATE_LOST : STATE_NOT_STARTED);
		row = f[i].data;
		collect_verdict(&row, r);
		session_row(s, f[i].row, &row);
	}
}

/*
 * A busted form's time is a deadline, by which it has to be caught on a machine of
 * scale 1. How long a right form is tortured is for others to say.
 */
static unsigned int time_here(const struct session *s, const struct torture_spec *t)
{
	unsigned int seconds = torture_time(s->job, t);

	if (t->busted)
		seconds = deadline_ms(&s->deadlines, seconds) / 1000;
	return seconds;
}

int torture_follow(struct session *s, size_t first, size_t count)
{
	const struct scenario *scenario = s->job->scenario;
	struct follow *f = calloc(count, sizeof(*f));
	int ret = f ? 0 : -1;
	size_t i;

	for (i = 0; f && i < count; i++) {
		f[i].step = &scenario->steps[first + i];
		f[i].row = session_row_of(scenario, first + i);
		f[i].data.rounds = s->round - 1;
	}
	for (i = 0; i < count && !ret; i++) {
		session_phase(s, "starting %s", f[i].step->torture.run);
		ret = start_run(s, f[i].step, time_here(s, &f[i].step->torture));
		f[i].started = !ret;
		/* The first sign of life, before the next takes its share of the CPUs. */
		ret = ret ? ret : look(s, &f[i]);
	}
	if (!ret) {
		session_phase(s, count == 1 ? "%s runs" : "%s and %zu more run",
			      f[0].step->torture.run, count - 1);
		ret = follow_all(s, f, count);
	}
	if (ret && f)
		give_up(s, f, count);
	for (i = 0; f && i < count; i++)
		free(f[i].series.samples);
	free(f);
	return ret;
}
