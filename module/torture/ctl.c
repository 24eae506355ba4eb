// SPDX-License-Identifier: GPL-2.0
/*
 * The files of /sys/kernel/debug/reftorture/, and control among them.
 *
 * A write to control is one command.  It is understood, and carried out under
 * runs_mutex, or refused with an errno and a line in error_log; a refused
 * command has changed nothing.
 *
 * Readers of a run's files never take runs_mutex: "remove" holds it while it
 * waits for them.  Readers of control do; nothing that holds the mutex ever
 * waits for those.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "ctl.h"

struct dentry *torture_debugfs;

static int ctl_control_show(struct seq_file *m, void *unused)
{
	const struct ctl_key *busted = ctl_key_find("busted");
	struct torture_run *run;
	int err = mutex_lock_interruptible(&runs_mutex);

	if (err)
		return err;
	list_for_each_entry(run, &runs, node) {
		seq_printf(m, "%s %s %s %s ", run->cfg.name,
			   run_state_names[run_state(run)],
			   run->cfg.pattern->name, run->cfg.flavor->name);
		busted->type->show(m, busted, &run->cfg);
		seq_printf(m, " seed=%llu\n", run->cfg.seed);
	}
	mutex_unlock(&runs_mutex);
	return 0;
}

static int ctl_control_open(struct inode *inode, struct file *file)
{
	return single_open(file, ctl_control_show, NULL);
}

/* A signal is no error of the command: it is not logged, but restarted. */
static int do_command(char *line, size_t len, struct ctl_error *why)
{
	struct ctl_command cmd;
	int err = ctl_parse(line, len, &cmd, why);

	if (err)
		return err;
	if (mutex_lock_interruptible(&runs_mutex))
		return -ERESTARTSYS;
	err = cmd.verb->run(&cmd, why);
	mutex_unlock(&runs_mutex);
	return err;
}

static ssize_t ctl_control_write(struct file *file, const char __user *buf,
				 size_t count, loff_t *ppos)
{
	return ctl_write(buf, count, *ppos, do_command);
}

static const struct file_operations ctl_control_fops = {
	.owner		= THIS_MODULE,
	.open		= ctl_control_open,
	.read		= seq_read,
	.write		= ctl_control_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

DEFINE_SHOW_ATTRIBUTE(ctl_readme);
DEFINE_SHOW_ATTRIBUTE(ctl_features);
DEFINE_SHOW_ATTRIBUTE(ctl_patterns);
DEFINE_SHOW_ATTRIBUTE(ctl_flavors);
DEFINE_SHOW_ATTRIBUTE(ctl_busted);

const struct ctl_file ctl_files[] = {
	{
		.name = "README", .mode = 0400, .fops = &ctl_readme_fops,
		.about = "this text",
	}, {
		.name = "features", .mode = 0400, .fops = &ctl_features_fops,
		.about = "what this kernel offers",
	}, {
		.name = "patterns", .mode = 0400, .fops = &ctl_patterns_fops,
		.about = "what can be tortured, with its promise",
	}, {
		.name = "flavors", .mode = 0400, .fops = &ctl_flavors_fops,
		.about = "the ways to wait for readers",
	}, {
		.name = "busted", .mode = 0400, .fops = &ctl_busted_fops,
		.about = "patterns with a rule broken, and who must notice",
	}, {
		.name = "control", .mode = 0600, .fops = &ctl_control_fops,
		.about = "write a command; read name, state, pattern, flavor, busted, seed of each run",
	}, {
		.name = "error_log", .mode = 0600, .fops = &ctl_error_log_fops,
		.about = "the last commands refused, and why; write to clear",
	},
};

const unsigned int ctl_nr_files = ARRAY_SIZE(ctl_files);

int ctl_init(void)
{
	unsigned int i;

	if (!debugfs_initialized()) {
		pr_err("reftorture: no debugfs, and no other way to control it: boot without debugfs=off\n");
		return -ENODEV;
	}
	torture_debugfs = ctl_dir_create("reftorture", NULL);
	for (i = 0; i < ctl_nr_files; i++)
		debugfs_create_file(ctl_files[i].name, ctl_files[i].mode,
				    torture_debugfs, NULL, ctl_files[i].fops);
	return 0;
}

void ctl_exit(void)
{
	debugfs_remove(torture_debugfs);
	torture_debugfs = NULL;
}
