// SPDX-License-Identifier: GPL-2.0
/*
 * The predictions. The unload waits on CPU 0, where free_module()'s synchronize_rcu()
 * is queued behind the callbacks that were posted there, and hurries lazy ones along.
 * What it does not wait for: those on another CPU, unless they come soon enough by
 * themselves (a few do, many do not, lazy ones come ten seconds later); those that
 * are posted again when they run; those of another flavor. Expedited, it waits for none.
 *
 * An srcu_struct of the module's own the kernel takes apart as the module goes. It warns
 * of callbacks that are queued there and lets go of them all the same: most never come,
 * some do late, and now and then what is left of the grace period finds no srcu_struct.
 */
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
	{ "none", "exit=none", FATES(LUCK, CRASH, LUCK),
	  "one callback, no barrier: free_module() happens to wait for it" },
	{ "none-other-cpu", "exit=none cpu=1", FATES(CHANCE, CHANCE, CRASH),
	  "one on another CPU than the one that unloads" },
	{ "none-flood", "exit=none count=30000 length_us=20 cpu=1", FATES(CRASH, CRASH, CRASH),
	  "a flood there" },
	{ "none-long", "exit=none count=20000 length_us=50 cpu=1", FATES(CRASH, CRASH, CRASH),
	  "long ones there: the text goes while one runs" },
	{ "chain", "exit=none repost=4 fullstop=0", FATES(CRASH, CRASH, CRASH),
	  "each link waits for a grace period of its own, free_module() for one" },
	{ "chain-one-barrier", "exit=barrier repost=4 fullstop=0", FATES(CRASH, CRASH, CRASH),
	  "a barrier waits for the link that is posted, not for the next" },
	{ "repost-forever", "exit=barrier repost=-1 fullstop=0", FATES(CRASH, CRASH, CRASH),
	  "no barrier ends what posts itself" },
	{ "sync", "exit=sync", FATES(HIDDEN, CRASH, HIDDEN),
	  "synchronize_rcu() waits for readers, and on this CPU it happens to do more" },
	{ "sync-many", "exit=sync_many count=1000 cpu=1", FATES(HIDDEN, CHANCE, CRASH),
	  "nor do ten of them wait for callbacks" },
	{ "sync-flood", "exit=sync count=30000 length_us=20 cpu=1", FATES(CRASH, CRASH, CRASH),
	  "nor by luck, when they are many" },
	{ "wrong-flavor", "exit=wrong_flavor flavor=tasks count=2000 length_us=100",
	  FATES(CRASH, CRASH, CRASH), "rcu_barrier() for what call_rcu_tasks() posted" },
	{ "wrong-flavor-srcu", "exit=wrong_flavor flavor=srcu count=100",
	  FATES(WARNED, WARNED, CHANCE), "rcu_barrier() for what call_srcu() posted" },
	{ "barrier-first", "exit=barrier_before_timers", FATES(LUCK, CRASH, LUCK),
	  "the barrier, and then the timer posts once more" },
};

const size_t nr_unload_cases = ARRAY_SIZE(unload_cases);

const struct unload_fate unload_fates[NR_FATES] = {
	[FATE_CLEAN] = { "clean", .lives = true, .never_pending = true },
	[FATE_LUCK] = { "luck", .lives = true, .pending = true },
	[FATE_HIDDEN] = { "hidden", .lives = true, .never_pending = true },
	[FATE_WARNED] = { "warned", .pending = true, .warned = true },
	[FATE_CRASH] = { "crash", .dies = true, .pending = true },
	[FATE_CHANCE] = { "chance", .pending = true },
};
