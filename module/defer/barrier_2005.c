// SPDX-License-Identifier: GPL-2.0
/*
 * The barrier of 2005, as "RCU and Unloadable Modules" shows it (claim B9).
 *
 *	here				there
 *	----				-----
 *	barrier_2005_post()		rcu_barrier_func()
 *	barrier_2005_callback()		rcu_barrier_callback()
 *	defer_barrier_2005()		rcu_barrier()
 *
 * A callback is posted on every CPU's queue, behind all that was posted there
 * before; a queue is never reordered; so when all of these callbacks run, all
 * of those have returned.  The last of them signals a completion.  The heads, the
 * count and the completion are one of a kind, hence one barrier at a time.
 *
 * The third Quick Quiz (claim B12) asks what happens if one CPU is late:
 *
 *	barrier			CPU 0			CPU 1
 *	-------			-----			-----
 *	count = 0
 *				count 0 -> 1, post
 *				a grace period
 *				count 1 -> 0
 *				complete()
 *	returns						count 0 -> 1, post
 *							older callbacks still pending
 *
 * The document's answer is that on_each_cpu() has preemption off all the while,
 * so no grace period can end; that holds for grace periods that wait for such
 * code.  Where readers are counted, as with SRCU, it does not, and the cure
 * holds for any: the barrier counts itself from the start, and out when all
 * have posted.  models/barrier_2005.pml finds the interleaving above without,
 * and none with it.
 *
 * So that the late CPU can be had on purpose, CPUs are asked one after the other,
 * and the caller may be slow in between; with the bias that does no harm.
 *
 * A CPU that is offline cannot be asked, yet its queue may have callbacks, which
 * workers elsewhere run.  Nobody posts there while hotplug is locked out, so
 * their number tells when they have returned: the order of the queue again.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include <lastref/barrier_2005.h>

#include "domain.h"

/**
 * struct barrier_2005_cpu - one CPU in a barrier
 * @head: posted on its queue
 * @err: why it could not be
 * @offline: it was, and
 * @accepted: its queue had taken so many posts
 */
struct barrier_2005_cpu {
	struct defer_head head;
	int err;
	bool offline;
	unsigned long accepted;
};

static DEFINE_MUTEX(barrier_mutex);
static DECLARE_COMPLETION(barrier_completion);
static atomic_t barrier_cpu_count;
static atomic_t barrier_heads;		/* that are posted */
static DEFINE_PER_CPU(struct barrier_2005_cpu, barrier_cpus);

static void count_down(void)
{
	if (atomic_dec_and_test(&barrier_cpu_count))
		complete(&barrier_completion);
}

static void barrier_2005_callback(struct defer_head *unused)
{
	count_down();
	atomic_dec(&barrier_heads);
}

/* On each CPU, with interrupts off. */
static void barrier_2005_post(void *domain)
{
	struct barrier_2005_cpu *b = this_cpu_ptr(&barrier_cpus);

	atomic_inc(&barrier_cpu_count);
	atomic_inc(&barrier_heads);
	b->err = defer_call(domain, &b->head, barrier_2005_callback);
	if (b->err)
		barrier_2005_callback(&b->head);
}

/*
 * Hotplug is locked out for this only, not for the wait: a callback may want
 * the same lock, and must not be kept waiting by who waits for it.
 */
static void post_everywhere(struct defer_domain *d,
			    void (*between)(const atomic_t *count))
{
	struct barrier_2005_cpu *b;
	bool first = true;
	int cpu;

	cpus_read_lock();
	for_each_possible_cpu(cpu) {
		b = per_cpu_ptr(&barrier_cpus, cpu);
		b->err = 0;
		b->offline = !cpu_online(cpu);
		b->accepted = READ_ONCE(per_cpu_ptr(d->queues, cpu)->accepted);
		if (b->offline)
			continue;
		if (between && !first)
			between(&barrier_cpu_count);
		first = false;
		smp_call_function_single(cpu, barrier_2005_post, d, true);
	}
	cpus_read_unlock();
}

static bool invoked_up_to(const struct defer_queue *q, unsigned long accepted)
{
	return (long)(READ_ONCE(q->invoked) + READ_ONCE(q->overwritten) -
		      accepted) >= 0;
}

/* 0, or why some CPU's queue was not waited for. */
static int wait_for_offline(struct defer_domain *d)
{
	int cpu, err = 0;

	for_each_possible_cpu(cpu) {
		struct barrier_2005_cpu *b = per_cpu_ptr(&barrier_cpus, cpu);
		struct defer_queue *q = per_cpu_ptr(d->queues, cpu);

		err = err ?: b->err;
		if (!b->offline)
			continue;
		while (!invoked_up_to(q, b->accepted))
			schedule_timeout_uninterruptible(1);
		/* Who ran them has let go of it: what they did has happened. */
		mutex_lock(&q->run);
		mutex_unlock(&q->run);
	}
	return err;
}

/**
 * defer_barrier_2005() - wait until callbacks have returned, the way of 2005
 * @d: the domain, open, and without a limit if it must not fail
 * @form: NULL for the right form
 *
 * Waits for all callbacks posted before the call.  Unlike defer_barrier() it
 * disturbs every CPU, waits for a grace period even if nothing is pending, does
 * not expedite and does not help.
 *
 * Orders: what those callbacks did has happened.
 *
 * Context: may sleep; not from a callback, of any domain.
 * Return: 0; else what defer_call() said where a callback could not be posted,
 * and that CPU's callbacks may be pending.
 */
int defer_barrier_2005(struct defer_domain *d,
		       const struct barrier_2005_form *form)
{
	bool bias = !form || !form->no_bias;
	int err;

	might_sleep();
	if (!domain_get(d, _RET_IP_))
		return -ESHUTDOWN;
	mutex_lock(&barrier_mutex);
	/* Without the bias the last barrier may have left some on their way. */
	while (atomic_read(&barrier_heads))
		schedule_timeout_uninterruptible(1);
	reinit_completion(&barrier_completion);
	atomic_set(&barrier_cpu_count, bias);
	post_everywhere(d, form ? form->between : NULL);
	if (bias)
		count_down();
	wait_for_completion(&barrier_completion);
	err = wait_for_offline(d);
	mutex_unlock(&barrier_mutex);
	domain_put(d);
	return err;
}
EXPORT_SYMBOL_GPL(defer_barrier_2005);
