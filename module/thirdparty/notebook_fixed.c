// SPDX-License-Identifier: GPL-2.0
/* Its twin that is right: nobody can post any more, then the barrier. */
#include "notebook.h"

static void __exit notebook_exit(void)
{
	remove_proc_entry(KBUILD_MODNAME, NULL);
	note_drop(NULL);
	rcu_barrier();
}
module_exit(notebook_exit);

MODULE_DESCRIPTION("a notebook that can be unloaded safely");
