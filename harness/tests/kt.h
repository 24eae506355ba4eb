/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A test program in a few lines: a table of cases, KTAP on stdout, 0 or 1.
 *
 *	static void adds(void) { kt_check(1 + 1 == 2, "sum %d", 1 + 1); }
 *	static const struct kt_case cases[] = { { "adds", adds } };
 *	int main(void) { return kt_run(cases, ARRAY_SIZE(cases)); }
 *
 * A case fails if a check in it fails or if it checked nothing: a case that looks at
 * nothing has shown nothing.
 */
#ifndef LASTREF_TESTS_KT_H
#define LASTREF_TESTS_KT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "compiler.h"

struct kt_case {
	const char *name;
	void (*run)(void);
};

static int kt_checks, kt_failures;
static char kt_skipped[160];

/* Returns the condition, so that a case can stop where going on is pointless. */
__printf(4, 5)
static inline bool kt_checked(bool good, const char *file, int line,
			      const char *fmt, ...)
{
	va_list ap;

	kt_checks++;
	if (good)
		return true;
	kt_failures++;
	printf("# %s:%d: ", file, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return false;
}

#define kt_check(good, ...)	kt_checked(good, __FILE__, __LINE__, __VA_ARGS__)

/* This case cannot be tried here; what it has checked already still counts. */
static inline void kt_skip(const char *why)
{
	snprintf(kt_skipped, sizeof(kt_skipped), "%s", why);
}

static inline int kt_run(const struct kt_case *cases, size_t n)
{
	int failed = 0;
	size_t i;

	printf("KTAP version 1\n1..%zu\n", n);
	for (i = 0; i < n; i++) {
		kt_checks = 0;
		kt_failures = 0;
		kt_skipped[0] = '\0';
		cases[i].run();
		if (!kt_checks && !kt_skipped[0])
			kt_check(false, "it checked nothing");
		failed += kt_failures > 0;
		printf("%sok %zu %s", kt_failures ? "not " : "", i + 1,
		       cases[i].name);
		if (kt_skipped[0] && !kt_failures)
			printf(" # SKIP %s", kt_skipped);
		putchar('\n');
		fflush(stdout);
	}
	return failed ? 1 : 0;
}

#endif
