// SPDX-License-Identifier: GPL-2.0
/*
 * Every pattern, right and broken, by threads that read and update.
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

/* Of patterns.c, all that need no more of a kernel than there is here. */
static const struct ref_pattern *const patterns[] = {
	&pattern_listing_a, &pattern_listing_b, &pattern_listing_c,
	&pattern_listing_c_sync, &pattern_rcuref, &pattern_rcu_ref,
	&pattern_rcu_ref_call, &pattern_rcu_ref_defers, &pattern_rwlock_inside,
	&pattern_rwlock_ref, &pattern_rwlock_ref_bh, &pattern_rcu_array,
	&pattern_lockcnt, &pattern_lockcnt_mutex, &pattern_lockcnt_percpu,
	&pattern_lockcnt_list, &pattern_lockcnt_list_if, NULL
};

#define READERS		3
#define UPDATERS	2
#define KEYS		4
#define RIGHT_US	400000		/* and until enough was done */
#define KEPT_US		30000
#define KEPT_ONE_IN	16384
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

/*
 * A reference may be kept across a grace period, as a section may not: now and
 * then for as long as liburcu lets callbacks gather.
 */
static void keep(struct el *el, unsigned long key)
{
	look_twice(el, key, "reference");
	if (shim_random() % KEPT_ONE_IN == 0) {
		usleep(KEPT_US);
		native_look(el, key, "reference, kept");
	}
}

static void read_section(unsigned long key)
{
	int idx = table.ops->enter(&table);
	struct el *el = ref_search(&table, key);

	if (el) {
		count(&found);
		look_twice(el, key, "section");
	}
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
	keep(el, key);
	table.ops->release_referenced(el);
}

/*
 * pthread's locks let readers come for ever, and visits that always overlap let
 * nothing be freed (L10): where somebody waits for them, readers pause.
 */
static void stand_back(void)
{
	if (pattern->flags &
	    (PATTERN_READERS_EXCLUDE_DELETE | PATTERN_VERBS_SLEEP))
		usleep(shim_random() % 64);
}

static void reader(void *unused)
{
	unsigned int dice;

	(void)unused;
	while (go_on()) {
		dice = shim_random();
		if (dice & 256 || pattern->flags & PATTERN_SECTIONS_ONLY)
			read_section(dice % KEYS);
		else
			read_reference(dice % KEYS);
		stand_back();
	}
}

static void replace(unsigned long key)
{
	if (!table.ops->delete(&table, key))
		count(&deleted);
	table.ops->add(&table, key);
}

static void copy_update(unsigned long key)
{
	struct el *old;

	if (pattern->flags & PATTERN_SECTIONS_ONLY) {
		replace(key);
		return;
	}
	old = table.ops->search_for_update(&table, key);
	if (!IS_ERR(old))
		look_twice(old, key, "update");
	replace(key);
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
	require(findings->ran[CHECK_FROM_ZERO] ||
		pattern->flags & PATTERN_SECTIONS_ONLY);
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
	require(!ref_table_init(&table, KEYS));
	until_us = test_us() + (job->busted || WEAK ? BUSTED_US : RIGHT_US);
	run_threads();
	check_slept();
	snprintf(findings->note, sizeof(findings->note),
		 "%lu lookups, %lu found, %lu failed, %lu deleted, over %s",
		 lookups, found, failed, deleted, shim_gp_name);
	if (any_failed())
		return;
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

/*
 * The weakened build has no use for what is broken, or ordered by a lock.  A
 * sleeper that is never woken is lockcnt_stress's to find.
 */
static bool run_busted(const struct ref_busted *b)
{
	return !WEAK && b->caught_by != CHECK_BIT(WRITER_STALL);
}

static bool run_here(const struct ref_pattern *p)
{
	return !WEAK || p->flags & PATTERN_USES_FLAVOR;
}

int main(void)
{
	const struct ref_pattern *const *p;
	unsigned int i, n = 0;

	for (p = patterns; *p; p++) {
		n += run_here(*p);
		for (i = 0; i < (*p)->nr_busted; i++)
			n += run_busted(&(*p)->busted[i]);
	}
	test_plan(n);
	for (p = patterns; *p; p++) {
		if (run_here(*p))
			test_right(*p);
		for (i = 0; i < (*p)->nr_busted; i++)
			if (run_busted(&(*p)->busted[i]))
				test_busted(*p, &(*p)->busted[i]);
	}
	return test_status();
}
