// SPDX-License-Identifier: GPL-2.0
/*
 * The table: no line wider than it may be, nothing that could disturb a
 * terminal, whatever the numbers and the names are.
 */
#include <stdlib.h>
#include <string.h>

#include "human.h"
#include "kt.h"
#include "suggest.h"
#include "table.h"

static struct table_row rows[] = {
	{ .name = "listing_b:sleeping_reader", .flavor = "rcu", .state = "running", .counted = true,
	  .ops = 12345, .rate = 678, .near_misses = 9, .timed = true,
	  .elapsed_ms = 2500, .time_ms = 10000 },
	{ .name = "listing_a", .flavor = "defer/gpctr", .state = "running", .counted = true,
	  .ops = UINT64_MAX, .rate = UINT64_MAX, .near_misses = UINT64_MAX,
	  .errors = UINT64_MAX, .timed = true, .elapsed_ms = 1L << 60, .time_ms = 1 },
	{ .name = "n\033[2J\a\xff\xc3\xa4", .flavor = "f\nl", .state = "s\rt" },
	{ .name = "", .flavor = "" },
	{ .name = "negative", .flavor = "rcu", .state = "running", .timed = true,
	  .elapsed_ms = -5, .time_ms = -7 },
	{ .name = "ended", .flavor = "srcu", .state = "caught", .ended = true, .counted = true,
	  .mood = MOOD_GOOD, .rounds = 20,
	  .verdict = "caught 20x in 132 ms by use_after_free, which is a long name" },
	{ .name = "far", .flavor = "rcu", .state = "running", .timed = true,
	  .elapsed_ms = 1, .time_ms = 3000000000000L },
};

static struct table_block block = {
	.title = "a scenario\033[31m", .phase = "step 1 of 2: something\n that\t is \x01 long",
	.started = true, .elapsed_ms = 123456, .rows = rows, .nr_rows = ARRAY_SIZE(rows),
};

/* Columns of a line; escape sequences other than colours are an error. */
static int columns(const char *line)
{
	int n = 0;

	for (; *line; line++) {
		if (*line == '\033') {
			line += 1 + strspn(line + 1, "[0123456789;");
			if (*line != 'm')
				return -1;
			continue;
		}
		if ((unsigned char)*line < ' ' || *line == 0x7f)
			return -1;
		n += (*line & 0xc0) != 0x80;
	}
	return n;
}

static char *print(const struct table_layout *l, const struct table_row *row)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (row)
		table_print_row(out, l, row);
	else
		table_print_head(out, l, &block);
	fclose(out);
	return text;
}

static char *print_titles(const struct table_layout *l)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	table_print_titles(out, l);
	fclose(out);
	return text;
}

static void check_width(const struct table_layout *l, char *text)
{
	int n = columns(text);

	kt_check(n >= 0, "width %u: a byte that disturbs the terminal in \"%s\"", l->width, text);
	kt_check(n <= (int)l->width, "width %u: %d columns in \"%s\"", l->width, n, text);
	free(text);
}

static void no_line_too_wide(void)
{
	struct table_layout l = { 0 };
	unsigned int width, look;
	size_t i;

	for (width = 1; width <= 260; width++) {
		for (look = 0; look < 4; look++) {
			l.color = look & 1;
			l.utf8 = look & 2;
			table_layout(&l, width, &block, 1);
			check_width(&l, print(&l, NULL));
			if (width > 2)
				check_width(&l, print_titles(&l));
			for (i = 0; i < ARRAY_SIZE(rows); i++)
				check_width(&l, print(&l, &rows[i]));
		}
	}
}

static void expect_line(unsigned int width, const struct table_row *row, const char *wanted)
{
	struct table_layout l = { 0 };
	char *text;

	table_layout(&l, width, &block, 1);
	text = print(&l, row);
	kt_check(!strcmp(text, wanted), "width %u: expected\n#  \"%s\", got\n#  \"%s\"", width,
		 wanted, text);
	free(text);
}

static void at_known_widths(void)
{
	expect_line(200, &rows[0],
		    "  listing_b:sleeping_reader rcu         12345   678     9     0 ######------------------ 8 s");
	expect_line(80, &rows[0],
		    "  listing_b:sleeping_reader rcu         12345   678     9     0 ##------ 8 s");
	expect_line(40, &rows[0], "  listing_b:sleepi~     0 #----- 8 s");
	expect_line(200, &rows[5],
		    "  ended                     srcu            0     0     0     0 caught 20x in 132 ms by use_after_free, which is a long name");
	expect_line(80, &rows[5],
		    "  ended                     srcu        caught 20x in 132 ms by use_after_free,~");
	expect_line(200, &rows[3], "                                                                waiting");
}

