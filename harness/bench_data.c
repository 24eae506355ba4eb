// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "compiler.h"

#define ROUNDS_MAX	10000

static const char *const units[] = {
	[UNIT_NS] = "ns",
	[UNIT_PER_S] = "per_s",
	[UNIT_BYTES] = "bytes",
};

const char *bench_unit_name(enum bench_unit unit)
{
	return units[unit];
}

/* The next word, and *rest behind it; NULL at the end of the line. */
static char *word(char **rest)
{
	char *w = *rest + strspn(*rest, " "), *end = w + strcspn(w, " ");

	*rest = *end ? end + 1 : end;
	*end = '\0';
	return *w ? w : NULL;
}

static int number(const char *text, uint64_t *n)
{
	char *end;

	if (!text || *text < '0' || *text > '9')
		return -1;
	errno = 0;
	*n = strtoull(text, &end, 10);
	return errno || *end ? -1 : 0;
}

static void *more(void *array, size_t nr, size_t size)
{
	char *p = reallocarray(array, nr + 1, size);

	if (!p)
		abort();
	memset(p + nr * size, 0, size);
	return p;
}

/* Calls @take for each line until it says what is wrong with one. */
static int each_line(struct bench_data *d, const char *text, const char *group,
		     const char *(*take)(struct bench_data *d, char *line, const char *group),
		     struct errbuf *err)
{
	unsigned int nr = 0;
	const char *wrong = NULL;
	char *copy = strdup(text), *rest = copy, *line;

	while (!wrong && (line = strsep(&rest, "\n"))) {
		nr++;
		if (*line)
			wrong = take(d, line, group);
	}
	free(copy);
	if (!wrong)
		return 0;
	errbuf_set(err, "line %u of what the guest measured: %s: is this the module of this tree?",
		   nr, wrong);
	return -1;
}

static const char *take_set(struct bench_data *d, char *rest, const char *group)
{
	const char *of = word(&rest), *name = word(&rest), *unit = word(&rest);
	struct bench_set *s;
	size_t i;

	for (i = 0; unit && i < ARRAY_SIZE(units) && strcmp(units[i], unit); i++)
		;
	if (!unit || i == ARRAY_SIZE(units))
		return "a set without a unit";
	if (strcmp(of, group))
		return NULL;
	if (bench_data_set(d, name))
		return "the same set twice";
	d->sets = more(d->sets, d->nr_sets, sizeof(*d->sets));
	s = &d->sets[d->nr_sets++];
	s->name = strdup(name);
	s->about = strdup(rest);
	s->unit = i;
	return NULL;
}

/* Rows of other groups are passed over. */
static const char *take_row(struct bench_data *d, char *rest)
{
	const char *set = word(&rest), *name = word(&rest);
	struct bench_set *s;
	struct bench_row *r;

	if (!name)
		return "a row without a name";
	s = (struct bench_set *)bench_data_set(d, set);
	if (!s)
		return NULL;
	if (bench_set_row(s, name))
		return "the same row twice";
	s->rows = more(s->rows, s->nr_rows, sizeof(*s->rows));
	r = &s->rows[s->nr_rows++];
	r->name = strdup(name);
	r->about = strdup(rest);
	return NULL;
}

static const char *take_rows_line(struct bench_data *d, char *line, const char *group)
{
	const char *what = word(&line);

	if (what && !strcmp(what, "set"))
		return take_set(d, line, group);
	if (what && !strcmp(what, "row"))
		return take_row(d, line);
	return "neither a set nor a row";
}

int bench_data_rows(struct bench_data *d, const char *text, const char *group,
		    struct errbuf *err)
{
	size_t i;

	memset(d, 0, sizeof(*d));
	if (each_line(d, text, group, take_rows_line, err)) {
		bench_data_clear(d);
		return -1;
	}
	for (i = 0; i < d->nr_sets && d->sets[i].nr_rows; i++)
		;
	if (d->nr_sets && i == d->nr_sets)
		return 0;
	errbuf_set(err, d->nr_sets ? "the module has a set without rows" :
		   "the module of this kernel has no rows of group %s: make modules", group);
	bench_data_clear(d);
	return -1;
}

static double *no_samples(size_t n)
{
	double *x = calloc(n, sizeof(*x));
	size_t i;

	if (!x)
		abort();
	for (i = 0; i < n; i++)
		x[i] = NAN;
	return x;
}

