/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unload_demo: a module whose exit path is a parameter.
 *
 *	exit=		the way out, see demo_exit.c for what each does
 *	    barrier			stop posting, barrier: right
 *	    none			stop posting, no more: wrong
 *	    sync, sync_many		synchronize_rcu(), once or ten times: wrong
 *	    wrong_flavor		the barrier of another flavor: wrong
 *	    barrier_before_timers	the posting timer is stopped too late: wrong
 *	    barrier_before_work		and the posting work: wrong
 *	    completion			the last callback completes it: wrong
 *	    cache_first			private cache destroyed, then barrier: wrong
 *	    work_first			work that callbacks queue is flushed, then
 *					barrier: wrong
 *	    close			the same job by a domain of rcudefer: right
 *	flavor=		rcu | hurry | srcu | tasks | tasks_rude | tasks_trace | rcu_work |
 *			percpu_ref; those that this kernel lacks are refused (-EOPNOTSUPP)
 *	count=		callbacks a burst (1)
 *	length_us=	how long a callback runs (0)
 *	cpu=		which CPU posts; -1 for any (-1)
 *	context=	what posts: task | timer | work | softirq | irq (task)
 *	when=		the burst comes at: exit (its beginning) | init (exit)
 *	repost=		times that a callback posts itself again; -1 for ever (0)
 *	fullstop=	1: callbacks look at the stop flag before they repost (1)
 *	barriers=	how many barriers in a row where there is one (1)
 *	cache=		1: the objects are of a private kmem_cache (0)
 *	work=		1: callbacks queue work of this module (0)
 *	init_fail=	1: init posts, fails with -ENODEV and leaves by exit= (0)
 *
 * "modinfo -F form unload_demo.ko" lists the ways out, a line each:
 *
 *	exit=none right=no verdict=pending zoo=1 claim=B2 with="..."
 *
 * verdict is what unloadcheck has to say in normal mode ("a|b": one of them);
 * with= are further parameters that make the case.
 *
 * The ledger is kept by unload_ledger.ko, which stays: what is counted after
 * exit() has returned would otherwise go with the module. Its file
 * /sys/kernel/debug/unload_ledger has a line a cycle, the newest 1024 (write
 * anything to clear):
 *
 *	cycle=7 exit=none flavor=rcu posted=100 at_exit=3 later=97 lost=0 works=0 works_run=0
 *
 *	posted		callbacks posted, reposts included
 *	at_exit		of these, invoked when the exit path ended ("-" before)
 *	later		invoked after that
 *	lost		posted - at_exit - later, as of now
 *	works, works_run	work queued by callbacks, and run
 *
 * and when an exit path ends it says in the kernel's log
 *
 *	unload_ledger: cycle=7 exit=none flavor=rcu posted=100 at_exit=3
 */
#ifndef LASTREF_UNLOAD_DEMO_H
#define LASTREF_UNLOAD_DEMO_H
#endif
