/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_KERNEL_H
#define NATIVE_LINUX_KERNEL_H

#include <linux/bits.h>
#include <linux/types.h>

#include <shim.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define max(a, b)			\
({					\
	__typeof__(a) _a = (a);		\
	__typeof__(b) _b = (b);		\
					\
	_a > _b ? _a : _b;		\
})

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define __might_sleep(file, line)	shim_might_sleep(file, line)
#define might_sleep()			shim_might_sleep(__FILE__, __LINE__)

static inline bool in_task(void)
{
	return true;
}

static inline bool irqs_disabled(void)
{
	return shim_task.irqs_off;
}

#endif
