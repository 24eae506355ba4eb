// SPDX-License-Identifier: GPL-2.0
/*
 * Readers in hard interrupt context.
 *
 * They interrupt everything but sections with interrupts off: updaters between
 * taking an element out and posting its callback, callbacks themselves, readers
 * of every other kind.  Two ways lead there and both are used: an hrtimer, and
 * an irq_work, which is an interrupt a CPU sends to itself.  A rover takes them
 * from CPU to CPU; on each it queues the one and starts the other, which then
 * fires some times before the rover moves on.
 *
 * On PREEMPT_RT there are none.  Locks and the allocator sleep there, so
 * neither the listings nor a free of the last reference may run in hard
 * interrupt context: what is tortured here would be a bug by the rules of that
 * kernel.
 */
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/kconfig.h>

#include <lastref/compat.h>

#include "element.h"
#include "parts.h"

#define MAX_SHOTS	16	/* of the hrtimer, each time it is started */
#define SHOT_NS		200000	/* apart, up to twice as much */
/* Where a read takes long (KASAN, lockdep, emulation) shots are rarer. */
#define REST		8	/* times as long as the read took */

/*
 * The rover, the hrtimer and the irq_work may interrupt each other, so each
 * has random numbers of its own.
 */
struct irq_reader {
	struct rover rover;
	struct hrtimer hrtimer;
	struct rnd_state hrtimer_rnd;
	unsigned int shots;
	struct irq_work work;
	struct rnd_state work_rnd;
};

/**
 * irq_readers_refused() - why there are no readers in interrupt context here
 *
 * Return: a sentence for users, or NULL where there are.
 */
const char *irq_readers_refused(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return "PREEMPT_RT: locks sleep, and hard interrupt context may not";
	return NULL;
}

static void irq_read(struct torture_run *run, struct rnd_state *rnd)
{
	if (!gate_try_enter(run))
		return;
	if (rnd_below(rnd, 2))
		read_reference(run, rnd, false);
	else
		read_section(run, rnd, false);
	run_count(run, CNT_IRQ_READS);
	gate_leave(run);
}

static enum hrtimer_restart irq_read_hrtimer(struct hrtimer *timer)
{
	struct irq_reader *r = container_of(timer, struct irq_reader, hrtimer);
	struct torture_run *run = r->rover.run;
	u64 ns = ktime_get_mono_fast_ns();

	irq_read(run, &r->hrtimer_rnd);
	if (READ_ONCE(run->fullstop) || !--r->shots)
		return HRTIMER_NORESTART;
	ns = REST * (ktime_get_mono_fast_ns() - ns);
	ns += SHOT_NS + rnd_below(&r->hrtimer_rnd, SHOT_NS);
	hrtimer_forward_now(timer, ns_to_ktime(ns));
	return HRTIMER_RESTART;
}

static void irq_read_work(struct irq_work *work)
{
	struct irq_reader *r = container_of(work, struct irq_reader, work);

	irq_read(r->rover.run, &r->work_rnd);
}

/*
 * The hrtimer may still be firing on the CPU where it was started last.  Then
 * it stays there: its shots are its handler's, and only one who has made sure
 * that it neither runs nor is queued may set them.
 */
static void irq_visit(struct rover *rover)
{
	struct irq_reader *r = container_of(rover, struct irq_reader, rover);

	irq_work_queue(&r->work);
	if (hrtimer_active(&r->hrtimer))
		return;
	r->shots = 1 + rnd_below(&rover->rnd, MAX_SHOTS);
	hrtimer_start(&r->hrtimer, ns_to_ktime(rnd_below(&rover->rnd, SHOT_NS)),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

static void irq_reader_init(struct torture_run *run, struct irq_reader *r)
{
	rover_init(run, &r->rover, irq_visit);
	parts_seed(run, &r->hrtimer_rnd);
	parts_seed(run, &r->work_rnd);
	hrtimer_setup(&r->hrtimer, irq_read_hrtimer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	init_irq_work(&r->work, irq_read_work);
}

int irq_readers_start(struct torture_run *run)
{
	unsigned int i, nr = run->cfg.irq_readers;
	struct irq_reader *readers;

	if (!nr || irq_readers_refused() ||
	    run->cfg.pattern->flags & PATTERN_VERBS_SLEEP)
		return 0;
	readers = parts_alloc(run, nr, sizeof(*readers));
	if (!readers)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		irq_reader_init(run, &readers[i]);
	for (i = 0; i < nr; i++)
		rover_start(&readers[i].rover);
	run->parts->irq_readers = readers;
	return 0;
}

/* First what starts the others, then the others. */
void irq_readers_stop(struct torture_run *run)
{
	struct irq_reader *readers = run->parts->irq_readers;
	unsigned int i;

	if (!readers)
		return;
	for (i = 0; i < run->cfg.irq_readers; i++)
		rover_stop(&readers[i].rover);
	rovers_wait();
	for (i = 0; i < run->cfg.irq_readers; i++) {
		hrtimer_cancel(&readers[i].hrtimer);
		irq_work_sync(&readers[i].work);
	}
	run->parts->irq_readers = NULL;
}
