// SPDX-License-Identifier: GPL-2.0
/*
 * Find the row of the splat table that fits a segment.
 *
 * This runs for every line of every console, so rows that must stand at the
 * beginning are found by their first byte, and only the few that may stand in
 * the middle are searched for. Where several fit, the first of the table wins.
 */
#include <ctype.h>
#include <string.h>

#include "splat_match.h"

void splat_index_init(struct splat_index *index, const struct splat_table *table)
{
	size_t i = table->nr_rows;

	memset(index, 0, sizeof(*index));
	index->table = table;
	while (i--) {
		const struct splat_row *row = &table->rows[i];
		unsigned char byte = row->text[0];

		if (row->where != INSIDE) {
			index->next[i] = index->first[byte];
			index->first[byte] = i + 1;
		}
	}
	for (i = 0; i < table->nr_rows; i++)
		if (table->rows[i].where == ANYWHERE || table->rows[i].where == INSIDE)
			index->middle[index->nr_middle++] = i;
}

static bool has_also(const struct splat_row *row, const char *found)
{
	return !row->also || strstr(found + strlen(row->text), row->also);
}

static const struct splat_row *match_start(const struct splat_index *index,
					   const char *text, bool named)
{
	unsigned int i = index->first[(unsigned char)*text];

	for (; i; i = index->next[i - 1]) {
		const struct splat_row *row = &index->table->rows[i - 1];

		if (named && row->where != AFTER_NAME)
			continue;
		if (!strncmp(text, row->text, strlen(row->text)) && has_also(row, text))
			return row;
	}
	return NULL;
}

/* "DEBUG: KASAN: ", x="Kernel panic": not a headline, somebody quotes one. */
static bool is_quoted(const char *text, const char *found)
{
	return found > text && (isupper((unsigned char)found[-1]) ||
				strchr("_'\"`=", found[-1]));
}

static const struct splat_row *match_middle(const struct splat_index *index,
					    const struct segment *seg,
					    const char *body, const char **headline)
{
	size_t i;

	for (i = 0; i < index->nr_middle; i++) {
		const struct splat_row *row = &index->table->rows[index->middle[i]];
		const char *found = strstr(body, row->text);

		if (!found || found >= seg->text + seg->limit || !has_also(row, found))
			continue;
		if (row->where == ANYWHERE && is_quoted(body, found))
			continue;
		*headline = row->where == INSIDE ? body : found;
		return row;
	}
	return NULL;
}

static bool is_echo(const struct splat_table *table, const char *text)
{
	size_t i;

	for (i = 0; i < table->nr_echoes; i++)
		if (!strncmp(text, table->echoes[i], strlen(table->echoes[i])))
			return true;
	return false;
}

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

/* "watchdog: BUG: soft lockup": with the names, or without one or two of them. */
static const struct splat_row *match_beginning(const struct splat_index *index,
					       const char *body)
{
	const char *once = skip_subsystem(body);
	const char *twice = skip_subsystem(once);
	const struct splat_row *row;

	row = match_start(index, body, false);
	if (!row && once != body)
		row = match_start(index, once, true);
	if (!row && twice != once)
		row = match_start(index, twice, true);
	return row;
}

const struct splat_row *splat_match(const struct splat_index *index,
				    const struct segment *seg, const char **headline)
{
	const char *body = skip_blanks(skip_printk_prefix(seg->text));
	const struct splat_row *row = NULL;

	*headline = body;
	if (!*body || is_echo(index->table, body))
		return NULL;
	if (!seg->middle)
		row = match_beginning(index, body);
	return row ? row : match_middle(index, seg, body, headline);
}

unsigned int splat_ends(const struct splat_index *index, const char *body)
{
	const struct splat_table *table = index->table;
	unsigned int ends = 0;
	size_t i;

	for (i = 0; i < table->nr_marks; i++)
		if (!strncmp(body, table->marks[i].text, strlen(table->marks[i].text)))
			ends |= table->marks[i].ends;
	return ends;
}

const struct splat_part *splat_part(const struct splat_index *index, const char *text)
{
	const struct splat_table *table = index->table;
	const char *body = skip_printk_prefix(text);
	size_t i;

	for (i = 0; i < table->nr_parts; i++)
		if (!strncmp(body, table->parts[i].text, strlen(table->parts[i].text)))
			return &table->parts[i];
	return NULL;
}
