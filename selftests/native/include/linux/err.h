/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_ERR_H
#define NATIVE_LINUX_ERR_H

#include <linux/errno.h>
#include <stdbool.h>

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

static inline bool IS_ERR(const void *ptr)
{
	return (unsigned long)ptr >= (unsigned long)-4095;
}

#endif
