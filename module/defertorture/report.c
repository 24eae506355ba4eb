// SPDX-License-Identifier: GPL-2.0
/*
 * Checks that failed, and the file result: the verdict as KTAP.
 *
 * One test is one check, or one context that must have been posted from.  A
 * check that was never made is a failure here, and so is a context that posted
 * nothing, unless this kernel has no way to get there.  In a busted form there
 * is one test: that the check fired which was foretold.
 */
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "defertorture.h"

static const struct {
	const char *name;
	const char *about;
} checks[NR_DT_CHECKS] = {
	[DT_ARITHMETIC]	= { "arithmetic", "tried = invoked + refused, of every domain" },
	[DT_ONCE]	= { "once", "a callback runs once for each post" },
	[DT_BARRIER]	= { "barrier", "after it, what was posted before has returned" },
	[DT_GRACE]	= { "grace", "no callback while a reader holds its object" },
	[DT_CLOSE]	= { "close", "after it no post is taken and no callback runs" },
	[DT_BOUND]	= { "bound", "pending stays within the limit" },
	[DT_QUIET]	= { "quiet", "at the end a flush finds nothing more to do" },
};

static const char *const contexts[NR_DT_CONTEXTS] = {
	[DT_TASK]	= "a task",
	[DT_SOFTIRQ]	= "a timer in softirq",
	[DT_IRQ_WORK]	= "an irq_work",
	[DT_HRTIMER]	= "an hrtimer in hardirq",
	[DT_NMI]	= "an NMI",
	[DT_CALLBACK]	= "a callback",
};

#define TEXT	128

static atomic_long_t ran[NR_DT_CHECKS], failed[NR_DT_CHECKS];
static char first[NR_DT_CHECKS][TEXT];
atomic_long_t dt_posts[NR_DT_CONTEXTS];

void dt_ran(enum dt_check check)
{
	atomic_long_inc(&ran[check]);
}

/* Any context, NMI too: only who is first writes the text. */
void dt_fail(enum dt_check check, const char *fmt, ...)
{
	va_list args;

	if (atomic_long_fetch_inc(&failed[check]))
		return;
	va_start(args, fmt);
	vsnprintf(first[check], TEXT, fmt, args);
	va_end(args);
}

static bool right_form_ok(void)
{
	int i;

	for (i = 0; i < NR_DT_CHECKS; i++)
		if (atomic_long_read(&failed[i]) || !atomic_long_read(&ran[i]))
			return false;
	for (i = 0; i < NR_DT_CONTEXTS; i++)
		if (!atomic_long_read(&dt_posts[i]) &&
		    !(i == DT_NMI && dt_nmi_refused()))
			return false;
	return true;
}

const char *dt_verdict(void)
{
	if (dt_busted)
		return atomic_long_read(&failed[dt_busted->caught_by]) ?
		       "caught" : "missed";
	return right_form_ok() ? "passed" : "failed";
}

static void show_failures(struct seq_file *m)
{
	int i;

	for (i = 0; i < NR_DT_CHECKS; i++)
		if (atomic_long_read(&failed[i]))
			seq_printf(m, "# %s failed %ld times of %ld, first: %s\n",
				   checks[i].name, atomic_long_read(&failed[i]),
				   atomic_long_read(&ran[i]), first[i]);
}

static void show_check(struct seq_file *m, int i)
{
	long made = atomic_long_read(&ran[i]);

	seq_printf(m, "%s %d %s: %s, %ld times%s\n",
		   made && !atomic_long_read(&failed[i]) ? "ok" : "not ok",
		   i + 1, checks[i].name, checks[i].about, made,
		   made ? "" : ": it was never looked at");
}

static void show_context(struct seq_file *m, int i)
{
	long posts = atomic_long_read(&dt_posts[i]);
	const char *refused = i == DT_NMI ? dt_nmi_refused() : NULL;

	seq_printf(m, "%s %d posts from %s: %ld%s%s\n",
		   posts || refused ? "ok" : "not ok", NR_DT_CHECKS + i + 1,
		   contexts[i], posts, refused ? " # SKIP " : "",
		   refused ?: "");
}

int dt_result_show(struct seq_file *m, void *unused)
{
	int i;

	seq_puts(m, "KTAP version 1\n");
	if (dt_busted) {
		seq_puts(m, "1..1\n");
		show_failures(m);
		seq_printf(m, "%s 1 %s: %s: caught by %s\n",
			   strcmp(dt_verdict(), "caught") ? "not ok" : "ok",
			   dt_busted->name, dt_busted->about,
			   checks[dt_busted->caught_by].name);
		return 0;
	}
	seq_printf(m, "1..%d\n", NR_DT_CHECKS + NR_DT_CONTEXTS);
	show_failures(m);
	for (i = 0; i < NR_DT_CHECKS; i++)
		show_check(m, i);
	for (i = 0; i < NR_DT_CONTEXTS; i++)
		show_context(m, i);
	return 0;
}
