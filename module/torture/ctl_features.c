// SPDX-License-Identifier: GPL-2.0
/*
 * What this kernel offers to a torture: the file features.
 *
 * Half of it was decided when the kernel was built, the other half can change
 * at any time (a boot argument, a lockdep that gave up, expedited mode), and is
 * looked up on each read.
 */
#include <linux/cpumask.h>
#include <linux/debug_locks.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/utsname.h>

#include "ctl.h"

/* What the kernel was built with, and what follows from it. */
static const struct built_in {
	const char *name;
	bool built;
	const char *yes, *no;
} built_ins[] = {
	{ "kasan", IS_ENABLED(CONFIG_KASAN),
	  "a busted form may run on memory=slab; a stale access is reported",
	  "not built; busted forms run on memory=quarantine" },
	{ "kcsan", IS_ENABLED(CONFIG_KCSAN),
	  "data races are reported", "not built" },
	{ "kfence", IS_ENABLED(CONFIG_KFENCE),
	  "built; samples slab if kfence.sample_interval is not 0",
	  "not built" },
	{ "kmemleak", IS_ENABLED(CONFIG_DEBUG_KMEMLEAK),
	  "built; leaks show in /sys/kernel/debug/kmemleak", "not built" },
	{ "prove_rcu", IS_ENABLED(CONFIG_PROVE_RCU),
	  "read-side sections are checked", "not built" },
	{ "debug_objects", IS_ENABLED(CONFIG_DEBUG_OBJECTS_RCU_HEAD),
	  "a head posted twice is reported by the kernel, too",
	  "not built for RCU heads; double_post is found without it" },
	{ "debug_atomic_sleep", IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP),
	  "sleeping where one must not is reported", "not built" },
	{ "preempt_rcu", IS_ENABLED(CONFIG_PREEMPT_RCU),
	  "readers can be preempted in their sections",
	  "readers cannot be preempted in their sections" },
	{ "nocb", IS_ENABLED(CONFIG_RCU_NOCB_CPU),
	  "rcu_nocbs= at boot moves callbacks to kthreads", "not built" },
	{ "rcu_lazy", IS_ENABLED(CONFIG_RCU_LAZY),
	  "on nocb CPUs call_rcu() may wait for seconds", "not built" },
};

static void show_yes_no(struct seq_file *m, const char *name, bool yes,
			const char *why)
{
	seq_printf(m, "%s: %s (%s)\n", name, yes ? "yes" : "no", why);
}

static void show_flavors(struct seq_file *m)
{
	unsigned int i;

	for (i = 0; ctl_flavors[i]; i++)
		seq_printf(m, "flavor.%s: yes (%s)\n", ctl_flavors[i]->name,
			   ctl_flavors[i]->about);
}

static void show_lockdep(struct seq_file *m)
{
	if (!IS_ENABLED(CONFIG_LOCKDEP))
		show_yes_no(m, "lockdep", false, "not built");
	else if (!READ_ONCE(debug_locks))
		show_yes_no(m, "lockdep", false,
			    "it has reported something and is off since: see dmesg");
	else
		show_yes_no(m, "lockdep", true, "watching");
}

static void show_hotplug(struct seq_file *m)
{
	if (!IS_ENABLED(CONFIG_HOTPLUG_CPU))
		show_yes_no(m, "hotplug", false, "not built");
	else if (num_present_cpus() < 2)
		show_yes_no(m, "hotplug", false, "there is one CPU");
	else
		show_yes_no(m, "hotplug", true, "CPUs can go offline");
}

static void show_expedited(struct seq_file *m)
{
	if (rcu_gp_is_normal())
		show_yes_no(m, "expedited", false,
			    "rcu_normal is set: even expedited grace periods are normal ones");
	else if (rcu_gp_is_expedited())
		show_yes_no(m, "expedited", true,
			    "every synchronize_rcu() is expedited");
	else
		show_yes_no(m, "expedited", false,
			    "write 1 to /sys/kernel/rcu_expedited, or boot with rcupdate.rcu_expedited=1");
}

static void show_irq_readers(struct seq_file *m)
{
	const char *why_not = irq_readers_refused();

	show_yes_no(m, "irq_readers", !why_not,
		    why_not ?: "from timers in hard interrupt context");
}

static const char *preempt_model(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return "rt";
	if (preempt_model_full())
		return "full";
	return preempt_model_voluntary() ? "voluntary" : "none";
}

int ctl_features_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	seq_printf(m, "kernel: %s %s\n", utsname()->release,
		   utsname()->machine);
	seq_printf(m, "cpus: %u (%u online)\n", num_present_cpus(),
		   num_online_cpus());
	seq_printf(m, "hz: %d\n", HZ);
	seq_printf(m, "preempt: %s (%s)\n", preempt_model(),
		   IS_ENABLED(CONFIG_PREEMPT_DYNAMIC) ?
		   "chosen at boot: preempt=none|voluntary|full" :
		   "chosen when the kernel was built");
	show_flavors(m);
	show_expedited(m);
	show_hotplug(m);
	show_irq_readers(m);
	show_lockdep(m);
	for (i = 0; i < ARRAY_SIZE(built_ins); i++)
		show_yes_no(m, built_ins[i].name, built_ins[i].built,
			    built_ins[i].built ? built_ins[i].yes :
						 built_ins[i].no);
	return 0;
}
