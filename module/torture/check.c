// SPDX-License-Identifier: GPL-2.0
/*
 * Checks that failed, and the verdict.
 *
 * A check is made in many places and any context; each counts that it was
 * made (check_ran()) and reports only when it failed (check_fail()).  The
 * first failures are kept in full with the biography of their element, all
 * are counted.  A check that was never made is "not run", and a reason is
 * given for it: it is never taken for passed.
 *
 * A busted form turns the verdict round.  It is caught when a check fires that
 * its pattern predicted, missed when none does; and a check that fires although
 * nobody predicted it is a failure of the prediction.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/sched.h>
#include <linux/timekeeping.h>

#include "run.h"
#include "element.h"

const char *const check_names[] = {
	[CHECK_USE_AFTER_FREE]	= "use_after_free",
	[CHECK_FREED_ONCE]	= "freed_once",
	[CHECK_FROM_ZERO]	= "from_zero",
	[CHECK_DOUBLE_POST]	= "double_post",
	[CHECK_NOTHING_LOST]	= "nothing_lost",
	[CHECK_PROMISE]	= "promise",
	[CHECK_CANARY]	= "canary",
	[CHECK_AGE]	= "age",
	[CHECK_READER_SLEPT]	= "reader_slept",
	[CHECK_BARRIER]	= "barrier",
	[CHECK_FORWARD_PROGRESS]	= "forward_progress",
	[CHECK_WRITER_STALL]	= "writer_stall",
};

const char *const check_abouts[] = {
	[CHECK_USE_AFTER_FREE] =
		"what a reader may see or hold has not been freed",
	[CHECK_FREED_ONCE] =
		"an element is freed once, and only when out of the table",
	[CHECK_FROM_ZERO] =
		"no reference is gained from, or put below, a count of zero",
	[CHECK_DOUBLE_POST] =
		"a callback head is posted once",
	[CHECK_NOTHING_LOST] =
		"at every drain: added = freed + live, and live counts are 1",
	[CHECK_PROMISE] =
		"the pattern's own promise about its lookup",
	[CHECK_CANARY] =
		"the bytes around an element are as they were written",
	[CHECK_AGE] =
		"no grace period that began after a delete ends in a section that saw it before",
	[CHECK_READER_SLEPT] =
		"no reader blocks inside its section",
	[CHECK_BARRIER] =
		"after a barrier, callbacks invoked = callbacks posted",
	[CHECK_FORWARD_PROGRESS] =
		"a flood of callbacks is worked off in bounded time",
	[CHECK_WRITER_STALL] =
		"updaters never stop making progress, and nobody sleeps for ever",
};

static_assert(ARRAY_SIZE(check_names) == NR_CHECKS);
static_assert(ARRAY_SIZE(check_abouts) == NR_CHECKS);
static_assert(NR_CHECKS <= BITS_PER_LONG);

u64 run_elapsed_ns(const struct torture_run *run)
{
	u64 end = READ_ONCE(run->end_ns);

	return (end ?: ktime_get_mono_fast_ns()) - run->start_ns;
}

static __printf(5, 0)
void keep_failure(struct torture_run *run, struct run_failure *f,
		  enum check_id id, struct el *el, const char *fmt,
		  va_list args)
{
	f->check = id;
	f->when_ns = run_elapsed_ns(run);
	f->cpu = raw_smp_processor_id();
	f->pid = current->pid;
	memcpy(f->comm, current->comm, TASK_COMM_LEN);
	vsnprintf(f->text, sizeof(f->text), fmt, args);
	if (el) {
		f->element = READ_ONCE(to_torture_el(el)->id);
		f->nr_bio = bio_collect(run, f->element, f->bio);
	}
	smp_store_release(&f->ready, true);	/* pairs with failures_show() */
}

/**
 * check_fail() - a check failed
 * @run: the run
 * @id: which
 * @el: about which element, or NULL
 * @fmt: what was found, one line without newline
 *
 * Context: any.  Collecting a biography takes some hundred microseconds; this
 * is done for the first NR_FAILURES only.
 */
void check_fail(struct torture_run *run, enum check_id id, struct el *el,
		const char *fmt, ...)
{
	int n = atomic_fetch_add_unless(&run->nr_failures, 1, NR_FAILURES);
	va_list args;

	if (!atomic64_fetch_inc(&run->check_failed[id]))
		atomic64_cmpxchg(&run->check_first_ns[id], 0,
				 run_elapsed_ns(run) ?: 1);
	atomic64_cmpxchg(&run->first_failure_ns, 0, run_elapsed_ns(run) ?: 1);
	if (n < NR_FAILURES) {
		va_start(args, fmt);
		keep_failure(run, &run->failures[n], id, el, fmt, args);
		va_end(args);
	}
	if (!n)
		pr_notice("run %s: %s: %s\n", run->cfg.name, check_names[id],
			  run->failures[0].text);
	if (run->cfg.stop_on_failure)
		run_request_stop(run);
}

