// SPDX-License-Identifier: GPL-2.0
/*
 * Back end "gpctr": QEMU's grace periods, counters of readers and a phase.
 *
 * QEMU's readers copy a global counter into a word of their thread when they
 * enter a section, and clear it when they leave; who waits for them flips the
 * phase in that counter, twice where it has one bit only.  A module has no word
 * in each thread, but it has one on each CPU: a reader counts itself in on the
 * side that the phase points to, and out on that same side, maybe on another
 * CPU.  A side is empty when over all CPUs as many have gone out as came in.
 * So a reader may sleep, migrate, nest and be an interrupt: one increment, that
 * cannot be torn, is all that it writes.
 *
 *	reader				gp
 *	------				--
 *	idx = phase & 1			wait until the other side is empty
 *	in[idx]++			smp_mb (E)
 *	smp_mb (B)			phase++
 *	...				smp_mb (D)
 *	smp_mb (C)			wait until the side left is empty
 *	out[idx]++
 *
 * Why both sides are waited for.  A reader may fetch the phase and be away for
 * long before it counts itself in; then it comes in on a side that nobody looks
 * at.  With one wait, for the side just left:
 *
 *	reader				gp
 *	------				--
 *	idx = 0
 *					phase 0 -> 1, side 0 is empty: ended
 *	in[0]++, finds p
 *					unlink p
 *					phase 1 -> 0, side 1 is empty: ended
 *					free p
 *	uses p
 *
 * The first wait, for the side that the phase does not point to, is for those.
 * And why not only look at both, without a flip: new readers would come in on
 * the side that is waited for, and it need never be empty.
 *
 * Why the outs are summed before the ins, with a barrier (A) between:
 *
 *	reader		another reader		gp, ins first
 *	------		--------------		-------------
 *					sum of in = 1	(the first reader's)
 *			in++, out++
 *					sum of out = 1	(the other's)
 *	still inside			1 = 1: "empty"
 *
 * With the outs first, who is seen going out is also seen coming in: its out
 * was written after its in (B and C), so (A) pairs with (C).
 *
 * (B) pairs with (D) and (A): either the sum sees this reader come in, or the
 * reader sees all that was done before the flip and so finds nothing that was
 * unlinked before the grace period.  (C) pairs with (A): what a reader did in
 * its section is done when it is seen to be out.  (E) keeps the first wait
 * before the flip: a reader that uses the new phase was not waited for on
 * that side.
 */
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "gp.h"
#include "gp_own.h"

#define SIDES	2

struct gpctr_cpu {
	unsigned long in[SIDES], out[SIDES];
};

/**
 * struct gpctr - the readers of one domain
 * @own: its grace periods
 * @phase: its lowest bit is the side that readers come in on
 * @cpu: who came in and went out where
 */
struct gpctr {
	struct gp_own own;
	unsigned long phase;
	struct gpctr_cpu __percpu *cpu;
};

static int gpctr_enter(struct defer_gp *gp)
{
	struct gpctr *g = gp->priv;
	int side = READ_ONCE(g->phase) & 1;

	this_cpu_inc(g->cpu->in[side]);
	smp_mb();	/* B */
	return side;
}

static void gpctr_leave(struct defer_gp *gp, int side)
{
	struct gpctr *g = gp->priv;

	smp_mb();	/* C */
	this_cpu_inc(g->cpu->out[side]);
}

/* Over all CPUs there have ever been: a reader may have come in on one gone. */
static bool gpctr_empty(const struct gpctr *g, int side)
{
	unsigned long in = 0, out = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		out += READ_ONCE(per_cpu_ptr(g->cpu, cpu)->out[side]);
	smp_mb();	/* A */
	for_each_possible_cpu(cpu)
		in += READ_ONCE(per_cpu_ptr(g->cpu, cpu)->in[side]);
	return in == out;
}

static void gpctr_find(struct gp_own *own)
{
	struct gpctr *g = container_of(own, struct gpctr, own);
	int side = g->phase & 1;

	while (!gpctr_empty(g, !side))
		gp_own_rest(own);
	smp_mb();	/* E */
	WRITE_ONCE(g->phase, g->phase + 1);
	smp_mb();	/* D */
	while (!gpctr_empty(g, side))
		gp_own_rest(own);
}

static int gpctr_init(struct defer_gp *gp)
{
	struct gpctr *g = kzalloc(sizeof(*g), GFP_KERNEL);

	if (!g)
		return -ENOMEM;
	g->cpu = alloc_percpu(struct gpctr_cpu);
	if (!g->cpu) {
		kfree(g);
		return -ENOMEM;
	}
	gp_own_init(&g->own, gpctr_find);
	gp->priv = g;
	return 0;
}

static void gpctr_exit(struct defer_gp *gp)
{
	struct gpctr *g = gp->priv;

	gp_own_exit(&g->own);
	free_percpu(g->cpu);
	kfree(g);
}

static struct gp_own *gpctr_own(struct defer_gp *gp)
{
	struct gpctr *g = gp->priv;

	return &g->own;
}

static void gpctr_get_state(struct defer_gp *gp, struct defer_cookie *cookie)
{
	gp_own_get_state(gpctr_own(gp), cookie);
}

static void gpctr_start(struct defer_gp *gp, struct defer_cookie *cookie)
{
	gp_own_start(gpctr_own(gp), cookie);
}

static bool gpctr_poll(struct defer_gp *gp, const struct defer_cookie *cookie)
{
	return gp_own_poll(gpctr_own(gp), cookie);
}

static void gpctr_expedite(struct defer_gp *gp)
{
	gp_own_expedite(gpctr_own(gp));
}

static void gpctr_synchronize(struct defer_gp *gp)
{
	gp_own_synchronize(gpctr_own(gp));
}

const struct gp_ops gp_gpctr = {
	.name		= "gpctr",
	.about		= "QEMU's: counters of readers and a phase; readers may sleep",
	.flags		= GP_READERS_MAY_SLEEP,
	.init		= gpctr_init,
	.exit		= gpctr_exit,
	.enter		= gpctr_enter,
	.leave		= gpctr_leave,
	.get_state	= gpctr_get_state,
	.start		= gpctr_start,
	.poll		= gpctr_poll,
	.expedite	= gpctr_expedite,
	.synchronize	= gpctr_synchronize,
};
