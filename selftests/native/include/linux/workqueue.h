/* SPDX-License-Identifier: GPL-2.0 */
/* One thread that does all work: shim_work.c. */
#ifndef NATIVE_LINUX_WORKQUEUE_H
#define NATIVE_LINUX_WORKQUEUE_H

#include <linux/kernel.h>

struct work_struct {
	void (*func)(struct work_struct *work);
	struct work_struct *next;
	bool queued, running;
};

#define INIT_WORK(work, func_)	(*(work) = (struct work_struct){ .func = (func_) })

void schedule_work(struct work_struct *work);
void flush_work(struct work_struct *work);

#endif
