// SPDX-License-Identifier: GPL-2.0
/*
 * The splat scanner against what no kernel prints: noise, damage, torn and
 * endless lines, floods. It must not crash, must stay within bounds, and must
 * say the same however the bytes are cut.
 */
#include <time.h>

#include "fixture.h"
#include "kt.h"

#define HEADLINE	"BUG: unable to handle page fault for address: ffffc900deadb000"

static unsigned int seed = 20;

static size_t below(size_t n)
{
	return rand_r(&seed) % n;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* Everything a scan says, as one string. */
static char *transcript(const struct splat_scan *scan)
{
	const struct splat *splat;
	char *text = NULL;
	size_t size, i;
	FILE *f = open_memstream(&text, &size);

	fprintf(f, "%zu\n", splat_count(scan));
	for (i = 0; (splat = splat_get(scan, i)); i++)
		fprintf(f, "%d %d %d %zu %zu %s\n%s", splat->kind, splat->fatal,
			splat->complete, splat->offset, splat->line, splat->headline,
			splat->excerpt);
	fclose(f);
	return text;
}

static char *transcript_of(const char *bytes, size_t len, size_t chunk)
{
	struct splat_scan *scan = scan_bytes(&splat_table, bytes, len, chunk);
	char *text = transcript(scan);

	splat_scan_free(scan);
	return text;
}

/* Whole, byte by byte, and in pieces of a size that no bound has. */
static void check_cuts(const char *what, const char *bytes, size_t len)
{
	char *whole = transcript_of(bytes, len, 0);
	char *single = transcript_of(bytes, len, 1);
	char *odd = transcript_of(bytes, len, 1 + below(9000));

	kt_check(!strcmp(whole, single) && !strcmp(whole, odd),
		 "%s: the cut makes a difference", what);
	free(whole);
	free(single);
	free(odd);
}

static void noise(void)
{
	static char bytes[40000];
	size_t i, round;

	for (round = 0; round < 60; round++) {
		for (i = 0; i < sizeof(bytes); i++)
			bytes[i] = round % 3 == 0 ? (char)below(256) :
				   round % 3 == 1 ? "BUGK: [1.0]\n\r\033[m#oCa"[below(20)] :
				   (char)(below(40) ? 'a' + below(26) : '\n');
		check_cuts("noise", bytes, sizeof(bytes));
	}
}

/* A fixture with damage: bits turned, bytes lost, doubled, strewn in. */
static char *damage(const struct fixture *fx, size_t *len)
{
	char *out = malloc(2 * fx->len + 16);
	size_t i, every = 1 + below(400);

	*len = 0;
	for (i = 0; i < fx->len; i++) {
		size_t how = below(every) ? 9 : below(5);

		if (how == 0)
			continue;
		out[(*len)++] = how == 1 ? fx->bytes[i] ^ (1 << below(8)) : fx->bytes[i];
		if (how == 2)
			out[(*len)++] = fx->bytes[i];
		if (how == 3)
			out[(*len)++] = below(256);
		if (how == 4)
			out[(*len)++] = '\n';
	}
	return out;
}

static void damaged_fixtures(void)
{
	size_t i, len;

	for (i = 0; i < nr_fixtures; i++) {
		char *bytes = damage(&fixtures[i], &len);

		check_cuts(fixtures[i].name, bytes, len);
		free(bytes);
	}
}

static void truncated_fixtures(void)
{
	size_t i, round;

	for (i = 0; i < nr_fixtures; i++)
		for (round = 0; round < 3; round++)
			check_cuts(fixtures[i].name, fixtures[i].bytes,
				   below(fixtures[i].len + 1));
}

/* Two consoles shuffled line by line: all headlines of both are found. */
static void shuffled_fixtures(void)
{
	size_t round;

	for (round = 0; round < 40; round++) {
		const struct fixture *a = &fixtures[below(nr_fixtures)];
		const struct fixture *b = &fixtures[below(nr_fixtures)];
		char *bytes = malloc(a->len + b->len + 2);
		const char *p[2] = { a->bytes, b->bytes };
		size_t len = 0;

		while (*p[0] || *p[1]) {
			size_t who = *p[0] && (!*p[1] || below(2)) ? 0 : 1;
			size_t n = strcspn(p[who], "\n");

			memcpy(bytes + len, p[who], n);
			len += n;
			bytes[len++] = '\n';
			p[who] += n + (p[who][n] == '\n');
		}
		check_cuts("shuffled", bytes, len);
		free(bytes);
	}
}

/* A headline anywhere in a line of any length is found, and found once. */
static void endless_lines(void)
{
	static char bytes[40000];
	size_t before;

	for (before = 0; before < sizeof(bytes) - 2000; before += before < 7000 ? 997 : 13) {
		struct splat_scan *scan;

		memset(bytes, '.', sizeof(bytes));
		memcpy(bytes + before, HEADLINE, strlen(HEADLINE));
		scan = scan_bytes(&splat_table, bytes, sizeof(bytes), 0);
		kt_check(splat_count(scan) == 1 && splat_get(scan, 0)->offset == before,
			 "after %zu bytes: %zu found", before, splat_count(scan));
		splat_scan_free(scan);
		if (before % 7 == 0)
			check_cuts("endless line", bytes, sizeof(bytes));
	}
}

/* The same after a time stamp, as the kernel cuts into a line of a program. */
static void endless_lines_with_stamp(void)
{
	static char bytes[40000];
	static const char line[] = "[   12.345678] " HEADLINE;
	const size_t stamp = strlen(line) - strlen(HEADLINE);
	size_t before;

	for (before = 0; before < sizeof(bytes) - 2000; before += before < 7000 ? 997 : 13) {
		struct splat_scan *scan;

		memset(bytes, '.', sizeof(bytes));
		memcpy(bytes + before, line, strlen(line));
		scan = scan_bytes(&splat_table, bytes, sizeof(bytes), 0);
		kt_check(splat_count(scan) == 1 && splat_get(scan, 0)->offset == before + stamp &&
			 !strncmp(splat_get(scan, 0)->headline, HEADLINE, strlen(HEADLINE)),
			 "after %zu bytes: %zu found", before, splat_count(scan));
		splat_scan_free(scan);
	}
}

/* More splats than are kept: all are counted, the first are kept. */
static void many_splats(void)
{
	struct splat_scan *scan = splat_scan_new();
	char line[256];
	int i;

	for (i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "[%5d.000000] WARNING: CPU: 0 PID: %d at a.c:1 f\n"
			 "[%5d.000001] ---[ end trace 0000000000000000 ]---\n", i, i, i);
		splat_scan_feed(scan, line, strlen(line));
	}
	splat_scan_finish(scan);
	kt_check(splat_count(scan) == 1000, "%zu", splat_count(scan));
	kt_check(splat_get(scan, SPLAT_KEEP - 1) && !splat_get(scan, SPLAT_KEEP),
		 "not %d are kept", SPLAT_KEEP);
	splat_scan_free(scan);
}

