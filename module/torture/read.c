// SPDX-License-Identifier: GPL-2.0
/*
 * How a reader looks at an element, in whatever context it runs.
 *
 * Two ways to read, both in the documents.  A bare search looks at the element
 * inside the section that found it and keeps nothing (the introduction's
 * reader).  A reference is taken inside the section, used outside, also across
 * sleep, and given back (the rcuref document's reader).  Either way the reader
 * looks twice with time in between, and the second look must find the same
 * live element.
 *
 * What a reader meets on the way is worth counting even when nothing is wrong:
 * an element deleted under its eyes, a reference gained after the delete.
 * These near misses say that the race windows were really open, and in a
 * busted form they show up about a hundred times before the first error does.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/sched.h>

#include "element.h"

/*
 * One section in this many waits for its element to be deleted.  Some of those
 * then wait for a grace period to end, which it must not while the section
 * lasts: a run has one such wait at a time, and others do their work between.
 */
#define LONG_SECTION	16
#define DELETE_WAIT_US	2000
#define GP_WAIT_US	100000
#define GP_WAIT_EVERY	(HZ / 5)
/* In atomic context nobody holds anything longer. */
#define ATOMIC_HOLD_US	50
/* A section of a run that is to race. */
#define RACES		1000

unsigned long pick_key(struct torture_run *run, struct rnd_state *rnd)
{
	u32 dice = prandom_u32_state(rnd);

	return dice & 1 ? 0 : (dice >> 1) % run->cfg.keys;
}

/*
 * What it holds is read first, and whose it is afterwards: contents that are not
 * those of this element are then another's, or poison, if it is gone by now.
 *
 *	reader				who frees, and allocates it again
 *	------				---------------------------------
 *					LIFE_FREED, and the new id
 *					write barrier (A)
 *	payload and key			poison, and the new payload and key
 *	read barrier (A')
 *	LIFE_FREED, id
 */
static bool view_alive(struct torture_run *run, const struct view *view,
		       const char *what)
{
	struct torture_el *te = to_torture_el(view->el);
	bool same = torture_el_intact(te) &&
		    READ_ONCE(view->el->key) == view->key;

	smp_rmb();	/* A': pairs with may_free() and torture_alloc() */
	check_ran(run, CHECK_USE_AFTER_FREE);
	if (atomic_read(&te->life) & LIFE_FREED ||
	    READ_ONCE(te->magic) != EL_MAGIC_LIVE)
		check_fail(run, CHECK_USE_AFTER_FREE, view->el,
			   "freed under a reader's %s", what);
	else if (READ_ONCE(te->id) != view->id)
		check_fail(run, CHECK_USE_AFTER_FREE, view->el,
			   "freed and used again under a reader's %s", what);
	else if (!same)
		check_fail(run, CHECK_CANARY, view->el,
			   "contents changed under a reader's %s", what);
	else
		return true;
	return false;
}

bool view_take(struct torture_run *run, struct view *view, struct el *el,
	       unsigned long key, const char *what)
{
	view->el = el;
	view->id = READ_ONCE(to_torture_el(el)->id);
	view->key = key;
	return view_alive(run, view, what);
}

bool view_check(struct torture_run *run, const struct view *view,
		const char *what)
{
	check_ran(run, CHECK_CANARY);
	return view_alive(run, view, what);
}

/* ns since the element was removed, 0 while it is in the table. */
static u64 view_age(const struct view *view)
{
	/* Pairs with note_removed(): who sees the time sees the cookie. */
	u64 deleted = smp_load_acquire(&to_torture_el(view->el)->deleted_ns);

	return deleted ? ktime_get_mono_fast_ns() - deleted + 1 : 0;
}

static bool gp_ended(struct torture_run *run, const struct view *view)
{
	return run->flavor.ops->poll_state(&run->flavor,
				&to_torture_el(view->el)->deleted_gp);
}

