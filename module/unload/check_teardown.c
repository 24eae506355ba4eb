// SPDX-License-Identifier: GPL-2.0
/*
 * The rule for what a module takes apart while callbacks of it are pending.
 *
 *	kmem_cache_destroy()	a callback that frees into the cache then finds it
 *				gone, or its slabs taken for leaked
 *	destroy_workqueue()	a callback that queues work finds it gone, or its
 *				work never runs
 *
 * The barrier belongs before it (some 45 file systems have one for the cache); one
 * that comes after cannot mend it. Only what is taken apart on the way out
 * counts. Of a cache it is known which callbacks are for objects of it
 * (check_cache.c). Of a workqueue it is only known that the module's callbacks do
 * queue work, not to which; so it is no more than unbarriered.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include <lastref/compat.h>

#include "check.h"

static unsigned long pending_of(const struct uc_module *m)
{
	unsigned long pending = 0;
	struct uc_site *s;

	for (s = uc_next_site(NULL); s; s = uc_next_site(s)) {
		struct uc_sum sum;

		if (s->owner != m || s->kind != UC_DIRECT)
			continue;
		sum = uc_site_sum(s);
		pending += sum.posted - sum.started;
	}
	return pending;
}

/* Is it called by a module on its way out? Else NULL. */
static struct uc_module *leaving(struct pt_regs *regs)
{
	unsigned long from = regs_get_kernel_stack_nth(regs, 0);
	struct uc_module *m;

	if (!uc_maybe_module(from))
		return NULL;
	m = uc_module_of(from);
	return m && m->mod->state != MODULE_STATE_LIVE ? m : NULL;
}

static int cache_destroyed(struct kprobe *kp, struct pt_regs *regs)
{
	struct kmem_cache *cache = (void *)regs_get_kernel_argument(regs, 0);
	unsigned long pending;
	struct uc_module *m;

	rcu_read_lock();
	pending = uc_cache_end(cache);
	m = pending ? leaving(regs) : NULL;
	if (m)
		atomic_long_add(pending, &m->cache_pending);
	rcu_read_unlock();
	return 0;
}

NOKPROBE_SYMBOL(cache_destroyed);

static int queue_destroyed(struct kprobe *kp, struct pt_regs *regs)
{
	struct uc_module *m;

	rcu_read_lock();
	m = leaving(regs);
	if (m)
		atomic_long_add(pending_of(m), &m->queue_pending);
	rcu_read_unlock();
	return 0;
}

NOKPROBE_SYMBOL(queue_destroyed);

/* By a module, from within a callback that we have called: whose? */
static void notrace queued(unsigned long ip, unsigned long parent_ip,
			   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct uc_module *m;

	if (!uc_in_callback() || !uc_maybe_module(parent_ip))
		return;
	rcu_read_lock();
	m = uc_module_of(parent_ip);
	if (m && !READ_ONCE(m->queues))
		WRITE_ONCE(m->queues, true);
	rcu_read_unlock();
}

static struct kprobe probes[] = {
	{ .symbol_name = "kmem_cache_destroy", .pre_handler = cache_destroyed },
	{ .symbol_name = "destroy_workqueue", .pre_handler = queue_destroyed },
};

static struct ftrace_ops queue_ops = {
	.func = queued,
	.flags = FTRACE_OPS_FL_PERMANENT,
};

static int probe_err[ARRAY_SIZE(probes)], queue_err;

static int watch_queueing(void)
{
	char name[] = "queue_work_on";
	int err = ftrace_set_filter(&queue_ops, name, strlen(name), 1);

	if (!err)
		err = register_ftrace_function(&queue_ops);
	if (err)
		ftrace_free_filter(&queue_ops);
	return err;
}

/* Where they cannot be had there is a rule less. */
void uc_teardown_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		probe_err[i] = register_kprobe(&probes[i]);
	queue_err = watch_queueing();
}

void uc_teardown_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (!probe_err[i])
			unregister_kprobe(&probes[i]);
	if (queue_err)
		return;
	unregister_ftrace_function(&queue_ops);
	ftrace_free_filter(&queue_ops);
}

static void feature(struct seq_file *m, const char *name, int err)
{
	if (err)
		seq_printf(m, "%s: no, it cannot be hooked here (%d)\n", name,
			   err);
	else
		seq_printf(m, "%s: yes\n", name);
}

void uc_teardown_features(struct seq_file *m)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		feature(m, probes[i].symbol_name, probe_err[i]);
	feature(m, "queue_work_on", queue_err);
}
