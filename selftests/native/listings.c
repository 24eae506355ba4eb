// SPDX-License-Identifier: GPL-2.0
/*
 * Every listing, right and broken, by threads that read and update.
 *
 * A right form runs for a while and nothing may fail.  A broken one runs until a
 * check that its pattern predicted fails, or a sanitizer ends it.
 */
#include <linux/rculist.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "test.h"

#define READERS		3
#define UPDATERS	2
#define KEYS		4
#define RIGHT_US	400000		/* and until enough was done */
#define BUSTED_US	20000000	/* or until it is caught */

struct job {
	const struct ref_pattern *pattern;
	const struct ref_busted *busted;
};

static struct ref_table table;
static struct flavor flavor = { .ops = &native_flavor };
static const struct ref_pattern *pattern;
static uint64_t until_us;
static unsigned long lookups, found, failed, deleted;

static unsigned long value(unsigned long *n)
{
	return __atomic_load_n(n, __ATOMIC_RELAXED);
}

static void count(unsigned long *n)
{
	__atomic_fetch_add(n, 1, __ATOMIC_RELAXED);
}

/* On a busy machine a thread may not have run at all. */
static bool enough(void)
{
	return value(&found) > 1000 && value(&deleted) > 100;
}

static bool go_on(void)
{
	return (test_us() < until_us || !enough()) && !any_failed() &&
	       !value(&shim_slept_in_section);
}

static void look_twice(struct el *el, unsigned long key, const char *what)
{
	native_look(el, key, what);
	shim_window();
	native_look(el, key, what);
}

static void read_section(unsigned long key)
{
	int idx = table.ops->enter(&table);
	struct el *el = search_for_element(&table, key);

	if (el)
		look_twice(el, key, "section");
	table.ops->leave(&table, idx);
}

static void read_reference(unsigned long key)
{
	struct el *el = table.ops->search_and_reference(&table, key);

	count(&lookups);
	if (el == ERR_PTR(-EAGAIN)) {
		count(&failed);
		if (pattern->flags & PATTERN_LOOKUP_MAY_FAIL)
			return;
		check_failed(CHECK_PROMISE, "found, and no reference given");
	}
	if (IS_ERR(el))
		return;
	count(&found);
	look_twice(el, key, "reference");
	table.ops->release_referenced(el);
}

static void reader(void *unused)
{
	unsigned int dice;

	(void)unused;
	while (go_on()) {
		dice = shim_random();
		if (dice & 256)
			read_section(dice % KEYS);
		else
			read_reference(dice % KEYS);
	}
}

static void copy_update(unsigned long key)
{
	struct el *old = table.ops->search_for_update(&table, key);

	if (!IS_ERR(old)) {
		look_twice(old, key, "update");
		if (!table.ops->delete(&table, key))
			count(&deleted);
	}
	table.ops->add(&table, key);
	if (!IS_ERR(old))
		table.ops->release_referenced(old);
}

/* Waits for callbacks now and then, or they would fill the memory. */
static void updater(void *unused)
{
	unsigned int n;

	(void)unused;
	for (n = 1; go_on(); n++) {
		copy_update(shim_random() % KEYS);
		if (n % 1024 == 0)
			native_flavor.cb_barrier(&flavor);
	}
}

static void run_threads(void)
{
	pthread_t threads[READERS + UPDATERS];
	int i;

	for (i = 0; i < READERS + UPDATERS; i++)
		threads[i] = shim_thread_start(i < READERS ? reader : updater,
					       NULL);
	for (i = 0; i < READERS + UPDATERS; i++)
		shim_thread_join(threads[i]);
}

static void check_slept(void)
{
	check_ran(CHECK_READER_SLEPT);
	if (shim_slept_in_section)
		check_failed(CHECK_READER_SLEPT, "slept %lu times in a section",
			     shim_slept_in_section);
	require(!shim_slept_under_spinlock);
}

/* What a run that found nothing must have been able to find. */
static void require_worked(void)
{
	require(findings->ran[CHECK_USE_AFTER_FREE]);
	require(findings->ran[CHECK_FREED_ONCE]);
	require(findings->ran[CHECK_FROM_ZERO]);
	require(findings->ran[CHECK_NOTHING_LOST]);
	require(findings->ran[CHECK_DOUBLE_POST] ||
		!(pattern->flags & PATTERN_POSTS));
}

static void run_job(const void *arg)
{
	const struct job *job = arg;

	pattern = job->pattern;
	table.ops = job->busted ? &job->busted->ops : &pattern->ops;
	table.host = &native_host;
	table.flavor = &flavor;
	require(!ref_table_init(&table, 1));
	until_us = test_us() + (job->busted || WEAK ? BUSTED_US : RIGHT_US);
	run_threads();
	check_slept();
	snprintf(findings->note, sizeof(findings->note),
		 "%lu lookups, %lu found, %lu failed, %lu deleted, over %s",
		 lookups, found, failed, deleted, shim_gp_name);
	if (any_failed())
		return;
	native_flavor.cb_barrier(&flavor);
	native_drain(&table);
	require_worked();
}

static void test_right(const struct ref_pattern *p)
{
	struct job job = { .pattern = p };
	struct test test = { .func = run_job, .arg = &job };

	snprintf(test.name, sizeof(test.name), "%s", p->name);
	test_run_right(&test);
}

static void test_busted(const struct ref_pattern *p, const struct ref_busted *b)
{
	struct job job = { .pattern = p, .busted = b };
	struct test test = {
		.func = run_job, .arg = &job,
		.caught_by = b->caught_by, .may_fire = b->may_fire,
		.sanitizer = true,
	};

	snprintf(test.name, sizeof(test.name), "control: %s:%s is caught",
		 p->name, b->name);
	test_run(&test);
}

/* The weakened build has no use for what is broken, or ordered by a lock. */
static unsigned int nr_busted(const struct ref_pattern *p)
{
	return WEAK ? 0 : p->nr_busted;
}

static bool run_here(const struct ref_pattern *p)
{
	return !WEAK || p->flags & PATTERN_USES_FLAVOR;
}

int main(void)
{
	const struct ref_pattern *const *p;
	unsigned int i, n = 0;

	for (p = ref_patterns; *p; p++)
		n += run_here(*p) + nr_busted(*p);
	test_plan(n);
	for (p = ref_patterns; *p; p++) {
		if (run_here(*p))
			test_right(*p);
		for (i = 0; i < nr_busted(*p); i++)
			test_busted(*p, &(*p)->busted[i]);
	}
	return test_status();
}
