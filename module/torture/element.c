// SPDX-License-Identifier: GPL-2.0
/*
 * The element under torture: where it comes from, what it goes through, and
 * where it goes.
 *
 * The torture is the host of a pattern (struct ref_host): every allocation,
 * free, post and change of a count of the listings passes through here, is
 * written into the element's biography, and is checked against the life the
 * element has had so far.
 *
 *	life			allowed next
 *	0 (private)		LINKED, or FREED (add() found the key taken)
 *	LINKED			unlinked (0)
 *	0 (removed)		POSTED, FREED
 *	POSTED			0 when its callback runs
 *	FREED			nothing
 *
 * Memory is one of two kinds.  "slab": a kmem_cache of the run's own, so that
 * KASAN, KFENCE and slab debugging see every access.  "quarantine": freed
 * elements wait in a queue of QUARANTINE elements and are then used again by
 * the same run, never by anybody else.  A stale access finds a struct
 * torture_el with poison in it, is counted, and hurts nobody; that is how a
 * busted form can be shown on a stock kernel.
 */
#include <linux/delay.h>
#include <linux/hash.h>
#include <linux/slab.h>

#include <lastref/compat.h>

#include "element.h"
#include "window.h"

#define QUARANTINE	4096
/* Interrupts keep their windows short. */
#define ATOMIC_WINDOW_NS	(20 * NSEC_PER_USEC)
#define LOCKCNT_WINDOW_US	32
#define POISON		0x6b6b6b6b6b6b6b6bULL

static u64 canary(u64 id, unsigned int salt)
{
	return (id ^ 0x9e3779b97f4a7c15ULL) * (2 * salt + 3);
}

static struct torture_run *table_run(struct ref_table *t)
{
	return container_of(t, struct torture_run, table);
}

/*
 * The oldest of a full quarantine, or fresh memory, which is put on the list
 * of all: elements_exit() finds it there whatever a busted form did to it.
 */
static struct torture_el *quarantine_take(struct torture_run *run)
{
	struct torture_el *te = NULL;
	unsigned long flags;

	spin_lock_irqsave(&run->quarantine_lock, flags);
	if (run->nr_quarantined >= QUARANTINE) {
		te = list_first_entry(&run->quarantine, struct torture_el,
				      quarantine);
		list_del(&te->quarantine);
		run->nr_quarantined--;
	}
	spin_unlock_irqrestore(&run->quarantine_lock, flags);
	if (te)
		return te;

	te = kmem_cache_alloc(run->cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!te)
		return NULL;
	spin_lock_irqsave(&run->quarantine_lock, flags);
	list_add(&te->all, &run->all);
	spin_unlock_irqrestore(&run->quarantine_lock, flags);
	return te;
}

static void quarantine_put(struct torture_run *run, struct torture_el *te)
{
	unsigned long flags;

	spin_lock_irqsave(&run->quarantine_lock, flags);
	list_add_tail(&te->quarantine, &run->quarantine);
	run->nr_quarantined++;
	spin_unlock_irqrestore(&run->quarantine_lock, flags);
}

static struct el *torture_alloc(struct ref_table *t, unsigned long key)
{
	struct torture_run *run = table_run(t);
	struct torture_el *te;
	int i;

	if (run->cfg.memory == MEMORY_QUARANTINE)
		te = quarantine_take(run);
	else
		te = kmem_cache_alloc(run->cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!te)
		return NULL;
	te->run = run;
	WRITE_ONCE(te->id, atomic64_inc_return(&run->next_id));
	smp_wmb();	/* A, of view_alive() */
	te->front = canary(te->id, 0);
	te->back = canary(te->id, EL_PAYLOAD + 1);
	for (i = 0; i < EL_PAYLOAD; i++)
		te->payload[i] = canary(te->id, i + 1);
	te->deleted_ns = 0;
	te->posted_ns = 0;
	atomic_set(&te->life, 0);
	WRITE_ONCE(te->magic, EL_MAGIC_LIVE);
	return &te->el;
}

