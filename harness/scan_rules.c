// SPDX-License-Identifier: GPL-2.0
/*
 * The rows are names that kernels from 6.1 on export. A function of the kernel
 * is listed as one that waits only where its source shows the barrier; the last
 * column tells under which condition it is reached.
 */
#include <assert.h>

#include "compiler.h"
#include "scan_rules.h"

#define ONE(kind)	(1u << SCAN_##kind)

/* What rcu_barrier() waits for, by itself or within something: all that call_rcu() carries. */
#define BY_RCU		(ONE(RCU) | ONE(RCU_WORK) | ONE(PERCPU_REF))

static const struct scan_call calls[] = {
	/* What posts. */
	{ "call_rcu", ONE(RCU), SCAN_NONE, "posts a callback" },
	{ "call_rcu_hurry", ONE(RCU), SCAN_NONE, "posts a callback, not lazily" },
	{ "call_srcu", ONE(SRCU), SCAN_NONE, "posts to one srcu_struct" },
	{ "call_rcu_tasks", ONE(TASKS), SCAN_NONE, "posts to RCU Tasks" },
	{ "call_rcu_tasks_rude", ONE(TASKS_RUDE), SCAN_NONE, "posts to RCU Tasks Rude" },
	{ "call_rcu_tasks_trace", ONE(TASKS_TRACE), SCAN_NONE, "posts to RCU Tasks Trace" },
	{ "queue_rcu_work", ONE(RCU_WORK), SCAN_NONE,
	  "its callback is the kernel's, but queues work of the module" },
	{ "percpu_ref_kill_and_confirm", ONE(PERCPU_REF), SCAN_NONE,
	  "its callback is the kernel's, but calls the module's release()" },

	/* What waits, called by its name. */
	{ "rcu_barrier", BY_RCU, SCAN_BARRIER,
	  "the barrier of call_rcu()" },
	{ "srcu_barrier", ONE(SRCU), SCAN_BARRIER, "the barrier of call_srcu()" },
	{ "rcu_barrier_tasks", ONE(TASKS), SCAN_BARRIER, "the barrier of call_rcu_tasks()" },
	{ "rcu_barrier_tasks_rude", ONE(TASKS_RUDE), SCAN_BARRIER,
	  "the barrier of call_rcu_tasks_rude()" },
	{ "rcu_barrier_tasks_trace", ONE(TASKS_TRACE), SCAN_BARRIER,
	  "the barrier of call_rcu_tasks_trace()" },
	{ "flush_rcu_work", ONE(RCU_WORK), SCAN_BARRIER, "waits for one rcu_work to the end" },

	/* What contains rcu_barrier() and always gets there. */
	{ "unregister_pernet_subsys", BY_RCU, SCAN_INSIDE,
	  "ends with rcu_barrier(), for what the namespaces' exit functions posted" },
	{ "unregister_pernet_device", BY_RCU, SCAN_INSIDE,
	  "ends with rcu_barrier(), for what the namespaces' exit functions posted" },
	{ "tcf_unregister_action", BY_RCU, SCAN_INSIDE,
	  "calls unregister_pernet_subsys()" },
	{ "target_backend_unregister", BY_RCU, SCAN_INSIDE,
	  "rcu_barrier() once the backend is off the list" },

	/* What contains it and gets there on a condition. */
	{ "kmem_cache_destroy", BY_RCU, SCAN_MAYBE,
	  "rcu_barrier() only for a cache that is SLAB_TYPESAFE_BY_RCU" },
	{ "unregister_netdev", BY_RCU, SCAN_MAYBE,
	  "rcu_barrier() if the device was registered" },
	{ "rtnl_unlock", BY_RCU, SCAN_MAYBE,
	  "rcu_barrier() if a network device was unregistered under the lock" },
	{ "rtnl_link_unregister", BY_RCU, SCAN_MAYBE,
	  "rcu_barrier() if there was a device of this kind" },
	{ "elv_unregister", BY_RCU, SCAN_MAYBE,
	  "rcu_barrier() if the scheduler has an icq cache" },
	{ "scsi_host_put", BY_RCU, SCAN_MAYBE,
	  "rcu_barrier() if this was the host's last reference" },
	{ "wait_for_completion", ONE(PERCPU_REF), SCAN_MAYBE,
	  "may wait until release() has said so, but not until it has returned" },
};

