/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LockCnt in a single word: module/patterns/lockcnt_word.c.
 *
 * Every change of the word is one compare-and-exchange there and one atomic step
 * here; queueing, looking, going to sleep, unlocking and waking are steps of
 * their own, as they are there.  A wake-up may take any sleeper, which is more
 * than a queue does.  Memory is sequentially consistent: what pairs with what is
 * for ThreadSanitizer and for the reader to see (A, B, C in that file).
 *
 * Shown of all interleavings:
 *
 *	at most one holds the lock
 *	no visit starts from zero while the lock is held		(L2)
 *	who holds the lock and finds no visit is alone until it unlocks	(L1, L2)
 *	beside other visits a visit does not wait			(L4)
 *	nobody sleeps for ever: where all stop, all are done
 *	-DLIVE: and all are done, whatever the scheduler does, if it is fair
 *	-DFOREVER: lockers are done, too, while visits come and go for ever
 *
 * Not so: that a locker is done while others lock for ever.  Who comes along may
 * take the lock before who was woken, and -DUNFAIR shows it.
 *
 * -DBUSTED_x breaks one rule; there must be a counterexample.
 *
 *	LOST_BATON	who has slept locks as LOCKED, not as WAITERS
 *	BATON_DROPPED	who has slept and leaves without the lock wakes nobody
 *	FROM_ZERO	inc does not look at the lock
 *	QUEUE_LATE	looks at the word before it has queued, not after
 *	TORN_UNLOCK	looks whether somebody waits, and then unlocks
 *	TORN_LOCK	looks whether the lock is free, and then takes it
 *	TORN_LAST	dec_and_lock ends the visit, and then takes the lock
 */
#ifndef VISITORS
#define VISITORS	2
#endif
#ifndef LOCKERS
#define LOCKERS		2
#endif
#ifndef ROUNDS
#define ROUNDS		1
#endif
#define PROCESSES	(VISITORS + LOCKERS)
#define NOBODY		255

mtype = { FREE, LOCKED, WAITERS };		/* bits 0-1 of the word */
mtype = { INC, LOCK, DEC_AND_LOCK, DEC_IF_LOCK };
mtype = { WAIT, LEAVE, HOLD };

mtype state = FREE;
byte visits;					/* bits 2-31 */
bool queued[PROCESSES];

/* What is only looked at by the assertions. */
byte holder = NOBODY;
bool thing = true;				/* what is protected */
bool alone;					/* a holder found no visit */
byte all_done;
byte lockers_done;

inline inc_from(zero)
{
	assert(!zero || holder == NOBODY);
	visits++;
	outcome = LEAVE
}

inline take(has_queued)
{
	assert(holder == NOBODY);
	holder = me;
	if
#ifndef BUSTED_LOST_BATON
	:: has_queued -> state = WAITERS
#endif
	:: else -> state = LOCKED
	fi;
	outcome = HOLD
}

/* plan() and attempt(): one exchange. */
inline attempt(want, has_queued)
{
	atomic {
		if
		:: want == INC && visits > 0 -> inc_from(false)
#ifdef BUSTED_FROM_ZERO
		:: want == INC && visits == 0 -> inc_from(true)
#endif
		:: want == DEC_AND_LOCK && visits > 1 -> visits--; outcome = LEAVE
		:: want == DEC_IF_LOCK && visits > 1 -> outcome = LEAVE
		:: else ->
			if
			:: state != FREE -> state = WAITERS; outcome = WAIT
			:: state == FREE && want == INC -> inc_from(visits == 0)
#ifndef BUSTED_TORN_LOCK
			:: state == FREE && want == LOCK -> take(has_queued)
#else
			:: state == FREE && want == LOCK -> outcome = HOLD
#endif
			:: state == FREE && want != INC && want != LOCK ->
				visits--;
				take(has_queued)
			fi
		fi
	}
#ifdef BUSTED_TORN_LOCK
	if
	:: want == LOCK && outcome == HOLD -> atomic { take(true) }
	:: else
	fi
#endif
}

inline wake()
{
	atomic {
		if
		:: queued[0] -> queued[0] = false
		:: queued[1] -> queued[1] = false
		:: queued[2] -> queued[2] = false
#if VISITORS + LOCKERS > 3
		:: queued[3] -> queued[3] = false
#endif
		:: else
		fi
	}
}

