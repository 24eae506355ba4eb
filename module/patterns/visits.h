/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two lockcnt patterns share: a lockcnt of any form, and the flag that
 * lets a visit see whether it began where it must not.  See visits.c.
 */
#ifndef _LASTREF_VISITS_H
#define _LASTREF_VISITS_H

#include "lockcnt_form.h"
#include "pattern.h"

/**
 * struct visits - what a table has besides its elements
 * @lc: counts the visits
 * @ops: of the form that @lc is
 * @alone: a holder of the lock has found no visit, and may free
 * @between: somebody is between the two steps of the broken dec_then_lock
 * @marked: elements that wait for that; under the lock
 * @list: lockcnt_list's elements
 */
struct visits {
	union lockcnt_any lc;
	const struct lockcnt_ops *ops;
	bool alone;
	bool between;
	unsigned int marked;
	struct hlist_head list;
};

static inline struct visits *visits(struct ref_table *t)
{
	return t->priv;
}

int visits_init(struct ref_table *t, const struct lockcnt_form *form);
int visits_init_busted(struct ref_table *t, const struct lockcnt_form *form,
		       const char *name);
void visits_exit(struct ref_table *t);

/* An element was found in a visit: who found it may use it. */
static inline void visit_found(struct el *el)
{
	bool alone = READ_ONCE(visits(el->table)->alone);

	el_note(el, EL_GET, alone ? 0 : 1, 1);
}

/* Marks an element.  Needs the lock. */
static inline void mark(struct el *el)
{
	visits(el->table)->marked++;
	WRITE_ONCE(el->deleted, true);
	el_note(el, EL_REMOVE, 1, 1);
}

#endif /* _LASTREF_VISITS_H */
