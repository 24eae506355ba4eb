// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts: from where callbacks are posted. A burst is count posts at once, on
 * the CPU asked for; it has been posted when burst() returns.
 *
 * Timer and work also tick: a post a jiffy, until they are stopped.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timer.h>

#include <lastref/compat.h>

#include "demo.h"

static bool stopped;		/* the ticks */
static bool burst_wanted;	/* of the next tick, which clears it */
static unsigned long ticks;

unsigned long demo_ticks(void)
{
	return READ_ONCE(ticks);
}

static int cpu(void)
{
	return demo_cpu < 0 ? raw_smp_processor_id() : demo_cpu;
}

static void post_all(void *unused)
{
	int i;

	for (i = 0; i < demo_count; i++)
		demo_post();
}

static long post_all_there(void *unused)
{
	post_all(NULL);
	return 0;
}

static void burst_task(void)
{
	if (demo_cpu < 0)
		post_all(NULL);
	else
		work_on_cpu(demo_cpu, post_all_there, NULL);
}

static void burst_irq(void)
{
	smp_call_function_single(cpu(), post_all, NULL, 1);
}

static void tasklet_fn(struct tasklet_struct *unused)
{
	post_all(NULL);
	smp_store_release(&burst_wanted, false); /* burst_softirq() */
}

static DECLARE_TASKLET(tasklet, tasklet_fn);

static void schedule_there(void *unused)
{
	tasklet_schedule(&tasklet);
}

static void wait_for_burst(void)
{
	while (smp_load_acquire(&burst_wanted)) /* whoever posts it */
		usleep_range(200, 400);
}

static void burst_softirq(void)
{
	WRITE_ONCE(burst_wanted, true);
	smp_call_function_single(cpu(), schedule_there, NULL, 1);
	wait_for_burst();
}

static void stop_softirq(void)
{
	tasklet_kill(&tasklet);
}

static void tick(void)
{
	if (READ_ONCE(burst_wanted)) {
		post_all(NULL);
		smp_store_release(&burst_wanted, false); /* wait_for_burst() */
	} else {
		demo_post();
	}
	WRITE_ONCE(ticks, ticks + 1);
}

static void burst_by_tick(void)
{
	WRITE_ONCE(burst_wanted, true);
	wait_for_burst();
}

static void timer_fn(struct timer_list *timer)
{
	tick();
	if (!READ_ONCE(stopped))
		mod_timer(timer, jiffies + 1);
}

static DEFINE_TIMER(timer, timer_fn);

static void start_timer(void)
{
	timer.expires = jiffies + 1;
	add_timer_on(&timer, cpu());
}

static void stop_timer(void)
{
	WRITE_ONCE(stopped, true);
	timer_shutdown_sync(&timer);
}

static void work_fn(struct work_struct *unused);
static DECLARE_DELAYED_WORK(work, work_fn);

static void work_fn(struct work_struct *unused)
{
	tick();
	if (!READ_ONCE(stopped))
		queue_delayed_work_on(cpu(), demo_wq, &work, 1);
}

static void start_work(void)
{
	queue_delayed_work_on(cpu(), demo_wq, &work, 1);
}

static void stop_work(void)
{
	WRITE_ONCE(stopped, true);
	cancel_delayed_work_sync(&work);
}

static const struct demo_context contexts[] = {
	{ "task", NULL, burst_task, NULL },
	{ "irq", NULL, burst_irq, NULL },
	{ "softirq", NULL, burst_softirq, stop_softirq },
	{ "timer", start_timer, burst_by_tick, stop_timer },
	{ "work", start_work, burst_by_tick, stop_work },
};

const struct demo_context *demo_context_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(contexts); i++)
		if (!strcmp(contexts[i].name, name))
			return &contexts[i];
	return NULL;
}
