// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "human.h"
#include "plain.h"

#define AGAIN_MS	10000

/* What the last lines about a block and its rows said. */
struct plain_block {
	char phase[128];
	long told_ms;
	struct {
		char state[24];
		unsigned int rounds;
	} *rows;
};

struct plain {
	int fd;
	struct timespec start;
	struct plain_block *blocks;
	size_t nr_blocks;
};

struct plain *plain_new(int fd)
{
	struct plain *p = calloc(1, sizeof(*p));

	if (p) {
		p->fd = fd;
		clock_gettime(CLOCK_MONOTONIC, &p->start);
	}
	return p;
}

void plain_free(struct plain *p)
{
	size_t i;

	for (i = 0; p && i < p->nr_blocks; i++)
		free(p->blocks[i].rows);
	if (p)
		free(p->blocks);
	free(p);
}

static long since_ms(const struct plain *p)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - p->start.tv_sec) * 1000 +
	       (now.tv_nsec - p->start.tv_nsec) / 1000000;
}

static void tell(struct plain *p, const char *title, const char *text)
{
	char line[512], clean[512];

	snprintf(line, sizeof(line), "%7.1f s  %s: %s", since_ms(p) / 1000.0, title, text);
	human_clean(clean, sizeof(clean), line);
	dprintf(p->fd, "%s\n", clean);
}

static void tell_row(struct plain *p, const struct table_block *b,
		     const struct table_row *r)
{
	char ops[HUMAN_MAX], rate[HUMAN_MAX], near[HUMAN_MAX], err[HUMAN_MAX];
	char text[400], numbers[200];
	char left[HUMAN_MAX + 16] = "", time[HUMAN_MAX];

	if (!r->ended && r->timed && r->time_ms > r->elapsed_ms)
		snprintf(left, sizeof(left), ", %s left",
			 human_s(time, r->time_ms - r->elapsed_ms));
	snprintf(numbers, sizeof(numbers), "; %s ops, %s/s, %s near misses, %s errors%s",
		 human_count(ops, r->ops), human_count(rate, r->rate),
		 human_count(near, r->near_misses), human_count(err, r->errors), left);
	snprintf(text, sizeof(text), "%s%s%s: %s%s", r->name, *r->flavor ? " " : "", r->flavor,
		 r->ended ? r->verdict : r->state, r->counted ? numbers : "");
	tell(p, b->title, text);
}

/* "step 3 of 9: ..." changes too often to tell each time. */
static bool worth_a_line(const struct plain_block *p, const struct table_block *b)
{
	return strcmp(p->phase, b->phase) &&
	       (strncmp(b->phase, "step ", 5) || strncmp(p->phase, "step ", 5));
}

/* Whether a row has changed; of one that is not followed only the end counts. */
static bool row_changed(const struct plain_block *told, const struct table_row *r, size_t i)
{
	if (!strcmp(r->state, "stopping") || (*r->state && !r->counted && !r->ended))
		return false;
	return told->rows[i].rounds != r->rounds || strcmp(told->rows[i].state, r->state);
}

static void tell_block(struct plain *p, struct plain_block *told,
		       const struct table_block *b)
{
	bool again = since_ms(p) - told->told_ms >= AGAIN_MS, any = false;
	size_t i;

	if (!told->rows) {
		told->rows = calloc(b->nr_rows + 1, sizeof(*told->rows));
		told->told_ms = since_ms(p);
		again = false;
	}
	if (worth_a_line(told, b)) {
		tell(p, b->title, b->phase);
		snprintf(told->phase, sizeof(told->phase), "%s", b->phase);
	}
	for (i = 0; told->rows && i < b->nr_rows; i++) {
		const struct table_row *r = &b->rows[i];
		bool at_work = *r->state && !r->ended && r->counted;

		any |= at_work;
		if (row_changed(told, r, i) || (again && at_work))
			tell_row(p, b, r);
		told->rows[i].rounds = r->rounds;
		strcpy(told->rows[i].state, r->state);
	}
	if (again && !any)
		tell(p, b->title, b->phase);
	if (again)
		told->told_ms = since_ms(p);
}

static struct plain_block *block_of(struct plain *p, size_t nr, size_t i)
{
	if (!p->blocks) {
		p->blocks = calloc(nr, sizeof(*p->blocks));
		p->nr_blocks = p->blocks ? nr : 0;
	}
	return i < p->nr_blocks ? &p->blocks[i] : NULL;
}

void plain_update(struct plain *p, const struct table_block *blocks, size_t nr)
{
	struct plain_block *told;
	size_t i;

	for (i = 0; i < nr; i++) {
		told = block_of(p, nr, i);
		if (told && blocks[i].started && !blocks[i].ended)
			tell_block(p, told, &blocks[i]);
	}
}

void plain_ended(struct plain *p, const struct table_block *blocks, size_t nr,
		 const struct table_block *ended)
{
	struct plain_block *told = block_of(p, nr, ended - blocks);
	struct table_block rows = *ended;

	/* What the rows came to, then the verdict, which is the block's last phase. */
	if (told && ended->started) {
		snprintf(rows.phase, sizeof(rows.phase), "%s", told->phase);
		tell_block(p, told, &rows);
	}
	tell(p, ended->title, ended->phase);
}
