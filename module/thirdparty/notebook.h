/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A notebook: /proc/NAME takes "add TEXT" and "drop TEXT" and shows what it holds.
 *
 * Readers walk the list under RCU; a note that is dropped is freed by a callback
 * of this module. It is an ordinary little driver, as they are found outside of the
 * kernel: notebook_fixed.c and notebook_leaky.c differ by one line of their exit.
 */
#ifndef NOTEBOOK_H
#define NOTEBOOK_H

#include <linux/list.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

struct note {
	struct list_head list;
	struct rcu_head rcu;
	char text[64];
};

static LIST_HEAD(notes);
static DEFINE_MUTEX(notes_lock);

static void note_free(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct note, rcu));
}

static int note_add(const char *text)
{
	struct note *n = kzalloc(sizeof(*n), GFP_KERNEL);

	if (!n)
		return -ENOMEM;
	strscpy(n->text, text, sizeof(n->text));
	mutex_lock(&notes_lock);
	list_add_rcu(&n->list, &notes);
	mutex_unlock(&notes_lock);
	return 0;
}

/* All of them, if @text is NULL. */
static int note_drop(const char *text)
{
	struct note *n, *next;
	int ret = text ? -ENOENT : 0;

	mutex_lock(&notes_lock);
	list_for_each_entry_safe(n, next, &notes, list) {
		if (text && strcmp(n->text, text))
			continue;
		list_del_rcu(&n->list);
		call_rcu(&n->rcu, note_free);
		ret = 0;
	}
	mutex_unlock(&notes_lock);
	return ret;
}

static int notebook_show(struct seq_file *s, void *unused)
{
	struct note *n;

	rcu_read_lock();
	list_for_each_entry_rcu(n, &notes, list)
		seq_printf(s, "%s\n", n->text);
	rcu_read_unlock();
	return 0;
}

static int notebook_open(struct inode *inode, struct file *file)
{
	return single_open(file, notebook_show, NULL);
}

static ssize_t notebook_write(struct file *file, const char __user *user, size_t len, loff_t *pos)
{
	char *line, *text;
	int ret = -EINVAL;

	if (len > sizeof_field(struct note, text))
		return -E2BIG;
	line = memdup_user_nul(user, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	text = strim(line);
	if (!strncmp(text, "add ", 4))
		ret = note_add(text + 4);
	else if (!strncmp(text, "drop ", 5))
		ret = note_drop(text + 5);
	kfree(line);
	return ret ?: len;
}

static const struct proc_ops notebook_ops = {
	.proc_open = notebook_open,
	.proc_read = seq_read,
	.proc_write = notebook_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int __init notebook_init(void)
{
	return proc_create(KBUILD_MODNAME, 0600, NULL, &notebook_ops) ? 0 : -ENOMEM;
}
module_init(notebook_init);

MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");

#endif
