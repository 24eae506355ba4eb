/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RCU over liburcu, or where ThreadSanitizer watches, over a small grace period
 * it understands: see shim_gp.h.
 */
#ifndef NATIVE_LINUX_RCUPDATE_H
#define NATIVE_LINUX_RCUPDATE_H

#include <linux/kernel.h>

#include <shim_gp.h>

/*
 * The kernel's readers are ordered by address dependency.  No compiler gives
 * that to C, so it is ACQUIRE here, which is more.
 */
#define rcu_dereference(p)		smp_load_acquire(&(p))
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_dereference_raw(p)		rcu_dereference(p)
#define rcu_dereference_check(p, c)	rcu_dereference(p)
#define rcu_dereference_protected(p, c)	(p)
#define rcu_assign_pointer(p, v)	smp_store_release(&(p), v)

static inline void rcu_read_lock(void)
{
	shim_task.sections++;
	shim_gp_enter();
}

static inline void rcu_read_unlock(void)
{
	shim_gp_leave();
	shim_task.sections--;
}

#define rcu_read_lock_sched()	rcu_read_lock()
#define rcu_read_unlock_sched()	rcu_read_unlock()

static inline void synchronize_rcu(void)
{
	might_sleep();
	shim_gp_wait();
}

#define synchronize_rcu_expedited()	synchronize_rcu()

static inline void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	shim_gp_call(head, func);
}

static inline void rcu_barrier(void)
{
	might_sleep();
	shim_gp_barrier();
}

#endif
