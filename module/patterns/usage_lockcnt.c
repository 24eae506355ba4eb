// SPDX-License-Identifier: GPL-2.0
/*
 * The examples of use in QEMU's LockCnt document, in its order.  Claim L8.
 *
 * One variable xyz, and one list of handlers, each with a lockcnt.  Whatever is
 * freed is scrambled first, so that a user who came too late sees it.
 */
#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include <lastref/lockcnt.h>

#include "usage.h"

#define ALIVE	0x11feb0d9UL
#define DEAD	0xdeadb0d9UL

struct xyz {
	unsigned long magic;
};

struct handler {
	unsigned long magic;
	bool deleted;
	struct hlist_node node;
};

static struct lockcnt_word xyz_lockcnt, handlers_lockcnt;
static struct xyz __rcu *xyz;
static struct hlist_head handlers;

static void use(unsigned long magic)
{
	if (magic != ALIVE)
		usage_failed("something was freed under a visit");
}

static void free_xyz(void)
{
	struct xyz *p = rcu_dereference_protected(xyz, true);

	rcu_assign_pointer(xyz, NULL);
	if (p)
		WRITE_ONCE(p->magic, DEAD);
	kfree(p);
}

/* Setting a variable to a non-NULL value. */
void usage_set(void)
{
	struct xyz *new_xyz;

	lockcnt_lock(&xyz_lockcnt);
	if (!rcu_access_pointer(xyz)) {
		new_xyz = kzalloc(sizeof(*new_xyz), GFP_KERNEL);
		if (new_xyz) {
			new_xyz->magic = ALIVE;
			rcu_assign_pointer(xyz, new_xyz);
		}
	}
	lockcnt_unlock(&xyz_lockcnt);
}

/* Accessing the value. */
void usage_access(void)
{
	struct xyz *p;

	lockcnt_inc(&xyz_lockcnt);
	p = rcu_dereference_check(xyz, true);
	if (p) {
		use(READ_ONCE(p->magic));
		lockcnt_window();
		use(READ_ONCE(p->magic));
	}
	lockcnt_dec(&xyz_lockcnt);
}

/* Freeing the object, if there is no concurrent visit. */
void usage_free(void)
{
	lockcnt_lock(&xyz_lockcnt);
	if (!lockcnt_count(&xyz_lockcnt))
		free_xyz();
	lockcnt_unlock(&xyz_lockcnt);
}

/* Broken, for the tests to find: it does not look at the count. */
void usage_free_visited(void)
{
	lockcnt_lock(&xyz_lockcnt);
	free_xyz();
	lockcnt_unlock(&xyz_lockcnt);
}

/* An object that has to be freed right after a visit. */
void usage_access_and_free(void)
{
	struct xyz *p;

	lockcnt_inc(&xyz_lockcnt);
	p = rcu_dereference_check(xyz, true);
	if (p) {
		use(READ_ONCE(p->magic));
		lockcnt_window();
		use(READ_ONCE(p->magic));
	}
	if (lockcnt_dec_and_lock(&xyz_lockcnt)) {
		free_xyz();
		lockcnt_unlock(&xyz_lockcnt);
	}
}

/* New items can be added to the list during walks. */
void usage_add_handler(void)
{
	struct handler *new = kzalloc(sizeof(*new), GFP_KERNEL);

	if (!new)
		return;
	new->magic = ALIVE;
	lockcnt_lock(&handlers_lockcnt);
	hlist_add_head_rcu(&new->node, &handlers);
	lockcnt_unlock(&handlers_lockcnt);
}

/* The callback of a handler: it deletes itself. */
static void fd_write(struct handler *h)
{
	use(READ_ONCE(h->magic));
	lockcnt_window();
	use(READ_ONCE(h->magic));
	WRITE_ONCE(h->deleted, true);
}

static void free_handler(struct handler *h)
{
	hlist_del_rcu(&h->node);
	WRITE_ONCE(h->magic, DEAD);
	kfree(h);
}

/* A walk; the last one frees what is deleted. */
void usage_walk(void)
{
	struct hlist_node *next;
	struct handler *h;

	lockcnt_inc(&handlers_lockcnt);
	hlist_for_each_entry_rcu(h, &handlers, node, true)
		if (!READ_ONCE(h->deleted))
			fd_write(h);
	if (lockcnt_dec_and_lock(&handlers_lockcnt)) {
		hlist_for_each_entry_safe(h, next, &handlers, node)
			if (h->deleted)
				free_handler(h);
		lockcnt_unlock(&handlers_lockcnt);
	}
}

/* The alternative: freed on the way, by a walk that finds itself alone. */
void usage_walk_if(void)
{
	struct hlist_node *node;
	struct handler *h;

	lockcnt_inc(&handlers_lockcnt);
	for (node = rcu_dereference_raw(hlist_first_rcu(&handlers)); node; ) {
		h = hlist_entry_safe(node, struct handler, node);
		node = rcu_dereference_raw(hlist_next_rcu(node));
		if (!READ_ONCE(h->deleted)) {
			fd_write(h);
		} else if (lockcnt_dec_if_lock(&handlers_lockcnt)) {
			free_handler(h);
			lockcnt_inc_and_unlock(&handlers_lockcnt);
		}
	}
	lockcnt_dec(&handlers_lockcnt);
}

int usage_lockcnt_begin(void)
{
	return lockcnt_init(&xyz_lockcnt) ?: lockcnt_init(&handlers_lockcnt);
}

/* When nobody else is left. */
void usage_lockcnt_end(void)
{
	struct hlist_node *next;
	struct handler *h;

	usage_free();
	hlist_for_each_entry_safe(h, next, &handlers, node)
		free_handler(h);
	lockcnt_destroy(&xyz_lockcnt);
	lockcnt_destroy(&handlers_lockcnt);
}
