// SPDX-License-Identifier: GPL-2.0
/*
 * The file control: a write is one command.
 *
 * It is copied, carried out, or refused with an errno and a line in error_log.
 * The offset does not move, so a program may keep control open and write
 * command after command; a write that claims to continue another is refused,
 * since half a command is none.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "control.h"

#define ERROR_HEAD	64	/* bytes kept of a write too long to read */

/* Not even looked at: too long, or not from the start. */
static ssize_t refuse_unread(const char __user *buf, size_t count, loff_t pos)
{
	struct ctl_error why;
	char head[ERROR_HEAD];
	size_t kept = min(count, sizeof(head));

	if (copy_from_user(head, buf, kept))
		return -EFAULT;
	if (pos)
		ctl_refuse(&why, 0, -E2BIG,
			   "a command is one write at offset 0, not a continuation at %lld",
			   pos);
	else
		ctl_refuse(&why, 0, -E2BIG,
			   "a command has at most %d bytes, this write has %zu",
			   CTL_LINE_MAX, count);
	ctl_error_log(head, kept, count, &why);
	return -E2BIG;
}

/**
 * ctl_write() - a write to control
 * @buf: what is written
 * @count: how much
 * @pos: where to
 * @command: carries out a line, which it may cut up; 0, -ERESTARTSYS, which is
 *	a signal and no error of the command, or another negative errno with
 *	the reason filled in
 *
 * Context: may sleep.
 * Return: @count, or a negative errno.
 */
ssize_t ctl_write(const char __user *buf, size_t count, loff_t pos,
		  int (*command)(char *line, size_t len,
				 struct ctl_error *why))
{
	struct ctl_error why;
	char *line, *copy;
	size_t len = count;
	int err = -ENOMEM;

	if (pos || count > CTL_LINE_MAX + 1)
		return refuse_unread(buf, count, pos);
	line = memdup_user_nul(buf, count);
	if (IS_ERR(line))
		return PTR_ERR(line);
	if (len && line[len - 1] == '\n')
		line[--len] = '\0';
	copy = kmemdup(line, len + 1, GFP_KERNEL);
	if (copy) {
		err = command(copy, len, &why);
		if (err && err != -ERESTARTSYS)
			ctl_error_log(line, len, len, &why);
	}
	kfree(copy);
	kfree(line);
	return err ?: count;
}

/**
 * ctl_dir_create() - a directory for root only
 * @name: its name
 * @parent: where, NULL for the root of debugfs
 *
 * debugfs makes directories that everybody may list, and leaves it to the
 * mount point to keep people out.
 *
 * Return: the directory, or an error pointer as debugfs_create_dir().
 */
struct dentry *ctl_dir_create(const char *name, struct dentry *parent)
{
	struct dentry *dir = debugfs_create_dir(name, parent);

	if (!IS_ERR(dir)) {
		inode_lock(d_inode(dir));
		d_inode(dir)->i_mode = S_IFDIR | 0700;
		inode_unlock(d_inode(dir));
	}
	return dir;
}
