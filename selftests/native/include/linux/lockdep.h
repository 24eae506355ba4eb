/* SPDX-License-Identifier: GPL-2.0 */
/* There is no lockdep here. */
#ifndef NATIVE_LINUX_LOCKDEP_H
#define NATIVE_LINUX_LOCKDEP_H

struct lock_class_key { };

#define might_lock(lock)			do { } while (0)
#define mutex_acquire(map, sub, try, ip)	do { } while (0)
#define mutex_release(map, ip)			do { } while (0)

#endif
