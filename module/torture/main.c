// SPDX-License-Identifier: GPL-2.0
/*
 * reftorture: the reference-count patterns of the kernel's rcuref document,
 * tortured.  All of it is driven through debugfs; see README there.
 *
 * Init and exit are one path: what init made so far is undone by the code that
 * exit runs.  Exit ends and removes every run first (run.c has the order that
 * matters), so by the time the files go nobody is left to look at them.
 */
#include <linux/module.h>
#include <linux/mutex.h>

#include "ctl.h"
#include "run.h"

struct workqueue_struct *torture_wq;

static void reftorture_tear_down(void)
{
	struct torture_run *run, *next;

	mutex_lock(&runs_mutex);
	list_for_each_entry_safe(run, next, &runs, node)
		run_remove(run);
	mutex_unlock(&runs_mutex);
	ctl_exit();
	if (torture_wq)
		destroy_workqueue(torture_wq);
}

static int __init reftorture_init(void)
{
	int err = -ENOMEM;

	torture_wq = alloc_workqueue("reftorture", WQ_UNBOUND, 0);
	if (torture_wq)
		err = ctl_init();
	if (err)
		reftorture_tear_down();
	return err;
}

static void __exit reftorture_exit(void)
{
	reftorture_tear_down();
}

module_init(reftorture_init);
module_exit(reftorture_exit);

MODULE_DESCRIPTION("Torture for reference counts under RCU");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