static void columns_are_dropped_in_order(void)
{
	struct table_layout l = { 0 };
	unsigned int width;

	for (width = 200; width > 20; width--) {
		table_layout(&l, width, &block, 1);
		kt_check(!l.rate || l.near_misses, "width %u", width);
		kt_check(!l.near_misses || l.ops, "width %u", width);
		kt_check(!l.ops || l.flavor, "width %u", width);
		kt_check(!l.flavor || l.errors, "width %u", width);
		if (width >= 45)
			kt_check(l.tail >= 14, "width %u: %u columns for the bar", width, l.tail);
	}
	table_layout(&l, 100, &block, 1);
	kt_check(l.rate && l.flavor, "at 100 columns all is there");
}

static void colors(void)
{
	struct table_layout l = { .color = true };
	char *text;

	table_layout(&l, 120, &block, 1);
	text = print(&l, &rows[5]);
	kt_check(strstr(text, "\033[32mcaught"), "%s", text);
	free(text);
	l.color = false;
	text = print(&l, &rows[5]);
	kt_check(!strchr(text, '\033'), "%s", text);
	free(text);
}

static void counts(void)
{
	static const struct {
		uint64_t n;
		const char *text;
	} known[] = {
		{ 0, "0" }, { 99999, "99999" }, { 100000, "100k" }, { 999499, "999k" },
		{ 999500, "1.00M" }, { 1234567, "1.23M" }, { 9994999, "9.99M" },
		{ 9999999, "10.0M" }, { 99960000, "100M" }, { UINT64_MAX, "18.4E" },
	};
	char buf[HUMAN_MAX];
	uint64_t n;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		kt_check(!strcmp(human_count(buf, known[i].n), known[i].text), "%s, not %s",
			 buf, known[i].text);
	for (n = 1; n; n <<= 1) {
		kt_check(strlen(human_count(buf, n)) <= 5, "%s", buf);
		kt_check(strlen(human_count(buf, n - 1)) <= 5, "%s", buf);
	}
}

static void times(void)
{
	static const struct {
		long ms;
		const char *exact, *seconds;
	} known[] = {
		{ -1, "-", "0 s" }, { 0, "0 ms", "0 s" }, { 999, "999 ms", "1 s" },
		{ 1000, "1.00 s", "1 s" }, { 1001, "1.00 s", "2 s" }, { 9999, "9.99 s", "10 s" },
		{ 10999, "10 s", "11 s" }, { 99999, "99 s", "1:40" }, { 100000, "1:40", "1:40" },
		{ 3599000, "59:59", "59:59" }, { 3600000, "1:00:00", "1:00:00" },
	};
	char buf[HUMAN_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		kt_check(!strcmp(human_ms(buf, known[i].ms), known[i].exact), "%s, not %s", buf,
			 known[i].exact);
		kt_check(!strcmp(human_s(buf, known[i].ms), known[i].seconds), "%s, not %s", buf,
			 known[i].seconds);
	}
	kt_check(!strcmp(human_bytes(buf, 1536), "1.5 KiB"), "%s", buf);
	kt_check(!strcmp(human_bytes(buf, UINT64_MAX), "16 EiB"), "%s", buf);
}

static void suggestions(void)
{
	static const char *const names[] = { "listings", "busted", "rmmod-midrun", NULL, "" };
	size_t n = ARRAY_SIZE(names);

	kt_check(suggest_distance("kitten", "sitting") == 3, "kitten");
	kt_check(suggest_distance("abcd", "acbd") == 1, "a swap is one");
	kt_check(suggest_distance("", "abc") == 3, "from nothing");
	kt_check(!strcmp(suggest_from("listngs", names, n, sizeof(*names)), "listings"), "listngs");
	kt_check(!strcmp(suggest_from("bsuted", names, n, sizeof(*names)), "busted"), "bsuted");
	kt_check(!suggest_from("elephant", names, n, sizeof(*names)), "elephant");
	kt_check(!suggest_from("", names, n, sizeof(*names)), "nothing");
}

static const struct kt_case cases[] = {
	{ "no line is wider than it may be, at widths 1 to 260", no_line_too_wide },
	{ "lines at 40, 80 and 200 columns", at_known_widths },
	{ "columns are given up in order", columns_are_dropped_in_order },
	{ "colours only when asked for", colors },
	{ "counts in five characters", counts },
	{ "times", times },
	{ "the nearest name", suggestions },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
