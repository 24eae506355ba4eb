/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deferral with domains of one's own: call_rcu() for modules.
 *
 * A module makes a domain, posts heads to it, and closes it in its exit path.
 * From then on none of its callbacks runs, and none is waiting to run: its
 * text may go.  Nobody else's callbacks are waited for.
 *
 *	d = defer_domain_create("foo", NULL);		init
 *	err = defer_call(d, &foo->defer, foo_free);	anywhere, NMI too
 *	defer_domain_destroy(d);			exit
 *
 * In what context:
 *
 *	call, call_typed, call_arg, free, free_cache	any, NMI included
 *	call_wait, synchronize, barrier, flush, close,
 *	create, destroy					may sleep
 *	callbacks					run by a task; may sleep
 *
 * In what order (LKMM's words).  A post is RELEASE towards its callback: what
 * the poster did before, the callback sees.  Between a reader's section and the
 * callback there is a grace period of the domain's back end, with all that it
 * orders.  A callback's end is RELEASE towards barrier, flush and close, whose
 * return is ACQUIRE: after them, what the callbacks did has happened.
 *
 * An object may be posted again as soon as its callback has been entered, by
 * the callback or by whom it tells; and a head needs no initialisation ever.
 * A head that is posted while it is pending is refused, in any build.
 *
 * Documentation/engine.rst says how it works.  Claims B1, B10, Q1-Q4, W3.
 */
#ifndef _LASTREF_DEFER_H
#define _LASTREF_DEFER_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/module.h>
#include <linux/stddef.h>
#include <linux/types.h>

struct defer_domain;
struct kmem_cache;

/**
 * struct defer_head - what a client embeds in its objects
 * @next: the one posted after it on the same CPU
 * @what: what is to be done, marked so that a second post is noticed
 * @from: who posted it; of a slab object, its cache
 *
 * All of it is the engine's from a post that was accepted until the callback
 * is entered, and nobody's at other times.
 */
struct defer_head {
	struct defer_head *next;
	unsigned long what;
	unsigned long from;
};

typedef void (*defer_func_t)(struct defer_head *head);

/**
 * struct defer_arg - a head for defer_call_arg()
 * @head: the head
 * @func: the callback
 * @arg: and its argument
 */
struct defer_arg {
	struct defer_head head;
	void (*func)(void *arg);
	void *arg;
};

/**
 * enum defer_policy - what is done about many pending callbacks
 * @DEFER_EXPEDITE: from half the limit on grace periods are expedited
 * @DEFER_REFUSE: other CPUs are never disturbed
 *
 * Either way a post that would exceed the limit is refused, or waits if it is
 * made by defer_call_wait().
 */
enum defer_policy {
	DEFER_EXPEDITE,
	DEFER_REFUSE,
};

/**
 * struct defer_domain_attr - how a domain is to be
 * @gp: name of its back end: rcu, srcu, sched, gpctr; NULL for rcu
 * @limit: most callbacks that may be pending; 0 for no limit.  Each CPU sets
 *	some of it aside, so a post may be refused from three quarters on
 * @over: what to do near the limit
 */
struct defer_domain_attr {
	const char *gp;
	unsigned long limit;
	enum defer_policy over;
};

/**
 * struct defer_stats - what a domain has done so far
 * @posted: posts asked for: what was invoked, is pending, or was refused
 * @invoked: callbacks that have returned, and objects freed
 * @refused: posts not accepted, for whatever reason
 * @double_posts: those of them refused because the head was pending
 * @pending: accepted and not yet invoked
 * @batches: runs of callbacks that had a grace period in common
 * @grace_periods: grace periods asked for
 * @expedites: those of them that were expedited
 * @bytes: of memory it takes itself, its queues of all CPUs included; what its
 *	back end allocates comes on top
 *
 * Exact while nobody posts; else torn by what happens meanwhile.
 */
struct defer_stats {
	u64 posted;
	u64 invoked;
	u64 refused;
	u64 double_posts;
	u64 pending;
	u64 batches;
	u64 grace_periods;
	u64 expedites;
	u64 bytes;
};

/**
 * struct defer_cookie - a point in the sequence of grace periods
 * @seq: the back end's business
 */
struct defer_cookie {
	unsigned long seq[3];
};

struct defer_domain *
__defer_domain_create(const char *name, const struct defer_domain_attr *attr,
		      struct module *owner);

/**
 * defer_domain_create() - make a domain
 * @name: its name in debugfs: 1 to 31 of a-z A-Z 0-9 _ - .
 * @attr: how it is to be, or NULL for the defaults, all zero
 *
 * The domain belongs to the calling module.  If that is unloaded without
 * destroying it, the engine says so and closes it in the module's stead.
 *
 * Context: may sleep.
 * Return: the domain, or ERR_PTR: -EINVAL for a bad name or attr, -ENOENT for a
 * back end that does not exist, -EOPNOTSUPP for one this kernel cannot have,
 * -EEXIST for a name in use, -ENOMEM.
 */
#define defer_domain_create(name, attr) \
	__defer_domain_create(name, attr, THIS_MODULE)

int defer_domain_destroy(struct defer_domain *d);

int __must_check defer_call(struct defer_domain *d, struct defer_head *head,
			    defer_func_t func);
int __must_check defer_call_wait(struct defer_domain *d,
				 struct defer_head *head, defer_func_t func);
int __must_check defer_call_arg(struct defer_domain *d, struct defer_arg *head,
				void (*func)(void *arg), void *arg);

int defer_synchronize(struct defer_domain *d);
int defer_synchronize_expedited(struct defer_domain *d);
int defer_barrier(struct defer_domain *d);
int defer_flush(struct defer_domain *d, unsigned int ms);
int defer_close(struct defer_domain *d);

int __must_check defer_read_lock(struct defer_domain *d);
void defer_read_unlock(struct defer_domain *d, int idx);
void defer_get_state(struct defer_domain *d, struct defer_cookie *cookie);
bool defer_poll_state(struct defer_domain *d, const struct defer_cookie *cookie);

void defer_domain_stats(struct defer_domain *d, struct defer_stats *stats);

/* The wait of the back end sched, on its own (claim W5). */
void synchronize_kernel(void);

/* The head of an object that is only to be freed has to be in its first page. */
#define DEFER_FREE_SPAN	4096

int __must_check __defer_free(struct defer_domain *d, struct defer_head *head,
			      size_t offset);
int __must_check __defer_free_cache(struct defer_domain *d,
				    struct kmem_cache *cache,
				    struct defer_head *head, size_t offset);

/**
 * defer_call_typed() - defer_call() for a callback that takes the object
 * @d: the domain
 * @ptr: the object
 * @func: void func(typeof(*ptr) *)
 * @field: name of the defer_head in it, which must be the first member
 *
 * The type of @func and the position of @field are checked when compiled
 * (claim Q2).
 *
 * Context: any, NMI included.
 * Return: as defer_call().
 */
#define defer_call_typed(d, ptr, func, field) ({			\
	typeof(ptr) __defer_ptr = (ptr);				\
	void (*__defer_func)(typeof(ptr) object) = (func);		\
									\
	BUILD_BUG_ON_MSG(offsetof(typeof(*__defer_ptr), field),	\
			 "defer_call_typed: " #field " is not the first member"); \
	defer_call((d), &__defer_ptr->field,				\
		   (defer_func_t)(void *)__defer_func);			\
})

