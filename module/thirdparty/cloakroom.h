/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cloakroom.ko keeps things for other modules, as a subsystem does.
 *
 * Who has handed in a coat and takes it back gets it after a grace period, by its own
 * function: cloakroom posts the callback, and the callback calls the owner. So the
 * owner needs a barrier though it calls nothing that posts, as cuse does for fuse.
 */
#ifndef CLOAKROOM_H
#define CLOAKROOM_H

#include <linux/list.h>
#include <linux/rcupdate.h>

struct coat {
	struct list_head list;
	struct rcu_head rcu;
	void (*give_back)(struct coat *coat);
};

/* give_back() is set. */
void cloakroom_hand_in(struct coat *coat);

/* give_back() is called when no reader sees it any more. */
void cloakroom_take_back(struct coat *coat);

/* Nobody wants it back: it is freed, and give_back() is not called. */
void cloakroom_leave(struct coat *coat);

/* How many are there. */
unsigned int cloakroom_count(void);

#endif
