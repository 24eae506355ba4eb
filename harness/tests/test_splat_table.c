// SPDX-License-Identifier: GPL-2.0
/*
 * The checker checked: were a row of the splat table missing, or one of its
 * columns wrong, would a fixture notice? A row whose absence nobody notices is
 * a row that nobody has tried.
 */
#include "fixture.h"
#include "kt.h"

static struct splat_row rows[256];
static struct splat_part parts[128];
static struct splat_mark marks[32];
static const char *echoes[32];
static struct splat_table table;

/* A copy of the table, to be spoiled. */
static void fresh_table(void)
{
	table = splat_table;
	memcpy(rows, table.rows, table.nr_rows * sizeof(rows[0]));
	memcpy(parts, table.parts, table.nr_parts * sizeof(parts[0]));
	memcpy(marks, table.marks, table.nr_marks * sizeof(marks[0]));
	memcpy(echoes, table.echoes, table.nr_echoes * sizeof(echoes[0]));
	table.rows = rows;
	table.parts = parts;
	table.marks = marks;
	table.echoes = echoes;
}

static bool mismatches(const struct fixture *fx)
{
	struct splat_scan *scan = scan_bytes(&table, fx->bytes, fx->len, 0);
	struct mismatch m = compare(fx, scan);

	splat_scan_free(scan);
	return *m.text;
}

/* The first fixture that goes wrong with the table as it is now, or NULL. */
static const char *noticed(void)
{
	size_t i;

	for (i = 0; i < nr_fixtures; i++)
		if (mismatches(&fixtures[i]))
			return fixtures[i].name;
	return NULL;
}

static void control(void)
{
	const char *who;

	fresh_table();
	who = noticed();
	kt_check(!who, "the table as it is: %s", who);
}

/* What no line begins with: the row is there and finds nothing. */
#define NOTHING	"\001"

static void rows_missing(void)
{
	size_t i;

	for (i = 0; i < splat_table.nr_rows; i++) {
		fresh_table();
		rows[i].text = NOTHING;
		kt_check(noticed(), "row %zu \"%s\" ... \"%s\": nobody notices", i,
			 splat_table.rows[i].text,
			 splat_table.rows[i].also ? splat_table.rows[i].also : "");
	}
}

/*
 * A report bears some lines of others, so that a torn one does not end it, and
 * so it may bear a part that is missing. Then a fixture must notice that is
 * whole even where a report bears no line of others at all.
 */
static void parts_missing(void)
{
	bool strict[MAX_FIXTURES] = { false };
	size_t i, n;

	fresh_table();
	table.patience = 1;
	for (n = 0; n < nr_fixtures; n++)
		strict[n] = !mismatches(&fixtures[n]);
	for (i = 0; i < splat_table.nr_parts; i++) {
		bool seen;

		fresh_table();
		parts[i].text = NOTHING;
		seen = noticed();
		table.patience = 1;
		for (n = 0; n < nr_fixtures && !seen; n++)
			seen = strict[n] && mismatches(&fixtures[n]);
		kt_check(seen, "part \"%s\": nobody notices", splat_table.parts[i].text);
	}
}

static void parts_that_do_not_resume(void)
{
	size_t i;

	for (i = 0; i < splat_table.nr_parts; i++) {
		fresh_table();
		if (!parts[i].resumes)
			continue;
		parts[i].resumes = false;
		kt_check(noticed(), "part \"%s\" does not resume: nobody notices",
			 parts[i].text);
	}
}

static void marks_missing(void)
{
	size_t i;

	for (i = 0; i < splat_table.nr_marks; i++) {
		fresh_table();
		marks[i].text = NOTHING;
		kt_check(noticed(), "mark \"%s\": nobody notices",
			 splat_table.marks[i].text);
	}
}

static void echoes_missing(void)
{
	size_t i;

	for (i = 0; i < splat_table.nr_echoes; i++) {
		fresh_table();
		echoes[i] = NOTHING;
		kt_check(noticed(), "echo \"%s\": nobody notices", splat_table.echoes[i]);
	}
}

static void rows_of_another_kind(void)
{
	size_t i;

	for (i = 0; i < splat_table.nr_rows; i++) {
		fresh_table();
		if (rows[i].flags & HARMLESS)
			continue;
		rows[i].kind = (rows[i].kind + 1) % SPLAT_NR_KINDS;
		kt_check(noticed(), "row %zu \"%s\" of another kind: nobody notices", i,
			 rows[i].text);
	}
}

static void rows_fatal_or_not(void)
{
	size_t i;

	for (i = 0; i < splat_table.nr_rows; i++) {
		fresh_table();
		if (rows[i].flags & (HARMLESS | ONLY_JOINS))
			continue;
		rows[i].flags ^= FATAL;
		kt_check(noticed(), "row %zu \"%s\" %sfatal: nobody notices", i,
			 rows[i].text, rows[i].flags & FATAL ? "" : "not ");
	}
}

static void rows_that_never_end(void)
{
	size_t i;

	for (i = 0; i < splat_table.nr_rows; i++) {
		fresh_table();
		if (rows[i].flags & ONLY_JOINS)
			continue;
		rows[i].ends = 0;
		kt_check(noticed(), "row %zu \"%s\" without an end: nobody notices", i,
			 rows[i].text);
	}
}

static void rows_that_do_not_join(void)
{
	size_t i;

	for (i = 0; i < splat_table.nr_rows; i++) {
		fresh_table();
		if (!rows[i].joins)
			continue;
		rows[i].joins = 0;
		kt_check(noticed(), "row %zu \"%s\" joins nothing: nobody notices", i,
			 rows[i].text);
	}
}

static const struct kt_case cases[] = {
	{ "control", control },
	{ "each_row_is_needed", rows_missing },
	{ "each_kind_is_checked", rows_of_another_kind },
	{ "each_fatal_is_checked", rows_fatal_or_not },
	{ "each_end_is_checked", rows_that_never_end },
	{ "each_join_is_checked", rows_that_do_not_join },
	{ "each_part_is_needed", parts_missing },
	{ "each_resume_is_checked", parts_that_do_not_resume },
	{ "each_mark_is_needed", marks_missing },
	{ "each_echo_is_needed", echoes_missing },
};

int main(int argc, char **argv)
{
	if (!load_fixtures(argc, argv))
		return 1;
	return kt_run(cases, ARRAY_SIZE(cases));
}
