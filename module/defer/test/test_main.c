// SPDX-License-Identifier: GPL-2.0
/*
 * defer_test: one file, run, in debugfs.
 *
 * "NAME GP" written to it runs a test over a back end; the write fails if
 * the test does, and the kernel's log has the line.  Read, it lists the tests.
 * selftests/defer.c drives it.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "test.h"

#define LINE_MAX_LEN	80

static const struct defer_test *const tables[] = {
	misuse_tests,
	order_tests,
	bound_tests,
};

static DEFINE_MUTEX(test_mutex);
static struct dentry *test_dir;

void item_count(struct defer_head *head)
{
	struct item *item = container_of(head, struct item, head);

	if (item->sleep_ms)
		msleep(item->sleep_ms);
	atomic_inc(&item->ran);
}

void item_again(struct defer_head *head)
{
	struct item *item = container_of(head, struct item, head);

	atomic_inc(&item->ran);
	if (!item->again)
		return;
	if (item->again > 0)
		item->again--;
	item->err = defer_call(item->domain, head, item_again);
}

bool adds_up(struct defer_domain *d)
{
	struct defer_stats s;

	defer_domain_stats(d, &s);
	return !s.pending && s.posted == s.invoked + s.refused;
}

static int run_show(struct seq_file *m, void *unused)
{
	const struct defer_test *t;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (t = tables[i]; t->name; t++)
			seq_printf(m, "%s\n", t->name);
	return 0;
}

static int run_open(struct inode *inode, struct file *file)
{
	return single_open(file, run_show, NULL);
}

static int run_named(const char *name, const char *gp)
{
	const struct defer_test *t;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (t = tables[i]; t->name; t++)
			if (!strcmp(t->name, name)) {
				mutex_lock(&test_mutex);
				err = t->run(gp);
				mutex_unlock(&test_mutex);
				return err;
			}
	return -ENOENT;
}

static ssize_t run_write(struct file *file, const char __user *buf,
			 size_t count, loff_t *ppos)
{
	char *line, *gp;
	int err = -EINVAL;

	if (count > LINE_MAX_LEN)
		return -E2BIG;
	line = memdup_user_nul(buf, count);
	if (IS_ERR(line))
		return PTR_ERR(line);
	gp = strim(line);
	strsep(&gp, " ");
	if (gp)
		err = run_named(strim(line), gp);
	kfree(line);
	return err ?: count;
}

static const struct file_operations run_fops = {
	.owner		= THIS_MODULE,
	.open		= run_open,
	.read		= seq_read,
	.write		= run_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int __init defer_test_init(void)
{
	int err = exit_begin();

	if (err)
		return err;
	test_dir = debugfs_create_dir("defer_test", NULL);
	debugfs_create_file("run", 0600, test_dir, NULL, &run_fops);
	return 0;
}

static void __exit defer_test_exit(void)
{
	debugfs_remove(test_dir);
	exit_end();
}

module_init(defer_test_init);
module_exit(defer_test_exit);

MODULE_DESCRIPTION("Tests of rcudefer that only a module can make");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
