// SPDX-License-Identifier: GPL-2.0
/*
 * Domains that outlive their module.
 *
 * Between a module's exit and the end of its text there is MODULE_STATE_GOING.
 * A domain it has forgotten would call into nothing some day; here it is closed
 * while the callbacks still exist, with a warning that names both.
 */
#include <linux/bug.h>
#include <linux/module.h>
#include <linux/notifier.h>

#include "domain.h"

static struct defer_domain *forgotten_by(struct module *owner)
{
	struct defer_domain *d, *found = NULL;

	mutex_lock(&domains_mutex);
	list_for_each_entry(d, &domains, node)
		if (d->owner == owner && !d->destroyed)
			found = d;
	mutex_unlock(&domains_mutex);
	return found;
}

static int owner_goes(struct notifier_block *nb, unsigned long state, void *mod)
{
	struct defer_domain *d;

	if (state != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	while ((d = forgotten_by(mod))) {
		WARN_ONCE(1, "rcudefer: %s did not destroy its domain %s; it is closed now\n",
			  module_name((struct module *)mod), d->name);
		defer_domain_destroy(d);
	}
	return NOTIFY_OK;
}

static struct notifier_block owner_nb = {
	.notifier_call = owner_goes,
};

int owner_init(void)
{
	return register_module_notifier(&owner_nb);
}

void owner_exit(void)
{
	unregister_module_notifier(&owner_nb);
}
