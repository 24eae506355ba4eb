// SPDX-License-Identifier: GPL-2.0
/*
 * Behind the headers in include/: tasks, sleeping and waking, warnings, and
 * the dice that open race windows.
 */
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/wait_bit.h>

#include <shim_gp.h>

__thread struct shim_task shim_task;
__thread int shim_fence;

unsigned long shim_slept_in_section, shim_slept_under_spinlock;
unsigned long shim_warnings;
char shim_last_warning[256];

static pthread_mutex_t warn_mutex = PTHREAD_MUTEX_INITIALIZER;

void shim_warn(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	pthread_mutex_lock(&warn_mutex);
	va_start(args, fmt);
	vsnprintf(shim_last_warning, sizeof(shim_last_warning), fmt, args);
	va_end(args);
	shim_last_warning[strcspn(shim_last_warning, "\n")] = 0;
	/* The tests that warn on purpose do so by the thousand. */
	if (++shim_warnings <= 3)
		fprintf(stderr, "WARNING at %s:%d: %s\n", file, line,
			shim_last_warning);
	pthread_mutex_unlock(&warn_mutex);
}

void shim_might_sleep(const char *file, int line)
{
	unsigned long *count;

	if (shim_task.sections)
		count = &shim_slept_in_section;
	else if (shim_task.spinlocks)
		count = &shim_slept_under_spinlock;
	else
		return;
	if (!__atomic_fetch_add(count, 1, __ATOMIC_RELAXED))
		fprintf(stderr, "%s:%d: sleeps %s\n", file, line,
			shim_task.sections ? "in a read-side section" :
					     "under a spinlock");
}

unsigned int shim_random(void)
{
	static unsigned long threads;
	unsigned long x = shim_task.random;

	if (!x)
		x = __atomic_add_fetch(&threads, 0x9e3779b97f4a7c15UL,
				       __ATOMIC_RELAXED);
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	shim_task.random = x;
	return x >> 32;
}

int shim_any_cpu(void)
{
	return shim_random() % SHIM_CPUS;
}

void shim_window(void)
{
	unsigned int dice = shim_random() % 64;

	if (dice == 0)
		usleep(20);
	else if (dice < 12)
		sched_yield();
}

/*
 * Wait queues.  A bucket's mutex protects its queue and what tasks that wait
 * on it are told; its condition is "somebody was told something".
 */
static struct bucket {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	struct shim_waiter *first;
	unsigned int nr;		/* read without the mutex */
} buckets[16] = {
	[0 ... 15] = {
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.cond = PTHREAD_COND_INITIALIZER,
	},
};

static __thread struct bucket *waits_on;
static int asleep;

int shim_asleep(void)
{
	return __atomic_load_n(&asleep, __ATOMIC_SEQ_CST);
}

static void set_asleep(struct shim_task *task, bool value)
{
	if (task->asleep != value)
		__atomic_fetch_add(&asleep, value ? 1 : -1, __ATOMIC_SEQ_CST);
	task->asleep = value;
}

static struct bucket *bucket_of(const void *var)
{
	unsigned long hash = (unsigned long)var * 0x9e3779b97f4a7c15UL;

	return &buckets[hash >> 60];
}

static void queue(struct bucket *b, struct shim_waiter *w)
{
	struct shim_waiter **p = &b->first;

	while (w->exclusive && *p)	/* behind those who are not */
		p = &(*p)->next;
	w->next = *p;
	w->queued = true;
	*p = w;
	__atomic_fetch_add(&b->nr, 1, __ATOMIC_SEQ_CST);
}

static void unqueue(struct bucket *b, struct shim_waiter **p)
{
	struct shim_waiter *w = *p;

	*p = w->next;
	w->queued = false;
	__atomic_fetch_sub(&b->nr, 1, __ATOMIC_SEQ_CST);
}

void shim_prepare_to_wait(struct shim_waiter *w)
{
	struct bucket *b = bucket_of(w->var);

	pthread_mutex_lock(&b->mutex);
	if (!w->queued)
		queue(b, w);
	w->task->runnable = false;
	waits_on = b;
	pthread_mutex_unlock(&b->mutex);
	smp_mb();	/* as set_current_state(): queued before it looks */
}

void shim_schedule(void)
{
	struct bucket *b = waits_on;

	pthread_mutex_lock(&b->mutex);
	set_asleep(&shim_task, !shim_task.runnable);
	while (!shim_task.runnable)
		pthread_cond_wait(&b->cond, &b->mutex);
	pthread_mutex_unlock(&b->mutex);
}

void shim_finish_wait(struct shim_waiter *w)
{
	struct bucket *b = bucket_of(w->var);
	struct shim_waiter **p;

	pthread_mutex_lock(&b->mutex);
	for (p = &b->first; *p; p = &(*p)->next) {
		if (*p == w) {
			unqueue(b, p);
			break;
		}
	}
	pthread_mutex_unlock(&b->mutex);
}

void wake_up_var(const void *var)
{
	struct bucket *b = bucket_of(var);
	struct shim_waiter **p = &b->first, *w;

	if (!__atomic_load_n(&b->nr, __ATOMIC_RELAXED))
		return;
	pthread_mutex_lock(&b->mutex);
	while ((w = *p)) {
		if (w->var != var) {
			p = &w->next;
			continue;
		}
		unqueue(b, p);
		w->task->runnable = true;
		set_asleep(w->task, false);
		if (w->exclusive)
			break;
	}
	pthread_cond_broadcast(&b->cond);
	pthread_mutex_unlock(&b->mutex);
}

struct start {
	void (*func)(void *arg);
	void *arg;
};

static void *thread(void *p)
{
	struct start start = *(struct start *)p;

	free(p);
	shim_gp_register();
	start.func(start.arg);
	shim_gp_unregister();
	return NULL;
}

pthread_t shim_thread_start(void (*func)(void *arg), void *arg)
{
	struct start *start = malloc(sizeof(*start));
	pthread_t id;
	int err;

	start->func = func;
	start->arg = arg;
	err = pthread_create(&id, NULL, thread, start);
	if (err) {
		fprintf(stderr, "cannot start a thread: %s\n", strerror(err));
		exit(3);
	}
	return id;
}

void shim_thread_join(pthread_t thread)
{
	pthread_join(thread, NULL);
}
