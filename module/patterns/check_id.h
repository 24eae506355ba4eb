/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The checks by name.  A busted form names those that must catch it, the
 * torture counts how often each was made and how often it failed, and users
 * read their names (check.c) in a run's result.
 */
#ifndef _LASTREF_CHECK_ID_H
#define _LASTREF_CHECK_ID_H

#include <linux/bits.h>

enum check_id {
	CHECK_USE_AFTER_FREE,
	CHECK_FREED_ONCE,
	CHECK_FROM_ZERO,
	CHECK_DOUBLE_POST,
	CHECK_NOTHING_LOST,
	CHECK_PROMISE,
	CHECK_CANARY,
	CHECK_AGE,
	CHECK_READER_SLEPT,
	CHECK_BARRIER,
	CHECK_FORWARD_PROGRESS,
	CHECK_WRITER_STALL,
	NR_CHECKS
};

#define CHECK_BIT(id) BIT(CHECK_##id)

#endif /* _LASTREF_CHECK_ID_H */
