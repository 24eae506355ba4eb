/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a reference-count pattern is, to the code that uses it.
 *
 * The rcuref document gives four verbs - add(), search_and_reference(),
 * release_referenced() and delete() - and three ways to write them.  Each
 * listing is one file here, in the document's own words, so that it can be
 * read beside the document:
 *
 *	document			file
 *	--------			----
 *	atomic_set(&el->rc, 1)		rc_set(el, 1)
 *	atomic_inc(&el->rc)		rc_inc(el)
 *	atomic_inc_not_zero(&el->rc)	rc_inc_not_zero(el)
 *	atomic_dec_and_test(&el->rc)	rc_dec_and_test(el)
 *	call_rcu(&el->head, el_free)	el_call_rcu(el, el_free)
 *	kfree(el)			el_kfree(el)
 *	...				window(t)
 *
 * The document's three dots are where a race lives: another CPU may do
 * anything there.  window() is those dots.  The torture makes them long at
 * random; everybody else leaves them empty.
 *
 * A pattern knows nothing of threads, checks or statistics.  Whoever uses it
 * (the torture, a benchmark, the native tests) is its host, and sees every
 * change of a count through struct ref_host.
 *
 * A busted form is a pattern with the smallest change that breaks its rule.
 * It stands at the foot of its pattern's file.
 */
#ifndef _LASTREF_PATTERN_H
#define _LASTREF_PATTERN_H

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>

#include "check_id.h"
#include "flavor.h"

struct ref_table;

/**
 * struct el - an element of the document's list
 * @rc: its count; a pattern that counts elsewhere has ops->count
 * @node: in a chain
 * @head: for the callback
 * @head_and_room: the same, with what other flavors keep of it
 * @later: for a bottom half, where there is no callback
 * @key: what it is found by
 * @table: where it lives
 * @deleted: LockCnt's mark: to be freed when nobody visits
 * @counter: where a pattern's count is, if it is not @rc
 */
struct el {
	atomic_t rc;
	struct hlist_node node;
	union {
		struct rcu_head head;
		struct flavor_head head_and_room;
		struct llist_node later;
	};
	unsigned long key;
	struct ref_table *table;
	bool deleted;
	void *counter;
};

/* So many elements may wait, marked, until nobody visits. */
#define MAX_MARKED	1024

/* What happens to an element, in the order of an uneventful life. */
enum el_event {
	EL_ALLOC,
	EL_SET,
	EL_ADD,
	EL_GET,
	EL_GET_FAILED,
	EL_PUT,
	EL_REMOVE,
	EL_POST,
	EL_CALLBACK,
	EL_FREE,
	NR_EL_EVENTS
};

/**
 * struct ref_host - the world around a pattern
 * @alloc: the document's alloc_object; any context; NULL when out of memory
 * @free: the document's kfree(el); any context
 * @call_rcu: posts @func for @el; the host may watch, and must pass it on
 *	to the table's flavor
 * @window: the document's three dots; may be NULL
 * @visit: what a walk does at an element, LockCnt's ioh->fd_write(ioh->opaque):
 *	may call any verb on the table of @el; may be NULL
 * @broken: told of a broken rule that only the pattern can see; may be NULL
 * @note: told of every event, with the count before and after it where the
 *	event has one; any context; may be NULL
 */
struct ref_host {
	struct el *(*alloc)(struct ref_table *t, unsigned long key);
	void (*free)(struct el *el);
	void (*call_rcu)(struct el *el, rcu_callback_t func);
	void (*window)(struct ref_table *t);
	void (*visit)(struct el *el);
	void (*broken)(struct ref_table *t, enum check_id check,
		       const char *what);
	void (*note)(struct el *el, enum el_event event, int before, int after);
};

/**
 * struct ref_ops - the document's verbs, and what they work on
 * @add: allocate an element for @key, publish it.  0, -ENOMEM or -EEXIST
 * @search_and_reference: find @key and take a reference.  The element,
 *	ERR_PTR(-ENOENT) when there is none, or ERR_PTR(-EAGAIN) for the
 *	document's FAIL: found, but on its way out
 * @search_for_update: find @key under the update-side lock and take a
 *	reference with a plain increment.  The element or ERR_PTR(-ENOENT)
 * @release_referenced: give a reference back; any context
 * @delete: remove @key from the table.  0 or -ENOENT
 * @enter: enter what protects a bare search; returns a cookie
 * @leave: leave it
 * @search: the bare search
 * @init: make what elements are found in; may sleep; 0 or -ENOMEM
 * @exit: undo @init, also one that failed
 * @for_each: call @func for each element of a table at rest until it says
 *	false; it may free the element
 * @count: of a table at rest, how many references an element has
 * @settle: wait until all that was put off without ref_host.call_rcu has been
 *	done, or has posted; may sleep
 *
 * The last six are NULL in a pattern that uses the table's chains and el.rc;
 * hosts call ref_search() and so on, which know.
 */
