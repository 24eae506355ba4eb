// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/rcupdate.h>

static int __rcu *shared;

static int __init broken_init(void)
{
	return *shared;		/* not through rcu_dereference() */
}

static void __exit broken_exit(void)
{
}

module_init(broken_init);
module_exit(broken_exit);
MODULE_DESCRIPTION("for sparse to notice");
MODULE_LICENSE("GPL");
