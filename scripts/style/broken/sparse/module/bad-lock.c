// SPDX-License-Identifier: GPL-2.0
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);

int broken_lock(int leave);
int broken_lock(int leave)
{
	spin_lock(&lock);
	if (leave)
		return 0;
	spin_unlock(&lock);
	return 1;
}
