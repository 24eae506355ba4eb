/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_HASH_H
#define NATIVE_LINUX_HASH_H

#include <linux/types.h>

/* Multiplied by 2^64 over the golden ratio, the upper bits of it. */
static inline u32 hash_long(unsigned long val, unsigned int bits)
{
	return (val * 0x9e3779b97f4a7c15UL) >> (64 - bits);
}

#endif