static const struct {
	const char *name;
	bool suspect;
} verdicts[] = {
	[SCAN_NONE] = { "none", true },
	[SCAN_MAYBE] = { "maybe", true },
	[SCAN_INSIDE] = { "inside", false },
	[SCAN_BARRIER] = { "barrier", false },
	[SCAN_PERMANENT] = { "permanent", false },
	[SCAN_QUIET] = { "quiet", false },
};

static_assert(ARRAY_SIZE(verdicts) == NR_SCAN_VERDICTS, "a name for each verdict");
static_assert(ARRAY_SIZE(calls) <= 32, "a bit for each call");

static const char *const barriers[] = {
	[SCAN_RCU] = "rcu_barrier()",
	[SCAN_SRCU] = "srcu_barrier()",
	[SCAN_TASKS] = "rcu_barrier_tasks()",
	[SCAN_TASKS_RUDE] = "rcu_barrier_tasks_rude()",
	[SCAN_TASKS_TRACE] = "rcu_barrier_tasks_trace()",
	[SCAN_RCU_WORK] = "flush_rcu_work()",
	[SCAN_PERCPU_REF] = "rcu_barrier()",
};

static_assert(ARRAY_SIZE(barriers) == NR_SCAN_KINDS, "a barrier for each kind");

/* The best that waits for callbacks of this kind. */
static enum scan_verdict best_for(enum scan_kind kind, unsigned int imported)
{
	enum scan_verdict best = SCAN_NONE;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (imported & 1u << i && calls[i].kinds & 1u << kind && calls[i].waits > best)
			best = calls[i].waits;
	return best;
}

static void judge_kinds(struct scan_result *r, unsigned int posted, unsigned int imported)
{
	unsigned int kind;

	for (kind = 0; kind < NR_SCAN_KINDS; kind++) {
		enum scan_verdict best;

		if (!(posted & 1u << kind))
			continue;
		best = best_for(kind, imported);
		if (best < r->verdict)
			r->verdict = best;
		if (scan_suspect(best))
			r->open |= 1u << kind;
	}
}

static void keep_call(struct scan_result *r, const struct scan_call *c, unsigned int posted)
{
	if (c->waits == SCAN_NONE && r->nr_posts < SCAN_CALLS_MAX)
		r->posts[r->nr_posts++] = c;
	else if (c->waits != SCAN_NONE && c->kinds & posted && r->nr_waits < SCAN_CALLS_MAX)
		r->waits[r->nr_waits++] = c;
}

void scan_judge(const struct module_file *m, struct scan_result *r)
{
	unsigned int imported = 0, posted = 0;
	size_t i;

	*r = (struct scan_result){ .verdict = SCAN_QUIET };
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		if (!module_file_imports(m, calls[i].name))
			continue;
		imported |= 1u << i;
		if (calls[i].waits == SCAN_NONE)
			posted |= calls[i].kinds;
	}
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (imported & 1u << i)
			keep_call(r, &calls[i], posted);
	judge_kinds(r, posted, imported);
	if (posted && module_file_permanent(m)) {
		r->verdict = SCAN_PERMANENT;
		r->open = 0;
	}
}

const char *scan_verdict_name(enum scan_verdict verdict)
{
	return verdicts[verdict].name;
}

bool scan_suspect(enum scan_verdict verdict)
{
	return verdicts[verdict].suspect;
}

const char *scan_barrier_of(enum scan_kind kind)
{
	return barriers[kind];
}
