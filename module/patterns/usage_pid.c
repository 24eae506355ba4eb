// SPDX-License-Identifier: GPL-2.0
/*
 * Listing C as the kernel's struct pid has it.  Claim R11.
 *
 * Who looks up a number gets a reference that never fails: find() then get(),
 * with nothing to check, because free_pid() leaves the table's reference to a
 * callback, a grace period after the number was taken out.  The reference may
 * be held across sleep, and long after the task is gone.
 */
#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "usage.h"

#define PIDS	4
#define GONE	(~0U)

struct pid_like {
	atomic_t count;
	unsigned int nr;
	struct rcu_head rcu;
};

static struct pid_like __rcu *pids[PIDS];
static spinlock_t pidmap_lock;		/* of pids, for those who change it */

static void put_pid(struct pid_like *pid)
{
	if (!atomic_dec_and_test(&pid->count))
		return;
	WRITE_ONCE(pid->nr, GONE);
	kfree(pid);		/* at once: no reader can reach it (R6) */
}

static void delayed_put_pid(struct rcu_head *head)
{
	put_pid(container_of(head, struct pid_like, rcu));
}

void usage_pid_fork(unsigned int nr)
{
	struct pid_like *pid = kzalloc(sizeof(*pid), GFP_KERNEL);
	bool there;

	if (!pid)
		return;
	atomic_set(&pid->count, 1);
	pid->nr = nr;
	spin_lock(&pidmap_lock);
	there = rcu_access_pointer(pids[nr]);
	if (!there)
		rcu_assign_pointer(pids[nr], pid);
	spin_unlock(&pidmap_lock);
	if (there)
		kfree(pid);
}

/* find_get_pid(), some use of it, and put_pid(). */
void usage_pid_find(unsigned int nr)
{
	struct pid_like *pid;

	rcu_read_lock();
	pid = rcu_dereference(pids[nr]);
	if (pid && !atomic_fetch_inc(&pid->count))
		usage_failed("a pid was found whose count was zero");
	rcu_read_unlock();
	if (!pid)
		return;
	if (READ_ONCE(pid->nr) != nr)
		usage_failed("a pid was freed under a reference");
	put_pid(pid);
}

/* free_pid() */
void usage_pid_exit(unsigned int nr)
{
	struct pid_like *pid;

	spin_lock(&pidmap_lock);
	pid = rcu_dereference_protected(pids[nr], true);
	rcu_assign_pointer(pids[nr], NULL);
	spin_unlock(&pidmap_lock);
	if (pid)
		call_rcu(&pid->rcu, delayed_put_pid);
}

int usage_pid_begin(void)
{
	spin_lock_init(&pidmap_lock);
	return 0;
}

void usage_pid_end(void)
{
	unsigned int nr;

	for (nr = 0; nr < PIDS; nr++)
		usage_pid_exit(nr);
	rcu_barrier();
}
