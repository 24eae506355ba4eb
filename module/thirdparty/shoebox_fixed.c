// SPDX-License-Identifier: GPL-2.0
/* Its twin that is right. */
#include "shoebox.h"

static void __exit box_exit(void)
{
	box_use();
	kern_unmount(box);
	rcu_barrier();
}
module_exit(box_exit);

MODULE_DESCRIPTION("a file system that can be unloaded safely");
