/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Wait queues found by hashing an address, with what matters of the kernel's:
 * who is queued stays so until it is woken or leaves; a wake-up takes what it
 * wakes off the queue, every sleeper that is not exclusive and one that is; and
 * whether there is a queue is asked without a lock.
 */
#ifndef NATIVE_LINUX_WAIT_BIT_H
#define NATIVE_LINUX_WAIT_BIT_H

#include <linux/sched.h>

struct shim_waiter {
	struct shim_waiter *next;
	const void *var;
	struct shim_task *task;
	bool exclusive;
	bool queued;
};

void shim_prepare_to_wait(struct shim_waiter *w);
void shim_finish_wait(struct shim_waiter *w);
void wake_up_var(const void *var);

#define ___wait_var_event(addr, condition, state, excl, ret, cmd)	\
({									\
	struct shim_waiter _w = {					\
		.var = (addr), .task = &shim_task, .exclusive = (excl), \
	};								\
									\
	for (;;) {							\
		shim_prepare_to_wait(&_w);				\
		if (condition)						\
			break;						\
		cmd;							\
	}								\
	shim_finish_wait(&_w);						\
	(long)(ret);							\
})

#endif
