/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The checks by name.  A busted form names those that must catch it, the
 * torture counts how often each was made and how often it failed, and users
 * read the names in a run's result.  One list, so that they cannot drift.
 */
#ifndef _LASTREF_CHECK_ID_H
#define _LASTREF_CHECK_ID_H

#include <linux/bits.h>

#define REF_CHECKS(X)							\
	X(USE_AFTER_FREE, "use_after_free",				\
	  "what a reader may see or hold has not been freed")		\
	X(FREED_ONCE, "freed_once",					\
	  "an element is freed once, and only when out of the table")	\
	X(FROM_ZERO, "from_zero",					\
	  "no reference is gained from, or put below, a count of zero")	\
	X(DOUBLE_POST, "double_post",					\
	  "a callback head is posted once")				\
	X(NOTHING_LOST, "nothing_lost",					\
	  "at every drain: added = freed + live, and live counts are 1")	\
	X(PROMISE, "promise",						\
	  "the pattern's own promise about its lookup")			\
	X(CANARY, "canary",						\
	  "the bytes around an element are as they were written")	\
	X(AGE, "age",							\
	  "no grace period that began after a delete ends in a section that saw it before") \
	X(READER_SLEPT, "reader_slept",					\
	  "no reader blocks inside its section")			\
	X(BARRIER, "barrier",						\
	  "after a barrier, callbacks invoked = callbacks posted")	\
	X(FORWARD_PROGRESS, "forward_progress",				\
	  "a flood of callbacks is worked off in bounded time")		\
	X(WRITER_STALL, "writer_stall",					\
	  "updaters never stop making progress")

enum check_id {
#define X(id, name, about) CHECK_##id,
	REF_CHECKS(X)
#undef X
	NR_CHECKS
};

#define CHECK_BIT(id) BIT(CHECK_##id)

#endif /* _LASTREF_CHECK_ID_H */
