// SPDX-License-Identifier: GPL-2.0
/*
 * The file status: how a run goes, for people.
 *
 * What it is, what it has done, which checks it made, what came close, and
 * what the verdict is or may become.  Programs read stats and result instead:
 * this layout may change.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "ctl.h"

#define KEYS_A_LINE	5

static void show_time(struct seq_file *m, u64 ns)
{
	u32 ms = div_u64(ns, NSEC_PER_MSEC);

	if (ms < 10 * MSEC_PER_SEC)
		seq_printf(m, "%u ms", ms);
	else
		seq_printf(m, "%lu.%lu s", ms / MSEC_PER_SEC,
			   ms % MSEC_PER_SEC / 100);
}

/* The keys that are numbers or choices: the others are in the head. */
static void show_config(struct seq_file *m, const struct run_config *cfg)
{
	unsigned int i, n = 0;

	for (i = 0; i < ctl_nr_keys; i++) {
		if (!ctl_keys[i].size)
			continue;
		if (n++ % KEYS_A_LINE == 0)
			seq_puts(m, n == 1 ? "config   " : "\n         ");
		seq_printf(m, " %s=", ctl_keys[i].name);
		ctl_keys[i].type->show(m, &ctl_keys[i], cfg);
	}
	seq_putc(m, '\n');
}

static void show_head(struct seq_file *m, const struct torture_run *run,
		      enum run_state state)
{
	const struct run_config *cfg = &run->cfg;

	seq_printf(m, "run       %s\npattern   %s, %s\nflavor    %s\n",
		   cfg->name, cfg->pattern->name,
		   cfg->busted ? "busted" : "in its right form",
		   cfg->flavor->name);
	if (cfg->busted)
		seq_printf(m, "busted    %s:%s, %s\n", cfg->pattern->name,
			   cfg->busted->name, cfg->busted->about);
	show_config(m, cfg);
	seq_printf(m, "state     %s, after ", run_state_names[state]);
	show_time(m, run_elapsed_ns(run));
	if (cfg->time)
		seq_printf(m, " of %u s", cfg->time);
	seq_putc(m, '\n');
}

static void show_count(struct seq_file *m, const struct torture_run *run,
		       const char *name, u64 n)
{
	seq_printf(m, "  %-20s %14llu %12llu\n", name, n,
		   ctl_per_second(run, n));
}

static void show_counts(struct seq_file *m, const struct torture_run *run)
{
	int id;

	seq_printf(m, "\n%-22s %14s %12s\n", "done", "count", "a second");
	show_count(m, run, "operations", run_operations(run));
	for (id = 0; id < NR_COUNTERS; id++)
		if (!ctl_is_near_miss(id))
			show_count(m, run, run_counter_names[id],
				   run_sum(run, id));
	seq_printf(m, "\n%-22s %14s %12s\n", "pending", "now", "at most");
	seq_printf(m, "  %-20s %14ld %12ld\n", "callbacks",
		   atomic_long_read(&run->backlog),
		   atomic_long_read(&run->peak_backlog));
	seq_printf(m, "  %-20s %14llu\n", "elements not freed",
		   ctl_not_freed(run));
}

/* What is expected of a check, or why it was not made. */
static void show_remark(struct seq_file *m, const struct torture_run *run,
			enum check_id id, bool made)
{
	const struct ref_busted *busted = run->cfg.busted;

	if (busted && busted->caught_by & BIT(id))
		seq_puts(m, "   predicted to fail");
	else if (busted && busted->may_fire & BIT(id))
		seq_puts(m, "   may fail as a consequence");
	else if (!made)
		seq_printf(m, "   not run: %s", check_not_run_reason(run, id));
	seq_putc(m, '\n');
}

static void show_checks(struct seq_file *m, const struct torture_run *run)
{
	int id;

	seq_printf(m, "\n%-22s %14s %12s\n", "checks", "ran", "failed");
	for (id = 0; id < NR_CHECKS; id++) {
		u64 ran = run_check_ran(run, id);
		u64 failed = atomic64_read(&run->check_failed[id]);

		seq_printf(m, "  %-20s %14llu %12llu", check_names[id], ran,
			   failed);
		show_remark(m, run, id, ran || failed);
	}
	seq_puts(m, "\nnear misses, which are no errors\n");
	for (id = 0; id < NR_COUNTERS; id++)
		if (ctl_is_near_miss(id))
			seq_printf(m, "  %-20s %14llu\n",
				   run_counter_names[id] + strlen("near."),
				   run_sum(run, id));
}

static void show_verdict(struct seq_file *m, const struct torture_run *run,
			 enum run_state state)
{
	seq_printf(m, "\nverdict   %s; ", run_state_ended(state) ?
		   run_state_names[state] : "none yet");
	if (ctl_errors(run)) {
		seq_puts(m, "the first check failed after ");
		show_time(m, atomic64_read(&run->first_failure_ns));
		seq_puts(m, ", see the file failures\n");
	} else {
		seq_printf(m, "no check failed in %llu operations\n",
			   run_operations(run));
	}
}

int ctl_status_show(struct seq_file *m, void *unused)
{
	const struct torture_run *run = m->private;
	enum run_state state = run_state(run);	/* before what it promises */

	show_head(m, run, state);
	show_counts(m, run);
	show_checks(m, run);
	show_verdict(m, run, state);
	return 0;
}
