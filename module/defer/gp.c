// SPDX-License-Identifier: GPL-2.0
/*
 * The table of back ends.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "gp.h"

const struct gp_ops *const gp_table[] = {
	&gp_rcu,
	&gp_srcu,
	&gp_sched,
	&gp_gpctr,
};

const unsigned int gp_table_size = ARRAY_SIZE(gp_table);

/* No name is the name of the first. */
const struct gp_ops *gp_find(const char *name)
{
	unsigned int i;

	if (!name)
		return gp_table[0];
	for (i = 0; i < gp_table_size; i++)
		if (!strcmp(gp_table[i]->name, name))
			return gp_table[i];
	return NULL;
}

static void gp_exit_first(unsigned int n)
{
	while (n--)
		if (gp_table[n]->global_exit)
			gp_table[n]->global_exit();
}

int gp_global_init(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < gp_table_size; i++) {
		err = gp_table[i]->global_init ? gp_table[i]->global_init() : 0;
		if (err) {
			gp_exit_first(i);
			return err;
		}
	}
	return 0;
}

void gp_global_exit(void)
{
	gp_exit_first(gp_table_size);
}
