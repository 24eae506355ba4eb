/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_SCHED_H
#define NATIVE_LINUX_SCHED_H

#include <shim.h>

#define TASK_UNINTERRUPTIBLE	2

#define schedule()	shim_schedule()

#endif
