/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests: KTAP on standard output, and each test in a process of its own.
 *
 * A broken form may crash, hang, or be ended by a sanitizer, and that is how it
 * is caught.  So a test is a function that runs in a child; what it found goes
 * into memory it shares with its parent, who sees how the child ended and judges.
 */
#ifndef NATIVE_TEST_H
#define NATIVE_TEST_H

#include <stdbool.h>
#include <stdint.h>

#include "../../module/patterns/check_id.h"

/* From the Makefile: is this the build that orders nothing? */
#ifdef NATIVE_WEAK
#define WEAK	1	/* a control: a right form must be caught */
#else
#define WEAK	0
#endif

/**
 * struct findings - what a child tells
 * @ran: how often each check was made
 * @failed: how often it failed
 * @first: the first failure, as text
 * @first_us: when it was, since the child's start
 * @warning: the last warning that was hit
 * @note: anything worth a line beside the result
 */
struct findings {
	unsigned long ran[NR_CHECKS];
	unsigned long failed[NR_CHECKS];
	char first[200];
	uint64_t first_us;
	char warning[256];
	char note[120];
};

/* Of this process, a child. */
extern struct findings *findings;

extern const char *const native_check_names[NR_CHECKS];

/* What a test says to its parent.  Any thread. */
void check_ran(enum check_id id);
void check_failed(enum check_id id, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Anything failed: there is no use in going on. */
bool any_failed(void);

/* us since this process began a test */
uint64_t test_us(void);

/* For a test of a few steps, in a child: leaves it if @cond is not so. */
#define require(cond) \
	do { if (!(cond)) require_failed(__FILE__, __LINE__, #cond); } while (0)
void require_failed(const char *file, int line, const char *what)
	__attribute__((noreturn));

/**
 * struct test - one line of KTAP
 * @name: of the line
 * @func: the test, in a child
 * @arg: for @func
 * @caught_by: for a broken form: bits of checks, one of which must fail, or
 *	a sanitizer must end the child.  0: nothing may fail
 * @splat: or: a fragment of a warning that must be hit, or NULL
 * @may_fire: bits of checks that may fail besides
 * @sanitizer: a sanitizer's report counts as caught
 */
struct test {
	char name[80];
	void (*func)(const void *arg);
	const void *arg;
	unsigned long caught_by;
	const char *splat;
	unsigned long may_fire;
	bool sanitizer;
};

void test_plan(unsigned int n);
/* For right forms: in the weakened build a sanitizer must catch them. */
void test_run_right(struct test *test);
/* Runs it, prints its line. */
void test_run(const struct test *test);
/* For main(): 0 if all lines said ok. */
int test_status(void);

/* Seconds after which a child is ended. */
extern unsigned int test_limit;

#endif
