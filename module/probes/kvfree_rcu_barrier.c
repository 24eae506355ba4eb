// SPDX-License-Identifier: GPL-2.0
/* Waits until what was given to kvfree_rcu() is free; since 6.12. */
#include <linux/rcupdate.h>
#include <linux/slab.h>

void probe(void);
void probe(void)
{
	kvfree_rcu_barrier();
}
