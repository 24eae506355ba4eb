// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's list of handlers, walked under a LockCnt.  Claims L7, L8, L9.
 *
 * A walk calls back at every element, and a callback may do anything to the
 * list: delete the element it was called for or the next one, insert, and walk
 * it all again, which is a visit within the visit.  So delete() marks only, as
 * if it were called in a walk, and
 *
 *	lockcnt_list	  the visit that ends last unlinks and frees what is
 *			  marked: lockcnt_dec_and_lock()
 *	lockcnt_list_if	  a walk that meets a mark tries at once to be alone,
 *			  lockcnt_dec_if_lock(), and goes on walking afterwards,
 *			  lockcnt_inc_and_unlock(); nothing is left to do at its
 *			  end, and lockcnt_dec() will do
 *
 * Insertions go to the head, under the lock, beside any number of walks (L9).
 *
 *	document				file
 *	--------				----
 *	qemu_lockcnt_inc(&io_handlers_lockcnt)	v->ops->inc(&v->lc)
 *	QLIST_FOREACH_RCU			for_each_el(), in walk()
 *	QLIST_FOREACH_SAFE_RCU			walk_and_free()
 *	ioh->fd_write(ioh->opaque)		visit(el)
 *	ioh->deleted				el->deleted
 *	QLIST_REMOVE, g_free(ioh)		hlist_del_rcu(), el_kfree(el)
 */
#include "visits.h"

#define for_each_el(el, v)						\
	hlist_for_each_entry_rcu(el, &(v)->list, node, true)

/* Needs the lock.  If there is no visit, all that is marked is freed. */
static void free_marked(struct ref_table *t)
{
	struct visits *v = visits(t);
	struct hlist_node *next;
	struct el *el;

	if (!v->marked || v->ops->count(&v->lc))
		return;
	WRITE_ONCE(v->alone, true);
	hlist_for_each_entry_safe(el, next, &v->list, node) {
		if (!el->deleted)
			continue;
		hlist_del_rcu(&el->node);
		window(t);
		el_kfree(el);
	}
	v->marked = 0;
	WRITE_ONCE(v->alone, false);
}

/* In a visit, or with the lock. */
static struct el *search(struct ref_table *t, unsigned long key)
{
	struct el *el;

	for_each_el(el, visits(t))
		if (el->key == key && !READ_ONCE(el->deleted))
			return el;
	return NULL;
}

/* Marked elements pile up while visits overlap (L10): there is a limit. */
static int add(struct ref_table *t, unsigned long key)
{
	struct el *new = alloc_object(t, key);
	struct visits *v = visits(t);
	int err = 0;

	if (!new)
		return -ENOMEM;
	rc_set(new, 1);
	v->ops->lock(&v->lc);
	free_marked(t);
	if (search(t, key))
		err = -EEXIST;
	else if (v->marked >= MAX_MARKED)
		err = -ENOMEM;
	if (!err) {
		el_note(new, EL_ADD, 1, 1);
		hlist_add_head_rcu(&new->node, &v->list);
	}
	v->ops->unlock(&v->lc);
	if (err)
		el_kfree(new);
	return err;
}

static int delete(struct ref_table *t, unsigned long key)
{
	struct visits *v = visits(t);
	struct el *el;

	v->ops->lock(&v->lc);
	el = search(t, key);
	if (el)
		mark(el);
	window(t);
	free_marked(t);
	v->ops->unlock(&v->lc);
	return el ? 0 : -ENOENT;
}

static int enter(struct ref_table *t)
{
	struct visits *v = visits(t);

	v->ops->inc(&v->lc);
	return 0;
}

static void leave(struct ref_table *t, int idx)
{
	struct visits *v = visits(t);

	window(t);
	if (v->ops->dec_and_lock(&v->lc)) {
		free_marked(t);
		v->ops->unlock(&v->lc);
	}
}

/* The document's loop.  It also finds what it was asked for. */
static struct el *walk(struct ref_table *t, unsigned long key)
{
	struct el *el, *found = NULL;

	for_each_el(el, visits(t)) {
		if (READ_ONCE(el->deleted))
			continue;
		if (el->key == key) {
			visit_found(el);
			found = el;
		}
		visit(el);	/* ioh->fd_write(ioh->opaque) */
	}
	return found;
}

/* The other loop: @el is marked, and goes if this is the only visit. */
static void free_if_alone(struct ref_table *t, struct el *el)
{
	struct visits *v = visits(t);

	if (!v->ops->dec_if_lock(&v->lc))
		return;
	WRITE_ONCE(v->alone, true);
	hlist_del_rcu(&el->node);
	v->marked--;
	window(t);
	el_kfree(el);
	WRITE_ONCE(v->alone, false);
	v->ops->inc_and_unlock(&v->lc);
}

static struct el *next_el(struct el *el)
{
	return hlist_entry_safe(rcu_dereference_raw(hlist_next_rcu(&el->node)),
				struct el, node);
}

/* Whoever frees one element keeps the next: it is read before. */
static struct el *walk_and_free(struct ref_table *t, unsigned long key)
{
	struct visits *v = visits(t);
	struct el *el, *next, *found = NULL;

	el = hlist_entry_safe(rcu_dereference_raw(hlist_first_rcu(&v->list)),
			      struct el, node);
	for (; el; el = next) {
		next = next_el(el);
		if (READ_ONCE(el->deleted)) {
			free_if_alone(t, el);
			continue;
		}
		if (el->key == key) {
			visit_found(el);
			found = el;
		}
		visit(el);
	}
	return found;
}

