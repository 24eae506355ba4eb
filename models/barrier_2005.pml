/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The barrier of 2005: a callback on every CPU's queue, a count of them, and a
 * completion for the last, as "RCU and Unloadable Modules" shows it.
 *
 *	rcu_barrier				rcu_barrier_func, on each CPU
 *	-----------				-----------------------------
 *	mutex_lock				count++
 *	count = 0				call_rcu(rcu_barrier_callback)
 *	on_each_cpu(rcu_barrier_func), wait
 *	wait_for_completion			rcu_barrier_callback
 *	mutex_unlock				--------------------
 *						if (--count == 0) complete()
 *
 * A CPU invokes its callbacks in the order they were posted in, each once a grace
 * period has passed since, which here is: at any time.  The document's third Quick
 * Quiz asks what follows: one CPU's callback can bring the count to zero before
 * another CPU has posted its own, and the barrier returns early.
 *
 *	(nothing)	as above: must yield that counterexample
 *	-DBIAS		count starts at one, and the barrier takes that back after all
 *			have posted
 *	-DREADER	a read-side section around the posting, so that no grace
 *			period passes; in the document, preemption switched off
 *
 * Shown with either cure: when a barrier returns, every callback posted before it
 * was called has returned; and every barrier returns.
 *
 *	-DBUSTED_REORDER	a queue is not in order		(with a cure)
 *	-DBUSTED_NO_MUTEX	two barriers at a time		(with a cure)
 *	-DBUSTED_NO_WAIT	on_each_cpu does not wait	(with a cure)
 */
#ifndef CPUS
#define CPUS	2
#endif
#ifndef CALLERS
#define CALLERS	2
#endif
#define BARRIER	255	/* a callback that is rcu_barrier_callback */

chan queue[CPUS] = [2 * CALLERS] of { byte };
bool ipi[CPUS];
bool returned[CALLERS];		/* each caller posts one of its own before */
byte count;
bool completed;
bool mutex;
byte readers;

inline complete_if_last()
{
	atomic {
		count--;
		last = (count == 0)
	}
	if
	:: last -> completed = true
	:: else
	fi
}

/* rcu_barrier_func(): may interrupt a callback, and the posting of another. */
active [CPUS] proctype interrupt()
{
	byte cpu = _pid;

end:	do
	:: ipi[cpu] ->
		count++;
		queue[cpu] ! BARRIER;
		ipi[cpu] = false
	od
}

/* A grace period waits for the section that a callback was posted in. */
#define RIPE		(readers == 0 || !queue[cpu] ? [BARRIER])
#define RIPE_BEHIND	(readers == 0 && queue[cpu] ?? [BARRIER])

active [CPUS] proctype invoker()
{
	byte cpu = _pid - CPUS;
	byte callback;
	bool last;

end:	do
	:: atomic {
		if
		:: nempty(queue[cpu]) && RIPE -> queue[cpu] ? callback
#ifdef BUSTED_REORDER
		:: RIPE_BEHIND -> queue[cpu] ?? BARRIER; callback = BARRIER
#endif
		fi
	   }
		if
		:: callback == BARRIER -> complete_if_last()
		:: else -> returned[callback] = true
		fi
	od
}

inline on_each_cpu()
{
	atomic {
		for (i : 0 .. CPUS - 1) {
			ipi[i] = true
		}
	}
#ifndef BUSTED_NO_WAIT
	for (i : 0 .. CPUS - 1) {
		!ipi[i]
	}
#endif
}

inline rcu_barrier()
{
#ifndef BUSTED_NO_MUTEX
	atomic { !mutex -> mutex = true }
#endif
	completed = false;
#ifdef BIAS
	count = 1;
#else
	count = 0;
#endif
#ifdef READER
	readers++;
#endif
	on_each_cpu();
#ifdef READER
	readers--;
#endif
#ifdef BIAS
	complete_if_last();
#endif
	completed;
#ifndef BUSTED_NO_MUTEX
	mutex = false
#endif
}

active [CALLERS] proctype caller()
{
	byte me = _pid - 2 * CPUS;
	bool last;
	byte i;

	if
	:: queue[0] ! me
	:: queue[CPUS - 1] ! me
	fi;
	rcu_barrier();
	assert(returned[me])
}
