// SPDX-License-Identifier: GPL-2.0
/*
 * The lockcnt of a table, for the patterns lockcnt and lockcnt_list.
 *
 * A reference is a visit: it keeps everything in the table, not one element.
 * Rule L2, that no visit starts while a holder of the lock has found the count
 * zero, is checked by a flag: the holder sets it for as long as it may free, and
 * a visit that sees it set tells the host of a reference gained from zero.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "visits.h"

static int visits_init_ops(struct ref_table *t, const struct lockcnt_ops *ops)
{
	struct visits *v = kzalloc(sizeof(*v), GFP_KERNEL);
	int err;

	if (!v)
		return -ENOMEM;
	err = ops->init(&v->lc);
	if (err) {
		kfree(v);
		return err;
	}
	v->ops = ops;
	t->priv = v;
	return 0;
}

int visits_init(struct ref_table *t, const struct lockcnt_form *form)
{
	return visits_init_ops(t, &form->ops);
}

/* With the operations of the form's busted form of that name. */
int visits_init_busted(struct ref_table *t, const struct lockcnt_form *form,
		       const char *name)
{
	unsigned int i;

	for (i = 0; i < form->nr_busted; i++)
		if (!strcmp(form->busted[i].name, name))
			return visits_init_ops(t, &form->busted[i].ops);
	return -ENOENT;
}

void visits_exit(struct ref_table *t)
{
	struct visits *v = visits(t);

	if (!v)
		return;
	v->ops->destroy(&v->lc);
	kfree(v);
	t->priv = NULL;
}
