/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What listings B and C share to the letter: see listing_rcu.c.
 */
#ifndef _LASTREF_LISTING_RCU_H
#define _LASTREF_LISTING_RCU_H

#include "pattern.h"

int listing_rcu_add(struct ref_table *t, unsigned long key);
struct el *listing_rcu_search_for_update(struct ref_table *t,
					 unsigned long key);
struct el *listing_rcu_remove(struct ref_table *t, unsigned long key);

/* The verbs of listing C that its sleeping form keeps. */
struct el *listing_c_search_and_reference(struct ref_table *t,
					  unsigned long key);
void listing_c_release_referenced(struct el *el);

#endif /* _LASTREF_LISTING_RCU_H */
