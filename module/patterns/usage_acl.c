// SPDX-License-Identifier: GPL-2.0
/*
 * Listing B as the kernel's struct posix_acl has it.  Claim R11.
 *
 * An inode has a pointer to its cached list.  A reader takes a reference if it is
 * not too late, and if it is it tries again: somebody has put another list in
 * its place.  Who drops the last reference defers the free, since readers may
 * still be about to look at the count.
 */
#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "usage.h"

#define VALID	0x11feb0d9UL

struct acl_like {
	atomic_t refcount;
	struct rcu_head rcu;
	unsigned long entry;
};

static struct acl_like __rcu *cached;
static spinlock_t i_lock;	/* of cached, for those who change it */

static void acl_free(struct rcu_head *head)
{
	struct acl_like *acl = container_of(head, struct acl_like, rcu);

	WRITE_ONCE(acl->entry, 0);
	kfree(acl);
}

static void acl_release(struct acl_like *acl)
{
	if (acl && atomic_dec_and_test(&acl->refcount))
		call_rcu(&acl->rcu, acl_free);
}

/* get_cached_acl(): the document's FAIL is a reason to look again. */
static struct acl_like *get_cached(void)
{
	struct acl_like *acl;

	for (;;) {
		rcu_read_lock();
		acl = rcu_dereference(cached);
		if (!acl || atomic_fetch_add_unless(&acl->refcount, 1, 0))
			break;
		rcu_read_unlock();
	}
	rcu_read_unlock();
	return acl;
}

void usage_acl_get(void)
{
	struct acl_like *acl = get_cached();

	if (acl && READ_ONCE(acl->entry) != VALID)
		usage_failed("a list was freed under a reference");
	acl_release(acl);
}

static void set_cached(struct acl_like *new)
{
	struct acl_like *old;

	spin_lock(&i_lock);
	old = rcu_dereference_protected(cached, true);
	rcu_assign_pointer(cached, new);
	spin_unlock(&i_lock);
	acl_release(old);
}

void usage_acl_set(void)
{
	struct acl_like *new = kzalloc(sizeof(*new), GFP_KERNEL);

	if (!new)
		return;
	atomic_set(&new->refcount, 1);
	new->entry = VALID;
	set_cached(new);
}

int usage_acl_begin(void)
{
	spin_lock_init(&i_lock);
	return 0;
}

void usage_acl_end(void)
{
	set_cached(NULL);
	rcu_barrier();
}
