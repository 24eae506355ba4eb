// SPDX-License-Identifier: GPL-2.0
/*
 * The rescue: what the module should have waited for is waited for here.
 *
 * Not by srcu_barrier(): its srcu_struct may be gone with the module's memory.
 * Counting needs nobody's structures. rcu_barrier() makes lazy callbacks
 * run at once.
 *
 * Callbacks that post themselves again would keep this going for ever. So after
 * a while what they repost is dropped: the head gets a function that does
 * nothing. What the callback would have freed is lost, the machine is not.
 * Work that a pending rcu_work would queue is dropped from the beginning, for
 * on which workqueue to wait for it is not known.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>

#include "check.h"

#define PATIENCE_MS	250

static void drop(struct rcu_head *unused)
{
}

static void drop_works(const struct uc_facts *f)
{
	struct uc_site *s;

	for (s = uc_next_site(NULL); s; s = uc_next_site(s))
		if (uc_concerns(s, f) && s->kind == UC_RCU_WORK)
			WRITE_ONCE(s->func, drop);
}

/**
 * uc_rescue_from() - wait until nothing of the module is under way
 * @f: what is
 *
 * Context: may sleep, up to rescue_ms.
 * Return: what came of it.
 */
enum uc_rescued uc_rescue_from(const struct uc_facts *f)
{
	unsigned long patience = jiffies + msecs_to_jiffies(PATIENCE_MS);
	unsigned long end = jiffies + msecs_to_jiffies(uc_rescue_ms);

	/* Not by what was ruled: that may have missed one that was posted meanwhile. */
	if (uc_sites_idle(f))
		return UC_NOT_NEEDED;
	if (!uc_rescue)
		return UC_NOT_ASKED;
	drop_works(f);
	rcu_barrier();
	while (!uc_sites_idle(f)) {
		if (time_after(jiffies, end))
			return UC_TIMEOUT;
		if (f->phase != UC_INIT_TEXT && time_after(jiffies, patience))
			uc_sites_swallow(f->m);
		usleep_range(500, 1000);
	}
	/* The last one is counted, and may have the end of it before it. */
	synchronize_rcu();
	return UC_RESCUED;
}
