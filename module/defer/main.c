// SPDX-License-Identifier: GPL-2.0
/*
 * rcudefer: deferral with domains of one's own.
 *
 * Clients link to it, so by the time it goes they have gone, and their domains
 * with them.
 */
#include <linux/module.h>
#include <linux/workqueue.h>

#include "domain.h"

static int __init rcudefer_init(void)
{
	int err;

	post_init();
	defer_wq = alloc_workqueue("rcudefer", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!defer_wq)
		return -ENOMEM;
	err = gp_global_init();
	if (err)
		destroy_workqueue(defer_wq);
	return err;
}

static void __exit rcudefer_exit(void)
{
	gp_global_exit();
	domains_exit();
	destroy_workqueue(defer_wq);
}

module_init(rcudefer_init);
module_exit(rcudefer_exit);

MODULE_DESCRIPTION("Deferral after grace periods, with domains of one's own");
MODULE_LICENSE("GPL");