static const char *take_rounds(struct bench_data *d, uint64_t n)
{
	struct bench_set *s;
	size_t i;

	if (d->rounds || !n || n > ROUNDS_MAX)
		return "an impossible number of rounds";
	d->rounds = n;
	for (s = d->sets; s < d->sets + d->nr_sets; s++)
		for (i = 0; i < s->nr_rows; i++) {
			s->rows[i].samples = no_samples(n);
			s->rows[i].again = no_samples(n);
		}
	return NULL;
}

static double value(enum bench_unit unit, uint64_t amount, uint64_t ops)
{
	return unit == UNIT_PER_S ? ops * 1e9 / amount : (double)amount / ops;
}

static const char *take_sample(struct bench_data *d, const struct bench_set *s,
			       struct bench_row *r, char *rest, bool again)
{
	uint64_t round, amount, ops;
	double *x;

	if (number(word(&rest), &round) || number(word(&rest), &amount) ||
	    number(word(&rest), &ops) || word(&rest))
		return "a sample is three numbers";
	if (!round || round > d->rounds)
		return "a sample of no round";
	if (!ops || !amount)
		return "a sample of nothing";
	if (again && r != s->rows)
		return "only the first row has a second turn";
	x = &(again ? r->again : r->samples)[round - 1];
	if (!isnan(*x))
		return "the same sample twice";
	*x = value(s->unit, amount, ops);
	return NULL;
}

static const char *take_of_row(struct bench_data *d, const char *what, char *rest)
{
	const char *set = word(&rest), *row = word(&rest);
	const struct bench_set *s = set ? bench_data_set(d, set) : NULL;
	struct bench_row *r = s && row ? (struct bench_row *)bench_set_row(s, row) : NULL;

	if (!r)
		return "a row that is not known";
	if (!d->rounds)
		return "a sample before the number of rounds";
	if (!strcmp(what, "sample") || !strcmp(what, "again"))
		return take_sample(d, s, r, rest, *what == 'a');
	if (r->absent || r->failed)
		return "a row that is missing twice";
	*(*what == 'a' ? &r->absent : &r->failed) = strdup(rest);
	return NULL;
}

static void set_text(char **where, const char *text)
{
	free(*where);
	*where = strdup(text);
}

static const char *take_results_line(struct bench_data *d, char *line, const char *unused)
{
	static const char *const of_rows[] = { "sample", "again", "absent", "failed" };
	const char *what = word(&line);
	uint64_t n;
	size_t i;

	(void)unused;
	for (i = 0; what && i < ARRAY_SIZE(of_rows); i++)
		if (!strcmp(what, of_rows[i]))
			return take_of_row(d, what, line);
	if (what && !strcmp(what, "kernel"))
		set_text(&d->release, line);
	else if (what && !strcmp(what, "state"))
		set_text(&d->state, line);
	else if (!what || number(line, &n))
		return "not understood";
	else if (!strcmp(what, "rounds"))
		return take_rounds(d, n);
	else if (!strcmp(what, "cpus"))
		d->cpus = n;
	else if (strcmp(what, "ms") && strcmp(what, "cpu"))
		return "not understood";
	return NULL;
}

int bench_data_results(struct bench_data *d, const char *text, struct errbuf *err)
{
	if (each_line(d, text, NULL, take_results_line, err))
		return -1;
	if (d->rounds && d->release && d->state)
		return 0;
	errbuf_set(err, "what the guest measured is cut short");
	return -1;
}

void bench_data_clear(struct bench_data *d)
{
	struct bench_set *s;
	size_t i;

	for (s = d->sets; s < d->sets + d->nr_sets; s++) {
		for (i = 0; i < s->nr_rows; i++) {
			free(s->rows[i].name);
			free(s->rows[i].about);
			free(s->rows[i].absent);
			free(s->rows[i].failed);
			free(s->rows[i].samples);
			free(s->rows[i].again);
		}
		free(s->rows);
		free(s->name);
		free(s->about);
	}
	free(d->sets);
	free(d->release);
	free(d->state);
	memset(d, 0, sizeof(*d));
}

const struct bench_set *bench_data_set(const struct bench_data *d, const char *name)
{
	size_t i;

	for (i = 0; i < d->nr_sets; i++)
		if (!strcmp(d->sets[i].name, name))
			return &d->sets[i];
	return NULL;
}

const struct bench_row *bench_set_row(const struct bench_set *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->nr_rows; i++)
		if (!strcmp(s->rows[i].name, name))
			return &s->rows[i];
	return NULL;
}

bool bench_row_complete(const struct bench_row *r, size_t rounds)
{
	size_t i;

	for (i = 0; i < rounds; i++)
		if (isnan(r->samples[i]))
			return false;
	return !r->absent && !r->failed;
}
