// SPDX-License-Identifier: GPL-2.0
/*
 * The splat scanner against consoles: every fixture, however its bytes arrive
 * and whatever a serial line does to them.
 */
#include "fixture.h"
#include "kt.h"

static void check_all(const char *how, size_t chunk)
{
	size_t i;

	for (i = 0; i < nr_fixtures; i++) {
		const struct fixture *fx = &fixtures[i];
		struct splat_scan *scan = scan_bytes(&splat_table, fx->bytes, fx->len,
						     chunk);
		struct mismatch m = compare(fx, scan);

		kt_check(!*m.text, "%s, %s: %s", fx->name, how, m.text);
		splat_scan_free(scan);
	}
}

static void whole(void)
{
	check_all("whole", 0);
}

static void bytewise(void)
{
	check_all("byte by byte", 1);
}

static void in_sevens(void)
{
	check_all("in sevens", 7);
}

static void in_pieces(void)
{
	check_all("in pieces of 4096", 4096);
}

/* ---- what a serial line does to a console ---- */

typedef size_t (*disturb_fn)(char *out, const char *line, size_t len);

/* Each line goes through @fn, which adds a few bytes to it. */
static char *disturb(const struct fixture *fx, disturb_fn fn, size_t *len)
{
	char *out = malloc(32 * fx->len + 4096);
	const char *p = fx->bytes, *end = fx->bytes + fx->len;

	*len = 0;
	while (p < end) {
		const char *newline = memchr(p, '\n', end - p);
		size_t n = newline ? (size_t)(newline - p) : (size_t)(end - p);

		*len += fn(out + *len, p, n);
		if (newline)
			out[(*len)++] = '\n';
		p += n + (newline ? 1 : 0);
	}
	return out;
}

static void check_disturbed(const char *how, disturb_fn fn)
{
	size_t i;

	for (i = 0; i < nr_fixtures; i++) {
		const struct fixture *fx = &fixtures[i];
		struct splat_scan *scan;
		struct mismatch m;
		size_t len;
		char *bytes;

		bytes = disturb(fx, fn, &len);
		scan = scan_bytes(&splat_table, bytes, len, 0);
		m = compare(fx, scan);
		kt_check(!*m.text, "%s, %s: %s", fx->name, how, m.text);
		splat_scan_free(scan);
		free(bytes);
	}
}

static size_t put(char *out, const char *before, const char *line, size_t len,
		  const char *after)
{
	size_t n = strlen(before), m = strlen(after);

	memcpy(out, before, n);
	memcpy(out + n, line, len);
	memcpy(out + n + len, after, m);
	return n + len + m;
}

static size_t add_cr(char *out, const char *line, size_t len)
{
	return put(out, "", line, len, "\r");
}

static size_t add_two_cr(char *out, const char *line, size_t len)
{
	return put(out, "", line, len, "\r\r");
}

static size_t add_colour(char *out, const char *line, size_t len)
{
	return put(out, "\033[0;31m", line, len, "\033[0m");
}

static size_t add_level(char *out, const char *line, size_t len)
{
	return put(out, "<4>", line, len, "");
}

/* CONFIG_PRINTK_CALLER, where there is a time stamp to stand after. */
static size_t add_caller(char *out, const char *line, size_t len)
{
	const char *end = len && *line == '[' ? memchr(line, ']', len) : NULL;
	size_t n;

	if (!end || !memchr(line, '.', end - line))
		return put(out, "", line, len, "");
	n = put(out, "", line, end + 1 - line, "[  T123]");
	return n + put(out + n, "", end + 1, line + len - end - 1, "");
}

static size_t add_nul(char *out, const char *line, size_t len)
{
	out[0] = '\0';
	return 1 + put(out + 1, "\001\002", line, len, "\b\a");
}

static void line_ends(void)
{
	check_disturbed("with \\r\\n", add_cr);
	check_disturbed("with \\r\\r\\n", add_two_cr);
}

static void colours(void)
{
	check_disturbed("in colour", add_colour);
}

