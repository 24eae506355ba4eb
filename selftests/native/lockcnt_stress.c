// SPDX-License-Identifier: GPL-2.0
/*
 * LockCnt under threads that visit and change one thing.
 *
 * The thing is what a lockcnt protects: visitors look at it, holders of the lock
 * make it, change it, and free it when they find no visit.  Looked for are
 *
 *	two holders at once			(canary: they change plain memory)
 *	a visit that starts from zero while the lock is taken	(from_zero)
 *	a thing freed under a visit		(use_after_free)
 *	a sleeper that nobody wakes		(writer_stall)
 *
 * The last is not left to a hang.  Threads work in short rounds.  When every
 * thread that is not done with its round sleeps, and no wake-up is on its way to
 * any of them, then one was lost: nobody is left to make it.  An address is all
 * it takes to make up for it, so the round goes on.  A mutex is pthread's here,
 * and does not tell who sleeps; its form would run into the test's time limit.
 */
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/wait_bit.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../module/patterns/lockcnt_form.h"
#include "test.h"

#define VISITORS	3
#define CHANGERS	2
#define THREADS		(VISITORS + CHANGERS)
#define OPS		50		/* of a thread, in a round */
#define RIGHT_US	500000		/* and until enough was done */
#define BUSTED_US	20000000	/* or until it is caught */

#define LIVE		0x11feb0d9UL
#define POISON		0xdeadb0d9UL

struct thing {
	unsigned long magic;
	unsigned long changes;
};

struct job {
	const struct lockcnt_form *form;
	const struct lockcnt_busted *busted;
};

static union lockcnt_any lc;
static const struct lockcnt_ops *ops;
static const void *sleeps_on;	/* the address of its word, if it has one */

static struct thing *thing;	/* __rcu, protected by the lockcnt */
static unsigned long plain;	/* what only holders touch */
static int holders;
static bool alone;		/* a holder has found no visit */

static unsigned long visits, changes, frees, nested, lasts;
static int working;		/* threads not done with their round */

static void count(unsigned long *n)
{
	__atomic_fetch_add(n, 1, __ATOMIC_RELAXED);
}

static struct thing *new_thing(void)
{
	struct thing *t = malloc(sizeof(*t));

	t->magic = LIVE;
	t->changes = 0;
	return t;
}

/* As in the host of the listings: under AddressSanitizer it is really gone. */
static void free_thing(struct thing *t)
{
	count(&frees);
#ifdef NATIVE_ASAN
	free(t);
#else
	t->magic = POISON;
#endif
}

static void look(const struct thing *t)
{
	check_ran(CHECK_USE_AFTER_FREE);
	if (t->magic != LIVE)
		check_failed(CHECK_USE_AFTER_FREE, "freed under a visit");
}

/* What every visit does first: it must not be while a holder is alone. */
static void look_around(void)
{
	struct thing *t;

	count(&visits);
	check_ran(CHECK_FROM_ZERO);
	if (__atomic_load_n(&alone, __ATOMIC_RELAXED))
		check_failed(CHECK_FROM_ZERO,
			     "a visit started while a holder was alone");
	t = rcu_dereference(thing);
	if (!t)
		return;
	look(t);
	shim_window();
	look(t);
}

static void begin_hold(void)
{
	check_ran(CHECK_CANARY);
	if (__atomic_fetch_add(&holders, 1, __ATOMIC_RELAXED))
		check_failed(CHECK_CANARY, "two hold the lock");
	plain++;
}

static void end_hold(void)
{
	plain++;
	__atomic_store_n(&alone, false, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&holders, 1, __ATOMIC_RELAXED);
}

/* With the lock held. */
static void free_if_alone(void)
{
	struct thing *t = thing;

	if (ops->count(&lc))
		return;
	__atomic_store_n(&alone, true, __ATOMIC_RELAXED);
	shim_window();
	if (t) {
		rcu_assign_pointer(thing, NULL);
		free_thing(t);
	}
	shim_window();
}

static void visit_dec(void)
{
	ops->inc(&lc);
	look_around();
	ops->dec(&lc);
}

static void visit_nested(void)
{
	ops->inc(&lc);
	look_around();
	ops->inc(&lc);
	look_around();
	ops->dec(&lc);
	look_around();
	ops->dec(&lc);
	count(&nested);
}

static void visit_dec_and_lock(void)
{
	ops->inc(&lc);
	look_around();
	if (!ops->dec_and_lock(&lc))
		return;
	count(&lasts);
	begin_hold();
	free_if_alone();
	end_hold();
	ops->unlock(&lc);
}

static void visit_dec_if_lock(void)
{
	ops->inc(&lc);
	look_around();
	if (ops->dec_if_lock(&lc)) {
		count(&lasts);
		begin_hold();
		free_if_alone();
		end_hold();
		ops->inc_and_unlock(&lc);
		look_around();
	}
	ops->dec(&lc);
}

