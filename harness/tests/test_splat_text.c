// SPDX-License-Identifier: GPL-2.0
/* Lines of a serial console, taken apart: cleaning, segments, prefixes. */
#include <string.h>

#include "kt.h"
#include "splat_text.h"

#define LEN(s)	(sizeof(s) - 1)

static const struct {
	const char *raw;
	size_t len;
	const char *text;	/* | parts the segments */
} lines[] = {
	{ "plain", 5, "plain" },
	{ "", 0, "" },
	{ "end\r", 4, "end" },
	{ "end\r\r\n", 6, "end" },
	{ "a\rb", 3, "a|b" },
	{ "\rb", 2, "|b" },
	{ "a\0b\0", 4, "ab" },
	{ "\a\b\001a\177b\t", 7, "ab\t" },
	{ "\033[31mred\033[0m", 12, "red" },
	{ "\033[1;31mred", 10, "red" },
	{ "\033[?7lx", 6, "x" },
	{ "\033cx", 3, "x" },
	{ "x\033", 2, "x" },
	{ "x\033[", 3, "x" },
	{ "x\033[3", 4, "x" },
	{ "\xff\xfe", 2, "\xff\xfe" },
	{ "[    1.000000] a", 16, "[    1.000000] a" },
	{ "ok 1 f[    1.000000] a", 22, "ok 1 f|[    1.000000] a" },
	{ "[    1.000000] a[    1.000001] b", 32, "[    1.000000] a|[    1.000001] b" },
	{ "<4>[    1.000000] a", 19, "<4>[    1.000000] a" },
	{ "a[1.00000] b", 12, "a[1.00000] b" },		/* five digits are no time */
	{ "a[1.0000001] b", 14, "a[1.0000001] b" },
	{ "a[1.000000 b", 12, "a[1.000000 b" },
	{ "a[.000000] b", 12, "a[.000000] b" },
	{ "a[12345] b [ B] [[", 18, "a[12345] b [ B] [[" },
};

static void segments(void)
{
	char text[128], parts[128];
	unsigned int from[128];
	size_t i, start, end;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		struct clean c = { .text = text, .from = from };
		char *p = parts;

		clean_line(&c, lines[i].raw, lines[i].len);
		*p = '\0';
		for (start = 0; start < c.len; start = end + (text[end] == '\n')) {
			end = segment_end(&c, start);
			p += sprintf(p, "%s%.*s", start ? "|" : "", (int)(end - start),
				     text + start);
		}
		kt_check(!strcmp(parts, lines[i].text), "line %zu: \"%s\", expected \"%s\"",
			 i, parts, lines[i].text);
	}
}

/* Each byte that is left knows where it was. */
static void origins(void)
{
	static const char raw[] = "\033[31m\0ab\rcd\033[0me\r";
	char text[64];
	unsigned int from[64];
	struct clean c = { .text = text, .from = from };
	size_t i;

	clean_line(&c, raw, LEN(raw));
	kt_check(c.len == 6 && !text[6], "%zu bytes", c.len);
	for (i = 0; i < c.len; i++)
		kt_check(text[i] == (raw[from[i]] == '\r' ? '\n' : raw[from[i]]),
			 "byte %zu is from %u", i, from[i]);
}

static const struct {
	const char *text;
	const char *body;
} prefixes[] = {
	{ "a", "a" },
	{ "[    1.000000] a", "a" },
	{ "[    1.000000]  <TASK>", " <TASK>" },
	{ "[    1.000000]a", "a" },
	{ "[12345.000000] a", "a" },
	{ "<4>a", "a" },
	{ "<12>[    1.000000] a", "a" },
	{ "[    1.000000][  T123] a", "a" },
	{ "[    1.000000][   C1]  a", " a" },
	{ "[    1.000000][  T] a", "[  T] a" },
	{ "[    1.000000][  X1] a", "[  X1] a" },
	{ "[    1.000000][  T1 a", "[  T1 a" },
	{ "[  T123] a", "[  T123] a" },
	{ "<x>a", "<x>a" },
	{ "<>a", "<>a" },
	{ "<4a", "<4a" },
	{ "[    1.000000", "[    1.000000" },
	{ "", "" },
};

static void printk_prefixes(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		const char *body = skip_printk_prefix(prefixes[i].text);

		kt_check(!strcmp(body, prefixes[i].body), "%s: \"%s\", expected \"%s\"",
			 prefixes[i].text, body, prefixes[i].body);
	}
}

static void subsystems(void)
{
	static const char *const named[] = {
		"watchdog: a", "NMI watchdog: a", "x86/fpu: a", "nmi_1.2-x: a",
		"123456789012345678901234: a",
	};
	static const char *const not[] = {
		"a", "", ":", ": a", "a:b", "(): a", "a=b: c",
		"1234567890123456789012345: a",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(named); i++)
		kt_check(!strcmp(skip_subsystem(named[i]), "a"), "%s: \"%s\"", named[i],
			 skip_subsystem(named[i]));
	for (i = 0; i < ARRAY_SIZE(not); i++)
		kt_check(skip_subsystem(not[i]) == not[i], "%s: \"%s\"", not[i],
			 skip_subsystem(not[i]));
}

static void printable(void)
{
	char out[8];

	kt_check(print_safe(out, 8, "ab", 2) == 2 && !strcmp(out, "ab"), "ab: %s", out);
	kt_check(print_safe(out, 8, "a\tb", 3) == 3 && !strcmp(out, "a\tb"), "tab: %s", out);
	kt_check(print_safe(out, 8, " ~", 2) == 2 && !strcmp(out, " ~"), "edges: %s", out);
	kt_check(print_safe(out, 8, "\x7f", 1) == 4 && !strcmp(out, "\\x7f"), "DEL: %s", out);
	kt_check(print_safe(out, 8, "\0\xff", 2) == 4 && !strcmp(out, "\\x00"),
		 "half a byte does not fit: %s", out);
	kt_check(print_safe(out, 8, "123456789", 9) == 7 && !strcmp(out, "1234567"),
		 "full: %s", out);
	kt_check(print_safe(out, 1, "a", 1) == 0 && !*out, "no room: %s", out);
}

static const struct kt_case cases[] = {
	{ "segments", segments },
	{ "origins", origins },
	{ "printk_prefixes", printk_prefixes },
	{ "subsystems", subsystems },
	{ "printable", printable },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
