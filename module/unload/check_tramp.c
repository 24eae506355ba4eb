// SPDX-License-Identifier: GPL-2.0
/*
 * The trampolines: text of unloadcheck that a head carries for its function.
 *
 * A head has no room for more than one function, so that which function it had
 * is told by which trampoline it has: there is one a site, and all they do is to
 * name it. A table in memory keyed by head would need memory for each post,
 * which an interrupt may not get.
 *
 * They end in a jump, not a call: the text that runs on after a callback has
 * returned is uc_invoke().
 */
#include "check.h"

#define T(n)								\
	static void notrace uc_tramp_ ## n(struct rcu_head *head)	\
	{								\
		uc_invoke(head, 0x ## n);				\
	}

#define NAME(n)		uc_tramp_ ## n,

/* Hexadecimal digits are appended until there are three. */
#define X16(X, n)							\
	X(n ## 0) X(n ## 1) X(n ## 2) X(n ## 3) X(n ## 4) X(n ## 5)	\
	X(n ## 6) X(n ## 7) X(n ## 8) X(n ## 9) X(n ## a) X(n ## b)	\
	X(n ## c) X(n ## d) X(n ## e) X(n ## f)
#define X256(X, n)							\
	X16(X, n ## 0) X16(X, n ## 1) X16(X, n ## 2) X16(X, n ## 3)	\
	X16(X, n ## 4) X16(X, n ## 5) X16(X, n ## 6) X16(X, n ## 7)	\
	X16(X, n ## 8) X16(X, n ## 9) X16(X, n ## a) X16(X, n ## b)	\
	X16(X, n ## c) X16(X, n ## d) X16(X, n ## e) X16(X, n ## f)

X256(T, 0)
X256(T, 1)

const rcu_callback_t uc_trampolines[UC_SITES] = {
	X256(NAME, 0)
	X256(NAME, 1)
};

static_assert(UC_SITES == 0x200);
