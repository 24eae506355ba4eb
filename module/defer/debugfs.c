// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/rcudefer/: what there is, and a directory a domain.
 *
 * A domain is valid until debugfs_domain_remove() has returned, which waits for
 * everybody who is inside one of these functions.  Nothing here can be written.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "domain.h"

static struct dentry *defer_debugfs;

struct defer_file {
	const char *name;
	const char *about;
	const struct file_operations *fops;
};

static int backends_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	for (i = 0; i < gp_table_size; i++)
		seq_printf(m, "%-8s %s\n", gp_table[i]->name,
			   gp_table[i]->about);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(backends);

static const char *domain_state(struct defer_domain *d)
{
	if (!READ_ONCE(d->shut))
		return "open";
	return READ_ONCE(d->closed) ? "closed" : "closing";
}

static void longest_of(struct defer_domain *d, u64 *ns, void **func)
{
	struct defer_queue *q;
	int cpu;

	*ns = 0;
	*func = NULL;
	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(d->queues, cpu);
		if (READ_ONCE(q->longest_ns) >= *ns) {
			*ns = READ_ONCE(q->longest_ns);
			*func = READ_ONCE(q->longest_func);
		}
	}
}

static int stats_show(struct seq_file *m, void *unused)
{
	struct defer_domain *d = m->private;
	struct defer_stats s;
	void *func;
	u64 ns;

	defer_domain_stats(d, &s);
	longest_of(d, &ns, &func);
	seq_printf(m, "state: %s\n", domain_state(d));
	seq_printf(m, "backend: %s\n", d->gp.ops->name);
	seq_printf(m, "limit: %lu\n", d->limit);
	seq_printf(m, "pending: %llu\n", s.pending);
	seq_printf(m, "posted: %llu\n", s.posted);
	seq_printf(m, "invoked: %llu\n", s.invoked);
	seq_printf(m, "refused: %llu\n", s.refused);
	seq_printf(m, "double_posts: %llu\n", s.double_posts);
	seq_printf(m, "overwritten: %lu\n", domain_overwritten(d));
	seq_printf(m, "batches: %llu\n", s.batches);
	seq_printf(m, "grace_periods: %llu\n", s.grace_periods);
	seq_printf(m, "expedites: %llu\n", s.expedites);
	seq_printf(m, "longest_callback_ns: %llu\n", ns);
	seq_printf(m, "longest_callback: %ps\n", func);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static int status_show(struct seq_file *m, void *unused)
{
	struct defer_domain *d = m->private;
	struct defer_stats s;

	defer_domain_stats(d, &s);
	seq_printf(m, "%s over %s, %s, of %s: %llu pending",
		   d->name, d->gp.ops->name, domain_state(d),
		   d->owner ? module_name(d->owner) : "the kernel", s.pending);
	if (d->limit)
		seq_printf(m, " of at most %lu", d->limit);
	seq_printf(m, "; %llu posted = %llu invoked + %llu refused + %llu pending\n",
		   s.posted, s.invoked, s.refused, s.pending);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(status);

static int histograms_show(struct seq_file *m, void *unused)
{
	struct defer_domain *d = m->private;
	unsigned int i;
	u64 sum;
	int cpu;

	seq_puts(m, "# from the post of the oldest of its batch to a callback's return, us\n");
	for (i = 0; i < DEFER_HIST; i++) {
		sum = 0;
		for_each_possible_cpu(cpu)
			sum += READ_ONCE(per_cpu_ptr(d->queues, cpu)->hist[i]);
		if (sum)
			seq_printf(m, "latency_us %llu %llu\n",
				   i ? 1ULL << i : 0, sum);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(histograms);

static int pending_show(struct seq_file *m, void *unused)
{
	struct defer_domain *d = m->private;
	struct defer_who who;
	unsigned int i;

	domain_collect(d);
	who_pending(d, &who);
	for (i = 0; i < who.nr; i++)
		seq_printf(m, "pending %lu %ps from %pS\n", who.row[i].n,
			   who.row[i].func, who.row[i].from);
	if (who.others)
		seq_printf(m, "pending %lu others\n", who.others);
	if (who.cut)
		seq_puts(m, "# and more, in chains too long to be looked at whole\n");
	for (i = 0; i < DEFER_LATE_MAX && READ_ONCE(d->late[i].from); i++)
		seq_printf(m, "late %ld %ps from %pS\n",
			   atomic_long_read(&d->late[i].n),
			   READ_ONCE(d->late[i].func),
			   (void *)d->late[i].from);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pending);

static const struct defer_file domain_files[] = {
	{ "status", "how it is, for people", &status_fops },
	{ "stats", "the same for programs, 'name: value' a line", &stats_fops },
	{ "histograms", "how long callbacks took to come", &histograms_fops },
	{ "pending", "who posted what: 'pending N callback from poster', and what came too late",
	  &pending_fops },
};

static int readme_show(struct seq_file *m, void *unused);
DEFINE_SHOW_ATTRIBUTE(readme);

static const struct defer_file files[] = {
	{ "README", "this text", &readme_fops },
	{ "backends", "the ways to know that readers are gone", &backends_fops },
};

static void show_files(struct seq_file *m, const char *title,
		       const struct defer_file *file, unsigned int n)
{
	unsigned int i;

	seq_printf(m, "\n%s\n", title);
	for (i = 0; i < n; i++)
		seq_printf(m, "  %-11s %s\n", file[i].name, file[i].about);
}

static int readme_show(struct seq_file *m, void *unused)
{
	seq_puts(m,
		 "Deferral with domains of one's own: call_rcu() for modules.\n"
		 "\n"
		 "  # cat /sys/kernel/debug/rcudefer/*/status\n"
		 "\n"
		 "Nothing here can be written. What a domain has posted is invoked, refused or\n"
		 "pending; the numbers are exact while nobody posts.\n");
	show_files(m, "Files here:", files, ARRAY_SIZE(files));
	show_files(m, "Files of a domain, in the directory of its name:",
		   domain_files, ARRAY_SIZE(domain_files));
	return 0;
}

static void create_files(const struct defer_file *file, unsigned int n,
			 struct dentry *dir, void *data)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		debugfs_create_file(file[i].name, 0400, dir, data,
				    file[i].fops);
}

/* A domain works without; debugfs is for whoever wants to look. */
void debugfs_domain_create(struct defer_domain *d)
{
	d->dir = debugfs_create_dir(d->name, defer_debugfs);
	create_files(domain_files, ARRAY_SIZE(domain_files), d->dir, d);
}

void debugfs_domain_remove(struct defer_domain *d)
{
	debugfs_remove(d->dir);
}

void debugfs_init(void)
{
	defer_debugfs = debugfs_create_dir("rcudefer", NULL);
	create_files(files, ARRAY_SIZE(files), defer_debugfs, NULL);
}

void debugfs_exit(void)
{
	debugfs_remove(defer_debugfs);
}
