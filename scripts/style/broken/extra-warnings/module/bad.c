// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int nobody_declared_me(void)
{
	return 0;
}

static int __init broken_init(void)
{
	return nobody_declared_me();
}

static void __exit broken_exit(void)
{
}

module_init(broken_init);
module_exit(broken_exit);
MODULE_DESCRIPTION("for W=1 to notice");
MODULE_LICENSE("GPL");
