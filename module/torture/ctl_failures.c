// SPDX-License-Identifier: GPL-2.0
/*
 * The file failures: what was found, and the biography of the element.
 *
 * Events are shown in the order of their time stamps, from the first one that
 * is still known.  A put is recorded before the count goes down, since
 * afterwards the element may be gone; others may have changed the count in
 * between, so what it says is marked with a tilde.
 */
#include <linux/kernel.h>

#include "ctl.h"

static const char *context_name(u8 context)
{
	switch (context) {
	case 't':
		return "task";
	case 's':
		return "softirq";
	case 'h':
		return "hardirq";
	default:
		return "nmi";
	}
}

static void show_time(struct seq_file *m, u64 ns)
{
	u32 below_us;
	u64 us = div_u64_rem(ns, NSEC_PER_USEC, &below_us);

	seq_printf(m, "  %+10lld.%03u us", (s64)us, below_us);
}

static void show_event(struct seq_file *m, const struct bio_event *ev, u64 base)
{
	show_time(m, ev->when - base);
	seq_printf(m, " %4u  %-7s  %-15.*s %6d  %-10s  %s%d -> %d\n", ev->cpu,
		   context_name(ev->context), TASK_COMM_LEN, ev->comm, ev->pid,
		   el_event_names[ev->event], ev->event == EL_PUT ? "~" : "",
		   ev->before, ev->after);
}

static void show_moment(struct seq_file *m, u64 ns, const struct run_failure *f)
{
	show_time(m, ns);
	seq_printf(m, " %4u  ---- here %s failed ----\n", f->cpu,
		   check_names[f->check]);
}

static void show_biography(struct seq_file *m, const struct torture_run *run,
			   const struct run_failure *f)
{
	u64 failed = run->start_ns + f->when_ns;
	u64 base = min(failed, f->bio[0].when);
	bool told = false;
	unsigned int i;

	seq_printf(m, "  biography of element %llu, its last %u events:\n",
		   f->element, f->nr_bio);
	seq_printf(m, "  %17s %4s  %-7s  %-15s %6s  %-10s  %s\n", "time", "cpu",
		   "context", "task", "pid", "event", "count");
	for (i = 0; i < f->nr_bio; i++) {
		if (!told && f->bio[i].when > failed) {
			show_moment(m, failed - base, f);
			told = true;
		}
		show_event(m, &f->bio[i], base);
	}
	if (!told)
		show_moment(m, failed - base, f);
}

static void show_failure(struct seq_file *m, const struct torture_run *run,
			 const struct run_failure *f, unsigned int nr)
{
	u64 us = div_u64(f->when_ns, NSEC_PER_USEC);
	u32 below_ms;
	u64 ms = div_u64_rem(us, USEC_PER_MSEC, &below_ms);

	seq_printf(m, "\nfailure %u: %s after %llu.%03u ms, on CPU %u in %.*s (pid %d)\n",
		   nr, check_names[f->check], ms, below_ms, f->cpu,
		   TASK_COMM_LEN, f->comm, f->pid);
	seq_printf(m, "  rule: %s\n", check_abouts[f->check]);
	seq_printf(m, "  found: %s\n", f->text);
	if (f->nr_bio)
		show_biography(m, run, f);
	else if (f->element)
		seq_printf(m, "  of element %llu nothing is known any more\n",
			   f->element);
}

int ctl_failures_show(struct seq_file *m, void *unused)
{
	const struct torture_run *run = m->private;
	u64 errors = ctl_errors(run);
	unsigned int i;

	if (!errors) {
		seq_puts(m, "no check has failed\n");
		return 0;
	}
	seq_printf(m, "failed checks: %llu; the first %d are kept\n", errors,
		   NR_FAILURES);
	for (i = 0; i < NR_FAILURES; i++)
		/* All of it has been written: pairs with keep_failure(). */
		if (smp_load_acquire(&run->failures[i].ready))
			show_failure(m, run, &run->failures[i], i + 1);
	return 0;
}