static void prefixes(void)
{
	check_disturbed("with levels", add_level);
	check_disturbed("with callers", add_caller);
}

static void control_bytes(void)
{
	check_disturbed("with control bytes", add_nul);
}

/* ---- where a splat says that it is ---- */

static size_t line_of(const struct fixture *fx, size_t offset)
{
	size_t i, line = 1;

	for (i = 0; i < offset && i < fx->len; i++)
		line += fx->bytes[i] == '\n';
	return line;
}

static void places(void)
{
	const struct splat *splat;
	size_t i, n;

	for (i = 0; i < nr_fixtures; i++) {
		const struct fixture *fx = &fixtures[i];
		struct splat_scan *scan = scan_bytes(&splat_table, fx->bytes, fx->len, 7);

		for (n = 0; (splat = splat_get(scan, n)); n++) {
			kt_check(line_of(fx, splat->offset) == splat->line,
				 "%s: offset %zu is in line %zu, not %zu", fx->name,
				 splat->offset, line_of(fx, splat->offset), splat->line);
			kt_check(!strncmp(fx->bytes + splat->offset, splat->headline, 4) ||
				 !strncmp(splat->excerpt, fx->bytes + splat->offset, 20),
				 "%s: \"%.20s\" is at offset %zu, not \"%.20s\"", fx->name,
				 fx->bytes + splat->offset, splat->offset, splat->headline);
		}
		splat_scan_free(scan);
	}
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if ((*text < ' ' && !strchr("\n\t", *text)) || *text > '~')
			return false;
	return true;
}

static void excerpts(void)
{
	const struct splat *splat;
	size_t i, n;

	for (i = 0; i < nr_fixtures; i++) {
		const struct fixture *fx = &fixtures[i];
		struct splat_scan *scan = scan_bytes(&splat_table, fx->bytes, fx->len, 0);

		for (n = 0; (splat = splat_get(scan, n)); n++) {
			kt_check(is_printable(splat->excerpt) && is_printable(splat->headline),
				 "%s: not printable: %s", fx->name, splat->headline);
			kt_check(strlen(splat->excerpt) < 32768, "%s: %zu bytes",
				 fx->name, strlen(splat->excerpt));
			kt_check(strstr(splat->excerpt, splat->headline),
				 "%s: the excerpt is without its headline", fx->name);
		}
		splat_scan_free(scan);
	}
}

/* A person must find enough of every sort here. */
static void enough(void)
{
	bool kinds[SPLAT_NR_KINDS] = { false };
	const struct splat *splat;
	size_t i, n, clean = 0;

	for (i = 0; i < nr_fixtures; i++) {
		const struct fixture *fx = &fixtures[i];
		struct splat_scan *scan = scan_bytes(&splat_table, fx->bytes, fx->len, 0);

		clean += !splat_count(scan);
		for (n = 0; (splat = splat_get(scan, n)); n++)
			kinds[splat->kind] = true;
		splat_scan_free(scan);
	}
	for (i = 0; i < SPLAT_NR_KINDS; i++)
		kt_check(kinds[i], "no fixture is of the kind %s", splat_kind_name(i));
	kt_check(nr_fixtures >= 60, "only %zu fixtures", nr_fixtures);
	kt_check(clean >= 8, "only %zu clean fixtures", clean);
	printf("# %zu fixtures, %zu of them clean\n", nr_fixtures, clean);
}

static const struct kt_case cases[] = {
	{ "enough_fixtures", enough },
	{ "fixtures_whole", whole },
	{ "fixtures_byte_by_byte", bytewise },
	{ "fixtures_in_sevens", in_sevens },
	{ "fixtures_in_pieces", in_pieces },
	{ "line_ends", line_ends },
	{ "colours", colours },
	{ "printk_prefixes", prefixes },
	{ "control_bytes", control_bytes },
	{ "offset_and_line", places },
	{ "excerpts_printable_and_bounded", excerpts },
};

int main(int argc, char **argv)
{
	if (!load_fixtures(argc, argv))
		return 1;
	return kt_run(cases, ARRAY_SIZE(cases));
}
