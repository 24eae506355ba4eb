// SPDX-License-Identifier: GPL-2.0
/*
 * CPUs that go.
 *
 * A queue belongs to its domain, not to its CPU: whoever runs it can do so when
 * the CPU is gone, in the same order, so nothing is moved to another queue and
 * nothing can be lost or run twice on the way.  Only the wake-up can be lost:
 * who posts on a dying CPU after its irq_works have been run for the last time
 * raises one that will not run.  So once the CPU is dead every queue it has
 * left behind is woken.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>

#include "domain.h"

static int hotplug_state;

static int cpu_is_dead(unsigned int cpu)
{
	struct defer_domain *d;

	mutex_lock(&domains_mutex);
	list_for_each_entry(d, &domains, node)
		queue_wake(per_cpu_ptr(d->queues, cpu));
	mutex_unlock(&domains_mutex);
	return 0;
}

int hotplug_init(void)
{
	int ret = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN,
					    "lastref/rcudefer", NULL,
					    cpu_is_dead);

	if (ret < 0)
		return ret;
	hotplug_state = ret;
	return 0;
}

void hotplug_exit(void)
{
	cpuhp_remove_state_nocalls(hotplug_state);
}
