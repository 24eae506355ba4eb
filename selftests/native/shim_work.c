// SPDX-License-Identifier: GPL-2.0
/* The thread behind linux/workqueue.h. */
#include <linux/workqueue.h>

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct work_struct *first;
static bool has_worker;

static void worker(void *unused)
{
	struct work_struct *work;

	(void)unused;
	pthread_mutex_lock(&mutex);
	for (;;) {
		while (!first)
			pthread_cond_wait(&changed, &mutex);
		work = first;
		first = work->next;
		work->queued = false;
		work->running = true;
		pthread_mutex_unlock(&mutex);
		work->func(work);
		pthread_mutex_lock(&mutex);
		work->running = false;
		pthread_cond_broadcast(&changed);
	}
}

/* Not twice while it is queued; again while it runs. */
void schedule_work(struct work_struct *work)
{
	pthread_mutex_lock(&mutex);
	if (!has_worker) {
		has_worker = true;
		pthread_detach(shim_thread_start(worker, NULL));
	}
	if (!work->queued) {
		work->queued = true;
		work->next = first;
		first = work;
	}
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
}

void flush_work(struct work_struct *work)
{
	pthread_mutex_lock(&mutex);
	while (work->queued || work->running)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
}
