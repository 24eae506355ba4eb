/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's rule: an operation that returns a value is fully ordered unless
 * its name says otherwise; one that returns none is not ordered; and an exchange
 * that fails orders nothing.
 */
#ifndef NATIVE_LINUX_ATOMIC_H
#define NATIVE_LINUX_ATOMIC_H

#include <linux/types.h>

static inline int atomic_read(const atomic_t *v)
{
	return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);
}

static inline int atomic_read_acquire(const atomic_t *v)
{
	return __atomic_load_n(&v->counter, SHIM_ACQUIRE);
}

static inline void atomic_set(atomic_t *v, int i)
{
	__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);
}

static inline void atomic_add(int i, atomic_t *v)
{
	__atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);
}

static inline void atomic_or(int i, atomic_t *v)
{
	__atomic_fetch_or(&v->counter, i, __ATOMIC_RELAXED);
}

static inline void atomic_inc(atomic_t *v)
{
	atomic_add(1, v);
}

static inline int atomic_fetch_inc(atomic_t *v)
{
	return __atomic_fetch_add(&v->counter, 1, __ATOMIC_SEQ_CST);
}

static inline int atomic_fetch_dec(atomic_t *v)
{
	return __atomic_fetch_sub(&v->counter, 1, __ATOMIC_SEQ_CST);
}

static inline int atomic_fetch_dec_release(atomic_t *v)
{
	return __atomic_fetch_sub(&v->counter, 1, SHIM_RELEASE);
}

static inline int atomic_fetch_sub_release(int i, atomic_t *v)
{
	return __atomic_fetch_sub(&v->counter, i, SHIM_RELEASE);
}

static inline int atomic_fetch_add_relaxed(int i, atomic_t *v)
{
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);
}

static inline int atomic_sub_return_release(int i, atomic_t *v)
{
	return atomic_fetch_sub_release(i, v) - i;
}

static inline int atomic_fetch_andnot_release(int i, atomic_t *v)
{
	return __atomic_fetch_and(&v->counter, ~i, SHIM_RELEASE);
}

static inline bool atomic_dec_and_test(atomic_t *v)
{
	return atomic_fetch_dec(v) == 1;
}

/* A failure stores what is there in @old. */
static inline bool atomic_try_cmpxchg(atomic_t *v, int *old, int new)
{
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

static inline bool atomic_try_cmpxchg_acquire(atomic_t *v, int *old, int new)
{
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   SHIM_ACQUIRE, __ATOMIC_RELAXED);
}

static inline bool atomic_try_cmpxchg_release(atomic_t *v, int *old, int new)
{
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   SHIM_RELEASE, __ATOMIC_RELAXED);
}

static inline int atomic_cmpxchg(atomic_t *v, int old, int new)
{
	atomic_try_cmpxchg(v, &old, new);
	return old;
}

static inline int atomic_fetch_add_unless(atomic_t *v, int a, int u)
{
	int old = atomic_read(v);

	do {
		if (old == u)
			break;
	} while (!atomic_try_cmpxchg(v, &old, old + a));
	return old;
}

#endif
