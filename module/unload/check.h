/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unloadcheck: what did a module leave behind when it went?
 *
 * The idea. A call that posts a callback (call_rcu() and its kin) is met by an
 * ftrace hook. If the callback's function is in the text of a module, the
 * function is exchanged, in the register that carries it, for a trampoline
 * of this module: the kernel queues the head as it always does, and later calls
 * the trampoline, which calls the real function and counts when that has
 * *returned*. Posts are counted before the head is queued. So
 *
 *	posted - returned = callbacks that have yet to run the module's text
 *
 * at any moment, by counting and not by searching queues, and neither side can
 * be missed: not for want of memory, not by recursion, not in an interrupt.
 * There is one trampoline a *site*: a place that posts a function to a flavor.
 *
 * A barrier covers the posts made before it began. When the module is gone
 * (MODULE_STATE_GOING, after exit() and before its text is freed) the rule is:
 *
 *	pending      callbacks of it were still queued: certainly a bug
 *	unbarriered  all have run, or nearly, but no barrier made sure of it: luck
 *	clean        each post was followed by a barrier of its flavor that the
 *		     module itself or the task that unloads it ran to its end
 *
 * Then, unless rescue=0, it waits until they have run, so that the machine lives.
 *
 * What it cannot see, it says: known=since_watch for a module that was there before
 * unloadcheck, missed=N where there was no place for a site, sure=no where
 * either may have changed the verdict. A head that is posted twice is a
 * bug after which no count holds. The code that a module reaches without an
 * address of its own in the head (through work, a percpu_ref, an object of
 * another module) is *indirect*; see check_indirect.c.
 *
 * The interface, for programs. A line is words of the form name=value, in this
 * order; new ones are only added at the end, before "why". Names and values
 * have no blanks in them except for the text of why, which goes to the end of
 * the line.
 *
 * The kernel's log, one line a verdict, pr_info for clean and pr_warn else:
 *
 *	unloadcheck: verdict=pending module=foo nr=7 phase=exit posted=100 pending=97 running=1 uncovered=100 rescued=yes known=all missed=0 sure=yes why=no_barrier: ...
 *
 *	verdict		clean | unbarriered | pending
 *	nr		counts verdicts since unloadcheck was loaded
 *	phase		exit | init_failed (exit() never runs) | init_text (the
 *			module lives, the text of its init goes)
 *	posted		callbacks whose function is the module's, since it came
 *	pending		of these, not begun when exit() had returned
 *	running		begun, and not counted as returned
 *	uncovered	posted after the last barrier of their flavor
 *	rescued		yes | no (rescue=0) | timeout | - (nothing to do)
 *	known		all | since_watch
 *	missed		posts that could not be followed
 *	sure		yes | no: a miss may have changed the verdict
 *	why		none_posted | barrier | no_barrier | wrong_flavor |
 *			not_a_barrier (synchronize_rcu() and the like) |
 *			post_after_barrier | cache_destroyed | indirect |
 *			other_task (a barrier ran, but not on the module's behalf)
 *
 * /sys/kernel/debug/unloadcheck/:
 *
 *	verdicts	a verdict's line as above, without "unloadcheck: ", then
 *			indented by a tab what it stands on:
 *	  site func=foo_cb [foo] flavor=rcu from=foo_put+0x12/0x40 [foo] kind=direct posted=100 pending=97 running=1 uncovered=100
 *	  stack foo_put+0x12/0x40 [foo]		the first post from this site
 *	  barrier name=synchronize_rcu covers=none flavor=rcu began_ms=-31.250 took_ms=16.004 by=rmmod:123 from=foo_exit+0x9/0x20 [foo]
 *			began_ms is relative to the verdict
 *	modules		a watched module a line, with its sites as above:
 *	  module=foo state=live known=all posted=100 pending=3 running=0 uncovered=100 missed=0
 *	config		rescue=1 rescue_ms=30000 watch=all; write one or more
 *			of them, or clear=verdicts. watch=all or names by commas.
 *	stats		"name: value" lines: verdicts, clean, unbarriered, pending, sites,
 *			sites_free, missed, nmissed, swallowed
 *	features	"name: yes" or "name: no, why" a hook
 *	result		KTAP, a test a verdict; "not ok" unless clean
 *
 * Tracepoints: unloadcheck:verdict, unloadcheck:barrier, unloadcheck:site.
 */
#ifndef LASTREF_UNLOAD_CHECK_H
#define LASTREF_UNLOAD_CHECK_H
#endif
