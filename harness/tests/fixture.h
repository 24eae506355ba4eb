/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Console fixtures: NAME.log is what a serial console showed, NAME.expect what
 * the scanner must make of it.
 *
 *	about: one line
 *	source: captured on ... | written after ... | made from ...
 *	splat: KIND fatal|- whole|open HEADLINE
 *	last: how the last line of its excerpt begins
 *	has: what its excerpt contains	(may repeat)
 *	lacks: what it must not contain	(may repeat)
 *
 * A file without a splat: line is a console on which all is well.
 */
#ifndef LASTREF_TESTS_FIXTURE_H
#define LASTREF_TESTS_FIXTURE_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "splat.h"
#include "splat_table.h"

#define FIXTURE_DIR	"harness/tests/fixtures"
#define MAX_FIXTURES	256
#define MAX_LINES	64

/* One line of an expectation: "has: RIP" is { "has", "RIP" }. */
struct expected_line {
	char *key;
	char *value;
};

struct fixture {
	char *name;
	char *bytes;
	size_t len;
	struct expected_line lines[MAX_LINES];
	size_t nr_lines;
};

static struct fixture fixtures[MAX_FIXTURES];
static size_t nr_fixtures;

static inline char *read_whole(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *bytes;
	long size;

	if (!f)
		return NULL;
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	bytes = malloc(size + 1);
	*len = fread(bytes, 1, size, f);
	bytes[*len] = '\0';
	fclose(f);
	return bytes;
}

static inline bool read_expectation(struct fixture *fx, const char *path)
{
	char *text, *line, *save;
	size_t len;

	text = read_whole(path, &len);
	if (!text)
		return false;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *colon = strchr(line, ':');

		if (*line == '#')
			continue;
		if (!colon || fx->nr_lines == MAX_LINES)
			return false;
		*colon = '\0';
		fx->lines[fx->nr_lines++] = (struct expected_line){
			line, colon[1] == ' ' ? colon + 2 : colon + 1,
		};
	}
	return true;
}

static inline int is_log(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && !strcmp(dot, ".log");
}

/* All of them, by name; false (and a word why) if one cannot be read. */
static inline bool load_fixtures(int argc, char **argv)
{
	const char *root = argc > 1 ? argv[1] : getenv("LASTREF_SRC");
	struct dirent **found;
	char path[4096];
	int i, n;

	snprintf(path, sizeof(path), "%s/%s", root ? root : ".", FIXTURE_DIR);
	n = scandir(path, &found, is_log, alphasort);
	for (i = 0; i < n; i++) {
		struct fixture *fx = &fixtures[nr_fixtures++];
		char file[8192];

		snprintf(file, sizeof(file), "%s/%s", path, found[i]->d_name);
		fx->name = strndup(found[i]->d_name, strlen(found[i]->d_name) - 4);
		fx->bytes = read_whole(file, &fx->len);
		snprintf(file, sizeof(file), "%s/%s.expect", path, fx->name);
		if (!fx->bytes || !read_expectation(fx, file)) {
			printf("Bail out! %s: no such file, or a line without a colon\n",
			       file);
			return false;
		}
		free(found[i]);
	}
	if (n > 0)
		free(found);
	else
		printf("Bail out! no fixtures in %s: give the source directory\n", path);
	return n > 0;
}

/* What is wrong with the scanner's result, in words; "" if nothing. */
struct mismatch {
	char text[512];
};

#define MISMATCH(m, ...)	snprintf((m)->text, sizeof((m)->text), __VA_ARGS__)

static inline void compare_splat(const char *value, const struct splat *splat,
				 struct mismatch *m)
{
	char wanted[512];

	snprintf(wanted, sizeof(wanted), "%s %s %s %s", splat_kind_name(splat->kind),
		 splat->fatal ? "fatal" : "-", splat->complete ? "whole" : "open",
		 splat->headline);
	if (strcmp(value, wanted))
		MISMATCH(m, "expected %.200s, got %.200s", value, wanted);
}

static inline void compare_last(const char *value, const struct splat *splat,
				struct mismatch *m)
{
	const char *p = splat->excerpt, *line = p;

	for (; *p; p++)
		if (*p == '\n' && p[1])
			line = p + 1;
	if (strncmp(line, value, strlen(value)))
		MISMATCH(m, "the excerpt ends with \"%.200s\", not with \"%.200s\"",
			 line, value);
}

static inline struct mismatch compare(const struct fixture *fx,
				      const struct splat_scan *scan)
{
	const struct splat *splat = NULL;
	struct mismatch m = { "" };
	size_t i, n = 0;

	for (i = 0; i < fx->nr_lines && !*m.text; i++) {
		const char *key = fx->lines[i].key, *value = fx->lines[i].value;

		if (!strcmp(key, "splat")) {
			splat = splat_get(scan, n++);
			if (splat)
				compare_splat(value, splat, &m);
			else
				MISMATCH(&m, "missed: %s", value);
		} else if (splat && !strcmp(key, "last")) {
			compare_last(value, splat, &m);
		} else if (splat && !strcmp(key, "has")) {
			if (!strstr(splat->excerpt, value))
				MISMATCH(&m, "the excerpt lacks \"%s\"", value);
		} else if (splat && !strcmp(key, "lacks")) {
			if (strstr(splat->excerpt, value))
				MISMATCH(&m, "the excerpt has \"%s\"", value);
		} else if (strcmp(key, "about") && strcmp(key, "source")) {
			MISMATCH(&m, "unknown key \"%s\", or no splat before it", key);
		}
	}
	if (!*m.text && splat_count(scan) > n)
		MISMATCH(&m, "%zu splats too many, the first is %s",
			 splat_count(scan) - n, splat_get(scan, n)->headline);
	return m;
}

/* Feed in chunks of that size; 0: all at once. */
static inline struct splat_scan *scan_bytes(const struct splat_table *table,
					    const char *bytes, size_t len, size_t chunk)
{
	struct splat_scan *scan = splat_scan_with(table);
	size_t done, n;

	for (done = 0; done < len; done += n) {
		n = chunk && chunk < len - done ? chunk : len - done;
		splat_scan_feed(scan, bytes + done, n);
	}
	splat_scan_finish(scan);
	return scan;
}

#endif