/* A report that never ends: its excerpt does. */
static void endless_report(void)
{
	struct splat_scan *scan = splat_scan_new();
	const struct splat *splat;
	int i;

	splat_scan_feed(scan, HEADLINE "\n", strlen(HEADLINE) + 1);
	for (i = 0; i < 100000; i++)
		splat_scan_feed(scan, "RIP: 0010:f+0x1/0x2\n", 20);
	splat_scan_finish(scan);
	splat = splat_get(scan, 0);
	kt_check(splat && strlen(splat->excerpt) < 32768 && !splat->complete,
		 "%zu bytes", splat ? strlen(splat->excerpt) : 0);
	kt_check(splat && strstr(splat->excerpt, "[the rest is on the console from line "),
		 "the excerpt does not say that it is cut");
	splat_scan_free(scan);
}

static const struct fixture *fixture_named(const char *name)
{
	size_t i;

	for (i = 0; i < nr_fixtures; i++)
		if (!strcmp(fixtures[i].name, name))
			return &fixtures[i];
	return NULL;
}

/* 50 MB are read in 2 s; with sanitizers or a busy machine allow for more. */
static void flood(void)
{
	const struct fixture *boot = fixture_named("clean-boot-612");
	struct splat_scan *scan = splat_scan_new();
	double start = now(), took;
	size_t fed = 0;

	if (!kt_check(boot, "no fixture clean-boot-612"))
		return;
	for (; fed < 50000000; fed += boot->len)
		splat_scan_feed(scan, boot->bytes, boot->len);
	splat_scan_finish(scan);
	took = now() - start;
	printf("# 50 MB in %.2f s\n", took);
	kt_check(!splat_count(scan), "%zu splats", splat_count(scan));
	kt_check(took < 20, "50 MB in %.1f s", took);
	splat_scan_free(scan);
}

static const struct kt_case cases[] = {
	{ "noise", noise },
	{ "damaged_fixtures", damaged_fixtures },
	{ "truncated_fixtures", truncated_fixtures },
	{ "shuffled_fixtures", shuffled_fixtures },
	{ "endless_lines", endless_lines },
	{ "endless_lines_with_a_time_stamp", endless_lines_with_stamp },
	{ "more_splats_than_are_kept", many_splats },
	{ "endless_report", endless_report },
	{ "flood", flood },
};

int main(int argc, char **argv)
{
	if (!load_fixtures(argc, argv))
		return 1;
	return kt_run(cases, ARRAY_SIZE(cases));
}
