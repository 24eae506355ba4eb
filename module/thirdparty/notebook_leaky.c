// SPDX-License-Identifier: GPL-2.0
/*
 * The bug of claim B2, in somebody's driver: the notes that are dropped here are
 * freed by note_free(), at a time when there may be no note_free() any more.
 * Loading and unloading it a thousand times shows nothing.
 */
#include "notebook.h"

static void __exit notebook_exit(void)
{
	remove_proc_entry(KBUILD_MODNAME, NULL);
	note_drop(NULL);
}
module_exit(notebook_exit);

MODULE_DESCRIPTION("a notebook that cannot be unloaded safely");
