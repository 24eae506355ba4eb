/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_MUTEX_H
#define NATIVE_LINUX_MUTEX_H

#include <pthread.h>

#include <linux/kernel.h>
#include <linux/lockdep.h>

struct mutex {
	pthread_mutex_t mutex;
};

#define __mutex_init(lock, name, key) \
	((void)(name), (void)(key), pthread_mutex_init(&(lock)->mutex, NULL))
#define mutex_destroy(lock)	((void)(lock))

/* Tests ask the task how many it has taken. */
static inline void mutex_lock(struct mutex *lock)
{
	might_sleep();
	shim_task.mutexes_taken++;
	pthread_mutex_lock(&lock->mutex);
}

static inline void mutex_unlock(struct mutex *lock)
{
	pthread_mutex_unlock(&lock->mutex);
}

static inline bool mutex_is_locked(struct mutex *lock)
{
	if (pthread_mutex_trylock(&lock->mutex))
		return true;
	pthread_mutex_unlock(&lock->mutex);
	return false;
}

#endif
