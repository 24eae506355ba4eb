/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What both columns of QEMU's reader-writer-lock table share: rwlock_inside.c.
 */
#ifndef _LASTREF_RWLOCK_FOO_H
#define _LASTREF_RWLOCK_FOO_H

#include "slots.h"

int rwlock_foo_add(struct ref_table *t, unsigned long key);
int rwlock_foo_read_lock(struct ref_table *t);
void rwlock_foo_read_unlock(struct ref_table *t, int idx);

#endif /* _LASTREF_RWLOCK_FOO_H */
