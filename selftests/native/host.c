// SPDX-License-Identifier: GPL-2.0
/* The native host, and its flavor: see host.h. */
#include <stdlib.h>

#include "host.h"
#include "test.h"

static unsigned long added, freed;

static struct native_el *to_native(struct el *el)
{
	return container_of(el, struct native_el, el);
}

static struct el *native_alloc(struct ref_table *t, unsigned long key)
{
	struct native_el *ne = calloc(1, sizeof(*ne));

	(void)t;
	if (!ne)
		return NULL;
	ne->contents[0] = NATIVE_LIVE;
	ne->contents[1] = ~key;
	return &ne->el;
}

#ifdef NATIVE_ASAN
static void dispose(struct native_el *ne)
{
	free(ne);
}
#else
/* Kept where a debugger finds it. */
static struct native_el *freed_first;

static void dispose(struct native_el *ne)
{
	ne->contents[0] = NATIVE_POISON;
	ne->contents[1] = NATIVE_POISON;
	ne->next_freed = __atomic_load_n(&freed_first, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&freed_first, &ne->next_freed, ne,
					    false, __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED))
		;
}
#endif

static void native_free(struct el *el)
{
	struct native_el *ne = to_native(el);
	int life = __atomic_fetch_or(&ne->life, NATIVE_FREED, __ATOMIC_RELAXED);

	check_ran(CHECK_FREED_ONCE);
	if (life) {
		check_failed(CHECK_FREED_ONCE, "freed %s",
			     life & NATIVE_FREED ? "twice" :
			     life & NATIVE_LINKED ? "while in the table" :
			     "while its callback is pending");
		return;
	}
	if (ne->added)
		__atomic_fetch_add(&freed, 1, __ATOMIC_RELAXED);
	dispose(ne);
}

static void native_callback(struct rcu_head *head)
{
	struct native_el *ne = to_native(container_of(head, struct el, head));

	__atomic_fetch_and(&ne->life, ~NATIVE_POSTED, __ATOMIC_RELAXED);
	ne->func(head);
}

static void native_call_rcu(struct el *el, rcu_callback_t func)
{
	struct native_el *ne = to_native(el);
	int life = __atomic_fetch_or(&ne->life, NATIVE_POSTED,
				     __ATOMIC_RELAXED);

	check_ran(CHECK_DOUBLE_POST);
	if (life & (NATIVE_POSTED | NATIVE_FREED)) {
		check_failed(CHECK_DOUBLE_POST, "posted while %s",
			     life & NATIVE_POSTED ? "its callback is pending" :
						    "freed");
		return;
	}
	ne->func = func;
	el->table->flavor->ops->call(el->table->flavor, &el->head,
				     native_callback);
}

static void native_window(struct ref_table *t)
{
	(void)t;
	shim_window();
}

/* What a callback may do to the list that is being walked. */
static void native_visit(struct el *el)
{
	struct ref_table *t = el->table;
	unsigned int dice = shim_random();
	unsigned long key = dice % t->nr_keys;
	struct el *other;

	switch ((dice >> 8) % 32) {
	case 0:
		t->ops->delete(t, el->key);
		break;
	case 1:
		t->ops->delete(t, key);
		break;
	case 2:
		t->ops->add(t, key);
		break;
	case 3:
		other = t->ops->search_and_reference(t, key);
		if (!IS_ERR(other))
			t->ops->release_referenced(other);
		break;
	}
}

static void native_broken(struct ref_table *t, enum check_id check,
			  const char *what)
{
	(void)t;
	check_failed(check, "%s", what);
}

/* FAIL is for elements on their way out, not for those in the table. */
static void note_get_failed(struct native_el *ne)
{
	check_ran(CHECK_PROMISE);
	if (__atomic_load_n(&ne->life, __ATOMIC_RELAXED) & NATIVE_LINKED)
		check_failed(CHECK_PROMISE,
			     "FAIL for an element in the table");
}

static void note_count(const char *what, int before)
{
	check_ran(CHECK_FROM_ZERO);
	if (before <= 0)
		check_failed(CHECK_FROM_ZERO, "reference %s %d", what, before);
}

static void native_note(struct el *el, enum el_event event, int before,
			int after)
{
	struct native_el *ne = to_native(el);

	(void)after;
	check_ran(CHECK_USE_AFTER_FREE);
	if (__atomic_load_n(&ne->life, __ATOMIC_RELAXED) & NATIVE_FREED)
		check_failed(CHECK_USE_AFTER_FREE,
			     "event %d on a freed element", event);
	switch (event) {
	case EL_ADD:
		ne->added = true;
		__atomic_fetch_or(&ne->life, NATIVE_LINKED, __ATOMIC_RELAXED);
		__atomic_fetch_add(&added, 1, __ATOMIC_RELAXED);
		break;
	case EL_REMOVE:
		__atomic_fetch_and(&ne->life, ~NATIVE_LINKED, __ATOMIC_RELAXED);
		break;
	case EL_GET:
		note_count("gained from", before);
		break;
	case EL_PUT:
		note_count("put below", before);
		break;
	case EL_GET_FAILED:
		note_get_failed(ne);
		break;
	default:
		break;
	}
}

const struct ref_host native_host = {
	.alloc		= native_alloc,
	.free		= native_free,
	.call_rcu	= native_call_rcu,
	.window		= native_window,
	.visit		= native_visit,
	.broken		= native_broken,
	.note		= native_note,
};

void native_look(struct el *el, unsigned long key, const char *what)
{
	struct native_el *ne = to_native(el);

	check_ran(CHECK_USE_AFTER_FREE);
	if (__atomic_load_n(&ne->life, __ATOMIC_RELAXED) & NATIVE_FREED ||
	    ne->contents[0] != NATIVE_LIVE)
		check_failed(CHECK_USE_AFTER_FREE, "freed under a reader's %s",
			     what);
	else if (ne->contents[1] != ~key || el->key != key)
		check_failed(CHECK_CANARY, "changed under a reader's %s", what);
}

static bool count_live(struct el *el, void *arg)
{
	unsigned long *live = arg;

	++*live;
	if (ref_count(el) != 1)
		check_failed(CHECK_NOTHING_LOST,
			     "count of %d in a table at rest", ref_count(el));
	return true;
}

void native_drain(struct ref_table *t)
{
	unsigned long live = 0;

	ref_settle(t);
	native_flavor.cb_barrier(t->flavor);
	check_ran(CHECK_NOTHING_LOST);
	ref_for_each(t, count_live, &live);
	if (added != freed + live)
		check_failed(CHECK_NOTHING_LOST,
			     "%lu added, %lu freed, %lu live", added, freed,
			     live);
}

static int native_enter(struct flavor *flavor)
{
	(void)flavor;
	rcu_read_lock();
	return 0;
}

static void native_leave(struct flavor *flavor, int idx)
{
	(void)flavor;
	(void)idx;
	rcu_read_unlock();
}

static void native_call(struct flavor *flavor, struct rcu_head *head,
			rcu_callback_t func)
{
	(void)flavor;
	call_rcu(head, func);
}

static void native_synchronize(struct flavor *flavor)
{
	(void)flavor;
	synchronize_rcu();
}

static void native_barrier(struct flavor *flavor)
{
	(void)flavor;
	rcu_barrier();
}

/* What a listing reaches.  Its name is shim_gp_name; polling is the torture's. */
const struct flavor_ops native_flavor = {
	.enter		= native_enter,
	.leave		= native_leave,
	.call		= native_call,
	.synchronize	= native_synchronize,
	.cb_barrier	= native_barrier,
};
