// SPDX-License-Identifier: GPL-2.0
/*
 * The gate: where everything that works on the table can be made to hold still.
 *
 * It is closed by a user's pause and by the stutter's drain, which nest.  A
 * participant that is inside has a turn under way and may hold references; one
 * that waits at the gate, or has left, holds none.  So once nobody is inside a
 * closed gate, and the callbacks posted so far have been invoked, the numbers
 * of the run must add up.
 *
 * Two counters, each written by one side and read by the other, and each side
 * must write its own before it reads the other's:
 *
 *	participant (gate_try_enter)	closer (gate_close, gate_wait_empty)
 *	----------------------------	------------------------------------
 *	inside++			closed++
 *	full barrier		(A)	full barrier			(B)
 *	read closed			read inside
 *
 * This is Dekker's pattern.  With A and B at least one of the two sees the
 * other: a participant that still reads "open" is counted, and the closer
 * waits for it.  Without either of them both could read the old value, and a
 * turn would run in the middle of a drain.
 *
 * Leaving is the same pattern again, so that only the last one to leave a
 * closed gate has to wake anybody:
 *
 *	participant (gate_leave)	closer
 *	------------------------	------
 *	inside-- (was 1)		closed++
 *	full barrier		(C)	full barrier			(B)
 *	read closed: wake up		read inside: sleep if not 0
 *
 * C also orders all that the turn did before what the closer does after it has
 * seen the count go down.  The atomic operations that return a value are full
 * barriers, and are all the barriers there are.
 */
#include <linux/sched.h>

#include "parts.h"

void gate_init(struct run_gate *gate)
{
	atomic_set(&gate->closed, 0);
	atomic_set(&gate->inside, 0);
	init_waitqueue_head(&gate->wait_open);
	init_waitqueue_head(&gate->wait_empty);
}

void gate_close(struct run_gate *gate)
{
	atomic_inc_return(&gate->closed);	/* B */
}

void gate_open(struct run_gate *gate)
{
	if (atomic_dec_and_test(&gate->closed))
		wake_up_all(&gate->wait_open);
}

bool gate_wait_empty(struct run_gate *gate, unsigned int ms)
{
	return wait_event_timeout(gate->wait_empty,
				  !atomic_read(&gate->inside),
				  msecs_to_jiffies(ms));
}

/* May be called in hardirq context, but not there on PREEMPT_RT. */
void gate_leave(struct torture_run *run)
{
	struct run_gate *gate = &run->gate;

	if (atomic_dec_and_test(&gate->inside) &&	/* C */
	    atomic_read(&gate->closed))
		wake_up_all(&gate->wait_empty);
}

bool gate_try_enter(struct torture_run *run)
{
	struct run_gate *gate = &run->gate;

	atomic_inc_return(&gate->inside);		/* A */
	if (!atomic_read(&gate->closed) && !READ_ONCE(run->fullstop))
		return true;
	gate_leave(run);
	return false;
}

/* When it returns false the thread is outside and must not leave again. */
bool gate_enter(struct torture_run *run)
{
	struct run_gate *gate = &run->gate;

	while (!gate_try_enter(run)) {
		wait_event_idle(gate->wait_open,
				!gate_closing(run) || thread_ending(run));
		if (thread_ending(run))
			return false;
	}
	return true;
}

/*
 * One that is inside is counted already and needs no barrier to read "closed":
 * if it reads "open" a moment too long it makes one more turn, and the closer
 * waits for that.  As with gate_enter(), false means outside.
 */
bool gate_pass(struct torture_run *run)
{
	cond_resched();
	if (!gate_closing(run) && !thread_ending(run))
		return true;
	gate_leave(run);
	return !thread_ending(run) && gate_enter(run);
}
