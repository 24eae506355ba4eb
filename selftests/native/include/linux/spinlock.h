/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Locks that one must not sleep under.  They are pthread's, which sleep: with
 * more threads than processors, spinning is waiting for a time slice.
 */
#ifndef NATIVE_LINUX_SPINLOCK_H
#define NATIVE_LINUX_SPINLOCK_H

#include <pthread.h>

#include <linux/kernel.h>

typedef struct {
	pthread_mutex_t mutex;
} spinlock_t;

typedef struct {
	pthread_rwlock_t rwlock;
} rwlock_t;

static inline void spin_lock_init(spinlock_t *lock)
{
	pthread_mutex_init(&lock->mutex, NULL);
}

static inline void spin_lock(spinlock_t *lock)
{
	pthread_mutex_lock(&lock->mutex);
	shim_task.spinlocks++;
}

static inline void spin_unlock(spinlock_t *lock)
{
	shim_task.spinlocks--;
	pthread_mutex_unlock(&lock->mutex);
}

static inline void rwlock_init(rwlock_t *lock)
{
	pthread_rwlock_init(&lock->rwlock, NULL);
}

static inline void read_lock(rwlock_t *lock)
{
	pthread_rwlock_rdlock(&lock->rwlock);
	shim_task.spinlocks++;
}

static inline void read_unlock(rwlock_t *lock)
{
	shim_task.spinlocks--;
	pthread_rwlock_unlock(&lock->rwlock);
}

static inline void write_lock(rwlock_t *lock)
{
	pthread_rwlock_wrlock(&lock->rwlock);
	shim_task.spinlocks++;
}

/* Nothing interrupts a thread; what is kept is that code believes it. */
#define shim_irq_save(flags)		((flags) = shim_task.irqs_off++)
#define shim_irq_restore(flags)		(shim_task.irqs_off = (flags))

#define spin_lock_irqsave(lock, flags)		\
do {						\
	shim_irq_save(flags);			\
	spin_lock(lock);			\
} while (0)

#define spin_unlock_irqrestore(lock, flags)	\
do {						\
	spin_unlock(lock);			\
	shim_irq_restore(flags);		\
} while (0)

#define write_lock_irqsave(lock, flags)		\
do {						\
	shim_irq_save(flags);			\
	write_lock(lock);			\
} while (0)

#define write_unlock_irqrestore(lock, flags)	\
do {						\
	read_unlock(lock);			\
	shim_irq_restore(flags);		\
} while (0)

#endif
