// SPDX-License-Identifier: GPL-2.0
/*
 * rcudefer: deferral with domains of one's own.
 *
 * Clients link to it, so by the time it goes they have gone, and their domains
 * with them.  Init is a table, undone from where it got to by the code that
 * exit runs.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#include "domain.h"

static int wq_init(void)
{
	defer_wq = alloc_workqueue("rcudefer", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	return defer_wq ? 0 : -ENOMEM;
}

static void wq_exit(void)
{
	destroy_workqueue(defer_wq);
}

static int show_init(void)
{
	debugfs_init();
	return 0;
}

static const struct {
	int (*init)(void);
	void (*exit)(void);
} parts[] = {
	{ wq_init, wq_exit },
	{ gp_global_init, gp_global_exit },
	{ hotplug_init, hotplug_exit },
	{ owner_init, owner_exit },
	{ show_init, debugfs_exit },
};

static void exit_first(unsigned int n)
{
	while (n--)
		parts[n].exit();
}

static int __init rcudefer_init(void)
{
	unsigned int i;
	int err;

	post_init();
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i].init();
		if (err) {
			exit_first(i);
			return err;
		}
	}
	return 0;
}

static void __exit rcudefer_exit(void)
{
	exit_first(ARRAY_SIZE(parts));
	domains_exit();
}

module_init(rcudefer_init);
module_exit(rcudefer_exit);

MODULE_DESCRIPTION("Deferral after grace periods, with domains of one's own");
MODULE_LICENSE("GPL");
