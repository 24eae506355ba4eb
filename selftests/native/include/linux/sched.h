/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_SCHED_H
#define NATIVE_LINUX_SCHED_H

#include <unistd.h>

#include <shim.h>

#define TASK_UNINTERRUPTIBLE	2

#define HZ			100

#define schedule()		shim_schedule()
/* A sleeper that is never woken is found by the test, and woken. */
#define schedule_timeout(n)	((void)(n), shim_schedule())

#define schedule_timeout_uninterruptible(n)	usleep((n) * (1000000 / HZ))

#endif
