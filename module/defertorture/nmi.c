// SPDX-License-Identifier: GPL-2.0
/*
 * Posts from a real NMI.
 *
 * A CPU is sent an NMI as an interrupt between processors, as for a backtrace
 * of all CPUs; that works on real machines and in every emulator that has a
 * local APIC.  The handler takes for its own only what was announced to it, and
 * the next is sent when the last has come: a CPU may take two NMIs for one.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/percpu.h>

#include "defertorture.h"

#ifdef CONFIG_X86_LOCAL_APIC

#include <asm/apic.h>
#include <asm/nmi.h>

#define BURST		4
#define ARRIVAL_MS	1000	/* an NMI that was sent has come by then */

static DEFINE_PER_CPU(atomic_t, nmi_due);
static struct dt_poster __percpu *nmi_posters;

static int nmi_post(unsigned int type, struct pt_regs *regs)
{
	if (!atomic_xchg(this_cpu_ptr(&nmi_due), 0))
		return NMI_DONE;
	if (in_nmi())
		dt_burst(this_cpu_ptr(nmi_posters), BURST);
	return NMI_HANDLED;
}

void dt_nmi_send(struct rnd_state *rnd)
{
	int cpu = dt_below(rnd, nr_cpu_ids);

	preempt_disable();	/* it cannot go offline meanwhile */
	if (cpu_online(cpu) &&
	    !atomic_cmpxchg(per_cpu_ptr(&nmi_due, cpu), 0, 1))
		apic->send_IPI_mask(cpumask_of(cpu), NMI_VECTOR);
	preempt_enable();
}

const char *dt_nmi_refused(void)
{
	return NULL;
}

int dt_nmi_start(void)
{
	int cpu;

	nmi_posters = alloc_percpu(struct dt_poster);
	if (!nmi_posters)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		per_cpu_ptr(nmi_posters, cpu)->context = DT_NMI;
		dt_seed(&per_cpu_ptr(nmi_posters, cpu)->rnd);
	}
	return register_nmi_handler(NMI_LOCAL, nmi_post, 0, "defertorture");
}

/* One that comes when the handler is gone would be nobody's. */
static bool all_came(void)
{
	int cpu;

	for_each_online_cpu(cpu)
		if (atomic_read(per_cpu_ptr(&nmi_due, cpu)))
			return false;
	return true;
}

void dt_nmi_quiesce(void)
{
	unsigned int tries;

	if (!nmi_posters)
		return;
	for (tries = 0; !all_came() && tries < ARRIVAL_MS; tries++)
		usleep_range(1000, 2000);
	unregister_nmi_handler(NMI_LOCAL, "defertorture");
}

void dt_nmi_free(void)
{
	free_percpu(nmi_posters);
	nmi_posters = NULL;
}

#else

void dt_nmi_send(struct rnd_state *rnd)
{
}

const char *dt_nmi_refused(void)
{
	return "this kernel has no local APIC to send one with";
}

int dt_nmi_start(void)
{
	return 0;
}

void dt_nmi_quiesce(void)
{
}

void dt_nmi_free(void)
{
}

#endif
