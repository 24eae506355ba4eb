// SPDX-License-Identifier: GPL-2.0
#include <linux/rcupdate.h>

static int __rcu *shared;

int broken_read(void);
int broken_read(void)
{
	int val, *p;

	rcu_read_lock();
	p = rcu_dereference(shared);
	val = p ? *p : 0;
	rcu_read_unlock();
	return val;
}