/* What the config leaves out. */
static const struct {
	enum check_id id;
	size_t key;
	const char *why;
} check_needs[] = {
	{ CHECK_BARRIER, offsetof(struct run_config, barriers), "barriers=0" },
	{ CHECK_FORWARD_PROGRESS, offsetof(struct run_config, flood),
	  "flood=0" },
	{ CHECK_WRITER_STALL, offsetof(struct run_config, updaters),
	  "updaters=0" },
};

/* What the pattern, the flavor, the kernel or chance leaves out. */
static const struct {
	enum check_id id;
	unsigned int pattern_has;	/* PATTERN_* that make it impossible */
	unsigned int pattern_lacks;	/* ... whose absence does */
	unsigned int flavor_has;
	const char *why;
} check_impossible[] = {
	{ CHECK_AGE, PATTERN_READERS_EXCLUDE_DELETE, 0, 0,
	  "readers exclude delete: no section sees a deleted element" },
	{ CHECK_AGE, 0, PATTERN_USES_FLAVOR, 0,
	  "the pattern waits for no grace period" },
	{ CHECK_FROM_ZERO, PATTERN_SECTIONS_ONLY, 0, 0,
	  "the pattern has no references" },
	{ CHECK_READER_SLEPT, PATTERN_VERBS_SLEEP, 0, 0,
	  "readers of this pattern may sleep" },
	{ CHECK_DOUBLE_POST, 0, PATTERN_POSTS, 0,
	  "the pattern posts no callback" },
	{ CHECK_READER_SLEPT, IS_ENABLED(CONFIG_PREEMPT_RT) ?
	  PATTERN_READERS_EXCLUDE_DELETE : 0, 0, 0,
	  "the readers' lock is one that sleeps on PREEMPT_RT" },
	{ CHECK_READER_SLEPT, 0, 0, FLAVOR_READERS_MAY_SLEEP,
	  "readers of this flavor may sleep" },
	{ CHECK_PROMISE, PATTERN_SECTIONS_ONLY, 0, 0,
	  "the pattern has no references" },
	{ CHECK_PROMISE, PATTERN_LOOKUP_MAY_FAIL, 0, 0,
	  "no lookup failed" },
};

/**
 * check_not_run_reason() - why a check was never made in a run
 * @run: the run
 * @id: a check whose run_check_ran() is 0
 */
const char *check_not_run_reason(const struct torture_run *run,
				 enum check_id id)
{
	unsigned int pattern = run->cfg.pattern->flags;
	unsigned int flavor = run->cfg.flavor->flags;
	int i;

	for (i = 0; i < ARRAY_SIZE(check_needs); i++) {
		const void *cfg = &run->cfg;
		const unsigned int *value = cfg + check_needs[i].key;

		if (check_needs[i].id == id && !*value)
			return check_needs[i].why;
	}
	for (i = 0; i < ARRAY_SIZE(check_impossible); i++)
		if (check_impossible[i].id == id &&
		    (pattern & check_impossible[i].pattern_has ||
		     ~pattern & check_impossible[i].pattern_lacks ||
		     flavor & check_impossible[i].flavor_has))
			return check_impossible[i].why;
	return "the run was too short or too small";
}

static bool check_failed(const struct torture_run *run, enum check_id id)
{
	return atomic64_read(&run->check_failed[id]);
}

static enum run_state busted_verdict(const struct torture_run *run)
{
	const struct ref_busted *busted = run->cfg.busted;
	bool caught = false;
	int id;

	for (id = 0; id < NR_CHECKS; id++) {
		if (!check_failed(run, id))
			continue;
		if (busted->caught_by & BIT(id))
			caught = true;
		else if (!(busted->may_fire & BIT(id)))
			return RUN_FAILED;
	}
	return caught ? RUN_CAUGHT : RUN_MISSED;
}

/**
 * check_verdict() - the state a run ends in
 * @run: the run, all of whose threads and callbacks are gone
 */
enum run_state check_verdict(struct torture_run *run)
{
	int id;

	if (run->cfg.busted)
		return busted_verdict(run);
	for (id = 0; id < NR_CHECKS; id++)
		if (check_failed(run, id))
			return RUN_FAILED;
	return RUN_PASSED;
}