struct ref_ops {
	int (*add)(struct ref_table *t, unsigned long key);
	struct el *(*search_and_reference)(struct ref_table *t,
					   unsigned long key);
	struct el *(*search_for_update)(struct ref_table *t, unsigned long key);
	void (*release_referenced)(struct el *el);
	int (*delete)(struct ref_table *t, unsigned long key);
	int (*enter)(struct ref_table *t);
	void (*leave)(struct ref_table *t, int idx);
	struct el *(*search)(struct ref_table *t, unsigned long key);
	int (*init)(struct ref_table *t);
	void (*exit)(struct ref_table *t);
	void (*for_each)(struct ref_table *t,
			 bool (*func)(struct el *el, void *arg), void *arg);
	int (*count)(struct el *el);
	void (*settle)(struct ref_table *t);
};

/* search_and_reference() may answer FAIL for an element it found. */
#define PATTERN_LOOKUP_MAY_FAIL		BIT(0)
/* delete() waits for a grace period: not from atomic context. */
#define PATTERN_DELETE_SLEEPS		BIT(1)
/* While a reader is in its section nobody can remove anything. */
#define PATTERN_READERS_EXCLUDE_DELETE	BIT(2)
/* Every verb may sleep: not from atomic context.  Sections may sleep too. */
#define PATTERN_VERBS_SLEEP		BIT(5)
/*
 * There are no references, elements are used inside sections only: the verbs
 * that give and take one are NULL.
 */
#define PATTERN_SECTIONS_ONLY		BIT(6)
/*
 * delete() is for tasks only: it sleeps, or it waits for a reader that the
 * interrupt it is called from may have interrupted.
 */
#define PATTERN_DELETE_IN_TASKS						\
	(PATTERN_DELETE_SLEEPS | PATTERN_VERBS_SLEEP |			\
	 PATTERN_READERS_EXCLUDE_DELETE)
/* The pattern waits for readers: its flavor matters. */
#define PATTERN_USES_FLAVOR		BIT(3)
/* The pattern posts callbacks. */
#define PATTERN_POSTS			BIT(4)

/**
 * struct ref_busted - a pattern with one rule broken
 * @name: the part after the colon in ``busted=pattern:name``
 * @about: the change and what it leads to, one sentence
 * @claim: the claim of the documents it breaks
 * @zoo: the entry of the bug zoo it is an instance of, 0 for none
 * @caught_by: bits of enum check_id, any one of which must fire
 * @may_fire: bits of checks that may fire as a consequence
 * @splat: the kernel's own warning that it provokes, a fragment, or NULL
 * @not_with: FLAVOR_* flags under which it is not a bug at all, or one that no
 *	kernel survives
 * @ops: the broken verbs
 */
struct ref_busted {
	const char *name;
	const char *about;
	const char *claim;
	unsigned int zoo;
	unsigned long caught_by;
	unsigned long may_fire;
	const char *splat;
	unsigned int not_with;
	struct ref_ops ops;
};

/**
 * struct ref_pattern - one listing
 * @name: as users write it after ``pattern=``
 * @promise: what holds of it, one sentence for the ``patterns`` file
 * @claims: ids of the claims it shows
 * @flags: PATTERN_*
 * @ops: the verbs
 * @busted: its broken forms
 * @nr_busted: how many there are
 */
struct ref_pattern {
	const char *name;
	const char *promise;
	const char *claims;
	unsigned int flags;
	struct ref_ops ops;
	const struct ref_busted *busted;
	unsigned int nr_busted;
};

/**
 * struct ref_table - the document's list, as a small hash table
 * @ops: the verbs in force: the pattern's, or those of a busted form
 * @host: who uses this table
 * @flavor: how to wait for readers
 * @list_rwlock: listing A's list_lock
 * @list_lock: everybody else's
 * @nr_keys: keys go up to here
 * @nr_buckets: number of chains
 * @buckets: the chains, walked by readers without a lock in B and C
 * @slots: instead of chains, a pointer for each key; see slots.h
 * @priv: what else a pattern needs for a table
 */
