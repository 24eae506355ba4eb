// SPDX-License-Identifier: GPL-2.0
/*
 * A variable protected by a LockCnt, as in QEMU's document.  Claims L1-L4, L6.
 *
 * There, one variable xyz; here, one for each key, foo of slots.h, and one
 * lockcnt for all, of any form.  The first four examples of use are the verbs:
 *
 *	document				file
 *	--------				----
 *	setting a variable			add()
 *	accessing the value			search_and_reference()
 *	freeing right after a visit		release_referenced()
 *	freeing the object			delete()
 *	qemu_lockcnt_inc(&xyz_lockcnt)		v->ops->inc(&v->lc)
 *	g_free(xyz), xyz = NULL			free_marked()
 *
 * A reference is a visit.  delete() frees only what nobody visits (L1); if
 * somebody does, it leaves a mark, and the visit that ends last frees what is
 * marked.  That it is really the last, and stays the last while it frees, is
 * what lockcnt_dec_and_lock() is for (L2).  Overlapping visits can put this off
 * without bound (L10): until then the variable is set, and cannot be set anew.
 *
 * Three patterns, for the three forms of a lockcnt.  With the per-CPU form a
 * visit ends with lockcnt_dec(), and cleaning is left to the next holder.
 */
#include <linux/delay.h>

#include "slots.h"
#include "visits.h"

/* Needs the lock, and that there is no visit. */
static void free_marked_alone(struct ref_table *t)
{
	struct visits *v = visits(t);
	unsigned long key;
	struct el *xyz;
	int i;

	WRITE_ONCE(v->alone, true);
	for (i = 0; i < 4; i++)		/* who should wait for us comes now */
		window(t);
	for (key = 0; key < t->nr_keys; key++) {
		xyz = foo_read(t, key);
		if (!xyz || !xyz->deleted)
			continue;
		rcu_assign_pointer(*foo(t, key), NULL);
		window(t);
		el_kfree(xyz);
	}
	v->marked = 0;
	WRITE_ONCE(v->alone, false);
}

/* Needs the lock.  If there is no visit, all that is marked is freed. */
static void free_marked(struct ref_table *t)
{
	struct visits *v = visits(t);

	if (v->marked && !v->ops->count(&v->lc))
		free_marked_alone(t);
}

static int add(struct ref_table *t, unsigned long key)
{
	struct visits *v = visits(t);
	struct el *new;
	int err = -EEXIST;

	v->ops->lock(&v->lc);
	free_marked(t);
	if (!foo_read(t, key)) {
		err = -ENOMEM;
		new = alloc_object(t, key);
		if (new) {
			rc_set(new, 1);
			foo_swap(t, key, new);
			err = 0;
		}
	}
	v->ops->unlock(&v->lc);
	return err;
}

/* In a visit: xyz, if it is set and not to be freed. */
static struct el *search(struct ref_table *t, unsigned long key)
{
	struct el *xyz = foo_read(t, key);

	if (!xyz || READ_ONCE(xyz->deleted))
		return NULL;
	visit_found(xyz);
	return xyz;
}

/* The end of a visit: if it is the last, what is marked can go. */
static void end_visit(struct ref_table *t)
{
	struct visits *v = visits(t);

	window(t);
	if (v->ops->dec_and_lock(&v->lc)) {
		free_marked(t);
		v->ops->unlock(&v->lc);
	}
}

static int enter(struct ref_table *t)
{
	struct visits *v = visits(t);

	v->ops->inc(&v->lc);
	if (READ_ONCE(v->alone))
		rule_broken(t, CHECK_FROM_ZERO,
			    "a visit starts while a holder has found none");
	return 0;
}

static void leave(struct ref_table *t, int idx)
{
	end_visit(t);
}

static struct el *search_and_reference(struct ref_table *t, unsigned long key)
{
	struct el *xyz;

	enter(t);
	xyz = search(t, key);
	if (xyz)
		return xyz;
	t->ops->leave(t, 0);
	return ERR_PTR(-ENOENT);
}

/* Under the lock a visit is begun by giving the lock back. */
static struct el *search_for_update(struct ref_table *t, unsigned long key)
{
	struct visits *v = visits(t);
	struct el *xyz;

	v->ops->lock(&v->lc);
	xyz = search(t, key);
	if (!xyz) {
		v->ops->unlock(&v->lc);
		return ERR_PTR(-ENOENT);
	}
	v->ops->inc_and_unlock(&v->lc);
	return xyz;
}

static void release_referenced(struct el *xyz)
{
	struct ref_table *t = xyz->table;

	el_note(xyz, EL_PUT, 1, 1);
	t->ops->leave(t, 0);
}

static int delete(struct ref_table *t, unsigned long key)
{
	struct visits *v = visits(t);
	struct el *xyz;
	int err = -ENOENT;

	v->ops->lock(&v->lc);
	xyz = foo_read(t, key);
	if (xyz && !xyz->deleted) {
		mark(xyz);
		err = 0;
	}
	window(t);
	free_marked(t);
	v->ops->unlock(&v->lc);
	return err;
}

static void leave_percpu(struct ref_table *t, int idx)
{
	struct visits *v = visits(t);

	v->ops->dec(&v->lc);
}

static void lockcnt_exit(struct ref_table *t)
{
	visits_exit(t);
	slots_exit(t);
}

static int init_word(struct ref_table *t)
{
	return visits_init(t, &lockcnt_form_word) ?: slots_init(t);
}

static int init_mutex(struct ref_table *t)
{
	return visits_init(t, &lockcnt_form_mutex) ?: slots_init(t);
}

static int init_percpu(struct ref_table *t)
{
	return visits_init(t, &lockcnt_form_percpu) ?: slots_init(t);
}

