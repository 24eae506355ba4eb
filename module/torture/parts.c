// SPDX-License-Identifier: GPL-2.0
/*
 * Starting and stopping the parts of a run.
 *
 * The order in which they stop is that of rcu_torture_cleanup() in the
 * rcubarrier document (claim B6): first the flag that keeps callbacks from
 * posting themselves again, then what disturbs the others, the writers, the
 * readers, the fake writers, what posts callbacks of its own, and the stats.
 * Timers are cancelled by their parts, so they are gone before the run's
 * barrier (claim B7).  That barrier is the caller's next step: when
 * parts_stop() returns, nothing posts any more.
 *
 * Parts start in the opposite order, and a start that fails half way is undone
 * by the same stop functions that end a whole run.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/slab.h>

#include "parts.h"

static const struct part {
	const char *name;
	int (*start)(struct torture_run *run);
	void (*stop)(struct torture_run *run);
} parts[] = {
	{ "stall",		stall_start,		stall_stop },
	{ "hotplug",		hotplug_start,		hotplug_stop },
	{ "shuffle",		shuffle_start,		shuffle_stop },
	{ "stutter",		stutter_start,		stutter_stop },
	{ "updaters",		updaters_start,		updaters_stop },
	{ "readers",		readers_start,		readers_stop },
	{ "timer readers",	timer_readers_start,	timer_readers_stop },
	{ "irq readers",	irq_readers_start,	irq_readers_stop },
	{ "exit readers",	exit_readers_start,	exit_readers_stop },
	{ "fakewriters",	fakewriters_start,	fakewriters_stop },
	{ "flood",		flood_start,		flood_stop },
	{ "barriers",		barriers_start,		barriers_stop },
	{ "stats",		stats_start,		stats_stop },
};

/* How long a lost callback is waited for before its memory is given up. */
#define SETTLE_TRIES	300
#define SETTLE_MS	100

struct parts_memory {
	struct list_head node;
	u64 data[];
};

/**
 * parts_alloc() - zeroed memory that lives until all parts have stopped
 * @run: the run
 * @n: number of objects
 * @size: of one
 *
 * Context: parts_start(); may sleep.
 * Return: the memory or NULL.
 */
void *parts_alloc(struct torture_run *run, size_t n, size_t size)
{
	struct parts_memory *m;

	m = kzalloc(size_add(sizeof(*m), size_mul(n, size)), GFP_KERNEL);
	if (!m)
		return NULL;
	list_add(&m->node, &run->parts->memory);
	return m->data;
}

static void parts_free(struct run_parts *parts)
{
	struct parts_memory *m, *next;

	if (parts->leak)
		return;
	list_for_each_entry_safe(m, next, &parts->memory, node)
		kfree(m);
	kfree(parts);
}

/*
 * One barrier waits for all that was posted, and that a callback was counted
 * as invoked says nothing about its last instructions, so the barrier comes
 * in any case.  The second is for callbacks that post themselves: one that ran
 * when the flag was set may have posted once more after the first barrier
 * began.
 *
 *	callback			here
 *	--------			----
 *	flag not set
 *					sets the flag
 *					first barrier begins
 *	posts itself
 *	returns				first barrier returns
 *					second barrier begins
 *	(again) flag set, returns	second barrier returns
 *
 * Anything left after that means the flavor has lost it, or its barrier does
 * not wait, which is what the barrier check is about.  Time may still bring it
 * in, and then it must find its memory.
 */
void parts_settle(struct torture_run *run, const atomic_long_t *posted,
		  const atomic_long_t *invoked, const char *what)
{
	unsigned int tries;
	long missing;

	if (!atomic_long_read(posted))
		return;
	run->flavor.ops->cb_barrier(&run->flavor);
	run->flavor.ops->cb_barrier(&run->flavor);
	missing = atomic_long_read(posted) - atomic_long_read(invoked);
	check_ran(run, CHECK_BARRIER);
	if (!missing)
		return;
	check_fail(run, CHECK_BARRIER, NULL,
		   "%ld %s not invoked after the last barrier", missing, what);
	for (tries = 0; tries < SETTLE_TRIES; tries++) {
		msleep(SETTLE_MS);
		missing = atomic_long_read(posted) - atomic_long_read(invoked);
		if (!missing)
			return;
	}
	pr_err("run %s: %ld %s never came; their memory is leaked, reboot before you trust this kernel\n",
	       run->cfg.name, missing, what);
	run->parts->leak = true;
}

/**
 * parts_start() - start everything the run's config asks for
 * @run: the run; its table, flavor, counters and gate are ready
 *
 * Return: 0, or the errno of the part that could not start, with everything
 * stopped again and run->fullstop set.
 */
int parts_start(struct torture_run *run)
{
	struct run_parts *p;
	int i, err;

	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	INIT_LIST_HEAD(&p->memory);
	INIT_LIST_HEAD(&p->threads);
	mutex_init(&p->threads_lock);
	run->parts = p;

	for (i = ARRAY_SIZE(parts) - 1; i >= 0; i--) {
		err = parts[i].start(run);
		if (err) {
			pr_err("run %s: cannot start %s: %pe\n",
			       run->cfg.name, parts[i].name, ERR_PTR(err));
			parts_stop(run);
			return err;
		}
	}
	return 0;
}

/**
 * parts_stop() - end everything, in the document's order
 * @run: the run, fully started, half started, or already stopped
 *
 * Context: may sleep.  When it returns no part runs, in any context, and none
 * will post a callback; the table's own callbacks may still be pending.
 */
void parts_stop(struct torture_run *run)
{
	int i;

	WRITE_ONCE(run->fullstop, true);
	if (!run->parts)
		return;
	wake_up_all(&run->gate.wait_open);
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		parts[i].stop(run);
	parts_free(run->parts);
	run->parts = NULL;
}
