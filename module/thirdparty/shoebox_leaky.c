// SPDX-License-Identifier: GPL-2.0
/* The root inode, for one, is posted by the unmount, and nobody waits for it. */
#include "shoebox.h"

static void __exit box_exit(void)
{
	box_use();
	kern_unmount(box);
}
module_exit(box_exit);

MODULE_DESCRIPTION("a file system that cannot be unloaded safely");
