/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_DELAY_H
#define NATIVE_LINUX_DELAY_H

#include <unistd.h>

#include <linux/kernel.h>

static inline void usleep_range(unsigned long min, unsigned long max)
{
	might_sleep();
	usleep((min + max) / 2);
}

#endif
