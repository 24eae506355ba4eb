/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stands in for a kernel when module/patterns/ is compiled in user space.
 *
 * include/linux/ has headers of the kernel's names with what those files use
 * and no more.  Behind them is this: a task, which knows what it may not do,
 * warnings that are counted, and race windows made long.
 */
#ifndef NATIVE_SHIM_H
#define NATIVE_SHIM_H

#include <pthread.h>
#include <stdbool.h>

/**
 * struct shim_task - current
 * @spinlocks: held
 * @sections: read-side critical sections entered
 * @irqs_off: irqsave locks held
 * @mutexes_taken: ever
 * @runnable: was told not to sleep, or to wake up
 * @asleep: is in shim_schedule(), and was not woken
 * @random: state of shim_random()
 */
struct shim_task {
	int spinlocks;
	int sections;
	int irqs_off;
	unsigned long mutexes_taken;
	bool runnable;
	bool asleep;
	unsigned long random;
};

extern __thread struct shim_task shim_task;

/* How often somebody slept where it must not, or was about to. */
extern unsigned long shim_slept_in_section, shim_slept_under_spinlock;
/* How often a WARN was hit; the last one's text. */
extern unsigned long shim_warnings;
extern char shim_last_warning[256];

/* How many tasks are asleep, and nobody has woken them yet. */
int shim_asleep(void);

void shim_might_sleep(const char *file, int line);
void shim_schedule(void);
void shim_warn(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

unsigned int shim_random(void);
/* A race window: mostly nothing, sometimes time for others. */
void shim_window(void);

/* A thread that may use RCU, and that ThreadSanitizer can follow. */
pthread_t shim_thread_start(void (*func)(void *arg), void *arg);
void shim_thread_join(pthread_t thread);

#endif
