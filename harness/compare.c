// SPDX-License-Identifier: GPL-2.0
/*
 * Two machines, or one machine at two times, differ in speed as a whole: so the
 * middle of all ratios is the speed of the machine, and only a row that is off
 * it by more than RATE_NOISE, either way, is worth a line.
 */
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "human.h"
#include "stats.h"
#include "tally.h"

#define RATE_NOISE	1.3
#define RATE_MS_MIN	2000

/* From best to worst. */
static int rank(enum status status)
{
	static const int ranks[] = {
		[STATUS_PASS] = 0, [STATUS_NOTRUN] = 1, [STATUS_ERROR] = 2, [STATUS_FAIL] = 3,
	};

	return ranks[status];
}

static const struct case_result *find_case(const struct tour_result *t,
					   const struct case_result *like, size_t nth)
{
	char where[CASE_WHERE_MAX], other[CASE_WHERE_MAX];
	size_t i;

	case_where(like, where);
	for (i = 0; i < t->nr_cases; i++)
		if (!strcmp(t->cases[i].scenario, like->scenario) &&
		    !strcmp(case_where(&t->cases[i], other), where) && !nth--)
			return &t->cases[i];
	return NULL;
}

/* How many of the cases before this one are of the same scenario and place. */
static size_t nth_of(const struct tour_result *t, size_t index)
{
	size_t n = 0;

	while (find_case(t, &t->cases[index], n) != &t->cases[index])
		n++;
	return n;
}

static const char *word_of(const struct case_result *c)
{
	if (!c)
		return "(none)";
	return status_word(c);
}

static void put_change(FILE *out, const struct case_result *a, const struct case_result *b,
		       bool color)
{
	const struct case_result *c = b ? b : a;
	bool worse = a && b && rank(b->status) > rank(a->status);
	char where[CASE_WHERE_MAX], why[200];
	const char *begin = worse ? "\033[1;31m" : "\033[32m";

	human_clean(why, sizeof(why), c->why);
	fprintf(out, "  %s%-7s -> %-7s%s  %s on %s: %s\n", color ? begin : "",
		word_of(a), word_of(b),
		color ? "\033[0m" : "", c->scenario, case_where(c, where), why);
}

static bool compare_cases(FILE *out, const struct tour_result *a, const struct tour_result *b,
			  bool color)
{
	const struct case_result *other;
	enum status was;
	size_t same = 0, added = 0, changed = 0, i;
	bool worse = false;

	for (i = 0; i < b->nr_cases; i++) {
		other = find_case(a, &b->cases[i], nth_of(b, i));
		if (other && other->status == b->cases[i].status) {
			same++;
			continue;
		}
		if (!other && b->cases[i].status == STATUS_PASS) {
			added++;
			continue;
		}
		if (!changed++)
			fprintf(out, "Verdicts that changed:\n");
		was = other ? other->status : STATUS_NOTRUN;
		worse |= rank(b->cases[i].status) > rank(was);
		put_change(out, other, &b->cases[i], color);
	}
	for (i = 0; i < a->nr_cases; i++) {
		if (find_case(b, &a->cases[i], nth_of(a, i)))
			continue;
		if (!changed++)
			fprintf(out, "Verdicts that changed:\n");
		put_change(out, &a->cases[i], NULL, color);
	}
	fprintf(out, "%s%zu verdict%s the same in both", changed ? "  " : "", same,
		same == 1 ? " is" : "s are");
	if (added)
		fprintf(out, ", %zu that passed %s new in B", added, added == 1 ? "is" : "are");
	fputs(".\n", out);
	return worse;
}

static const struct tally *find_row(const struct tally *rows, size_t count,
				    const struct tally *like)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(rows[i].pattern, like->pattern) &&
		    !strcmp(rows[i].flavor, like->flavor) && !strcmp(rows[i].kernel, like->kernel))
			return &rows[i];
	return NULL;
}

/* New over old, or 0 where one of the two is too short to have a rate. */
static double ratio(const struct tally *a, const struct tally *b)
{
	if (!a || b->busted || !a->ops || !b->ops || a->elapsed_ms < RATE_MS_MIN ||
	    b->elapsed_ms < RATE_MS_MIN)
		return 0;
	return (double)b->ops / b->elapsed_ms / ((double)a->ops / a->elapsed_ms);
}

