// SPDX-License-Identifier: GPL-2.0
/*
 * The module's own exit, with callbacks that never end by themselves.
 *
 * insmod with repost=N makes a domain and N callbacks that post themselves again
 * until they are refused.  rmmod closes it in the midst of that; after that none
 * may run, for their text goes.  With forget=1 exit leaves the domain to the
 * engine, which must notice.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "test.h"

static unsigned int repost;
module_param(repost, uint, 0400);
MODULE_PARM_DESC(repost, "callbacks that post themselves until exit closes the domain");

static bool forget;
module_param(forget, bool, 0400);
MODULE_PARM_DESC(forget, "exit does not destroy that domain");

static char *backend = "rcu";
module_param(backend, charp, 0400);
MODULE_PARM_DESC(backend, "the back end of that domain");

static struct defer_domain *exit_domain;
static struct item *exit_items;

int exit_begin(void)
{
	struct defer_domain_attr attr = { .gp = backend };
	unsigned int i;
	int err = 0;

	if (!repost)
		return 0;
	exit_items = kcalloc(repost, sizeof(*exit_items), GFP_KERNEL);
	if (!exit_items)
		return -ENOMEM;
	exit_domain = defer_domain_create("exit", &attr);
	if (IS_ERR(exit_domain))
		err = PTR_ERR(exit_domain);
	for (i = 0; i < repost && !err; i++) {
		exit_items[i].domain = exit_domain;
		exit_items[i].again = -1;
		err = defer_call(exit_domain, &exit_items[i].head, item_again);
	}
	if (err)
		exit_end();
	return err;
}

void exit_end(void)
{
	if (forget)
		return;
	defer_domain_destroy(exit_domain);
	kfree(exit_items);
}