/*
 * Freed once, and only when nobody can find it and no callback is on its way.
 * An element that fails this is not freed: it is stranded, and counted, so
 * that what is broken stays in one piece for those who still use it.
 */
static bool may_free(struct torture_run *run, struct torture_el *te)
{
	int life = atomic_fetch_or(LIFE_FREED, &te->life);	/* orders: A */

	check_ran(run, CHECK_FREED_ONCE);
	if (life & LIFE_FREED)
		check_fail(run, CHECK_FREED_ONCE, &te->el, "freed twice");
	else if (life & LIFE_LINKED)
		check_fail(run, CHECK_FREED_ONCE, &te->el,
			   "freed while still in the table");
	else if (life & LIFE_POSTED)
		check_fail(run, CHECK_FREED_ONCE, &te->el,
			   "freed while its callback is pending");
	else
		return true;
	run_count(run, CNT_STRANDED);
	return false;
}

bool torture_el_intact(const struct torture_el *te)
{
	u64 id = READ_ONCE(te->id);
	int i;

	for (i = 0; i < EL_PAYLOAD; i++)
		if (READ_ONCE(te->payload[i]) != canary(id, i + 1))
			return false;
	return te->front == canary(id, 0) &&
	       te->back == canary(id, EL_PAYLOAD + 1);
}

static void torture_free(struct el *el)
{
	struct torture_el *te = to_torture_el(el);
	struct torture_run *run = te->run;
	u64 deleted = te->deleted_ns;
	int i;

	bio_record(run, te->id, EL_FREE, atomic_read(&el->rc),
		   atomic_read(&el->rc));
	if (!may_free(run, te))
		return;
	check_ran(run, CHECK_CANARY);
	if (!torture_el_intact(te))
		check_fail(run, CHECK_CANARY, el, "canary overwritten");
	WRITE_ONCE(te->magic, EL_MAGIC_FREED);
	for (i = 0; i < EL_PAYLOAD; i++)
		WRITE_ONCE(te->payload[i], POISON);
	atomic_inc(&run->gone);
	if (deleted) {
		run_count(run, CNT_FREED);
		run_hist_add(run, HIST_RECLAIM,
			     ktime_get_mono_fast_ns() - deleted);
	}
	if (run->cfg.memory == MEMORY_QUARANTINE)
		quarantine_put(run, te);
	else
		kmem_cache_free(run->cache, te);
}

/* The pattern's callback, timed, and counted once it has returned. */
static void torture_callback(struct rcu_head *head)
{
	struct torture_el *te = to_torture_el(container_of(head, struct el,
							   head));
	struct torture_run *run = te->run;
	int rc = atomic_read(&te->el.rc);

	bio_record(run, te->id, EL_CALLBACK, rc, rc);
	run_hist_add(run, HIST_CALLBACK,
		     ktime_get_mono_fast_ns() - te->posted_ns);
	atomic_andnot(LIFE_POSTED, &te->life);
	te->func(head);
	atomic_long_dec(&run->backlog);
	run_count(run, CNT_INVOKED);
}

static void note_backlog(struct torture_run *run)
{
	long now = atomic_long_inc_return(&run->backlog);
	long peak = atomic_long_read(&run->peak_backlog);

	while (now > peak &&
	       !atomic_long_try_cmpxchg(&run->peak_backlog, &peak, now))
		;
}

/* A second post of a head would tear the callback list: it is not made. */
static void torture_call_rcu(struct el *el, rcu_callback_t func)
{
	struct torture_el *te = to_torture_el(el);
	struct torture_run *run = te->run;
	int life = atomic_fetch_or(LIFE_POSTED, &te->life);
	int rc = atomic_read(&el->rc);

	bio_record(run, te->id, EL_POST, rc, rc);
	check_ran(run, CHECK_DOUBLE_POST);
	if (life & LIFE_POSTED) {
		check_fail(run, CHECK_DOUBLE_POST, el,
			   "posted while its first post is pending");
		return;
	}
	if (life & LIFE_FREED) {
		check_fail(run, CHECK_DOUBLE_POST, el,
			   "posted again after it was freed");
		return;
	}
	te->func = func;
	te->posted_ns = ktime_get_mono_fast_ns();
	run_count(run, CNT_POSTED);
	note_backlog(run);
	run->flavor.ops->call(&run->flavor, &el->head, torture_callback);
	atomic_inc(&run->gone);
}