struct ref_table {
	const struct ref_ops *ops;
	const struct ref_host *host;
	struct flavor *flavor;
	rwlock_t list_rwlock;	/* updaters against readers and updaters */
	spinlock_t list_lock;	/* updaters against each other */
	unsigned long nr_keys;
	unsigned int nr_buckets;
	struct hlist_head *buckets;
	struct el __rcu **slots;
	void *priv;
};

int ref_table_init(struct ref_table *t, unsigned long nr_keys);
void ref_table_exit(struct ref_table *t);
int ref_table_make_chains(struct ref_table *t);

/* What a host asks of a table, whatever its pattern: see struct ref_ops. */
struct el *ref_search(struct ref_table *t, unsigned long key);
void ref_for_each(struct ref_table *t, bool (*func)(struct el *el, void *arg),
		  void *arg);
int ref_count(struct el *el);
void ref_settle(struct ref_table *t);

/* The steps the document leaves in words. */
struct el *search_for_element(struct ref_table *t, unsigned long key);
void add_element(struct ref_table *t, struct el *el);
void remove_element(struct el *el);
struct el *alloc_object(struct ref_table *t, unsigned long key);

static inline void el_note(struct el *el, enum el_event event, int before,
			   int after)
{
	if (el->table->host->note)
		el->table->host->note(el, event, before, after);
}

static inline void window(struct ref_table *t)
{
	if (t->host->window)
		t->host->window(t);
}

static inline void visit(struct el *el)
{
	if (el->table->host->visit)
		el->table->host->visit(el);
}

static inline void rule_broken(struct ref_table *t, enum check_id check,
			       const char *what)
{
	if (t->host->broken)
		t->host->broken(t, check, what);
}

static inline void el_kfree(struct el *el)
{
	el->table->host->free(el);
}

static inline void el_call_rcu(struct el *el, rcu_callback_t func)
{
	el->table->host->call_rcu(el, func);
}

static inline int table_read_lock(struct ref_table *t)
{
	return t->flavor->ops->enter(t->flavor);
}

static inline void table_read_unlock(struct ref_table *t, int idx)
{
	t->flavor->ops->leave(t->flavor, idx);
}

static inline void table_synchronize(struct ref_table *t)
{
	t->flavor->ops->synchronize(t->flavor);
}

static inline void rc_set(struct el *el, int val)
{
	atomic_set(&el->rc, val);
	el_note(el, EL_SET, 0, val);
}

static inline void rc_inc(struct el *el)
{
	int before = atomic_fetch_inc(&el->rc);

	el_note(el, EL_GET, before, before + 1);
}

static inline bool rc_inc_not_zero(struct el *el)
{
	int before = atomic_fetch_add_unless(&el->rc, 1, 0);

	el_note(el, before ? EL_GET : EL_GET_FAILED, before,
		before ? before + 1 : 0);
	return before;
}

/*
 * The note comes first: once the count is down, somebody else may hold the
 * last reference, and the element may be gone before this function returns.
 * The values are therefore what this CPU saw just before, and may be stale
 * when others put at the same time; the biography says so with a tilde.
 */
static inline bool rc_dec_and_test(struct el *el)
{
	int before = atomic_read(&el->rc);

	el_note(el, EL_PUT, before, before - 1);
	return atomic_dec_and_test(&el->rc);
}

extern const struct ref_pattern pattern_listing_a;
extern const struct ref_pattern pattern_listing_b;
extern const struct ref_pattern pattern_listing_c;
extern const struct ref_pattern pattern_listing_c_sync;
extern const struct ref_pattern pattern_percpu_ref;
extern const struct ref_pattern pattern_rcuref;
extern const struct ref_pattern pattern_rcu_ref;
extern const struct ref_pattern pattern_rcu_ref_call;
extern const struct ref_pattern pattern_rcu_ref_defers;
extern const struct ref_pattern pattern_rwlock_inside;
extern const struct ref_pattern pattern_rwlock_ref;
extern const struct ref_pattern pattern_rwlock_ref_bh;
extern const struct ref_pattern pattern_rcu_array;
extern const struct ref_pattern pattern_lockcnt;
extern const struct ref_pattern pattern_lockcnt_mutex;
extern const struct ref_pattern pattern_lockcnt_percpu;
extern const struct ref_pattern pattern_lockcnt_list;
extern const struct ref_pattern pattern_lockcnt_list_if;

/* Every pattern, ended by NULL: patterns.c. */
extern const struct ref_pattern *const ref_patterns[];

#endif /* _LASTREF_PATTERN_H */
