/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A visitor: has coats in cloakroom.ko, and on its way out takes them back.
 * visitor_fixed.c and visitor_leaky.c differ by one line of their exit.
 */
#ifndef VISITOR_H
#define VISITOR_H

#include <linux/module.h>
#include <linux/slab.h>

#include "cloakroom.h"

#define NR_COATS	10

static bool own;
module_param(own, bool, 0444);
MODULE_PARM_DESC(own, "the coats are part of the module (0)");

static bool leave;
module_param(leave, bool, 0444);
MODULE_PARM_DESC(leave, "they are left to cloakroom, which frees them itself (0)");

static struct coat own_coats[NR_COATS], *coats[NR_COATS];

static void coat_free(struct coat *coat)
{
	if (!own)
		kfree(coat);
}

static void take_all_back(void)
{
	int i;

	for (i = 0; i < NR_COATS; i++)
		if (coats[i] && leave)
			cloakroom_leave(coats[i]);
		else if (coats[i])
			cloakroom_take_back(coats[i]);
}

static int __init visitor_init(void)
{
	int i;

	for (i = 0; i < NR_COATS; i++) {
		coats[i] = own ? &own_coats[i] :
				 kzalloc(sizeof(*coats[i]), GFP_KERNEL);
		if (!coats[i])
			continue;
		coats[i]->give_back = coat_free;
		cloakroom_hand_in(coats[i]);
	}
	return 0;
}
module_init(visitor_init);

MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");

#endif
