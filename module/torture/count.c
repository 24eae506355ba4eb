// SPDX-License-Identifier: GPL-2.0
/*
 * Counting what a run does.
 *
 * Every count is per CPU and only ever goes up, so that counting costs the
 * tortured code no shared cache line.  A sum taken while threads run may be
 * torn by a few; after the gate is empty, or the threads are gone, it is
 * exact, and that is when the drain check adds up.
 */
#include "run.h"

const char *const run_counter_names[] = {
	[CNT_LOOKUPS]	= "lookups",
	[CNT_FOUND]	= "found",
	[CNT_ABSENT]	= "absent",
	[CNT_FAILED_LOOKUPS]	= "failed_lookups",
	[CNT_SECTIONS]	= "sections",
	[CNT_TIMER_READS]	= "timer_reads",
	[CNT_IRQ_READS]	= "irq_reads",
	[CNT_EXIT_READS]	= "exit_reads",
	[CNT_NESTED]	= "nested_walks",
	[CNT_UPDATE_GETS]	= "update_gets",
	[CNT_ADDED]	= "added",
	[CNT_ADD_FAILED]	= "add_failed",
	[CNT_DELETED]	= "deleted",
	[CNT_FREED]	= "freed",
	[CNT_POSTED]	= "posted",
	[CNT_INVOKED]	= "invoked",
	[CNT_IRQ_DELETES]	= "irq_deletes",
	[CNT_TIMER_DELETES]	= "timer_deletes",
	[CNT_FAKEWRITES]	= "fakewrites",
	[CNT_DRAINS]	= "drains",
	[CNT_DRAINS_MISSED]	= "drains_missed",
	[CNT_BARRIERS]	= "barriers",
	[CNT_BARRIER_POSTED]	= "barriers_posted",
	[CNT_BARRIER_INVOKED]	= "barriers_invoked",
	[CNT_FLOODS]	= "floods",
	[CNT_FLOOD_POSTED]	= "flood_posted",
	[CNT_FLOOD_INVOKED]	= "flood_invoked",
	[CNT_ONLINES]	= "cpu_onlines",
	[CNT_OFFLINES]	= "cpu_offlines",
	[CNT_SHUFFLES]	= "shuffles",
	[CNT_STALLS]	= "stalls",
	[CNT_STRANDED]	= "stranded",
	[CNT_NEAR_SEEN_DELETED]	= "near.seen_deleted",
	[CNT_NEAR_REF_AFTER_DELETE]	= "near.ref_after_delete",
	[CNT_NEAR_FAIL_AT_ZERO]	= "near.fail_at_zero",
};

static_assert(ARRAY_SIZE(run_counter_names) == NR_COUNTERS);

const char *const run_hist_names[NR_HISTS] = {
	[HIST_RECLAIM]		= "reclaim: from delete to free",
	[HIST_CALLBACK]		= "callback: from post to invocation",
	[HIST_HELD_AGE]		= "held age: since delete, when a reference is put",
	[HIST_SECTION_AGE]	= "section age: since delete, when a section ends",
	[HIST_BARRIER]		= "barrier: how long it took",
};

u64 run_sum(const struct torture_run *run, enum run_counter id)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(run->pc, cpu)->count[id]);
	return sum;
}

u64 run_check_ran(const struct torture_run *run, enum check_id id)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(run->pc, cpu)->check_ran[id]);
	return sum;
}

/**
 * run_operations() - what the statistical bound is a bound of
 * @run: the run
 *
 * One operation is one chance for a failure to show: a lookup, a section, or
 * an update.
 */
u64 run_operations(const struct torture_run *run)
{
	return run_sum(run, CNT_LOOKUPS) + run_sum(run, CNT_SECTIONS) +
	       run_sum(run, CNT_UPDATE_GETS) + run_sum(run, CNT_ADDED) +
	       run_sum(run, CNT_DELETED);
}

/* Bucket n counts values from 2^n up to 2^(n+1) - 1 ns; bucket 0 also 0. */
void run_hist_add(struct torture_run *run, enum run_hist_id id, s64 ns)
{
	unsigned int n = ns > 1 ? ilog2(ns) : 0;

	this_cpu_inc(run->pc->hist[id][min(n, HIST_BUCKETS - 1u)]);
}

void run_hist_sum(const struct torture_run *run, enum run_hist_id id,
		  u64 sum[HIST_BUCKETS])
{
	int cpu, n;

	memset(sum, 0, HIST_BUCKETS * sizeof(*sum));
	for_each_possible_cpu(cpu)
		for (n = 0; n < HIST_BUCKETS; n++)
			sum[n] += READ_ONCE(per_cpu_ptr(run->pc, cpu)->hist[id][n]);
}
