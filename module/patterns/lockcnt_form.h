/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The three forms of LockCnt as data, for those who use every one of them in
 * the same way: the torture, the native tests, a benchmark's table.
 *
 * Everybody else uses <lastref/lockcnt.h> and has no indirect call.
 */
#ifndef _LASTREF_LOCKCNT_FORM_H
#define _LASTREF_LOCKCNT_FORM_H

#include <lastref/lockcnt.h>

/* Memory for any one of them. */
union lockcnt_any {
	struct lockcnt_word word;
	struct lockcnt_mutex mutex;
	struct lockcnt_percpu percpu;
};

/**
 * struct lockcnt_ops - the ten operations; lockcnt.h says what they do
 * @init: lockcnt_init()
 * @destroy: lockcnt_destroy()
 * @inc: lockcnt_inc()
 * @dec: lockcnt_dec()
 * @dec_and_lock: lockcnt_dec_and_lock()
 * @dec_if_lock: lockcnt_dec_if_lock()
 * @inc_and_unlock: lockcnt_inc_and_unlock()
 * @lock: lockcnt_lock()
 * @unlock: lockcnt_unlock()
 * @count: lockcnt_count()
 */
struct lockcnt_ops {
	int (*init)(union lockcnt_any *lc);
	void (*destroy)(union lockcnt_any *lc);
	void (*inc)(union lockcnt_any *lc);
	void (*dec)(union lockcnt_any *lc);
	bool (*dec_and_lock)(union lockcnt_any *lc);
	bool (*dec_if_lock)(union lockcnt_any *lc);
	void (*inc_and_unlock)(union lockcnt_any *lc);
	void (*lock)(union lockcnt_any *lc);
	void (*unlock)(union lockcnt_any *lc);
	unsigned int (*count)(union lockcnt_any *lc);
};

/**
 * struct lockcnt_busted - a form with one rule broken
 * @name: as ``form:name``
 * @about: the change and what it leads to, one sentence
 * @claim: the claim it breaks
 * @zoo: the entry of the bug zoo it is an instance of, 0 for none
 * @caught_by: bits of enum check_id, any one of which must fire
 * @may_fire: bits of checks that may fire as a consequence
 * @splat: the warning that it provokes, a fragment, or NULL; as good as a check
 * @ops: the broken operations
 */
struct lockcnt_busted {
	const char *name;
	const char *about;
	const char *claim;
	unsigned int zoo;
	unsigned long caught_by;
	unsigned long may_fire;
	const char *splat;
	struct lockcnt_ops ops;
};

/**
 * struct lockcnt_form - one form
 * @name: word, mutex or percpu
 * @about: what it is, a few words
 * @ops: the operations
 * @busted: its broken forms
 * @nr_busted: how many of them
 */
struct lockcnt_form {
	const char *name;
	const char *about;
	struct lockcnt_ops ops;
	const struct lockcnt_busted *busted;
	unsigned int nr_busted;
};

extern const struct lockcnt_form lockcnt_form_word;
extern const struct lockcnt_form lockcnt_form_mutex;
extern const struct lockcnt_form lockcnt_form_percpu;

#endif /* _LASTREF_LOCKCNT_FORM_H */
