// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "tally.h"

#define PLACES_MAX	3	/* that are told one by one */

/* The row of a pattern on a kernel, or on any if that is NULL; a new one if need be. */
static struct tally *find(struct tally **rows, size_t *count, const char *name,
			  const char *flavor, const char *kernel)
{
	struct tally *row;
	size_t i;

	for (i = 0; i < *count; i++) {
		row = &(*rows)[i];
		if (!strcmp(row->pattern, name) && !strcmp(row->flavor, flavor) &&
		    (!kernel || !strcmp(row->kernel, kernel)))
			return row;
	}
	row = reallocarray(*rows, *count + 1, sizeof(*row));
	if (!row)
		abort();
	*rows = row;
	row += (*count)++;
	memset(row, 0, sizeof(*row));
	row->pattern = name;
	row->flavor = flavor;
	snprintf(row->kernel, sizeof(row->kernel), "%s", kernel ? kernel : "");
	return row;
}

static void add_check(struct tally *row, const char *check)
{
	const char *p = strstr(row->by, check);
	size_t len = strlen(check), used = strlen(row->by);

	if (p && (p == row->by || p[-1] == ' ') && (!p[len] || p[len] == ','))
		return;
	snprintf(row->by + used, sizeof(row->by) - used, "%s%s", used ? ", " : "", check);
}

static void add_time(struct tally *row, long ms)
{
	unsigned int i;

	row->caught_ms = reallocarray(row->caught_ms, row->nr_caught + 1, sizeof(long));
	if (!row->caught_ms)
		abort();
	for (i = row->nr_caught++; i && row->caught_ms[i - 1] > ms; i--)
		row->caught_ms[i] = row->caught_ms[i - 1];
	row->caught_ms[i] = ms;
}

static void add_run(struct tally *row, const struct run_result *r)
{
	row->busted = r->busted;
	row->places = 1;
	row->runs++;
	row->as_foretold += r->as_foretold;
	row->ops += r->ops;
	row->near_misses += r->near_misses;
	row->errors += r->errors;
	row->elapsed_ms += r->elapsed_ms;
	if (r->as_foretold && r->busted) {
		add_time(row, r->caught_ms);
		add_check(row, r->caught_by ? r->caught_by : "?");
	}
}

struct tally *tally_runs(const struct tour_result *t, size_t *count)
{
	char where[CASE_WHERE_MAX];
	struct tally *rows = NULL;
	size_t i, j;

	*count = 0;
	for (i = 0; i < t->nr_cases; i++) {
		case_where(&t->cases[i], where);
		for (j = 0; j < t->cases[i].nr_runs; j++) {
			const struct run_result *r = &t->cases[i].runs[j];

			if (!run_interrupted(r))
				add_run(find(&rows, count, r->busted ? r->busted : r->pattern,
					     r->flavor, where), r);
		}
	}
	return rows;
}

static void add_checks(struct tally *row, const char *checks)
{
	char list[sizeof(row->by)], *word, *rest = list;

	snprintf(list, sizeof(list), "%s", checks);
	while ((word = strsep(&rest, ",")))
		if (*word)
			add_check(row, word + (*word == ' '));
}

static void add_row(struct tally *to, const struct tally *from)
{
	unsigned int i;

	to->busted = from->busted;
	to->places++;
	to->runs += from->runs;
	to->as_foretold += from->as_foretold;
	to->ops += from->ops;
	to->near_misses += from->near_misses;
	to->errors += from->errors;
	to->elapsed_ms += from->elapsed_ms;
	for (i = 0; i < from->nr_caught; i++)
		add_time(to, from->caught_ms[i]);
	add_checks(to, from->by);
	if (to->places > 1)
		snprintf(to->kernel, sizeof(to->kernel), "%u kernels and modes", to->places);
	else
		snprintf(to->kernel, sizeof(to->kernel), "%s", from->kernel);
}

struct tally *tally_places(const struct tour_result *t, size_t *count)
{
	struct tally *all = NULL, *rows;
	size_t nr, i;

	*count = 0;
	rows = tally_runs(t, &nr);
	for (i = 0; i < nr; i++)
		add_row(find(&all, count, rows[i].pattern, rows[i].flavor, NULL), &rows[i]);
	tally_free(rows, nr);
	return all;
}

struct tally *tally_told(const struct tour_result *t, size_t *count)
{
	struct tally *rows = tally_places(t, count);
	size_t i;

	for (i = 0; i < *count; i++)
		if (rows[i].places > PLACES_MAX)
			return rows;
	tally_free(rows, *count);
	return tally_runs(t, count);
}

static void add_skip(struct skip_tally **skips, size_t *count,
		     const struct check_result *check)
{
	static const char words[] = "not run: ";
	const char *note = check->note ? check->note : "";
	struct skip_tally *more;
	size_t i;

	if (!strncmp(note, words, strlen(words)))
		note += strlen(words);
	for (i = 0; i < *count; i++) {
		if (!strcmp((*skips)[i].name, check->name) && !strcmp((*skips)[i].note, note)) {
			(*skips)[i].runs++;
			return;
		}
	}
	more = reallocarray(*skips, *count + 1, sizeof(*more));
	if (!more)
		abort();
	*skips = more;
	more[(*count)++] = (struct skip_tally){ check->name, note, 1 };
}

/* A busted form ends when it is caught: what it left out means nothing. */
struct skip_tally *tally_skips(const struct tour_result *t, size_t *count)
{
	struct skip_tally *skips = NULL;
	size_t i, j, k;

	*count = 0;
	for (i = 0; i < t->nr_cases; i++) {
		for (j = 0; j < t->cases[i].nr_runs; j++) {
			const struct run_result *r = &t->cases[i].runs[j];

			for (k = 0; k < r->nr_checks && !r->busted; k++)
				if (r->checks[k].status == KTAP_SKIP)
					add_skip(&skips, count, &r->checks[k]);
		}
	}
	return skips;
}

void tally_free(struct tally *rows, size_t count)
{
	while (count)
		free(rows[--count].caught_ms);
	free(rows);
}

long tally_median(const struct tally *row)
{
	return row->nr_caught ? row->caught_ms[(row->nr_caught - 1) / 2] : -1;
}

double tally_bound(uint64_t ops)
{
	return ops > 3 ? 2.9957 / ops : 1;
}