/**
 * defer_free() - kfree() after a grace period
 * @d: the domain
 * @ptr: the object, from kmalloc() or a slab cache
 * @field: name of the defer_head in it, in its first 4096 bytes
 *
 * No callback is needed, and objects are freed many at a time (claim Q3).
 *
 * Context: any, NMI included.
 * Return: as defer_call().
 */
#define defer_free(d, ptr, field) ({					\
	typeof(ptr) __defer_ptr = (ptr);				\
									\
	BUILD_BUG_ON_MSG(offsetof(typeof(*__defer_ptr), field) >= DEFER_FREE_SPAN, \
			 "defer_free: " #field " is too far into the object"); \
	__defer_free((d), &__defer_ptr->field,				\
		     offsetof(typeof(*__defer_ptr), field));		\
})

/**
 * defer_free_cache() - kmem_cache_free() after a grace period
 * @d: the domain
 * @cache: where the object is from; it must outlive the object, so: barrier or
 *	close, then kmem_cache_destroy() (claim B11)
 * @ptr: the object
 * @field: name of the defer_head in it, in its first 4096 bytes
 *
 * Context: any, NMI included.
 * Return: as defer_call(); -EINVAL without a cache.
 */
#define defer_free_cache(d, cache, ptr, field) ({			\
	typeof(ptr) __defer_ptr = (ptr);				\
									\
	BUILD_BUG_ON_MSG(offsetof(typeof(*__defer_ptr), field) >= DEFER_FREE_SPAN, \
			 "defer_free_cache: " #field " is too far into the object"); \
	__defer_free_cache((d), (cache), &__defer_ptr->field,		\
			   offsetof(typeof(*__defer_ptr), field));	\
})

#endif /* _LASTREF_DEFER_H */