#define LOCKCNT_OPS						\
	.add			= add,				\
	.search_and_reference	= search_and_reference,		\
	.search_for_update	= search_for_update,		\
	.release_referenced	= release_referenced,		\
	.enter			= enter,			\
	.search			= search,			\
	.for_each		= slots_for_each,		\
	.exit			= lockcnt_exit

/*
 * Busted free_while_visited (L1, zoo 22): who has the lock frees without a look
 * at the count.
 *
 *	visit				holder
 *	-----				------
 *	inc: 1
 *	p = xyz
 *					lock
 *					free(xyz), xyz = NULL
 *	uses p
 */
static int delete_visited(struct ref_table *t, unsigned long key)
{
	struct visits *v = visits(t);
	struct el *xyz;

	v->ops->lock(&v->lc);
	xyz = foo_swap(t, key, NULL);
	if (xyz)
		el_kfree(xyz);
	v->ops->unlock(&v->lc);
	return xyz ? 0 : -ENOENT;
}

/*
 * Busted dec_then_lock (L2, zoo 22): the last visit ends, and then the lock is
 * taken, as if nothing could come between.
 *
 *	visit				another
 *	-----				-------
 *	dec: 0
 *					inc: 1
 *					p = xyz
 *	lock
 *	free(xyz)
 *					uses p
 *
 * Between dec and lock it sleeps a while, for that other visit to come and for
 * something to free: who sleeps gives others their turn.  A visit is shorter than
 * a sleep, so one that has come between stays until it has been met.
 */
static void leave_dec_then_lock(struct ref_table *t, int idx)
{
	struct visits *v = visits(t);
	int i;

	for (i = 0; i < 20 && READ_ONCE(v->between); i++)
		usleep_range(50, 500);
	v->ops->dec(&v->lc);
	if (v->ops->count(&v->lc))
		return;
	WRITE_ONCE(v->between, true);
	for (i = 0; i < 20 && !(READ_ONCE(v->marked) && v->ops->count(&v->lc)); i++)
		usleep_range(50, 500);
	v->ops->lock(&v->lc);
	if (v->marked) {
		/* while there is a visit another one need not wait for us */
		WRITE_ONCE(v->alone, true);
		for (i = 0; i < 20 && v->ops->count(&v->lc); i++)
			usleep_range(50, 500);
		free_marked_alone(t);
	}
	WRITE_ONCE(v->between, false);
	v->ops->unlock(&v->lc);
}

/* Busted forms of the lockcnt itself: lockcnt_word.c draws them. */
static int init_visit_from_zero(struct ref_table *t)
{
	return visits_init_busted(t, &lockcnt_form_word, "visit_from_zero") ?:
	       slots_init(t);
}

static int init_lost_baton(struct ref_table *t)
{
	return visits_init_busted(t, &lockcnt_form_word, "lost_baton") ?:
	       slots_init(t);
}

static const struct ref_busted busted[] = {
	{
		.name = "free_while_visited",
		.about =
			"who has the lock frees although there are visits",
		.claim = "L1",
		.zoo = 22,
		.caught_by = CHECK_BIT(USE_AFTER_FREE),
		.ops = {
			LOCKCNT_OPS,
			.init = init_word,
			.leave = leave,
			.delete = delete_visited,
		},
	}, {
		.name = "visit_from_zero",
		.about =
			"a visit starts although the count is zero and the lock is taken",
		.claim = "L2",
		.zoo = 22,
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.ops = {
			LOCKCNT_OPS,
			.init = init_visit_from_zero,
			.leave = leave,
			.delete = delete,
		},
	}, {
		.name = "dec_then_lock",
		.about =
			"the last visit ends and then takes the lock: others came between",
		.claim = "L2",
		.zoo = 22,
		.caught_by = CHECK_BIT(FROM_ZERO) | CHECK_BIT(USE_AFTER_FREE),
		.ops = {
			LOCKCNT_OPS,
			.init = init_word,
			.leave = leave_dec_then_lock,
			.delete = delete,
		},
	}, {
		.name = "lost_baton",
		.about =
			"who was woken takes the lock and forgets that others sleep",
		.claim = "L6",
		.caught_by = CHECK_BIT(WRITER_STALL),
		.ops = {
			LOCKCNT_OPS,
			.init = init_lost_baton,
			.leave = leave,
			.delete = delete,
		},
	},
};

const struct ref_pattern pattern_lockcnt = {
	.name = "lockcnt",
	.promise =
		"nothing is freed under a visit; the last visit frees what was deleted",
	.claims = "L1 L2 L3 L4 L6",
	.flags = PATTERN_VERBS_SLEEP,
	.ops = {
		LOCKCNT_OPS,
		.init = init_word,
		.leave = leave,
		.delete = delete,
	},
	.busted = busted,
	.nr_busted = ARRAY_SIZE(busted),
};

const struct ref_pattern pattern_lockcnt_mutex = {
	.name = "lockcnt_mutex",
	.promise = "as lockcnt, with a mutex and a counter",
	.claims = "L1 L2 L3 L4 L6",
	.flags = PATTERN_VERBS_SLEEP,
	.ops = {
		LOCKCNT_OPS,
		.init = init_mutex,
		.leave = leave,
		.delete = delete,
	},
};

const struct ref_pattern pattern_lockcnt_percpu = {
	.name = "lockcnt_percpu",
	.promise =
		"as lockcnt, with visits counted on each CPU, and cleaning left to the next holder",
	.claims = "L1 L2 L3",
	.flags = PATTERN_VERBS_SLEEP,
	.ops = {
		LOCKCNT_OPS,
		.init = init_percpu,
		.leave = leave_percpu,
		.delete = delete,
	},
};
