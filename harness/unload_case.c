// SPDX-License-Identifier: GPL-2.0
/*
 * The predictions. In normal mode free_module()'s synchronize_rcu() waits behind
 * callbacks that were posted on its own CPU; what it does not wait for are those on
 * another CPU when they are many, those that are posted again when they run, and those
 * that a kernel holds back (lazy). Expedited, it waits for none.
 */
#include <assert.h>

#include "compiler.h"
#include "unload_case.h"

#define FATES(normal, expedited, lazy)	{ FATE_##normal, FATE_##expedited, FATE_##lazy }

const struct unload_case unload_cases[] = {
	{ "barrier", "exit=barrier", FATES(CLEAN, CLEAN, CLEAN),
	  "one callback, then rcu_barrier()" },
	{ "barrier-100", "exit=barrier count=100 context=softirq cpu=1",
	  FATES(CLEAN, CLEAN, CLEAN), "a hundred from another CPU's softirq, then rcu_barrier()" },
	{ "barrier-timer", "exit=barrier count=100 context=timer", FATES(CLEAN, CLEAN, CLEAN),
	  "the timer that posts is stopped first" },
	{ "barrier-srcu", "exit=barrier flavor=srcu count=100", FATES(CLEAN, CLEAN, CLEAN),
	  "call_srcu(), then srcu_barrier()" },
	{ "repost-stopped", "exit=barrier repost=-1", FATES(CLEAN, CLEAN, CLEAN),
	  "callbacks post themselves until they see the stop flag, then rcu_barrier()" },
	{ "chain-barriers", "exit=barrier repost=4 fullstop=0 barriers=5",
	  FATES(CLEAN, CLEAN, CLEAN), "a chain of 4 reposts, and 5 barriers" },
	{ "close", "exit=close count=100", FATES(CLEAN, CLEAN, CLEAN),
	  "the same job by a domain of rcudefer, closed" },
	{ "close-repost", "exit=close repost=-1 fullstop=0", FATES(CLEAN, CLEAN, CLEAN),
	  "reposts without end, and the domain closed" },
	{ "none", "exit=none", FATES(LUCK, CRASH, CHANCE),
	  "one callback, no barrier: free_module() happens to wait for it" },
	{ "none-flood", "exit=none count=30000 length_us=20 cpu=1", FATES(CRASH, CRASH, CRASH),
	  "a flood on another CPU than the one that unloads" },
	{ "none-long", "exit=none count=20000 length_us=50 cpu=1", FATES(CRASH, CRASH, CRASH),
	  "long ones on another CPU: the text goes while one runs" },
	{ "chain", "exit=none repost=4 fullstop=0", FATES(CRASH, CRASH, CRASH),
	  "each link waits for a grace period of its own, free_module() for one" },
	{ "chain-one-barrier", "exit=barrier repost=4 fullstop=0", FATES(CRASH, CRASH, CRASH),
	  "a barrier waits for the link that is posted, not for the next" },
	{ "repost-forever", "exit=barrier repost=-1 fullstop=0", FATES(CRASH, CRASH, CRASH),
	  "no barrier ends what posts itself" },
	{ "sync", "exit=sync", FATES(LUCK, CRASH, CHANCE),
	  "synchronize_rcu() waits for readers, not for callbacks" },
	{ "sync-many", "exit=sync_many count=1000", FATES(LUCK, CHANCE, CRASH),
	  "nor do ten of them" },
	{ "wrong-flavor", "exit=wrong_flavor flavor=srcu", FATES(CHANCE, CHANCE, CHANCE),
	  "rcu_barrier() for what call_srcu() posted" },
	{ "barrier-first", "exit=barrier_before_timers", FATES(CHANCE, CHANCE, CRASH),
	  "the barrier, and then the timer posts once more" },
};

const size_t nr_unload_cases = ARRAY_SIZE(unload_cases);

static const char *const fates[] = {
	[FATE_CLEAN] = "clean",
	[FATE_LUCK] = "luck",
	[FATE_CRASH] = "crash",
	[FATE_CHANCE] = "chance",
};

static_assert(ARRAY_SIZE(fates) == NR_FATES, "a name for each fate");

const char *fate_name(enum fate fate)
{
	return fates[fate];
}
