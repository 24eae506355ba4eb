// SPDX-License-Identifier: GPL-2.0
/*
 * Grace periods of C11 atomics, for ThreadSanitizer.
 *
 * A reader publishes the phase it began in, and zero when it has left.  Who
 * waits turns the phase and waits for every reader of the other one, twice: a
 * reader may have read the phase before the turn and published it after it was
 * looked for.
 *
 * Ordering:  a reader's RELEASE on leaving pairs with the ACQUIRE of who waits
 * for it; and a reader that publishes the new phase has read it with ACQUIRE,
 * which pairs with the turn.
 *
 * Callbacks go to one thread that waits for a grace period for all it finds.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/types.h>

#include <shim_gp.h>

const char *const shim_gp_name = "own";

#define READERS	64

/* 0: in no section; else the phase, 1 or 2. */
static struct reader {
	int phase;
	bool used;
} readers[READERS];

static int phase = 1;
static pthread_mutex_t readers_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gp_mutex = PTHREAD_MUTEX_INITIALIZER;

static __thread struct reader *self;
static __thread int nesting;

void shim_gp_register(void)
{
	int i;

	pthread_mutex_lock(&readers_mutex);
	for (i = 0; i < READERS && readers[i].used; i++)
		;
	if (i == READERS) {
		fprintf(stderr, "more than %d threads\n", READERS);
		exit(3);
	}
	self = &readers[i];
	self->used = true;
	pthread_mutex_unlock(&readers_mutex);
}

void shim_gp_unregister(void)
{
	pthread_mutex_lock(&readers_mutex);
	self->used = false;
	pthread_mutex_unlock(&readers_mutex);
	self = NULL;
}

void shim_gp_enter(void)
{
	int now;

	if (nesting++)
		return;
	now = __atomic_load_n(&phase, __ATOMIC_ACQUIRE);
	__atomic_exchange_n(&self->phase, now, __ATOMIC_SEQ_CST);
}

void shim_gp_leave(void)
{
	if (!--nesting)
		__atomic_store_n(&self->phase, 0, __ATOMIC_RELEASE);
}

static void wait_for(int other)
{
	int i;

	for (i = 0; i < READERS; i++)
		while (__atomic_load_n(&readers[i].phase,
				       __ATOMIC_SEQ_CST) == other)
			sched_yield();
}

void shim_gp_wait(void)
{
	int turn, other;

	pthread_mutex_lock(&gp_mutex);
	for (turn = 0; turn < 2; turn++) {
		other = phase;
		__atomic_exchange_n(&phase, 3 - other, __ATOMIC_SEQ_CST);
		wait_for(other);
	}
	pthread_mutex_unlock(&gp_mutex);
}

static pthread_mutex_t call_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t call_cond = PTHREAD_COND_INITIALIZER;
static struct rcu_head *called, **called_end = &called;
static unsigned long posted, invoked;

static struct rcu_head *take_called(void)
{
	struct rcu_head *list;

	pthread_mutex_lock(&call_mutex);
	while (!called)
		pthread_cond_wait(&call_cond, &call_mutex);
	list = called;
	called = NULL;
	called_end = &called;
	pthread_mutex_unlock(&call_mutex);
	return list;
}

static void *invoke_called(void *unused)
{
	struct rcu_head *head, *next;
	unsigned long n;

	(void)unused;
	shim_gp_register();
	for (;;) {
		head = take_called();
		shim_gp_wait();
		for (n = 0; head; head = next, n++) {
			next = head->next;
			head->func(head);
		}
		pthread_mutex_lock(&call_mutex);
		invoked += n;
		pthread_cond_broadcast(&call_cond);
		pthread_mutex_unlock(&call_mutex);
	}
	return NULL;
}

static void start_invoking(void)
{
	pthread_t id;

	if (pthread_create(&id, NULL, invoke_called, NULL)) {
		fprintf(stderr, "cannot start the thread of callbacks\n");
		exit(3);
	}
	pthread_detach(id);
}

void shim_gp_call(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, start_invoking);
	head->func = func;
	head->next = NULL;
	pthread_mutex_lock(&call_mutex);
	*called_end = head;
	called_end = &head->next;
	posted++;
	pthread_cond_broadcast(&call_cond);
	pthread_mutex_unlock(&call_mutex);
}

void shim_gp_barrier(void)
{
	unsigned long goal;

	pthread_mutex_lock(&call_mutex);
	goal = posted;
	while (invoked < goal)
		pthread_cond_wait(&call_cond, &call_mutex);
	pthread_mutex_unlock(&call_mutex);
}