/*
 * The document's three dots: seven times of eight nothing, else a wait for
 * somebody else to take an element away, and then a moment more for the race
 * to be run.  Waiting for the event instead of a fixed time makes nearly every
 * window a real one.  A per-CPU count, hashed with the seed, is the dice: any
 * context comes here, and none may wait for another.
 */
static void torture_window(struct ref_table *t)
{
	struct torture_run *run = table_run(t);
	u64 longest = READ_ONCE(run->cfg.window) * NSEC_PER_USEC;
	int gone = atomic_read(&run->gone);
	u64 dice, end;

	dice = this_cpu_inc_return(run->pc->dice);
	dice = hash_64(dice ^ run->cfg.seed ^
		       (u64)raw_smp_processor_id() << 48, 32);
	if (!longest || dice & 7)
		return;
	if (!in_task())
		longest = min_t(u64, longest, ATOMIC_WINDOW_NS);
	end = ktime_get_mono_fast_ns() + longest;
	while (atomic_read(&run->gone) == gone && ktime_get_mono_fast_ns() < end)
		cpu_relax();
	udelay((dice >> 3) % 4);
}

/* Mostly nothing, as above; there is nothing to wait for that is seen here. */
void torture_lockcnt_window(void)
{
	static atomic_t dice;
	unsigned int now = atomic_inc_return(&dice);

	if (!(now & 15))
		udelay((now >> 4) % LOCKCNT_WINDOW_US);
}

/*
 * What a walk does at each element: mostly nothing, sometimes what a callback
 * may do to the list that is being walked.  The chance of another walk is small
 * enough, times the number of elements, that walks within walks come to an end.
 */
static void torture_visit(struct el *el)
{
	struct ref_table *t = el->table;
	struct torture_run *run = table_run(t);
	u64 dice = hash_64(this_cpu_inc_return(run->pc->dice) ^ run->cfg.seed,
			   40);
	unsigned long key = (dice >> 12) % run->cfg.keys;
	struct el *other;

	switch (dice % (32 * run->cfg.keys)) {
	case 0:
		t->ops->delete(t, el->key);
		break;
	case 1:
		t->ops->delete(t, key);		/* the next one, perhaps */
		break;
	case 2:
		t->ops->add(t, key);
		break;
	case 3:
		run_count(run, CNT_NESTED);
		other = t->ops->search_and_reference(t, key);
		if (!IS_ERR(other))
			t->ops->release_referenced(other);
		break;
	}
}

static void torture_broken(struct ref_table *t, enum check_id check,
			   const char *what)
{
	check_fail(table_run(t), check, NULL, "%s", what);
}

static void note_removed(struct torture_run *run, struct torture_el *te)
{
	atomic_andnot(LIFE_LINKED, &te->life);
	te->deleted_gp = run->flavor.ops->get_state(&run->flavor);
	/* Pairs with view_end_section(): who sees the time sees the cookie. */
	smp_store_release(&te->deleted_ns, ktime_get_mono_fast_ns());
	run_count(run, CNT_DELETED);
}

static void note_get(struct torture_run *run, struct torture_el *te, int before)
{
	check_ran(run, CHECK_FROM_ZERO);
	if (before <= 0)
		check_fail(run, CHECK_FROM_ZERO, &te->el,
			   "reference gained from a count of %d", before);
}

/* FAIL is for elements on their way out, not for those in the table. */
static void note_get_failed(struct torture_run *run, struct torture_el *te)
{
	run_count(run, CNT_NEAR_FAIL_AT_ZERO);
	check_ran(run, CHECK_PROMISE);
	if (atomic_read(&te->life) & LIFE_LINKED)
		check_fail(run, CHECK_PROMISE, &te->el,
			   "a lookup failed on an element still in the table");
}

