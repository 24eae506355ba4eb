// SPDX-License-Identifier: GPL-2.0
/*
 * deferscale: what it costs.  Driven through debugfs; see README there, and
 * scale.h for how it measures.
 */
#include <linux/module.h>

#include "scale.h"

static int __init deferscale_init(void)
{
	return ctl_init();
}

/* No command can come any more when the run is ended. */
static void __exit deferscale_exit(void)
{
	ctl_exit();
	bench_free_results();
}

module_init(deferscale_init);
module_exit(deferscale_exit);

MODULE_DESCRIPTION("Benchmarks of deferral and reference counts");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
