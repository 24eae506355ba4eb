/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's marked accesses are C11 atomics here, of the order they have
 * there and no more, so that ThreadSanitizer sees what is ordered and what is
 * a race.
 */
#ifndef NATIVE_LINUX_COMPILER_H
#define NATIVE_LINUX_COMPILER_H

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, val)	__atomic_store_n(&(x), (val), __ATOMIC_RELAXED)

/*
 * The weakened build has no order here at all: that ThreadSanitizer complains
 * about it shows that it would complain about a kernel file that forgets one.
 */
#ifdef NATIVE_WEAK
#define SHIM_ACQUIRE	__ATOMIC_RELAXED
#define SHIM_RELEASE	__ATOMIC_RELAXED
#else
#define SHIM_ACQUIRE	__ATOMIC_ACQUIRE
#define SHIM_RELEASE	__ATOMIC_RELEASE
#endif

#define smp_load_acquire(p)		__atomic_load_n(p, SHIM_ACQUIRE)
#define smp_store_release(p, val)	__atomic_store_n(p, val, SHIM_RELEASE)

/*
 * ThreadSanitizer knows no fences.  An exchange on a word that nobody shares is
 * a full barrier to the processor, and to it orders nothing it should not.
 */
extern __thread int shim_fence;
#define smp_mb()	((void)__atomic_exchange_n(&shim_fence, 0, __ATOMIC_SEQ_CST))

/* Sparse's, in the kernel. */
#define __acquires(x)
#define __releases(x)
#define __percpu
#define __rcu
#define ____cacheline_aligned_in_smp	__attribute__((aligned(64)))

#endif
