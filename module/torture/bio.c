// SPDX-License-Identifier: GPL-2.0
/*
 * The biography of an element: its last events, for the one that failed.
 *
 * Each CPU writes the events of all elements into a ring of its own, and
 * nobody pays for a shared cache line.  An event carries the element's id, not
 * its address: memory is used again, ids are not, so the story outlives the
 * element.  When a check fails the rings are searched for the id and the
 * finds sorted by time.
 *
 * Writers run in any context, so an interrupt may write between the steps of
 * the task it interrupted: each takes its slot by one this_cpu operation and
 * owns it then.  A searcher on another CPU may meet a slot half written; the
 * id goes in last and is taken away first, and is read twice.  Good enough for
 * a story told after the fact; no check rests on it.
 */
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/timekeeping.h>

#include "run.h"

#define BIO_RING	4096	/* a power of two */

struct bio_ring {
	unsigned int next;
	struct bio_event *event;
};

const char *const el_event_names[NR_EL_EVENTS] = {
	[EL_ALLOC]	= "alloc",
	[EL_SET]	= "set",
	[EL_ADD]	= "add",
	[EL_GET]	= "get",
	[EL_GET_FAILED]	= "get-failed",
	[EL_PUT]	= "put",
	[EL_REMOVE]	= "remove",
	[EL_POST]	= "post",
	[EL_CALLBACK]	= "callback",
	[EL_FREE]	= "free",
};

int bio_init(struct torture_run *run)
{
	int cpu;

	run->bio = alloc_percpu(struct bio_ring);
	if (!run->bio)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct bio_ring *ring = per_cpu_ptr(run->bio, cpu);

		ring->event = kvcalloc(BIO_RING, sizeof(*ring->event),
				       GFP_KERNEL);
		if (!ring->event)
			return -ENOMEM;
	}
	return 0;
}

/* Also undoes a bio_init() that failed half way. */
void bio_exit(struct torture_run *run)
{
	int cpu;

	if (!run->bio)
		return;
	for_each_possible_cpu(cpu)
		kvfree(per_cpu_ptr(run->bio, cpu)->event);
	free_percpu(run->bio);
	run->bio = NULL;
}

static u8 bio_context(void)
{
	if (in_nmi())
		return 'n';
	if (in_hardirq())
		return 'h';
	return in_serving_softirq() ? 's' : 't';
}

void bio_record(struct torture_run *run, u64 id, enum el_event event,
		int before, int after)
{
	struct bio_ring __percpu *rings = run->bio;
	struct bio_event *ev;
	unsigned int slot;

	preempt_disable();	/* the slot is this CPU's */
	slot = this_cpu_inc_return(rings->next);
	ev = &this_cpu_ptr(rings)->event[slot % BIO_RING];
	WRITE_ONCE(ev->id, 0);
	barrier();
	ev->when = ktime_get_mono_fast_ns();
	ev->before = before;
	ev->after = after;
	ev->pid = current->pid;
	ev->cpu = raw_smp_processor_id();
	ev->event = event;
	ev->context = bio_context();
	memcpy(ev->comm, current->comm, TASK_COMM_LEN);
	smp_store_release(&ev->id, id);	/* pairs with bio_read() */
	preempt_enable();
}

static bool bio_read(const struct bio_event *ev, u64 id, struct bio_event *out)
{
	if (smp_load_acquire(&ev->id) != id)	/* pairs with bio_record() */
		return false;
	*out = *ev;
	smp_rmb();	/* the copy, then the second look */
	return READ_ONCE(ev->id) == id;
}

static int bio_cmp(const void *a, const void *b)
{
	const struct bio_event *x = a, *y = b;

	return x->when < y->when ? -1 : x->when > y->when;
}

/* Keep the latest NR_BIO of what comes in any order. */
static void bio_keep(struct bio_event *out, unsigned int *n,
		     const struct bio_event *ev)
{
	unsigned int i, oldest = 0;

	if (*n < NR_BIO) {
		out[(*n)++] = *ev;
		return;
	}
	for (i = 1; i < NR_BIO; i++)
		if (out[i].when < out[oldest].when)
			oldest = i;
	if (ev->when > out[oldest].when)
		out[oldest] = *ev;
}

/**
 * bio_collect() - the last events of one element, oldest first
 * @run: the run
 * @id: the element's id
 * @out: where they go
 *
 * Context: any; reads every slot of every ring, some hundred microseconds.
 * Return: how many there are.
 */
unsigned int bio_collect(struct torture_run *run, u64 id,
			 struct bio_event out[NR_BIO])
{
	struct bio_event ev;
	unsigned int n = 0, i;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct bio_ring *ring = per_cpu_ptr(run->bio, cpu);

		for (i = 0; i < BIO_RING; i++)
			if (bio_read(&ring->event[i], id, &ev))
				bio_keep(out, &n, &ev);
	}
	sort(out, n, sizeof(*out), bio_cmp, NULL);
	return n;
}
