// SPDX-License-Identifier: GPL-2.0
/*
 * What deferscale says, understood; what it would not say, refused; and the
 * figures judged on samples whose answer is known.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "bench_figures.h"
#include "kt.h"
#include "textbuf.h"

#define ROWS \
	"set defer post ns a post\n" \
	"row post call_rcu the kernel's\nrow post kfree_rcu too\nrow post defer_call ours\n" \
	"set defer object per_s objects\nrow object call_rcu x\nrow object defer_free y\n" \
	"set refs lockcnt ns other group\nrow lockcnt atomic x\n"

#define HEAD	"kernel 6.12\ncpus 2\nrounds 8\nms 20\ncpu 0\n"

static struct errbuf err;

static bool rows(struct bench_data *d)
{
	return kt_check(!bench_data_rows(d, ROWS, "defer", &err), "%s", err.text);
}

/* Eight rounds of the set post: @ours in place of 60 ns, A/A apart by @noise. */
static char *samples(double ours, double noise)
{
	struct textbuf t = { 0 };
	int i;

	textbuf_addf(&t, HEAD);
	for (i = 1; i <= 8; i++) {
		textbuf_addf(&t, "sample post call_rcu %d %d 1000\n", i, 100000 + i);
		textbuf_addf(&t, "sample post defer_call %d %d 1000\n", i,
			     (int)(ours * 1000) + i);
		textbuf_addf(&t, "again post call_rcu %d %d 1000\n", i,
			     (int)(100000 * (i % 2 ? noise : 1 / noise)));
	}
	textbuf_addf(&t, "absent post kfree_rcu it lacks a thing\nstate done\n");
	return textbuf_take(&t);
}

static void understood(void)
{
	char *text = samples(60, 1.01);
	const struct bench_row *r;
	struct bench_data d;

	if (!rows(&d))
		return;
	kt_check(d.nr_sets == 2 && d.sets[0].nr_rows == 3, "%zu sets", d.nr_sets);
	kt_check(d.sets[1].unit == UNIT_PER_S, "unit %d", d.sets[1].unit);
	kt_check(!bench_data_results(&d, text, &err), "%s", err.text);
	kt_check(d.rounds == 8 && d.cpus == 2 && !strcmp(d.state, "done"), "head");
	r = bench_set_row(&d.sets[0], "defer_call");
	kt_check(r && r->samples[7] == 60.008 && bench_row_complete(r, 8), "samples");
	r = bench_set_row(&d.sets[0], "kfree_rcu");
	kt_check(r && r->absent && !strcmp(r->absent, "it lacks a thing"), "absent");
	kt_check(!bench_row_complete(r, 8), "an absent row is complete");
	kt_check(!bench_row_complete(&d.sets[1].rows[0], 8), "an unmeasured row is complete");
	bench_data_clear(&d);
	free(text);
}

static void per_second(void)
{
	struct bench_data d;

	if (!rows(&d))
		return;
	kt_check(!bench_data_results(&d, HEAD "sample object call_rcu 1 2000000000 500\n"
				     "state running\n", &err), "%s", err.text);
	kt_check(d.sets[1].rows[0].samples[0] == 250, "%g", d.sets[1].rows[0].samples[0]);
	bench_data_clear(&d);
}

static void refused(void)
{
	static const char *const bad_rows[] = {
		"", "nonsense\n", "set\n", "set defer\n", "set defer post\n",
		"set defer post miles x\nrow post a b\n", "set defer post ns x\n", "row\n",
		"set other post ns x\nrow post a b\n",
		"set defer post ns x\nrow post a b\nrow post a b\n",
		"set defer post ns x\nset defer post ns x\nrow post a b\n",
	};
	static const char *const bad_results[] = {
		"", HEAD, "state done\n", "rounds 0\n", "rounds -1\n", "rounds 8\nrounds 8\n",
		"rounds 99999999999999999999\n", "\x01\xff\n", "weather 3\n",
		"sample post call_rcu 1 1 1\n",
		HEAD "sample post nobody 1 1 1\nstate done\n",
		HEAD "sample nowhere call_rcu 1 1 1\nstate done\n",
		HEAD "sample post call_rcu 9 1 1\nstate done\n",
		HEAD "sample post call_rcu 0 1 1\nstate done\n",
		HEAD "sample post call_rcu 1 1 0\nstate done\n",
		HEAD "sample post call_rcu 1 0 1\nstate done\n",
		HEAD "sample post call_rcu 1 1 1 1\nstate done\n",
		HEAD "sample post call_rcu 1 1\nstate done\n",
		HEAD "sample post call_rcu 1 -1 1\nstate done\n",
		HEAD "sample post call_rcu 1 1 1\nsample post call_rcu 1 1 1\nstate done\n",
		HEAD "again post defer_call 1 1 1\nstate done\n",
		HEAD "absent post call_rcu\nabsent post call_rcu\nstate done\n",
		HEAD "sample post\nstate done\n", HEAD "sample\nstate done\n",
	};
	struct bench_data d;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_rows); i++)
		kt_check(bench_data_rows(&d, bad_rows[i], "defer", &err) < 0,
			 "taken: %s", bad_rows[i]);
	for (i = 0; i < ARRAY_SIZE(bad_results); i++) {
		if (!rows(&d))
			return;
		kt_check(bench_data_results(&d, bad_results[i], &err) < 0, "taken: %s",
			 bad_results[i]);
		bench_data_clear(&d);
	}
}

/* The verdict on defer_call against call_rcu, at most 0.7x. */
static enum stats_verdict judged(double ours, double noise)
{
	enum stats_verdict v = STATS_TOO_FEW;
	char *text = samples(ours, noise);
	struct bench_data d;
	struct stats s;

	if (rows(&d)) {
		kt_check(!bench_data_results(&d, text, &err), "%s", err.text);
		kt_check(!bench_figure_judge(&bench_figures[0], &d, &s, &v), "there is no verdict");
		bench_data_clear(&d);
	}
	free(text);
	return v;
}

static void figures(void)
{
	kt_check(judged(60, 1.01) == STATS_REACHED, "60 ns to 100 ns");
	kt_check(judged(80, 1.01) == STATS_NOT_REACHED, "80 ns to 100 ns");
	kt_check(judged(80, 1.3) == STATS_UNDECIDED, "80 ns to 100 ns, A/A differs by 30 %%");
	kt_check(judged(10, 3.5) == STATS_TOO_NOISY, "A/A differs by a factor of 3.5");
}

static void not_judged(void)
{
	enum stats_verdict v;
	struct bench_data d;
	struct stats s;
	size_t i;

	if (!rows(&d))
		return;
	kt_check(!bench_data_results(&d, HEAD "failed post call_rcu -12\nstate done\n", &err),
		 "%s", err.text);
	for (i = 0; i < bench_nr_figures; i++)
		kt_check(bench_figure_judge(&bench_figures[i], &d, &s, &v) < 0,
			 "%s/%s is judged without samples", bench_figures[i].set,
			 bench_figures[i].row);
	kt_check(isinf(bench_set_noise(&d, &d.sets[0])), "quiet without a sample");
	bench_data_clear(&d);
}

static const struct kt_case cases[] = {
	{ "rows and results are understood", understood },
	{ "operations a second", per_second },
	{ "what is not as the module writes it is refused", refused },
	{ "figures: reached, not reached, undecided, too noisy", figures },
	{ "what was not measured is not judged", not_judged },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
