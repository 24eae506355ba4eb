// SPDX-License-Identifier: GPL-2.0
/*
 * The file config: reads as "name=value" words, and takes them.
 *
 * A write is taken as a whole or refused as a whole: all words are looked at
 * before the first is carried out.
 */
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "../control/control.h"
#include "check.h"

#define RESCUE_MS_MAX	600000

bool uc_rescue = true;
module_param_named(rescue, uc_rescue, bool, 0444);
MODULE_PARM_DESC(rescue, "wait for what a module has left behind, so that the machine lives (1)");

unsigned int uc_rescue_ms = 30000;
module_param_named(rescue_ms, uc_rescue_ms, uint, 0444);
MODULE_PARM_DESC(rescue_ms, "for at most so long, in milliseconds (30000)");

char uc_watched[UC_WATCH_MAX] = "all";
module_param_string(watch, uc_watched, sizeof(uc_watched), 0444);
MODULE_PARM_DESC(watch, "all, or names of modules with commas between them (all)");

static int number(const char *value, unsigned int max, unsigned int *to)
{
	unsigned int n;
	int err = kstrtouint(value, 10, &n);

	if (err)
		return err;
	if (n > max)
		return -ERANGE;
	*to = n;
	return 0;
}

static int rescue_set(const char *value, bool commit)
{
	unsigned int n;
	int err = number(value, 1, &n);

	if (!err && commit)
		uc_rescue = n;
	return err;
}

static int rescue_ms_set(const char *value, bool commit)
{
	unsigned int n;
	int err = number(value, RESCUE_MS_MAX, &n);

	if (!err && commit)
		uc_rescue_ms = n;
	return err;
}

static int watch_set(const char *value, bool commit)
{
	if (!*value)
		return -EINVAL;
	if (strlen(value) >= sizeof(uc_watched))
		return -E2BIG;
	if (commit) {
		strscpy(uc_watched, value, sizeof(uc_watched));
		uc_watch(uc_watched);
	}
	return 0;
}

static int clear_set(const char *value, bool commit)
{
	if (strcmp(value, "verdicts"))
		return -EINVAL;
	if (commit)
		uc_verdicts_clear();
	return 0;
}

static const struct setting {
	const char *name, *values;
	int (*set)(const char *value, bool commit);
} keys[] = {
	{ "rescue", "0 or 1: wait for what a module has left behind", rescue_set },
	{ "rescue_ms", "0 to 600000: for at most so long", rescue_ms_set },
	{ "watch", "all, or names of modules with commas between them", watch_set },
	{ "clear", "verdicts: forget those kept", clear_set },
};

static int set_word(char *word, unsigned int column, bool commit,
		    struct ctl_error *why)
{
	size_t len = strcspn(word, "=");
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strlen(keys[i].name) != len ||
		    strncmp(keys[i].name, word, len))
			continue;
		if (word[len] != '=')
			return ctl_refuse(why, column, -EINVAL,
					  "%s has no value: write %s=...",
					  word, word);
		err = keys[i].set(word + len + 1, commit);
		if (!err)
			return 0;
		return ctl_refuse(why, column, err, "%s is %s", keys[i].name,
				  keys[i].values);
	}
	return ctl_refuse(why, column, -EINVAL,
			  "unknown name; README has those that exist");
}

static int set_words(const char *line, bool commit, struct ctl_error *why)
{
	char copy[CTL_LINE_MAX + 1];
	char *rest = copy, *word;
	unsigned int words = 0;
	int err;

	strscpy(copy, line, sizeof(copy));
	while ((word = ctl_next_word(&rest))) {
		err = set_word(word, word - copy, commit, why);
		if (err)
			return err;
		words++;
	}
	return words ? 0 : ctl_refuse(why, 0, -EINVAL,
				      "nothing to set: write name=value");
}

static int config_command(char *line, size_t len, struct ctl_error *why)
{
	int err = ctl_check_bytes(line, len, why);

	if (err)
		return err;
	mutex_lock(&uc_mutex);
	err = set_words(line, false, why) ?: set_words(line, true, why);
	mutex_unlock(&uc_mutex);
	return err;
}

static ssize_t config_write(struct file *file, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	return ctl_write(buf, count, *ppos, config_command);
}

static int config_show(struct seq_file *m, void *unused)
{
	mutex_lock(&uc_mutex);
	seq_printf(m, "rescue=%d rescue_ms=%u watch=%s\n", uc_rescue,
		   uc_rescue_ms, uc_watched);
	mutex_unlock(&uc_mutex);
	return 0;
}

static int config_open(struct inode *inode, struct file *file)
{
	return single_open(file, config_show, NULL);
}

const struct file_operations uc_config_fops = {
	.owner = THIS_MODULE,
	.open = config_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
	.write = config_write,
};

void uc_config_help(struct seq_file *m)
{
	unsigned int i;

	seq_puts(m, "A write to config is one or more of:\n");
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		seq_printf(m, "  %s=  %s\n", keys[i].name, keys[i].values);
}
