// SPDX-License-Identifier: GPL-2.0
/* The one that posts; see cloakroom.h. Its own way out is right. */
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "cloakroom.h"

static LIST_HEAD(coats);
static DEFINE_SPINLOCK(coats_lock);

void cloakroom_hand_in(struct coat *coat)
{
	spin_lock(&coats_lock);
	list_add_rcu(&coat->list, &coats);
	spin_unlock(&coats_lock);
}
EXPORT_SYMBOL_GPL(cloakroom_hand_in);

static void given_back(struct rcu_head *rcu)
{
	struct coat *coat = container_of(rcu, struct coat, rcu);

	coat->give_back(coat);
}

static void left(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct coat, rcu));
}

static void take(struct coat *coat, rcu_callback_t func)
{
	spin_lock(&coats_lock);
	list_del_rcu(&coat->list);
	spin_unlock(&coats_lock);
	call_rcu(&coat->rcu, func);
}

void cloakroom_take_back(struct coat *coat)
{
	take(coat, given_back);
}
EXPORT_SYMBOL_GPL(cloakroom_take_back);

void cloakroom_leave(struct coat *coat)
{
	take(coat, left);
}
EXPORT_SYMBOL_GPL(cloakroom_leave);

unsigned int cloakroom_count(void)
{
	struct coat *coat;
	unsigned int n = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(coat, &coats, list)
		n++;
	rcu_read_unlock();
	return n;
}
EXPORT_SYMBOL_GPL(cloakroom_count);

static int __init cloakroom_init(void)
{
	return 0;
}
module_init(cloakroom_init);

static void __exit cloakroom_exit(void)
{
	rcu_barrier();
}
module_exit(cloakroom_exit);

MODULE_DESCRIPTION("keeps things for other modules");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
