// SPDX-License-Identifier: GPL-2.0
/*
 * The file result: the verdict of a run as KTAP.
 *
 * One test is one check.  A check that was never made is skipped, with the
 * reason, and so never taken for passed.  In a busted run the checks that were
 * predicted to fail are one test together, which passes when one of them did;
 * a check that failed although nobody predicted it is a test that failed.
 *
 * Until the run has ended the file holds a single test, and that has failed:
 * whoever reads too early can take it for anything but a pass.
 */
#include <linux/kernel.h>

#include "ctl.h"

#define BOUND_95	2996	/* -ln(1 - 0.95), in thousandths, rounded up */
#define BOUND_DIGITS	1000000000ull	/* of operations looked at */

/**
 * show_bound() - what can be said of a failure rate
 * @m: where
 * @operations: made
 * @failures: seen in them
 *
 * If an operation fails with probability p, n of them pass with probability
 * (1 - p)^n < exp(-pn).  So if none failed, p > -ln(0.05) / n would have had
 * a chance of less than 5 % to go unseen.  All roundings are upwards: the
 * bound printed holds.
 */
static void show_bound(struct seq_file *m, u64 operations, u64 failures)
{
	u64 n = operations, rate = BOUND_95;	/* rate / 10^exponent / n */
	unsigned int exponent = 3;

	if (failures) {
		seq_printf(m, "%llu failed of %llu", failures, operations);
		return;
	}
	if (n <= 3) {
		seq_printf(m, "unknown (%llu operations)", operations);
		return;
	}
	while (n >= BOUND_DIGITS) {
		n = div_u64(n, 10);
		exponent++;
	}
	while (div64_u64(rate, n) < 10) {
		rate *= 10;
		exponent++;
	}
	rate = DIV64_U64_ROUND_UP(rate, n);
	if (rate >= 100) {	/* rounded up from 99.x */
		rate = DIV_ROUND_UP_ULL(rate, 10);
		exponent--;
	}
	seq_printf(m, "below %llu.%llue-%02u (95 %%, %llu operations, 0 failures)",
		   div_u64(rate, 10), rate % 10, exponent - 1, operations);
}

static void show_head(struct seq_file *m, const struct torture_run *run)
{
	const struct run_config *cfg = &run->cfg;

	seq_printf(m, "# run: %s\n# pattern: %s\n# flavor: %s\n", cfg->name,
		   cfg->pattern->name, cfg->flavor->name);
	if (cfg->busted)
		seq_printf(m, "# busted: %s:%s\n", cfg->pattern->name,
			   cfg->busted->name);
	seq_printf(m, "# seed: %llu\n", cfg->seed);
	seq_printf(m, "# elapsed: %llu ms\n",
		   div_u64(run_elapsed_ns(run), NSEC_PER_MSEC));
	seq_puts(m, "# failure rate per operation: ");
	show_bound(m, run_operations(run), ctl_errors(run));
	seq_printf(m, "\n# near misses: %llu\n# again: start",
		   ctl_near_misses(run));
	ctl_keys_show(m, cfg);
	seq_putc(m, '\n');
}

static u64 failed(const struct torture_run *run, enum check_id id)
{
	return atomic64_read(&run->check_failed[id]);
}

/* What the first failure of a check said, before the test that failed. */
static void show_text(struct seq_file *m, const struct torture_run *run,
		      enum check_id id)
{
	unsigned int i;

	for (i = 0; i < NR_FAILURES; i++) {
		const struct run_failure *f = &run->failures[i];

		/* All of it has been written: pairs with keep_failure(). */
		if (smp_load_acquire(&f->ready) && f->check == id) {
			seq_printf(m, "# %s: %s\n", check_names[id], f->text);
			return;
		}
	}
}

static void show_count(struct seq_file *m, const struct torture_run *run,
		       enum check_id id)
{
	seq_printf(m, "after %llu ms, failed %llu of %llu times",
		   div_u64(atomic64_read(&run->check_first_ns[id]),
			   NSEC_PER_MSEC),
		   failed(run, id), run_check_ran(run, id));
}

/* One check that is not predicted to fail. */
static void show_check(struct seq_file *m, const struct torture_run *run,
		       enum check_id id, unsigned int test)
{
	const struct ref_busted *busted = run->cfg.busted;
	u64 ran = run_check_ran(run, id);

	if (failed(run, id)) {
		bool may_fire = busted && busted->may_fire & BIT(id);

		show_text(m, run, id);
		seq_printf(m, "%sok %u %s # ", may_fire ? "" : "not ", test,
			   check_names[id]);
		show_count(m, run, id);
		if (busted)
			seq_puts(m, may_fire ? ", as a consequence" :
					       ", which nobody predicted");
		seq_putc(m, '\n');
	} else if (ran) {
		seq_printf(m, "ok %u %s # ran %llu times\n", test,
			   check_names[id], ran);
	} else {
		seq_printf(m, "ok %u %s # SKIP not run: %s\n", test,
			   check_names[id], check_not_run_reason(run, id));
	}
}

/* The predicted check that fired first, or NR_CHECKS. */
static enum check_id caught_by(const struct torture_run *run)
{
	unsigned long predicted = run->cfg.busted->caught_by;
	enum check_id first = NR_CHECKS;
	unsigned int id;

	for_each_set_bit(id, &predicted, NR_CHECKS)
		if (failed(run, id) &&
		    (first == NR_CHECKS ||
		     atomic64_read(&run->check_first_ns[id]) <
		     atomic64_read(&run->check_first_ns[first])))
			first = id;
	return first;
}

static void show_caught(struct seq_file *m, const struct torture_run *run,
			unsigned int test)
{
	unsigned long predicted = run->cfg.busted->caught_by;
	enum check_id by = caught_by(run);
	const char *or = "";
	unsigned int id;

	if (by != NR_CHECKS) {
		show_text(m, run, by);
		seq_printf(m, "ok %u caught by %s # ", test, check_names[by]);
		show_count(m, run, by);
		seq_putc(m, '\n');
		return;
	}
	seq_printf(m, "not ok %u caught by ", test);
	for_each_set_bit(id, &predicted, NR_CHECKS) {
		seq_printf(m, "%s%s", or, check_names[id]);
		or = " or ";
	}
	seq_puts(m, " # missed\n");
}

static void show_tests(struct seq_file *m, const struct torture_run *run)
{
	const struct ref_busted *busted = run->cfg.busted;
	unsigned long predicted = busted ? busted->caught_by : 0;
	unsigned int id, test = 0;

	seq_printf(m, "1..%u\n", busted ?
		   1 + NR_CHECKS - (int)hweight_long(predicted) : NR_CHECKS);
	if (busted)
		show_caught(m, run, ++test);
	for (id = 0; id < NR_CHECKS; id++)
		if (!(predicted & BIT(id)))
			show_check(m, run, id, ++test);
}

int ctl_result_show(struct seq_file *m, void *unused)
{
	const struct torture_run *run = m->private;
	enum run_state state = run_state(run);	/* before what it promises */

	seq_puts(m, "KTAP version 1\n");
	show_head(m, run);
	if (run_state_ended(state)) {
		show_tests(m, run);
		seq_printf(m, "# verdict: %s\n", run_state_names[state]);
	} else {
		seq_printf(m, "1..1\nnot ok 1 finished # ERROR the run is %s, there is no verdict yet\n",
			   run_state_names[state]);
	}
	return 0;
}
