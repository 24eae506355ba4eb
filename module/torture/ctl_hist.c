// SPDX-License-Identifier: GPL-2.0
/*
 * The file histograms: how long things took, in powers of two.
 *
 * Bounds are powers of two of a nanosecond, so a "us" here is 1024 ns, and an
 * "ms" 1024 of those: a few per cent more than it says, and no rounding.
 */
#include <linux/kernel.h>

#include "ctl.h"

#define BAR_WIDTH	40

static const char *const units[] = { "ns", "us", "ms", "s" };

/* 2^n ns */
static void show_bound(struct seq_file *m, unsigned int n)
{
	unsigned int unit = min_t(unsigned int, n / 10, ARRAY_SIZE(units) - 1);

	seq_printf(m, "%4u%-2s", 1u << (n - 10 * unit), units[unit]);
}

static void show_bucket(struct seq_file *m, unsigned int n, u64 count, u64 max)
{
	/* A bar is never longer than the largest, and never empty for one. */
	unsigned int bar = DIV64_U64_ROUND_UP(count * BAR_WIDTH, max);

	seq_puts(m, "  [");
	if (n)
		show_bound(m, n);
	else
		seq_printf(m, "%4u%-2s", 0, units[0]);
	seq_puts(m, ", ");
	if (n < HIST_BUCKETS - 1)
		show_bound(m, n + 1);
	else
		seq_printf(m, "%6s", "more");
	seq_printf(m, ") %12llu |", count);
	while (bar--)
		seq_putc(m, '#');
	seq_puts(m, "|\n");
}

static void show_histogram(struct seq_file *m, const char *name,
			   const u64 sum[HIST_BUCKETS])
{
	unsigned int n, first = HIST_BUCKETS, last = 0;
	u64 max = 0, total = 0;

	for (n = 0; n < HIST_BUCKETS; n++) {
		if (!sum[n])
			continue;
		first = min(first, n);
		last = n;
		max = max(max, sum[n]);
		total += sum[n];
	}
	seq_printf(m, "%s (%llu)\n", name, total);
	for (n = first; total && n <= last; n++)
		show_bucket(m, n, sum[n], max);
	seq_putc(m, '\n');
}

int ctl_histograms_show(struct seq_file *m, void *unused)
{
	const struct torture_run *run = m->private;
	u64 sum[HIST_BUCKETS];
	int id;

	for (id = 0; id < NR_HISTS; id++) {
		run_hist_sum(run, id, sum);
		show_histogram(m, run_hist_names[id], sum);
	}
	return 0;
}
