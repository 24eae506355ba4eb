// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "bench_figures.h"
#include "compiler.h"

const struct bench_figure bench_figures[] = {
	{ "post", "defer_call", "call_rcu", 0.7, false, "0.7x" },
	{ "object", "defer_free", "call_rcu", 2.0, true, "2x" },
	{ "object", "defer_free", "kfree_rcu", 1.0, true, "1x" },
	{ "idle", "defer_barrier", "rcu_barrier", 1 / 4.0, false, "1/4" },
	{ "empty", "defer_barrier", NULL, 1000, false, "1 us" },
	{ "flood", "defer_barrier", "rcu_barrier", 1 / 20.0, false, "1/20" },
	{ "flood", "beside_a_domain", "rcu_barrier", 1 / 20.0, false, "1/20" },
	{ "watch", "watched", "call_rcu", 2.0, false, "2x" },
	{ "hold", "rwlock_ref_bh/1024", "rwlock_ref/1024", 1.0, false, "1x" },
	{ "lockcnt", "word", "atomic", 1.1, false, "1.1x" },
};

const size_t bench_nr_figures = ARRAY_SIZE(bench_figures);

int bench_row_stats(const struct bench_data *d, const struct bench_row *r, struct stats *st)
{
	double *x;
	int ret;

	if (!bench_row_complete(r, d->rounds))
		return -1;
	x = calloc(d->rounds, sizeof(*x));
	if (!x)
		abort();
	memcpy(x, r->samples, d->rounds * sizeof(*x));
	ret = stats_of(st, x, d->rounds);
	free(x);
	return ret;
}

static int ratio(const struct bench_data *d, const double *a, const double *b, struct stats *st)
{
	double *x = calloc(d->rounds, sizeof(*x));
	int ret;

	if (!x)
		abort();
	ret = stats_ratio(st, a, b, x, d->rounds);
	free(x);
	return ret;
}

int bench_ratio_stats(const struct bench_data *d, const struct bench_row *a,
		      const struct bench_row *b, struct stats *st)
{
	if (!bench_row_complete(a, d->rounds) || !bench_row_complete(b, d->rounds))
		return -1;
	return ratio(d, a->samples, b->samples, st);
}

double bench_set_noise(const struct bench_data *d, const struct bench_set *s)
{
	struct stats aa = { .interval = false };

	if (bench_row_complete(&s->rows[0], d->rounds) &&
	    ratio(d, s->rows[0].again, s->rows[0].samples, &aa))
		aa.interval = false;
	return stats_noise(&aa);
}

int bench_figure_judge(const struct bench_figure *f, const struct bench_data *d,
		       struct stats *found, enum stats_verdict *verdict)
{
	const struct bench_set *s = bench_data_set(d, f->set);
	const struct bench_row *row = s ? bench_set_row(s, f->row) : NULL;
	const struct bench_row *against = s && f->against ? bench_set_row(s, f->against) : NULL;
	double noise;
	int ret;

	if (!row || (f->against && !against))
		return -1;
	ret = against ? bench_ratio_stats(d, row, against, found) :
			bench_row_stats(d, row, found);
	if (ret)
		return ret;
	noise = bench_set_noise(d, s);
	*verdict = f->at_least ? stats_at_least(found, f->bound, noise) :
				 stats_at_most(found, f->bound, noise);
	return 0;
}