static void change(void)
{
	ops->lock(&lc);
	begin_hold();
	count(&changes);
	shim_window();
	if (shim_random() & 1)
		free_if_alone();
	else if (!thing)
		rcu_assign_pointer(thing, new_thing());
	end_hold();
	if (shim_random() & 3) {
		ops->unlock(&lc);
		return;
	}
	ops->inc_and_unlock(&lc);
	look_around();
	ops->dec(&lc);
}

static void visitor(void *unused)
{
	static void (*const ways[])(void) = {
		visit_dec, visit_nested, visit_dec_and_lock, visit_dec_if_lock
	};
	int i;

	(void)unused;
	for (i = 0; i < OPS; i++)
		ways[shim_random() % ARRAY_SIZE(ways)]();
	__atomic_fetch_sub(&working, 1, __ATOMIC_RELEASE);
}

static void changer(void *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < OPS; i++)
		change();
	__atomic_fetch_sub(&working, 1, __ATOMIC_RELEASE);
}

/* Threads only leave, so who counts them first cannot miss one that works. */
static bool all_asleep(void)
{
	int nr = __atomic_load_n(&working, __ATOMIC_SEQ_CST);

	return nr && shim_asleep() == nr;
}

static void watch(void)
{
	check_ran(CHECK_WRITER_STALL);
	while (__atomic_load_n(&working, __ATOMIC_ACQUIRE)) {
		usleep(100);
		if (!all_asleep())
			continue;
		check_failed(CHECK_WRITER_STALL,
			     "%d threads sleep, and nobody is left to wake them",
			     shim_asleep());
		wake_up_var(sleeps_on);
	}
}

static void run_round(void)
{
	pthread_t threads[THREADS];
	int i;

	require(ops->init(&lc) == 0);
	working = THREADS;
	for (i = 0; i < THREADS; i++)
		threads[i] = shim_thread_start(i < VISITORS ? visitor : changer,
					       NULL);
	watch();
	for (i = 0; i < THREADS; i++)
		shim_thread_join(threads[i]);
	if (shim_warnings)
		return;
	require(ops->count(&lc) == 0);
	ops->destroy(&lc);
}

/* On a busy machine a round may be short of something. */
static bool enough(void)
{
	return visits > 1000 && nested && lasts && frees > 20;
}

static void run_job(const void *arg)
{
	const struct job *job = arg;
	uint64_t until = test_us() +
			 (job->busted || WEAK ? BUSTED_US : RIGHT_US);
	unsigned int rounds = 0;

	ops = job->busted ? &job->busted->ops : &job->form->ops;
	sleeps_on = job->form == &lockcnt_form_percpu ?
		    &lc.percpu.word.word : &lc.word.word;
	do {
		run_round();
		rounds++;
	} while ((test_us() < until || !enough()) && !any_failed() &&
		 !shim_warnings);
	snprintf(findings->note, sizeof(findings->note),
		 "%u rounds, %lu visits, %lu last, %lu changes, %lu frees",
		 rounds, visits, lasts, changes, frees);
	if (!job->busted)
		require(!shim_warnings && !shim_slept_in_section);
}

static void test_right(const struct lockcnt_form *form)
{
	struct job job = { .form = form };
	struct test test = { .func = run_job, .arg = &job };

	snprintf(test.name, sizeof(test.name), "%s", form->name);
	test_run_right(&test);
}

static void test_busted(const struct lockcnt_form *form,
			const struct lockcnt_busted *busted)
{
	struct job job = { .form = form, .busted = busted };
	struct test test = {
		.func = run_job, .arg = &job,
		.caught_by = busted->caught_by, .splat = busted->splat,
		.may_fire = busted->may_fire,
		.sanitizer = true,
	};

	snprintf(test.name, sizeof(test.name), "control: %s:%s is caught",
		 form->name, busted->name);
	test_run(&test);
}

/* The weakened build has no use for what is broken. */
static unsigned int nr_busted(const struct lockcnt_form *form)
{
	return WEAK ? 0 : form->nr_busted;
}

int main(void)
{
	static const struct lockcnt_form *const forms[] = {
		&lockcnt_form_word, &lockcnt_form_mutex, &lockcnt_form_percpu
	};
	unsigned int i, j, n = 0;

	for (i = 0; i < ARRAY_SIZE(forms); i++)
		n += 1 + nr_busted(forms[i]);
	test_plan(n);
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		test_right(forms[i]);
		for (j = 0; j < nr_busted(forms[i]); j++)
			test_busted(forms[i], &forms[i]->busted[j]);
	}
	return test_status();
}
