/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file system, as small as they get: some inodes in memory, mounted by itself.
 *
 * Inodes are freed by a callback of the kernel's, which calls box_free() here. So it
 * needs the barrier that nearly every file system has on its way out.
 * shoebox_fixed.c and shoebox_leaky.c differ by one line of their exit.
 */
#ifndef SHOEBOX_H
#define SHOEBOX_H

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>

#define NR_INODES	10
#define BOX_MAGIC	0x73686f65

static struct vfsmount *box;

static struct inode *box_alloc(struct super_block *sb)
{
	struct inode *inode = kzalloc(sizeof(*inode), GFP_KERNEL);

	if (inode)
		inode_init_once(inode);
	return inode;
}

static void box_free(struct inode *inode)
{
	kfree(inode);
}

static const struct super_operations box_ops = {
	.alloc_inode = box_alloc,
	.free_inode = box_free,
	.statfs = simple_statfs,
};

static int box_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, BOX_MAGIC);

	if (!ctx)
		return -ENOMEM;
	ctx->ops = &box_ops;
	return 0;
}

/* No owner: mounted by itself it would hold itself for ever. */
static struct file_system_type box_type = {
	.name = KBUILD_MODNAME,
	.init_fs_context = box_context,
	.kill_sb = kill_anon_super,
};

/* Inodes that nobody has a name for go with their last user. */
static void box_use(void)
{
	int i;

	for (i = 0; i < NR_INODES; i++) {
		struct inode *inode = new_inode(box->mnt_sb);

		if (inode)
			iput(inode);
	}
}

static int __init box_init(void)
{
	box = kern_mount(&box_type);
	return PTR_ERR_OR_ZERO(box);
}
module_init(box_init);

MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");

#endif
