/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LockCnt whose visits are counted on their CPU: module/patterns/lockcnt_percpu.c.
 *
 * The word is right by lockcnt.pml, so here it is what it promises: a count and a
 * lock, changed in one step, a visit from zero waiting for the lock.  Modelled is
 * what is put before it: the mode, the bias, the grace period, the sum, and
 * lockers who follow one another.  Which CPU counts does not matter to a sum that
 * is read when nobody counts, so there is one.
 *
 * Shown of all interleavings:
 *
 *	no visit starts on a CPU while the lock is held, nor one from zero  (L2)
 *	who holds the lock and finds no visit is alone until it unlocks	    (L1)
 *	the word never counts fewer visits than none
 *	where all stop, all are done, and nothing is left in the count
 *
 * -DBUSTED_x breaks one rule; there must be a counterexample.
 *
 *	NO_GP		the holder sums without a grace period
 *	NO_BIAS		the word has no bias while the CPUs count
 *	TORN_DEC	dec_if_lock looks at the count, and then ends its visit
 *	UNLOCK_FIRST	the lock is given back, and then the CPUs count again
 *	LATE_SUM	the mode changes after the sum, not before
 */
#ifndef VISITORS
#define VISITORS	2
#endif
#ifndef LOCKERS
#define LOCKERS		1
#endif
#define PROCESSES	(VISITORS + LOCKERS)
#ifdef BUSTED_NO_BIAS
#define BIAS		0
#else
#define BIAS		20
#endif

short word = BIAS;
bool locked;
bool central;
short counted;			/* on all CPUs */
short summed;
byte lockers;
bool section[PROCESSES];

/* What is only looked at by the assertions. */
bool held;			/* the lock, with the sum taken */
bool alone;			/* a holder found no visit */
bool thing = true;
byte all_done;

/* lockcnt_percpu_count_here() */
inline count_here(n)
{
	section[me] = true;
	here = !central;
	if
	:: here ->
		assert(!held || n < 0);
		counted = counted + n
	:: else
	fi;
	section[me] = false
}

inline inc()
{
	count_here(1);
	if
	:: !here -> atomic { word > 0 || !locked -> word++ }
	:: else
	fi
}

inline word_dec()
{
	atomic {
		assert(word > 0);
		word--
	}
}

inline dec()
{
	count_here(-1);
	if
	:: !here -> word_dec()
	:: else
	fi
}

/* A section that began before has ended when there is a moment without one. */
inline synchronize_rcu()
{
	i = 0;
	do
	:: i < PROCESSES && !section[i] -> i++
	:: i == PROCESSES -> break
	od
}

inline take_sum()
{
	atomic {
		word = word + counted - summed - BIAS;
		summed = counted;
		assert(word >= 0)
	}
}

inline lock()
{
	lockers++;
	atomic { !locked -> locked = true };
	if
	:: !central ->
#ifndef BUSTED_LATE_SUM
		central = true;
#endif
#ifndef BUSTED_NO_GP
		synchronize_rcu();
#endif
		take_sum();
#ifdef BUSTED_LATE_SUM
		central = true
#endif
	:: else
	fi;
	held = true
}

inline give_back(and_inc)
{
	atomic {
		word = word + and_inc;
		locked = false
	}
}

inline unlock(and_inc)
{
	atomic {
		alone = false;
		held = false;
		lockers--;
		last = (lockers == 0)
	}
#ifdef BUSTED_UNLOCK_FIRST
	give_back(and_inc);
#endif
	if
	:: last ->
		word = word + BIAS;
		central = false
	:: else
	fi;
#ifndef BUSTED_UNLOCK_FIRST
	give_back(and_inc)
#endif
}

inline visit()
{
	atomic {
		assert(!alone);
		found = thing
	}
	atomic {
		assert(!found || thing);
		found = false
	}
}

/* With the lock: free what is protected, if nobody visits; else make one. */
inline change()
{
	atomic {
		if
		:: word == 0 -> alone = true
		:: else
		fi
	}
	if
	:: alone -> thing = false
	:: !alone && !thing -> thing = true
	:: else
	fi
}

inline end_dec_and_lock()
{
	lock();
	word_dec();
	if
	:: word == 0 -> change()
	:: else
	fi;
	unlock(0)
}

inline end_dec_if_lock()
{
	lock();
#ifndef BUSTED_TORN_DEC
	atomic {
		last = (word == 1);
		if
		:: last -> word--
		:: else
		fi
	}
#else
	if
	:: word == 1 -> word_dec()
	:: else
	fi;
	last = (word == 0);
#endif
	if
	:: last ->
		change();
		unlock(1);
		visit()
	:: else -> unlock(0)
	fi;
	dec()
}

active [VISITORS] proctype visitor()
{
	byte me = _pid, i;
	bool here, last, found;

	inc();
	visit();
	if
	:: true -> dec()
	:: true -> inc(); visit(); dec(); dec()
	:: true -> end_dec_and_lock()
	:: true -> end_dec_if_lock()
	fi;
	i = 0;
	all_done++
}

active [LOCKERS] proctype locker()
{
	byte me = _pid, i;
	bool here, last, found;

	lock();
	change();
	if
	:: true -> unlock(0)
	:: true -> unlock(1); visit(); dec()
	fi;
	i = 0;
	all_done++
}

active proctype after()
{
	all_done == PROCESSES;
	assert(word - BIAS + counted - summed == 0)
}
