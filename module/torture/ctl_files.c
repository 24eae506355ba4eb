// SPDX-License-Identifier: GPL-2.0
/*
 * The directory of a run, and its file stats, the numbers for programs.
 *
 * A run is valid until ctl_run_dir_remove() has returned, which waits for
 * everybody who is inside one of these functions.  Its caller holds
 * runs_mutex, so nobody here may take it.  Numbers are read while threads
 * count on, and may be torn by a few; they are exact once the run has ended.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/string.h>

#include "ctl.h"

bool ctl_is_near_miss(enum run_counter id)
{
	return str_has_prefix(run_counter_names[id], "near.");
}

u64 ctl_near_misses(const struct torture_run *run)
{
	u64 sum = 0;
	int id;

	for (id = 0; id < NR_COUNTERS; id++)
		if (ctl_is_near_miss(id))
			sum += run_sum(run, id);
	return sum;
}

u64 ctl_errors(const struct torture_run *run)
{
	u64 sum = 0;
	int id;

	for (id = 0; id < NR_CHECKS; id++)
		sum += atomic64_read(&run->check_failed[id]);
	return sum;
}

/*
 * In the table, or on its way to be freed.  Freed is read first: what is added
 * in between only makes it larger.
 */
u64 ctl_not_freed(const struct torture_run *run)
{
	u64 freed = run_sum(run, CNT_FREED);
	u64 added = run_sum(run, CNT_ADDED);

	return added > freed ? added - freed : 0;
}

u64 ctl_per_second(const struct torture_run *run, u64 n)
{
	u64 ms = div_u64(run_elapsed_ns(run), NSEC_PER_MSEC);

	return div64_u64(n * MSEC_PER_SEC, ms ?: 1);
}

static int ctl_stats_show(struct seq_file *m, void *unused)
{
	const struct torture_run *run = m->private;
	u64 reads = run_sum(run, CNT_LOOKUPS) + run_sum(run, CNT_SECTIONS);
	int id;

	seq_printf(m, "state: %s\n", run_state_names[run_state(run)]);
	seq_printf(m, "elapsed_ms: %llu\n",
		   div_u64(run_elapsed_ns(run), NSEC_PER_MSEC));
	seq_printf(m, "time_ms: %llu\n", (u64)run->cfg.time * MSEC_PER_SEC);
	seq_printf(m, "seed: %llu\n", run->cfg.seed);
	seq_printf(m, "ops: %llu\n", run_operations(run));
	seq_printf(m, "reader_rate: %llu\n", ctl_per_second(run, reads));
	seq_printf(m, "live: %llu\n", ctl_not_freed(run));
	seq_printf(m, "backlog: %ld\n", atomic_long_read(&run->backlog));
	seq_printf(m, "peak_backlog: %ld\n",
		   atomic_long_read(&run->peak_backlog));
	seq_printf(m, "flood_max_pending: %ld\n",
		   atomic_long_read(&run->flood_max_pending));
	seq_printf(m, "errors: %llu\n", ctl_errors(run));
	seq_printf(m, "first_error_ms: %llu\n",
		   div_u64(atomic64_read(&run->first_failure_ns),
			   NSEC_PER_MSEC));
	seq_printf(m, "near_misses: %llu\n", ctl_near_misses(run));
	for (id = 0; id < NR_COUNTERS; id++)
		seq_printf(m, "%s: %llu\n", run_counter_names[id],
			   run_sum(run, id));
	for (id = 0; id < NR_CHECKS; id++)
		seq_printf(m, "check.%s.ran: %llu\ncheck.%s.failed: %llu\n",
			   check_names[id], run_check_ran(run, id),
			   check_names[id],
			   (u64)atomic64_read(&run->check_failed[id]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(ctl_stats);

DEFINE_SHOW_ATTRIBUTE(ctl_status);
DEFINE_SHOW_ATTRIBUTE(ctl_result);
DEFINE_SHOW_ATTRIBUTE(ctl_histograms);
DEFINE_SHOW_ATTRIBUTE(ctl_failures);

const struct ctl_file ctl_run_files[] = {
	{
		.name = "status", .mode = 0400, .fops = &ctl_status_fops,
		.about = "how it goes, for people",
	}, {
		.name = "stats", .mode = 0400, .fops = &ctl_stats_fops,
		.about = "the same for programs, 'name: value' a line",
	}, {
		.name = "result", .mode = 0400, .fops = &ctl_result_fops,
		.about = "KTAP; until the run has ended it is one test that has failed",
	}, {
		.name = "histograms", .mode = 0400,
		.fops = &ctl_histograms_fops,
		.about = "how long things took",
	}, {
		.name = "failures", .mode = 0400, .fops = &ctl_failures_fops,
		.about = "the first checks that failed, each with what happened to its element",
	},
};

const unsigned int ctl_nr_run_files = ARRAY_SIZE(ctl_run_files);

/**
 * ctl_run_dir_create() - make a run visible
 * @run: the run, ready to be looked at
 *
 * Nobody can see, stop or judge a run without its directory, so for once it
 * matters whether debugfs could make it.
 *
 * Context: runs_mutex held; may sleep.
 * Return: 0 or a negative errno.
 */
int ctl_run_dir_create(struct torture_run *run)
{
	unsigned int i;

	run->dir = ctl_dir_create(run->cfg.name, torture_debugfs);
	for (i = 0; i < ctl_nr_run_files; i++)
		debugfs_create_file(ctl_run_files[i].name,
				    ctl_run_files[i].mode, run->dir, run,
				    ctl_run_files[i].fops);
	return PTR_ERR_OR_ZERO(run->dir);
}

/**
 * ctl_run_dir_remove() - take a run out of sight
 * @run: the run
 *
 * Context: runs_mutex held; sleeps until nobody reads its files.  Whoever
 * still holds one open gets -EIO from then on.
 */
void ctl_run_dir_remove(struct torture_run *run)
{
	debugfs_remove(run->dir);
	run->dir = NULL;
}