/* settle(): the whole slow path, and what ___wait_var_event() does. */
inline settle(want)
{
	attempt(want, false);
	if
	:: outcome == WAIT ->
		do
		:: true ->
#ifndef BUSTED_QUEUE_LATE
			queued[me] = true;
			attempt(want, true);
#else
			attempt(want, true);
			queued[me] = true;
#endif
			if
			:: outcome != WAIT -> break
			:: else -> !queued[me]		/* schedule() */
			fi
		od;
		queued[me] = false;
#ifndef BUSTED_BATON_DROPPED
		if
		:: outcome == LEAVE -> wake()
		:: else
		fi
#endif
	:: else
	fi
}

inline unlock(and_inc)
{
	atomic {
		alone = false;
		assert(holder == me);
		assert(state != FREE);
#ifndef BUSTED_TORN_UNLOCK
		had_waiters = state == WAITERS;
		visits = visits + and_inc;
		state = FREE;
		holder = NOBODY
	}
#else
		had_waiters = state == WAITERS
	}
	atomic {
		visits = visits + and_inc;
		state = FREE;
		holder = NOBODY
	}
#endif
	if
	:: had_waiters -> wake()
	:: else
	fi
}

inline dec()
{
	atomic {
		assert(visits > 0);
		visits--
	}
}

/* Finds a thing or not; what it finds stays. */
inline visit()
{
	atomic {
		assert(!alone);
		found = thing
	}
	assert(!found || thing);
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
		:: visits == 0 -> alone = true
		:: else
		fi
	}
	if
	:: alone ->
		thing = false;
		assert(visits == 0)
	:: !alone && !thing -> thing = true
	:: else
	fi
}

inline end_dec_and_lock()
{
#ifndef BUSTED_TORN_LAST
	settle(DEC_AND_LOCK)
#else
	atomic {
		visits--;
		outcome = (visits == 0 -> HOLD : LEAVE)
	}
	if
	:: outcome == HOLD -> settle(LOCK)
	:: else
	fi
#endif
	if
	:: outcome == HOLD ->
		assert(visits == 0);
		change();
		unlock(0)
	:: else
	fi
}

inline end_dec_if_lock()
{
	settle(DEC_IF_LOCK);
	if
	:: outcome == HOLD ->
		assert(visits == 0);
		change();
		unlock(1);
		visit()
	:: else
	fi;
	dec()
}

inline nested_visit()
{
	attempt(INC, false);
	assert(outcome == LEAVE);
	visit();
	dec()
}

proctype visitor(byte me)
{
	mtype outcome = LEAVE;
	bool found, had_waiters;
	byte round;

	do
	:: round < ROUNDS ->
		settle(INC);
		visit();
#ifdef FOREVER
		dec()
#else
		round++;
		if
		:: true -> nested_visit(); dec()
		:: true -> end_dec_and_lock()
		:: true -> end_dec_if_lock()
		fi
#endif
	:: else -> break
	od;
	all_done++
}

proctype locker(byte me)
{
	mtype outcome = LEAVE;
	bool found, had_waiters;
	byte round;

	do
	:: round < ROUNDS ->
#ifdef UNFAIR
		if
		:: me == VISITORS -> round++
		:: else			/* for ever */
		fi;
#else
		round++;
#endif
		settle(LOCK);
		change();
		if
		:: true -> unlock(0)
		:: true -> unlock(1); visit(); dec()
		fi
	:: else -> break
	od;
	atomic {
		all_done++;
		lockers_done++
	}
}

init {
	byte i;

	atomic {
		for (i : 0 .. VISITORS - 1) {
			run visitor(i)
		}
		for (i : VISITORS .. PROCESSES - 1) {
			run locker(i)
		}
	}
}

#ifdef LIVE
#if defined(FOREVER)
ltl proceeds { <> (lockers_done == LOCKERS) }
#elif defined(UNFAIR)
ltl proceeds { <> (lockers_done == 1) }
#else
ltl proceeds { <> (all_done == PROCESSES) }
#endif
#endif
