// SPDX-License-Identifier: GPL-2.0
/*
 * The files in debugfs, unloadcheck/. Their form is in check.h.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/seq_buf.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "../control/control.h"
#include "check.h"

static struct dentry *dir;

static void show_sites(struct seq_file *m, const struct uc_module *owner)
{
	struct uc_site *site;
	static char line[1024];	/* under uc_mutex */

	for (site = uc_next_site(NULL); site; site = uc_next_site(site)) {
		struct uc_sum sum;
		struct seq_buf s;

		if (site->owner != owner)
			continue;
		sum = uc_site_sum(site);
		seq_buf_init(&s, line, sizeof(line));
		uc_site_say(&s, site, &sum, min(sum.posted, site->covered_own));
		seq_write(m, line, seq_buf_used(&s));
	}
}

static void show_module(struct seq_file *m, const struct uc_module *owner)
{
	unsigned long posted = 0, started = 0, returned = 0, covered = 0;
	struct uc_site *site;

	for (site = uc_next_site(NULL); site; site = uc_next_site(site)) {
		struct uc_sum sum;

		if (site->owner != owner)
			continue;
		sum = uc_site_sum(site);
		posted += sum.posted;
		started += sum.started;
		returned += sum.returned;
		covered += min(sum.posted, site->covered_own);
	}
	seq_printf(m, "module=%s state=%s known=%s posted=%lu pending=%lu running=%lu uncovered=%lu missed=%ld\n",
		   owner->name, owner->live ? "live" : "coming",
		   owner->known ? "all" : "since_watch", posted,
		   posted - started, started - returned, posted - covered,
		   atomic_long_read(&owner->missed));
	show_sites(m, owner);
}

static int modules_show(struct seq_file *m, void *unused)
{
	struct uc_module *owner;

	mutex_lock(&uc_mutex);
	list_for_each_entry(owner, &uc_modules, node)
		if (owner->watched)
			show_module(m, owner);
	mutex_unlock(&uc_mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(modules);

static int verdicts_show(struct seq_file *m, void *unused)
{
	mutex_lock(&uc_mutex);
	uc_verdicts_show(m);
	mutex_unlock(&uc_mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(verdicts);

static int result_show(struct seq_file *m, void *unused)
{
	mutex_lock(&uc_mutex);
	uc_result_show(m);
	mutex_unlock(&uc_mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(result);

static int stats_show(struct seq_file *m, void *unused)
{
	struct uc_module *owner;
	unsigned long missed = 0, n, sum = 0;
	unsigned int i, free = uc_sites_free();

	mutex_lock(&uc_mutex);
	list_for_each_entry(owner, &uc_modules, node)
		missed += atomic_long_read(&owner->missed);
	for (i = 0; i < UC_NR_VERDICTS; i++) {
		n = uc_verdict_count(i);
		sum += n;
		seq_printf(m, "%s: %lu\n", uc_verdict_names[i], n);
	}
	mutex_unlock(&uc_mutex);
	seq_printf(m, "verdicts: %lu\nsites: %u\nsites_free: %u\nmissed: %lu\nnmissed: %lu\nswallowed: %lu\n",
		   sum, UC_SITES - 1 - free, free, missed,
		   uc_barriers_nmissed(), uc_swallowed());
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static int features_show(struct seq_file *m, void *unused)
{
	uc_hooks_features(m);
	uc_barriers_features(m);
	uc_indirect_features(m);
	uc_objects_features(m);
	uc_teardown_features(m);
	uc_caches_features(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(features);

static const struct ctl_file files[] = {
	{ "modules", "watched modules and where they post", 0400, &modules_fops },
	{ "verdicts", "the newest verdicts and their grounds", 0400, &verdicts_fops },
	{ "result", "the same as KTAP", 0400, &result_fops },
	{ "stats", "numbers for programs", 0400, &stats_fops },
	{ "features", "what this kernel lets be watched", 0400, &features_fops },
	{ "config", "settings; write name=value words", 0600, &uc_config_fops },
	{ "error_log", "writes to config that were refused", 0600, &ctl_error_log_fops },
};

static int readme_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	seq_puts(m, "unloadcheck: what did a module leave behind when it went?\n\nFiles:\n");
	for (i = 0; i < ARRAY_SIZE(files); i++)
		seq_printf(m, "  %-10s %s\n", files[i].name, files[i].about);
	seq_puts(m, "\n");
	uc_config_help(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(readme);

void uc_files_init(void)
{
	unsigned int i;

	dir = ctl_dir_create("unloadcheck", NULL);
	if (IS_ERR(dir))
		return;
	debugfs_create_file("README", 0400, dir, NULL, &readme_fops);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		debugfs_create_file(files[i].name, files[i].mode, dir, NULL,
				    files[i].fops);
}

void uc_files_exit(void)
{
	debugfs_remove(dir);
}