/*
 * The visit goes on in the hands of who gets the element: it ends with
 * release_referenced().
 */
static struct el *search_by(struct ref_table *t, unsigned long key,
			    struct el *(*walk)(struct ref_table *t,
					       unsigned long key))
{
	struct el *el;

	enter(t);
	el = walk(t, key);
	if (el)
		return el;
	t->ops->leave(t, 0);
	return ERR_PTR(-ENOENT);
}

static struct el *search_and_reference(struct ref_table *t, unsigned long key)
{
	return search_by(t, key, walk);
}

static struct el *search_for_update(struct ref_table *t, unsigned long key)
{
	struct visits *v = visits(t);
	struct el *el;

	v->ops->lock(&v->lc);
	el = search(t, key);
	if (!el) {
		v->ops->unlock(&v->lc);
		return ERR_PTR(-ENOENT);
	}
	visit_found(el);
	v->ops->inc_and_unlock(&v->lc);
	return el;
}

static void release_referenced(struct el *el)
{
	struct ref_table *t = el->table;

	el_note(el, EL_PUT, 1, 1);
	t->ops->leave(t, 0);
}

static struct el *search_and_free(struct ref_table *t, unsigned long key)
{
	return search_by(t, key, walk_and_free);
}

static void leave_dec(struct ref_table *t, int idx)
{
	struct visits *v = visits(t);

	window(t);
	v->ops->dec(&v->lc);
}

static int list_init(struct ref_table *t)
{
	return visits_init(t, &lockcnt_form_word);
}

static void each_el(struct ref_table *t,
		    bool (*func)(struct el *el, void *arg), void *arg)
{
	struct hlist_node *next;
	struct el *el;

	hlist_for_each_entry_safe(el, next, &visits(t)->list, node)
		if (!func(el, arg))
			return;
}

#define LOCKCNT_LIST_OPS					\
	.add			= add,				\
	.search_for_update	= search_for_update,		\
	.release_referenced	= release_referenced,		\
	.enter			= enter,			\
	.search			= search,			\
	.init			= list_init,				\
	.exit			= visits_exit,			\
	.for_each		= each_el

/*
 * Busted free_at_once (L7, zoo 22): the list as it was before there was anything
 * to count with.  delete() unlinks and frees, in the midst of walks.
 *
 *	walk				callback of this walk, or another
 *	----				---------------------------------
 *	stands at an element
 *					unlinks and frees it
 *	goes on from there
 */
static int delete_at_once(struct ref_table *t, unsigned long key)
{
	struct visits *v = visits(t);
	struct el *el;

	v->ops->lock(&v->lc);
	el = search(t, key);
	if (el) {
		hlist_del_rcu(&el->node);
		el_note(el, EL_REMOVE, 1, 1);
		el_kfree(el);
	}
	v->ops->unlock(&v->lc);
	return el ? 0 : -ENOENT;
}

/*
 * Busted free_beside_walks (L7, zoo 22): a walk that meets a mark frees under the lock,
 * as if it were alone, although others walk.
 */
static struct el *walk_free_beside(struct ref_table *t, unsigned long key)
{
	struct visits *v = visits(t);
	struct hlist_node *next;
	struct el *el;

	v->ops->lock(&v->lc);
	hlist_for_each_entry_safe(el, next, &v->list, node) {
		if (!el->deleted)
			continue;
		hlist_del_rcu(&el->node);
		el_kfree(el);
	}
	v->marked = 0;
	v->ops->unlock(&v->lc);
	return walk(t, key);
}

static struct el *search_free_beside(struct ref_table *t, unsigned long key)
{
	return search_by(t, key, walk_free_beside);
}

static const struct ref_busted busted[] = {
	{
		.name = "free_at_once",
		.about =
			"a callback unlinks and frees what a walk stands on",
		.claim = "L7",
		.zoo = 22,
		.caught_by = CHECK_BIT(USE_AFTER_FREE),
		.ops = {
			LOCKCNT_LIST_OPS,
			.search_and_reference = search_and_reference,
			.leave = leave,
			.delete = delete_at_once,
		},
	}, {
		.name = "free_beside_walks",
		.about =
			"what is marked is freed under the lock, whoever else walks",
		.claim = "L7",
		.zoo = 22,
		.caught_by = CHECK_BIT(USE_AFTER_FREE),
		.ops = {
			LOCKCNT_LIST_OPS,
			.search_and_reference = search_free_beside,
			.leave = leave,
			.delete = delete,
		},
	},
};

const struct ref_pattern pattern_lockcnt_list = {
	.name = "lockcnt_list",
	.promise =
		"callbacks may delete any element, insert, and walk again; the last walk frees",
	.claims = "L7 L8 L9",
	.flags = PATTERN_VERBS_SLEEP,
	.ops = {
		LOCKCNT_LIST_OPS,
		.search_and_reference = search_and_reference,
		.leave = leave,
		.delete = delete,
	},
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};

const struct ref_pattern pattern_lockcnt_list_if = {
	.name = "lockcnt_list_if",
	.promise =
		"as lockcnt_list, but a walk frees on its way what it finds when it is alone",
	.claims = "L7 L8 L9",
	.flags = PATTERN_VERBS_SLEEP,
	.ops = {
		LOCKCNT_LIST_OPS,
		.search_and_reference = search_and_free,
		.leave = leave_dec,
		.delete = delete,
	},
};
