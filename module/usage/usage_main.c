// SPDX-License-Identifier: GPL-2.0
/*
 * usage_test: the documents' examples of use, in the kernel.
 *
 * To load it is the test.  Threads call each example in any order; the load
 * fails with EBADE if anything was freed under one of them.  With broken=1 they
 * call one that does just that, the control, and the load has to fail.
 *
 * They go on for a while, not for a number of turns: threads that are quick may
 * each be done before the next one begins, and nothing would have been tried.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "../patterns/usage.h"

#define THREADS		4
#define RUN_MS		500
#define CAUGHT_MS	10000	/* at most: it ends when it is caught */
#define WINDOW_US	20

static bool broken;
module_param(broken, bool, 0);
MODULE_PARM_DESC(broken, "call an example that is broken");

static const struct usage_example *example;
static unsigned long end;	/* of its run, in jiffies */
static atomic_t failures;
static DECLARE_COMPLETION(done);

void usage_failed(const char *what)
{
	if (!atomic_fetch_inc(&failures))
		pr_err("usage_test: %s: %s\n", example->name, what);
}

/* Mostly nothing. */
void usage_window(void)
{
	static atomic_t dice;

	if (!(atomic_inc_return(&dice) & 15))
		udelay(WINDOW_US);
}

static int thread(void *unused)
{
	struct rnd_state rnd;

	prandom_seed_state(&rnd, get_random_u64());
	while (time_before(jiffies, end) && !atomic_read(&failures)) {
		example->turn(prandom_u32_state(&rnd));
		cond_resched();
	}
	complete(&done);
	return 0;
}

/* A thread that has said it is done still has to leave this module's text. */
static void wait_for(struct task_struct **threads, int n)
{
	int i;

	for (i = 0; i < n; i++)
		wait_for_completion(&done);
	for (i = 0; i < n; i++) {
		kthread_stop(threads[i]);
		put_task_struct(threads[i]);
	}
}

static int run(const struct usage_example *e, unsigned int ms)
{
	struct task_struct *threads[THREADS];
	int err = e->begin(), n;

	if (err)
		return err;
	example = e;
	end = jiffies + msecs_to_jiffies(ms);
	for (n = 0; n < THREADS; n++) {
		threads[n] = kthread_create(thread, NULL, "usage/%d", n);
		if (IS_ERR(threads[n])) {
			err = PTR_ERR(threads[n]);
			break;
		}
		get_task_struct(threads[n]);
		wake_up_process(threads[n]);
	}
	wait_for(threads, n);
	e->end();
	return err;
}

static int __init usage_test_init(void)
{
	const struct usage_example *e;
	int err = 0;

	if (broken)
		err = run(&usage_broken, CAUGHT_MS);
	else
		for (e = usage_examples; e->name && !err; e++)
			err = run(e, RUN_MS);
	return err ?: atomic_read(&failures) ? -EBADE : 0;
}

static void __exit usage_test_exit(void)
{
}

module_init(usage_test_init);
module_exit(usage_test_exit);

MODULE_DESCRIPTION("The documents' examples of use, called by several threads");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
