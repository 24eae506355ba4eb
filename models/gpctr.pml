/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The back end gpctr: readers counted on two sides, and the numbers of gp_own.h.
 * The steps are those of module/defer/gp_gpctr.c and gp_own.c.
 *
 * A reader comes in on a side, looks at what is published, and goes out, maybe on
 * another CPU.  A writer unlinks, takes a cookie, waits for it, and frees.  An
 * asker wants grace periods of its own, so that the writer's cookie is taken at
 * any moment of one that is under way.
 *
 * Shown, in all interleavings, each step of the sums one of its own:
 *
 *	what a section has found is not freed before the section ends
 *	nobody waits for ever
 *	-DLIVE: the writer is done, while readers come and go for ever
 *
 * Memory is as in program order: what the barriers are for is not shown, except
 * that leaving one out is what the forms LATE_IN and EARLY_OUT do.
 *
 * -DBUSTED_x breaks one rule; there must be a counterexample.
 *
 *	ONE_WAIT	only the side just left is waited for
 *	NO_FLIP		both sides are waited for, and the phase stays
 *	INS_FIRST	the ins are summed before the outs
 *	COOKIE		a grace period that is under way counts
 *	LATE_IN		a reader looks before it is seen to be in	(no B)
 *	EARLY_OUT	a reader is seen to be out before it has looked	(no C)
 */
#ifndef READERS
#define READERS	2
#endif
#ifndef SECTIONS
#define SECTIONS 2
#endif
#ifndef UPDATES
#define UPDATES	2
#endif
/* Readers that come for ever make counters that wrap. */
#ifdef LIVE
#define WRAP(count)	((count) % 4)
#else
#define WRAP(count)	(count)
#endif
#define NEXT(count)	WRAP((count) + 1)
#define CPUS	2
#define AT(side, cpu)	((side) * CPUS + (cpu))

byte in[2 * CPUS], out[2 * CPUS];
bit phase;
byte seq, wanted;	/* even: no grace period is under way */
byte published;		/* the element that a reader finds */
bool freed[UPDATES + 1];
bool finished;

inline look(p)
{
	p = published
}

active [READERS] proctype reader()
{
	byte n, p, cpu;
	bit side;

	do
#ifndef LIVE
	:: n == SECTIONS -> break
	:: n < SECTIONS ->
		n++;
#else
	:: true ->
#endif
		side = phase;
		if
		:: cpu = 0
		:: cpu = 1
		fi;
#ifdef BUSTED_LATE_IN
		look(p);
		in[AT(side, cpu)] = NEXT(in[AT(side, cpu)]);
#else
		in[AT(side, cpu)] = NEXT(in[AT(side, cpu)]);
		look(p);
#endif
#ifdef BUSTED_EARLY_OUT
		out[AT(side, cpu)] = NEXT(out[AT(side, cpu)]);
		assert(!freed[p]);
#else
		assert(!freed[p]);
		if
		:: cpu = 0
		:: cpu = 1
		fi;
		out[AT(side, cpu)] = NEXT(out[AT(side, cpu)]);
#endif
		p = 0
	od
}

inline sum_ins(side)
{
	ins = in[AT(side, 0)];
	ins = WRAP(ins + in[AT(side, 1)])
}

inline sum_outs(side)
{
	outs = out[AT(side, 0)];
	outs = WRAP(outs + out[AT(side, 1)])
}

inline wait_until_empty(side)
{
	do
	::
#ifdef BUSTED_INS_FIRST
		sum_ins(side);
		sum_outs(side);
#else
		sum_outs(side);
		sum_ins(side);
#endif
		if
		:: ins == outs -> ins = 0; outs = 0; break
		:: else
		fi
	od
}

active proctype gp()
{
	byte ins, outs;
	bit left;

end:	do
	:: seq < wanted ->
		seq++;
		left = phase;
#ifndef BUSTED_ONE_WAIT
		wait_until_empty(1 - left);
#endif
#ifndef BUSTED_NO_FLIP
		phase = 1 - phase;
#endif
		wait_until_empty(left);
		seq++
	od
}

inline snap(cookie)
{
#ifdef BUSTED_COOKIE
	cookie = (seq + 2) - (seq % 2)
#else
	cookie = (seq + 3) - (seq + 3) % 2
#endif
}

inline synchronize(cookie)
{
	snap(cookie);
	atomic {
		if
		:: wanted < cookie -> wanted = cookie
		:: else
		fi
	}
	seq >= cookie
}

active proctype writer()
{
	byte cookie, old;

	do
	:: old == UPDATES -> break
	:: else ->
		published = old + 1;
		synchronize(cookie);
		freed[old] = true;
		old++
	od;
	finished = true
}

#ifdef ASKER
active proctype asker()
{
	byte cookie;

	synchronize(cookie)
}
#endif

#ifdef LIVE
ltl proceeds { <> finished }
#endif