/*
 * The section found the element in the table, so it began before the removal
 * was complete.  A grace period asked for after the removal has to wait for
 * it:
 *
 *	reader				deleter
 *	------				-------
 *	read_lock
 *	el = search_for_element
 *					remove_element
 *					deleted_gp = get_state
 *	poll_state(deleted_gp) must say no
 *	read_unlock
 *					... and only now may it say yes
 */
void view_end_section(struct torture_run *run, const struct view *view)
{
	const struct ref_pattern *pattern = run->cfg.pattern;
	u64 age = view_age(view);

	if (pattern->flags & PATTERN_READERS_EXCLUDE_DELETE) {
		check_ran(run, CHECK_PROMISE);
		if (age)
			check_fail(run, CHECK_PROMISE, view->el,
				   "removed while a reader held the lock");
		return;
	}
	if (!age)
		return;
	run_count(run, CNT_NEAR_SEEN_DELETED);
	run_hist_add(run, HIST_SECTION_AGE, age);
	if (!(pattern->flags & PATTERN_USES_FLAVOR))
		return;		/* it is not a grace period that it waits for */
	check_ran(run, CHECK_AGE);
	if (gp_ended(run, view))
		check_fail(run, CHECK_AGE, view->el,
			   "a grace period ended in the section, %llu us after the delete",
			   age / 1000);
}

void view_end_reference(struct torture_run *run, const struct view *view)
{
	u64 age = view_age(view);

	if (!age)
		return;
	run_count(run, CNT_NEAR_REF_AFTER_DELETE);
	run_hist_add(run, HIST_HELD_AGE, age);
}

/*
 * Whatever the flavor, where readers hold a lock they may not block; only that
 * PREEMPT_RT makes it a lock for which, and under which, a task may.
 */
static bool section_may_sleep(const struct torture_run *run)
{
	unsigned int pattern = run->cfg.pattern->flags;

	if (pattern & PATTERN_VERBS_SLEEP)
		return true;
	if (pattern & PATTERN_READERS_EXCLUDE_DELETE)
		return IS_ENABLED(CONFIG_PREEMPT_RT);
	return run->flavor.ops->flags & FLAVOR_READERS_MAY_SLEEP;
}

/* The flavor's section may block; listing A's, under a spinlock, never. */
static bool section_may_block(const struct torture_run *run)
{
	unsigned int pattern = run->cfg.pattern->flags;

	return pattern & PATTERN_VERBS_SLEEP ||
	       (pattern & PATTERN_USES_FLAVOR &&
		run->cfg.flavor->flags & FLAVOR_READERS_MAY_SLEEP);
}

/*
 * A voluntary switch between here and there, by a task that may not, is a
 * reader that blocked.  Being preempted counts elsewhere (nivcsw).
 */
static bool sleep_watch_begin(struct torture_run *run, unsigned long *nvcsw)
{
	if (!in_task() || section_may_sleep(run))
		return false;
	*nvcsw = current->nvcsw;
	return true;
}

static void sleep_watch_end(struct torture_run *run, unsigned long nvcsw,
			    struct el *el)
{
	check_ran(run, CHECK_READER_SLEPT);
	if (current->nvcsw != nvcsw)
		check_fail(run, CHECK_READER_SLEPT, el,
			   "%s/%d blocked inside its read-side section",
			   current->comm, current->pid);
}

/* Spin: blocking is what a reader must not do. */
static void wait_deleted(const struct view *view, u64 us)
{
	u64 end = ktime_get_mono_fast_ns() + us * NSEC_PER_USEC;

	while (!view_age(view) && ktime_get_mono_fast_ns() < end)
		cpu_relax();
}

static bool may_wait_gp(struct torture_run *run)
{
	unsigned long next = READ_ONCE(run->next_gp_wait);

	return time_after_eq(jiffies, next) &&
	       cmpxchg(&run->next_gp_wait, next,
		       jiffies + GP_WAIT_EVERY) == next;
}

/* Not only wait for a grace period, but have somebody ask for one. */
static void wait_gp(struct torture_run *run, const struct view *view, u64 us)
{
	u64 end = ktime_get_mono_fast_ns() + us * NSEC_PER_USEC;

	queue_work(torture_wq, &run->gp_work);
	while (!gp_ended(run, view) && ktime_get_mono_fast_ns() < end)
		cpu_relax();
}

