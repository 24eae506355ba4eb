/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One place where kernels differ.
 *
 * The code is written for the newest kernel; what an older one lacks is given
 * here under the newest name. Which names are lacking is found by trial
 * compilation when the module is built (scripts/probe-kernel, one file a name
 * in module/probes/), since distributions move functions into kernels whose
 * version number says otherwise. No other file looks at HAVE_ names.
 */
#ifndef LASTREF_COMPAT_H
#define LASTREF_COMPAT_H

#include <linux/ftrace.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/timer.h>

#include "lastref-config.h"

#ifndef HAVE_GET_STATE_SYNCHRONIZE_RCU_FULL
#error "lastref needs Linux 6.1 or newer: get_state_synchronize_rcu_full() is missing"
#endif

/* Without lazy callbacks every call_rcu() is in a hurry. */
#ifndef HAVE_CALL_RCU_HURRY
#define call_rcu_hurry(head, func)	call_rcu(head, func)
#endif

#ifndef HAVE_TIMER_DELETE_SYNC
#define timer_delete_sync(timer)	del_timer_sync(timer)
#endif

/*
 * Weaker than the real one: a timer whose function arms itself again can
 * survive del_timer_sync(). So a function that does so must look at a stop
 * flag, set before this is called, and not arm itself once it is set.
 */
#ifndef HAVE_TIMER_SHUTDOWN_SYNC
#define timer_shutdown_sync(timer)	timer_delete_sync(timer)
#endif

#ifndef HAVE_TIMER_CONTAINER_OF
#define timer_container_of(var, t, field)	from_timer(var, t, field)
#endif

/* Merged with another cache, a run's memory has no name of its own; it works. */
#ifndef SLAB_NO_MERGE
#define SLAB_NO_MERGE	0
#endif

#ifndef HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/**
 * lastref_kvfree_rcu_drain - wait until memory given to kvfree_rcu() is free
 *
 * Return: false on a kernel that has no way to wait for it, where nothing
 * was waited for.
 */
static inline bool lastref_kvfree_rcu_drain(void)
{
#ifdef HAVE_KVFREE_RCU_BARRIER
	kvfree_rcu_barrier();
	return true;
#else
	return false;
#endif
}

/* Is it an address of a function that the module has when its init is done? */
static inline bool lastref_module_text(unsigned long addr,
				       const struct module *mod)
{
#ifdef HAVE_WITHIN_MODULE_MEM_TYPE
	return within_module_mem_type(addr, mod, MOD_TEXT);
#else
	return addr - (unsigned long)mod->core_layout.base <
	       mod->core_layout.text_size;
#endif
}

/* What ftrace saves for a hook at a function's entry: its arguments, from 0. */
#ifndef arch_ftrace_regs
#define arch_ftrace_regs(fregs)	(fregs)
#endif

static inline unsigned long lastref_argument(struct ftrace_regs *fregs,
					     unsigned int n)
{
	return regs_get_kernel_argument(&arch_ftrace_regs(fregs)->regs, n);
}

/* The second and the third can be exchanged. */
static inline void lastref_set_argument(struct ftrace_regs *fregs,
					unsigned int n, unsigned long value)
{
	struct pt_regs *regs = &arch_ftrace_regs(fregs)->regs;

	if (n == 1)
		regs->si = value;
	else
		regs->dx = value;
}

#endif /* LASTREF_COMPAT_H */
