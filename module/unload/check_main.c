// SPDX-License-Identifier: GPL-2.0
/*
 * unloadcheck: loading, and the way out. check.h has the idea.
 *
 * In this order nothing is ever half watched: the trampolines' counters, then the
 * hooks that use them, then the modules they are used for. The way out is the
 * same backwards, with one wait in it: heads that carry a trampoline's address
 * must have run before the trampoline goes. Posts that come meanwhile go past us.
 */
#define pr_fmt(fmt) "unloadcheck: " fmt

#include <linux/init.h>
#include <linux/module.h>

#include "check.h"

#define CREATE_TRACE_POINTS
#include "check_trace.h"

static int __init uc_init(void)
{
	int err = uc_sites_init();

	if (err)
		return err;
	uc_caches_init();
	err = uc_hooks_init();
	if (err)
		goto no_hooks;
	err = uc_barriers_init();
	if (err)
		goto no_barriers;
	err = uc_indirect_init();
	if (err)
		goto no_barriers;
	uc_teardown_init();
	err = uc_modules_init();
	if (err)
		goto no_modules;
	uc_files_init();
	return 0;

no_modules:
	uc_teardown_exit();
no_barriers:
	uc_barriers_exit();
no_hooks:
	uc_hooks_exit();
	uc_sites_exit();
	uc_caches_exit();
	return err;
}

static void __exit uc_exit(void)
{
	uc_files_exit();
	uc_modules_stop();
	uc_teardown_exit();
	uc_barriers_exit();
	uc_hooks_exit();
	uc_sites_exit();
	uc_caches_exit();
	uc_modules_exit();
	uc_verdicts_clear();
}

module_init(uc_init);
module_exit(uc_exit);

MODULE_DESCRIPTION("Says what a module leaves behind when it is unloaded");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
