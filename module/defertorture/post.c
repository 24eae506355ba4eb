// SPDX-License-Identifier: GPL-2.0
/*
 * Posters: threads that post, and make timers, interrupts and NMIs post.
 *
 * A thread never starts one of its timers before the last shot is over, so each
 * poster, with its items and its random numbers, has one user at a time.
 */
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/timer.h>

#include <lastref/compat.h>

#include "defertorture.h"

#define NR_THREADS	2
#define BURST		8
#define REST_US		1000
#define SHOT_NS		200000

/**
 * struct posting - one thread and what it sets off
 * @rnd: of its own decisions
 * @task: posts from the thread
 * @softirq: from @timer
 * @hrtimer_poster: from @hrtimer
 * @work_poster: from @work
 * @timer: fires in softirq
 * @hrtimer: fires in hardirq
 * @work: an interrupt that the CPU sends to itself
 */
struct posting {
	struct rnd_state rnd;
	struct dt_poster task, softirq, hrtimer_poster, work_poster;
	struct timer_list timer;
	struct hrtimer hrtimer;
	struct irq_work work;
};

static struct posting *postings[NR_THREADS];

static void burst_in_timer(struct timer_list *timer)
{
	struct posting *p = timer_container_of(p, timer, timer);

	if (!dt_over())
		dt_burst(&p->softirq, BURST);
}

static enum hrtimer_restart burst_in_hrtimer(struct hrtimer *timer)
{
	struct posting *p = container_of(timer, struct posting, hrtimer);

	if (!dt_over())
		dt_burst(&p->hrtimer_poster, BURST);
	return HRTIMER_NORESTART;
}

static void burst_in_work(struct irq_work *work)
{
	struct posting *p = container_of(work, struct posting, work);

	dt_burst(&p->work_poster, BURST);
}

static void post_turn(struct posting *p)
{
	dt_burst(&p->task, BURST);
	mutex_lock(&dt_mutex);
	dt_burst(&p->task, 1);
	mutex_unlock(&dt_mutex);
	spin_lock(&dt_lock);
	dt_burst(&p->task, 1);
	spin_unlock(&dt_lock);
	irq_work_queue(&p->work);
	irq_work_sync(&p->work);
	if (!timer_pending(&p->timer))
		mod_timer(&p->timer, jiffies + 1);
	if (!hrtimer_active(&p->hrtimer))
		hrtimer_start(&p->hrtimer,
			      ns_to_ktime(dt_below(&p->rnd, SHOT_NS)),
			      HRTIMER_MODE_REL_PINNED_HARD);
	dt_nmi_send(&p->rnd);
}

static void post(void *arg)
{
	struct posting *p = arg;

	do {
		post_turn(p);
	} while (dt_sleep(dt_below(&p->rnd, REST_US)));
}

static void poster_init(struct dt_poster *p, enum dt_context context)
{
	p->context = context;
	dt_seed(&p->rnd);
}

static struct posting *posting_alloc(void)
{
	struct posting *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return NULL;
	dt_seed(&p->rnd);
	poster_init(&p->task, DT_TASK);
	poster_init(&p->softirq, DT_SOFTIRQ);
	poster_init(&p->hrtimer_poster, DT_HRTIMER);
	poster_init(&p->work_poster, DT_IRQ_WORK);
	timer_setup(&p->timer, burst_in_timer, 0);
	hrtimer_setup(&p->hrtimer, burst_in_hrtimer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	init_irq_work(&p->work, burst_in_work);
	return p;
}

int dt_posters_start(void)
{
	int i, err;

	for (i = 0; i < NR_THREADS; i++) {
		postings[i] = posting_alloc();
		if (!postings[i])
			return -ENOMEM;
		err = dt_thread(post, postings[i], "post");
		if (err)
			return err;
	}
	return 0;
}

/* The threads have ended; what they set off may still be on its way. */
void dt_posters_quiesce(void)
{
	int i;

	for (i = 0; i < NR_THREADS; i++) {
		if (!postings[i])
			continue;
		timer_delete_sync(&postings[i]->timer);
		hrtimer_cancel(&postings[i]->hrtimer);
		irq_work_sync(&postings[i]->work);
	}
}

/* After the last callback. */
void dt_posters_free(void)
{
	int i;

	for (i = 0; i < NR_THREADS; i++) {
		kfree(postings[i]);
		postings[i] = NULL;
	}
}
