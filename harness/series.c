// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "series.h"

static void thin_out(struct series *s)
{
	size_t i;

	for (i = 0; 2 * i < s->nr; i++)
		s->samples[i] = s->samples[2 * i];
	s->nr = i;
	s->stride = s->stride ? 2 * s->stride : 2;
	s->skipped = 0;
}

void series_add(struct series *s, const struct sample *sample)
{
	struct sample *more;

	if (s->nr && sample->ms <= s->samples[s->nr - 1].ms)
		return;
	if (s->stride && ++s->skipped < s->stride)
		return;
	s->skipped = 0;
	if (s->nr == SERIES_MAX)
		thin_out(s);
	more = reallocarray(s->samples, s->nr + 1, sizeof(*more));
	if (!more)
		return;
	s->samples = more;
	more[s->nr++] = *sample;
}

/* "512ns", "  1us": in a histogram each unit is 1024 of the one before. */
static int parse_bound(const char *text, uint64_t *ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	char unit[3];
	unsigned int value;
	size_t i;

	if (sscanf(text, " %5u%2[a-z]", &value, unit) != 2)
		return -1;
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (!strcmp(unit, units[i])) {
			*ns = (uint64_t)value << (10 * i);
			return 0;
		}
	}
	return -1;
}

/* "  [ 512ns,    1us)           13 |###|" */
static int parse_bucket(const char *line, struct bucket *b)
{
	const char *comma = strchr(line, ','), *end = strchr(line, ')');
	unsigned long long count;

	if (!comma || !end || end < comma || strncmp(line, "  [", 3) ||
	    parse_bound(line + 3, &b->from_ns) || sscanf(end + 1, "%llu", &count) != 1)
		return -1;
	b->count = count;
	if (parse_bound(comma + 1, &b->below_ns))
		b->below_ns = 0;
	return 0;
}

/* "reclaim: from delete to free (106)" */
static int parse_title(const char *line, size_t len, struct histogram *h)
{
	size_t name = strcspn(line, ":"), end = len;

	if (name >= len || *line == ' ')
		return -1;
	while (end > name && line[end] != '(')
		end--;
	if (end <= name + 2)
		return -1;
	h->name = strndup(line, name);
	h->about = strndup(line + name + 2, end - name - 3);
	return h->name && h->about ? 0 : -1;
}

static struct histogram *add_histogram(struct histogram **all, size_t *nr)
{
	struct histogram *more = reallocarray(*all, *nr + 1, sizeof(*more));

	if (!more)
		return NULL;
	*all = more;
	more += (*nr)++;
	memset(more, 0, sizeof(*more));
	return more;
}

static void add_bucket(struct histogram *h, const struct bucket *b)
{
	struct bucket *more = reallocarray(h->buckets, h->nr_buckets + 1, sizeof(*more));

	if (!more)
		return;
	h->buckets = more;
	more[h->nr_buckets++] = *b;
}

/* A histogram of nothing is dropped when the next one begins. */
static void drop_empty(struct histogram *all, size_t *nr)
{
	if (*nr && !all[*nr - 1].nr_buckets)
		histogram_clear(&all[--*nr]);
}

struct histogram *histograms_read(const char *text, size_t *nr)
{
	struct histogram *all = NULL, *h = NULL;
	struct bucket bucket;
	const char *end;

	for (*nr = 0; *text; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		if (!parse_bucket(text, &bucket)) {
			if (h)
				add_bucket(h, &bucket);
			continue;
		}
		drop_empty(all, nr);
		h = end > text && *text != ' ' ? add_histogram(&all, nr) : NULL;
		if (h && parse_title(text, end - text, h)) {
			histogram_clear(h);
			(*nr)--;
			h = NULL;
		}
	}
	drop_empty(all, nr);
	if (!*nr) {
		free(all);
		return NULL;
	}
	return all;
}

void histogram_clear(struct histogram *h)
{
	free(h->name);
	free(h->about);
	free(h->buckets);
	memset(h, 0, sizeof(*h));
}
