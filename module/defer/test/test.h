/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests of the engine that only a module can make.
 *
 * A test is a row in a table.  It gets the name of a back end, makes what
 * domains it needs, and returns 0 or, after a line in the log, an errno.
 */
#ifndef _LASTREF_DEFER_TEST_H
#define _LASTREF_DEFER_TEST_H

#include <linux/atomic.h>
#include <linux/printk.h>

#include <lastref/defer.h>

/**
 * struct defer_test - a test
 * @name: as it is written to the file run
 * @run: what to do, over the back end @gp; 0 or an errno
 */
struct defer_test {
	const char *name;
	int (*run)(const char *gp);
};

extern const struct defer_test misuse_tests[];
extern const struct defer_test order_tests[];
extern const struct defer_test bound_tests[];

/* A test that fails leaves its domains behind: unload_demo.ko is about that. */
#define CHECK(cond) do {						\
	if (!(cond)) {							\
		pr_err("defer_test: %s:%d: not so: %s\n", __func__,	\
		       __LINE__, #cond);				\
		return -EBADE;						\
	}								\
} while (0)

/**
 * struct item - what the tests post
 * @head: the head
 * @domain: where it is posted again
 * @ran: how often the callback ran
 * @again: how often it is still to be posted again; -1: until it is refused
 * @err: what the last post or call inside the callback returned
 * @sleep_ms: how long the callback takes
 */
struct item {
	struct defer_head head;
	struct defer_domain *domain;
	atomic_t ran;
	int again;
	int err;
	unsigned int sleep_ms;
};

/* test_exit.c: what the module leaves to its own exit */
int exit_begin(void);
void exit_end(void);

void item_count(struct defer_head *head);
void item_again(struct defer_head *head);
/* No poster is left in the middle, and posted = invoked + refused, exactly. */
bool adds_up(struct defer_domain *d);

#endif /* _LASTREF_DEFER_TEST_H */
