// SPDX-License-Identifier: GPL-2.0
/*
 * Grace periods that we find ourselves: their numbers.  gp_own.h has the idea
 * and the letters of the barriers.
 */
#include <linux/delay.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include <lastref/defer.h>

#include "gp_own.h"

#define GP_STEP		2UL	/* from one grace period to the next */
#define GP_RUNNING	1UL
#define GP_FIRST	(0UL - 128 * GP_STEP)	/* it wraps while we watch */

#define REST_MIN_US	10	/* in a hurry */
#define REST_MAX_US	50

static unsigned long snap(const struct gp_own *own)
{
	smp_mb();	/* a */
	return (READ_ONCE(own->seq) + GP_STEP + GP_RUNNING) & ~GP_RUNNING;
}

static bool done(const struct gp_own *own, unsigned long seq)
{
	if (!ULONG_CMP_GE(READ_ONCE(own->seq), seq))
		return false;
	smp_mb();	/* d */
	return true;
}

static void one(struct gp_own *own)
{
	WRITE_ONCE(own->seq, own->seq + GP_RUNNING);
	smp_mb();	/* b */
	own->find(own);
	smp_mb();	/* c */
	WRITE_ONCE(own->seq, own->seq + GP_STEP - GP_RUNNING);
	wake_up_all(&own->wait);
}

/*
 * Whoever raises @wanted queues the work afterwards.  Where the work is queued
 * already, or runs, that is still a full barrier against this look.
 */
static void run(struct work_struct *work)
{
	struct gp_own *own = container_of(work, struct gp_own, work);

	while (!ULONG_CMP_GE(own->seq, atomic_long_read(&own->wanted))) {
		one(own);
		cond_resched();
	}
}

static void want(struct gp_own *own, unsigned long seq)
{
	long wanted = atomic_long_read(&own->wanted);

	do {
		if (ULONG_CMP_GE(wanted, seq))
			break;
	} while (!atomic_long_try_cmpxchg(&own->wanted, &wanted, seq));
	queue_work(system_unbound_wq, &own->work);
}

void gp_own_get_state(const struct gp_own *own, struct defer_cookie *cookie)
{
	memset(cookie, 0, sizeof(*cookie));
	cookie->seq[0] = snap(own);
}

void gp_own_start(struct gp_own *own, struct defer_cookie *cookie)
{
	gp_own_get_state(own, cookie);
	want(own, cookie->seq[0]);
}

bool gp_own_poll(const struct gp_own *own, const struct defer_cookie *cookie)
{
	return done(own, cookie->seq[0]);
}

void gp_own_synchronize(struct gp_own *own)
{
	unsigned long seq = snap(own);

	want(own, seq);
	wait_event(own->wait, done(own, seq));
}

void gp_own_rest(struct gp_own *own)
{
	if (gp_own_hurries(own))
		usleep_range(REST_MIN_US, REST_MAX_US);
	else
		wait_event_timeout(own->wait,
				   READ_ONCE(own->news) || gp_own_hurries(own),
				   1);
	WRITE_ONCE(own->news, false);
}

void gp_own_news(struct gp_own *own)
{
	WRITE_ONCE(own->news, true);
	wake_up_all(&own->wait);
}

/* A grace period that is under way hurries too, as long as this waits. */
void gp_own_expedite(struct gp_own *own)
{
	atomic_inc(&own->hurry);
	wake_up_all(&own->wait);
	gp_own_synchronize(own);
	atomic_dec(&own->hurry);
}

void gp_own_init(struct gp_own *own, void (*find)(struct gp_own *own))
{
	own->seq = GP_FIRST;
	atomic_long_set(&own->wanted, GP_FIRST);
	atomic_set(&own->hurry, 0);
	own->news = false;
	own->find = find;
	init_waitqueue_head(&own->wait);
	INIT_WORK(&own->work, run);
}

void gp_own_exit(struct gp_own *own)
{
	cancel_work_sync(&own->work);
}
