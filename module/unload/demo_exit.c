// SPDX-License-Identifier: GPL-2.0
/*
 * The ways out, as lists of steps: what is wrong with a wrong one is a step that
 * is missing, another one in its place, or the order.
 *
 * A failed init leaves by the same way.
 */
#include <linux/delay.h>
#include <linux/string.h>

#include "demo.h"

#define NR_SYNCS	10

static void burst(void)
{
	if (demo_at_exit())
		demo_context->burst();
}

static void stop(void)
{
	WRITE_ONCE(demo_stop, true);
	if (demo_context->stop)
		demo_context->stop();
}

static void barriers(void)
{
	int i;

	for (i = 0; i < demo_barriers; i++)
		demo_flavor->wait();
}

static void sync(void)
{
	synchronize_rcu();
}

static void syncs(void)
{
	int i;

	for (i = 0; i < NR_SYNCS; i++)
		synchronize_rcu();
}

static void wrong_barrier(void)
{
	demo_flavor->wait_wrong();
}

/* What posts does so once more, as it may whenever it is not stopped. */
static void one_more(void)
{
	unsigned long before = demo_ticks();

	while (demo_context->start && demo_ticks() == before)
		usleep_range(200, 400);
}

static const struct demo_exit exits[] = {
	{ "barrier", { burst, stop, barriers } },
	{ "none", { burst, stop } },
	{ "sync", { burst, stop, sync } },
	{ "sync_many", { burst, stop, syncs } },
	{ "wrong_flavor", { burst, stop, wrong_barrier } },
	{ "barrier_before_timers", { burst, barriers, one_more, stop } },
	{ "barrier_before_work", { burst, barriers, one_more, stop } },
	{ "completion", { burst, stop, demo_wait_all_done } },
	{ "cache_first", { burst, stop, demo_cache_destroy, barriers } },
	/* one cache is done with, the other in use */
	{ "cache_renewed", { burst, barriers, demo_cache_renew, burst,
			     demo_cache_retire, barriers } },
	/* the first burst is at home: its callbacks queue work as they should */
	{ "work_first", { burst, barriers,
			  burst, stop, demo_wq_destroy, barriers } },
	{ "close", { burst, stop, demo_close } },
};

const struct demo_exit *demo_exit_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(exits); i++)
		if (!strcmp(exits[i].name, name))
			return &exits[i];
	return NULL;
}

void demo_leave(const struct demo_exit *exit)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(exit->steps) && exit->steps[i]; i++)
		exit->steps[i]();
	demo_objects_end();
	if (demo_flavor->end)
		demo_flavor->end();
	unload_ledger_close(demo_ledger);
}