static void torture_note(struct el *el, enum el_event event, int before,
			 int after)
{
	struct torture_el *te = to_torture_el(el);
	struct torture_run *run = te->run;

	bio_record(run, te->id, event, before, after);
	if (event == EL_ALLOC)
		return;
	check_ran(run, CHECK_USE_AFTER_FREE);
	if (atomic_read(&te->life) & LIFE_FREED)
		check_fail(run, CHECK_USE_AFTER_FREE, el,
			   "%s on a freed element", el_event_names[event]);
	switch (event) {
	case EL_ADD:
		atomic_or(LIFE_LINKED, &te->life);
		run_count(run, CNT_ADDED);
		break;
	case EL_GET:
		note_get(run, te, before);
		break;
	case EL_GET_FAILED:
		note_get_failed(run, te);
		break;
	case EL_PUT:
		check_ran(run, CHECK_FROM_ZERO);
		if (before <= 0)
			check_fail(run, CHECK_FROM_ZERO, el,
				   "reference put below a count of %d", before);
		break;
	case EL_REMOVE:
		note_removed(run, te);
		break;
	default:
		break;
	}
}

const struct ref_host torture_host = {
	.alloc		= torture_alloc,
	.free		= torture_free,
	.call_rcu	= torture_call_rcu,
	.window		= torture_window,
	.visit		= torture_visit,
	.broken		= torture_broken,
	.note		= torture_note,
};

/**
 * elements_init() - the table and the memory of a run
 * @run: the run, its config and flavor set
 *
 * Return: 0 or -ENOMEM; elements_exit() undoes a half made one, too.
 */
int elements_init(struct torture_run *run)
{
	char name[RUN_NAME_LEN + 16];

	spin_lock_init(&run->quarantine_lock);
	INIT_LIST_HEAD(&run->quarantine);
	INIT_LIST_HEAD(&run->all);
	snprintf(name, sizeof(name), "reftorture-%s", run->cfg.name);
	run->cache = kmem_cache_create(name, sizeof(struct torture_el), 0,
				       SLAB_NO_MERGE, NULL);
	if (!run->cache)
		return -ENOMEM;
	run->table.ops = run->cfg.busted ? &run->cfg.busted->ops :
					   &run->cfg.pattern->ops;
	run->table.host = &torture_host;
	run->table.flavor = &run->flavor;
	return ref_table_init(&run->table, run->cfg.keys);
}

static bool free_one(struct el *el, void *arg)
{
	struct torture_run *run = arg;

	kmem_cache_free(run->cache, to_torture_el(el));
	return true;
}

static void free_all(struct torture_run *run)
{
	struct torture_el *te, *next;

	list_for_each_entry_safe(te, next, &run->all, all)
		kmem_cache_free(run->cache, te);
}

/**
 * elements_exit() - give back all memory of a run's elements
 * @run: the run; no thread, timer or callback of it is left
 */
void elements_exit(struct torture_run *run)
{
	if (run->table.ops) {
		if (run->cfg.memory == MEMORY_QUARANTINE)
			free_all(run);
		else
			ref_for_each(&run->table, free_one, run);
		ref_table_exit(&run->table);
	}
	kmem_cache_destroy(run->cache);
	run->cache = NULL;
}

struct live {
	unsigned int nr, not_one, most;
};

static bool count_one(struct el *el, void *arg)
{
	struct live *live = arg;

	if (ref_count(el) != 1)
		live->not_one++;
	return ++live->nr <= live->most;	/* more are a ring */
}

/**
 * elements_live() - count what is in the table
 * @run: the run, with everybody held at the gate or gone
 * @not_one: how many have a count that is not the table's one reference
 *
 * Return: how many there are.
 */
unsigned int elements_live(struct torture_run *run, unsigned int *not_one)
{
	struct live live = { .most = run->cfg.keys + MAX_MARKED };

	ref_for_each(&run->table, count_one, &live);
	*not_one = live.not_one;
	return live.nr;
}