static void section_delay(struct torture_run *run, struct rnd_state *rnd,
			  const struct view *view, bool sleep)
{
	u32 dice = prandom_u32_state(rnd);

	if (sleep && !(dice % LONG_SECTION)) {
		wait_deleted(view, DELETE_WAIT_US);
		if (run->cfg.pattern->flags & PATTERN_USES_FLAVOR &&
		    view_age(view) && may_wait_gp(run))
			wait_gp(run, view, GP_WAIT_US);
	} else if (sleep && !(dice % 64) && section_may_block(run)) {
		usleep_range(50, 500);
	} else if (!(dice % 8)) {
		wait_deleted(view, ATOMIC_HOLD_US);
	}
}

/* Often: KCSAN watches one access in thousands, and then for less than a millisecond. */
static noinline void race_on_purpose(struct torture_run *run)
{
	unsigned int i;

	for (i = 0; i < RACES; i++) {
		run->raced++;
		barrier();
	}
}

void read_section(struct torture_run *run, struct rnd_state *rnd, bool sleep)
{
	unsigned long key = pick_key(run, rnd);
	struct ref_table *t = &run->table;
	unsigned long nvcsw;
	struct view view;
	struct el *el;
	bool watch;
	int idx;

	run_count(run, CNT_SECTIONS);
	if (run->cfg.race)
		race_on_purpose(run);
	idx = t->ops->enter(t);
	watch = sleep_watch_begin(run, &nvcsw);
	el = ref_search(t, key);
	if (el && view_take(run, &view, el, key, "section")) {
		section_delay(run, rnd, &view, sleep);
		if (view_check(run, &view, "section"))
			view_end_section(run, &view);
	}
	if (watch)
		sleep_watch_end(run, nvcsw, NULL);
	t->ops->leave(t, idx);
}

/* search_and_reference(), watched and counted. */
static struct el *lookup(struct torture_run *run, unsigned long key)
{
	struct ref_table *t = &run->table;
	unsigned long nvcsw;
	struct el *el;
	bool watch;

	run_count(run, CNT_LOOKUPS);
	watch = sleep_watch_begin(run, &nvcsw);
	el = t->ops->search_and_reference(t, key);
	if (watch)
		sleep_watch_end(run, nvcsw, IS_ERR(el) ? NULL : el);
	if (el == ERR_PTR(-ENOENT)) {
		run_count(run, CNT_ABSENT);
		return NULL;
	}
	if (!(run->cfg.pattern->flags & PATTERN_LOOKUP_MAY_FAIL)) {
		check_ran(run, CHECK_PROMISE);
		if (IS_ERR(el))
			check_fail(run, CHECK_PROMISE, NULL,
				   "key %lu was found, and no reference given", key);
	}
	if (IS_ERR(el)) {
		run_count(run, CNT_FAILED_LOOKUPS);
		return NULL;
	}
	run_count(run, CNT_FOUND);
	return el;
}

static void hold(struct torture_run *run, struct rnd_state *rnd, bool sleep)
{
	unsigned int longest = READ_ONCE(run->cfg.hold) + 1;
	u32 dice = prandom_u32_state(rnd);

	if (sleep && !(dice % 16))
		usleep_range((dice >> 8) % longest, longest);
	else if (!(dice % 4))
		udelay((dice >> 8) % min(longest, ATOMIC_HOLD_US + 1u));
}

void read_reference(struct torture_run *run, struct rnd_state *rnd, bool sleep)
{
	unsigned long key = pick_key(run, rnd);
	struct view view;
	struct el *el;

	if (run->cfg.pattern->flags & PATTERN_SECTIONS_ONLY) {
		read_section(run, rnd, sleep);
		return;
	}
	el = lookup(run, key);
	if (!el)
		return;
	if (view_take(run, &view, el, key, "reference")) {
		hold(run, rnd, sleep);
		view_check(run, &view, "reference");
		view_end_reference(run, &view);
	}
	run->table.ops->release_referenced(el);
}
