// SPDX-License-Identifier: GPL-2.0
/*
 * Fake writers: they wait for grace periods and write nothing.
 *
 * Grace periods that somebody else asked for make those of the updaters start
 * and end at odd times, share them, and hurry them.  Fake writers ask in every
 * way the flavor has: normal, expedited, and by polling.
 */
#include "parts.h"

/*
 * A cookie asks for no grace period, it only tells when one is over.  If
 * nobody else wants one it may never be, so polling has an end.
 */
#define MAX_POLLS	50
#define POLL_US		5000

static void fake_synchronize(struct torture_thread *t)
{
	struct flavor *flavor = &t->run->flavor;

	flavor->ops->synchronize(flavor);
}

static void fake_expedited(struct torture_thread *t)
{
	struct flavor *flavor = &t->run->flavor;

	flavor->ops->synchronize_expedited(flavor);
}

static void fake_poll(struct torture_thread *t)
{
	struct flavor *flavor = &t->run->flavor;
	struct flavor_state state = flavor->ops->get_state(flavor);
	unsigned int polls;

	for (polls = 0; polls < MAX_POLLS; polls++) {
		if (flavor->ops->poll_state(flavor, &state))
			return;
		if (gate_closing(t->run) ||
		    !thread_sleep(t->run, rnd_below(&t->rnd, POLL_US)))
			return;
	}
}

static void (*const fakes[])(struct torture_thread *t) = {
	fake_synchronize,
	fake_expedited,
	fake_poll,
};

static void fakewriter(struct torture_thread *t)
{
	struct torture_run *run = t->run;

	if (!gate_enter(run))
		return;
	do {
		fakes[rnd_below(&t->rnd, ARRAY_SIZE(fakes))](t);
		run_count(run, CNT_FAKEWRITES);
		thread_sleep(run, rnd_below(&t->rnd, 10000));
	} while (gate_pass(run));
}

int fakewriters_start(struct torture_run *run)
{
	return group_start(run, &run->parts->fakewriters, run->cfg.fakewriters,
			   fakewriter, "fakewriter");
}

void fakewriters_stop(struct torture_run *run)
{
	group_stop(&run->parts->fakewriters);
}
