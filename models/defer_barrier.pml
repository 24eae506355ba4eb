/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The engine's barrier and close: epochs, queues in order, and who helps.
 *
 *	post		check shut, link in: one section (post.c)
 *	collect		oldest = epoch if there was none, then take (queue.c)
 *	run		take what has elapsed, run it, then say so in oldest
 *	barrier		collect what is not idle, epoch++, run until oldest is newer
 *	close		shut, fence posters, barrier
 *
 * A grace period ends at any time, so what has elapsed is any first part of the
 * chain.  Each caller posts one callback and waits for it by a barrier; one more
 * callback posts itself again; and somebody posts while the domain is closed.
 * Steps are as fine as what others can see; the barriers that keep them in this
 * order are named in Documentation/engine.rst.
 *
 * Shown: a callback posted before a barrier has returned when the barrier does;
 * none runs once close has returned; every post accepted is run; and all of them
 * end, although a callback posts itself again.
 *
 *	-DBUSTED_OLDEST_LATE	taken first, then oldest: looks idle in between
 *	-DBUSTED_EPOCH_FIRST	epoch++ before collecting
 *	-DBUSTED_DONE_EARLY	oldest is newer before the callbacks have returned
 *	-DBUSTED_NO_FENCE	close does not wait for posters
 */
#ifndef QUEUES
#define QUEUES	1
#endif
#ifndef CALLERS
#define CALLERS	1
#endif
#ifndef REPOSTS
#define REPOSTS	1
#endif
#define AGAIN	CALLERS		/* the head that is posted again */
#define LATE	(CALLERS + 1)	/* the one that races with close */
#define HEADS	(CALLERS + 2)
#define NONE	15

chan fresh[QUEUES] = [HEADS] of { byte };
chan chain[QUEUES] = [HEADS] of { byte, byte };	/* head, epoch */
chan batch[QUEUES] = [HEADS] of { byte };	/* being run */
byte oldest[QUEUES] = NONE;
bool lock[QUEUES];
bool running[QUEUES];
byte epoch;
bool shut;
bool closed;
byte sections;			/* posters in the middle of it */
byte again = REPOSTS;
bool returned[HEADS];
byte pending;			/* accepted and not returned */
byte callers = CALLERS;		/* not done yet */

/* Preemption is off from the check on, which the fence waits for. */
inline post(q, head)
{
	sections++;
	if
	:: shut
	:: !shut ->
		atomic { fresh[q] ! head; pending++ }
	fi;
	sections--
}

inline take(q)
{
	atomic {
		do
		:: nempty(fresh[q]) -> fresh[q] ? h; chain[q] ! h, e
		:: empty(fresh[q]) -> break
		od
	}
}

inline say_oldest(q)
{
	if
	:: oldest[q] == NONE -> oldest[q] = e
	:: else
	fi
}

inline collect(q)
{
	atomic { !lock[q] -> lock[q] = true };
	if
	:: nempty(fresh[q]) ->
		e = epoch;
#ifndef BUSTED_OLDEST_LATE
		say_oldest(q);
#endif
		take(q);
#ifdef BUSTED_OLDEST_LATE
		say_oldest(q);
#endif
	:: empty(fresh[q])
	fi;
	lock[q] = false
}

inline update_oldest(q)
{
	atomic {
		if
		:: chain[q] ? [_, _] -> chain[q] ? <h, e>; oldest[q] = e
		:: empty(chain[q]) -> oldest[q] = NONE
		fi
	}
}

inline invoke(q)
{
	assert(!closed);
	if
	:: h == AGAIN && again > 0 -> again--; post(q, AGAIN)
	:: else
	fi;
	atomic { returned[h] = true; pending-- }
}

/* Under running[q], which the caller has taken. */
inline run_next(q)
{
	atomic { !lock[q] -> lock[q] = true };
	atomic {
		do
		:: nempty(chain[q]) -> chain[q] ? h, e; batch[q] ! h
		:: nempty(batch[q]) -> break
		:: empty(chain[q]) -> break
		od
	};
#ifdef BUSTED_DONE_EARLY
	update_oldest(q);
#endif
	lock[q] = false;
	do
	:: nempty(batch[q]) -> batch[q] ? h; invoke(q)
	:: empty(batch[q]) -> break
	od;
#ifndef BUSTED_DONE_EARLY
	atomic { !lock[q] -> lock[q] = true };
	update_oldest(q);
	lock[q] = false;
#endif
	running[q] = false
}

inline barrier()
{
	i = 0;
#ifdef BUSTED_EPOCH_FIRST
	atomic { mine = epoch; epoch++ };
#endif
	do
	:: i < QUEUES ->
		/* queue_idle(): two looks, in this order */
		if
		:: empty(fresh[i]) ->
			if
			:: oldest[i] == NONE
			:: else -> collect(i)
			fi
		:: nempty(fresh[i]) -> collect(i)
		fi;
		i++
	:: i == QUEUES -> break
	od;
#ifndef BUSTED_EPOCH_FIRST
	atomic { mine = epoch; epoch++ };
#endif
	i = 0;
	do
	:: i < QUEUES ->
		do
		:: oldest[i] > mine -> break
		:: atomic { oldest[i] <= mine && !running[i] && nempty(chain[i]) ->
				running[i] = true };
			run_next(i)
		od;
		i++
	:: i == QUEUES -> break
	od
}

active [CALLERS] proctype caller()
{
	byte me = _pid, h, e, i, mine;

	post(me % QUEUES, me);
	barrier();
	assert(returned[me]);
	callers--
}

active proctype reposter()
{
	post(0, AGAIN)
}

active proctype late()
{
	post(QUEUES - 1, LATE)
}

active proctype closer()
{
	byte h, e, i, mine;

	callers == 0;
	shut = true;
#ifndef BUSTED_NO_FENCE
	sections == 0;
#endif
	barrier();
	closed = true;
	assert(pending == 0)
}

/* The queue's work: woken when there is anything. */
active [QUEUES] proctype worker()
{
	byte q = _pid - CALLERS - 3, h, e;

end:	do
	:: nempty(fresh[q]) -> collect(q)
	:: atomic { !running[q] && nempty(chain[q]) -> running[q] = true };
		run_next(q)
	od
}