static void compare_rates(FILE *out, const struct tally *a, size_t nr_a, const struct tally *b,
			  size_t nr_b)
{
	double *ratios = calloc(nr_b + 1, sizeof(*ratios)), middle, r;
	struct stats s;
	size_t n = 0, off = 0, i;

	for (i = 0; ratios && i < nr_b; i++) {
		r = ratio(find_row(a, nr_a, &b[i]), &b[i]);
		if (r > 0)
			ratios[n++] = r;
	}
	if (stats_of(&s, ratios, n)) {
		fprintf(out, "No rate can be compared: no pattern ran for %d s in both.\n",
			RATE_MS_MIN / 1000);
		free(ratios);
		return;
	}
	middle = s.median;
	free(ratios);
	fprintf(out, "Rates: the middle of %zu is %.2f of what it was%s.\n", n, middle,
		n < 3 ? "; so few cannot tell a change from a busy machine" : "");
	for (i = 0; i < nr_b && n >= 3; i++) {
		r = ratio(find_row(a, nr_a, &b[i]), &b[i]) / middle;
		if (r <= 0 || (r < RATE_NOISE && r > 1 / RATE_NOISE))
			continue;
		off++;
		fprintf(out, "  %s %s on %s: %.2f, which is %.2f of the middle\n", b[i].pattern,
			b[i].flavor, b[i].kernel, r * middle, r);
	}
	if (n >= 3 && !off)
		fprintf(out, "  None is off it by more than a factor of %.1f, which is noise.\n",
			RATE_NOISE);
}

/* Of the times of a row, with their interval; false if they are too few for one. */
static bool catch_stats(struct stats *s, const struct tally *row)
{
	double *times = calloc(row->nr_caught + 1, sizeof(*times));
	unsigned int i;
	bool ok;

	for (i = 0; times && i < row->nr_caught; i++)
		times[i] = row->caught_ms[i];
	ok = times && !stats_of(s, times, row->nr_caught) && s->interval;
	free(times);
	return ok;
}

static void compare_catches(FILE *out, const struct tally *a, size_t nr_a,
			    const struct tally *b, size_t nr_b)
{
	char old[HUMAN_MAX], new[HUMAN_MAX];
	unsigned int compared = 0, off = 0;
	const struct tally *row;
	struct stats was, is;
	size_t i;

	for (i = 0; i < nr_b; i++) {
		row = b[i].busted ? find_row(a, nr_a, &b[i]) : NULL;
		if (!row || !catch_stats(&was, row) || !catch_stats(&is, &b[i]))
			continue;
		compared++;
		if (is.low <= was.high && was.low <= is.high)
			continue;
		if (!off++)
			fprintf(out, "Times to catch whose medians lie apart (95 %% intervals):\n");
		fprintf(out, "  %s %s on %s: %s -> %s\n", b[i].pattern, b[i].flavor, b[i].kernel,
			human_ms(old, was.median), human_ms(new, is.median));
	}
	if (!compared)
		fprintf(out, "No time to catch can be compared: that takes %d catches in either.\n",
			STATS_MIN_INTERVAL);
	else if (!off)
		fprintf(out, "Times to catch: none of %u lies apart.\n", compared);
}

bool compare_write(FILE *out, const struct tour_result *a, const struct tour_result *b,
		   bool color)
{
	struct tally *rows_a, *rows_b;
	size_t nr_a, nr_b;
	bool worse;

	fprintf(out, "A: %s (%s)\nB: %s (%s)\n\n", a->command, a->started, b->command, b->started);
	worse = compare_cases(out, a, b, color);
	rows_a = tally_runs(a, &nr_a);
	rows_b = tally_runs(b, &nr_b);
	putc('\n', out);
	compare_rates(out, rows_a, nr_a, rows_b, nr_b);
	putc('\n', out);
	compare_catches(out, rows_a, nr_a, rows_b, nr_b);
	tally_free(rows_a, nr_a);
	tally_free(rows_b, nr_b);
	return worse;
}
