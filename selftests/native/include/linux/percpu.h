/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A few CPUs, and threads that are migrated at each operation: the worst that
 * can happen to code that counts on one CPU and discounts on another.
 */
#ifndef NATIVE_LINUX_PERCPU_H
#define NATIVE_LINUX_PERCPU_H

#include <assert.h>
#include <stdlib.h>

#include <linux/types.h>

#define SHIM_CPUS	4
#define SHIM_CPU_STRIDE	64	/* bytes, for what a CPU has of one allocation */

#define alloc_percpu(type)						\
({									\
	static_assert(sizeof(type) <= SHIM_CPU_STRIDE, "too large");	\
	(type *)calloc(SHIM_CPUS, SHIM_CPU_STRIDE);			\
})

#define free_percpu(ptr)	free(ptr)

#define per_cpu_ptr(ptr, cpu) \
	((__typeof__(ptr))((char *)(ptr) + (cpu) * SHIM_CPU_STRIDE))

int shim_any_cpu(void);

#define this_cpu_add(var, n) \
	((void)__atomic_fetch_add(per_cpu_ptr(&(var), shim_any_cpu()), n, \
				  __ATOMIC_RELAXED))

#endif
