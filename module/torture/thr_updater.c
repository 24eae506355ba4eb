// SPDX-License-Identifier: GPL-2.0
/*
 * Updaters: they add and delete, in every way an updater can.
 *
 * The way of the introduction (W2) is to copy, update, publish, and retire the
 * old.  An updater takes a reference to the old element under the update-side
 * lock, where a plain increment is enough (R4), deletes it, adds the new one,
 * and only then lets go of the old.  Others just delete and add, add only,
 * delete only, or take a reference and put it back.
 *
 * call_rcu() may be used in interrupt context (B1), so where delete() does not
 * wait for anybody some deletes are made there: in an irq_work, which interrupts
 * this very CPU, and in a timer.
 *
 * What is deleted is freed later, and updaters are faster than grace periods.
 * They wait when too much is pending; that bounds memory (R9).
 */
#include <linux/irq_work.h>

#include <lastref/compat.h>

#include "element.h"
#include "parts.h"

/* Elements posted and not yet called back, from where on updaters wait. */
#define MAX_BACKLOG	20000

/**
 * struct updater - one updater
 * @thread: the thread
 * @progress: turns made; see stats
 * @work: the thread waits for it each time
 * @irq_key: what @work deletes
 * @timer: fires on its own
 * @timer_key: what @timer deletes
 */
struct updater {
	struct torture_thread thread;
	unsigned long progress;
	struct irq_work work;
	unsigned long irq_key;
	struct timer_list timer;
	unsigned long timer_key;
};

/* Out of memory is no failure, but no reason to try again at once either. */
static void add(struct updater *u, unsigned long key)
{
	struct torture_run *run = u->thread.run;
	int err = run->table.ops->add(&run->table, key);

	if (err)
		run_count(run, CNT_ADD_FAILED);
	if (err == -ENOMEM)
		thread_sleep(run, 1000 + rnd_below(&u->thread.rnd, 10000));
}

static void delete(struct updater *u, unsigned long key)
{
	struct torture_run *run = u->thread.run;

	run->table.ops->delete(&run->table, key);
}

static void replace(struct updater *u, unsigned long key)
{
	delete(u, key);
	add(u, key);
}

/* Hold the old one, if there is one, while @change does something to the key. */
static void while_held(struct updater *u, unsigned long key,
		       void (*change)(struct updater *u, unsigned long key))
{
	struct torture_run *run = u->thread.run;
	struct view view;
	struct el *old;

	if (run->cfg.pattern->flags & PATTERN_SECTIONS_ONLY) {
		replace(u, key);
		return;
	}
	old = run->table.ops->search_for_update(&run->table, key);
	if (IS_ERR(old)) {
		add(u, key);
		return;
	}
	run_count(run, CNT_UPDATE_GETS);
	view_take(run, &view, old, key, "reference");
	if (change)
		change(u, key);
	view_check(run, &view, "reference");
	view_end_reference(run, &view);
	run->table.ops->release_referenced(old);
}

static void copy_update(struct updater *u, unsigned long key)
{
	while_held(u, key, replace);
}

static void get_and_put(struct updater *u, unsigned long key)
{
	while_held(u, key, NULL);
}

static void delete_in_irq(struct updater *u, unsigned long key)
{
	u->irq_key = key;
	irq_work_queue(&u->work);
	irq_work_sync(&u->work);
	add(u, key);
}

static void delete_irq_work(struct irq_work *work)
{
	struct updater *u = container_of(work, struct updater, work);
	struct torture_run *run = u->thread.run;

	delete(u, u->irq_key);
	if (in_hardirq())	/* PREEMPT_RT gives the work to a thread */
		run_count(run, CNT_IRQ_DELETES);
}

/*
 * The handler may be running and read the key of the next time; a key is as
 * good as another.
 */
static void delete_in_timer(struct updater *u, unsigned long key)
{
	WRITE_ONCE(u->timer_key, key);
	if (!timer_pending(&u->timer))
		mod_timer(&u->timer, jiffies + 1 + rnd_below(&u->thread.rnd, 3));
}

static void delete_timer(struct timer_list *timer)
{
	struct updater *u = container_of(timer, struct updater, timer);
	struct torture_run *run = u->thread.run;

	if (!gate_try_enter(run))
		return;
	delete(u, READ_ONCE(u->timer_key));
	run_count(run, CNT_TIMER_DELETES);
	gate_leave(run);
}

static const struct update {
	void (*update)(struct updater *u, unsigned long key);
	unsigned int weight;
	bool atomic;		/* calls delete() where nothing may wait */
} updates[] = {
	{ .update = replace,		.weight = 6 },
	{ .update = copy_update,	.weight = 4 },
	{ .update = get_and_put,	.weight = 2 },
	{ .update = add,		.weight = 2 },
	{ .update = delete,		.weight = 1 },
	{ .update = delete_in_irq,	.weight = 2, .atomic = true },
	{ .update = delete_in_timer,	.weight = 1, .atomic = true },
};

static unsigned int update_weight(const struct torture_run *run,
				  const struct update *up)
{
	if (up->atomic &&
	    run->cfg.pattern->flags & PATTERN_DELETE_IN_TASKS)
		return 0;
	return up->weight;
}

static const struct update *choose_update(struct updater *u)
{
	const struct torture_run *run = u->thread.run;
	unsigned int i, dice = 0;

	for (i = 0; i < ARRAY_SIZE(updates); i++)
		dice += update_weight(run, &updates[i]);
	dice = rnd_below(&u->thread.rnd, dice);
	for (i = 0; dice >= update_weight(run, &updates[i]); i++)
		dice -= update_weight(run, &updates[i]);
	return &updates[i];
}

/* A turn of waiting is no progress: a backlog must go down some time. */
static void update(struct updater *u)
{
	struct torture_run *run = u->thread.run;
	struct rnd_state *rnd = &u->thread.rnd;

	if (atomic_long_read(&run->backlog) > MAX_BACKLOG) {
		thread_sleep(run, 2000);
		return;
	}
	choose_update(u)->update(u, pick_key(run, rnd));
	WRITE_ONCE(u->progress, u->progress + 1);
	if (!rnd_below(rnd, 8))
		thread_sleep(run, rnd_below(rnd, 500));
}

static void updater(struct torture_thread *t)
{
	struct updater *u = container_of(t, struct updater, thread);
	struct torture_run *run = t->run;

	t->watched = run->cfg.pattern->flags & PATTERN_VERBS_SLEEP;
	if (!gate_enter(run))
		return;
	do {
		update(u);
	} while (gate_pass(run));
}

unsigned long updater_progress(const struct updater *updaters, unsigned int i)
{
	return READ_ONCE(updaters[i].progress);
}

int updaters_start(struct torture_run *run)
{
	unsigned int i, nr = run->cfg.updaters;
	struct updater *u;
	int err;

	if (!nr)
		return 0;
	u = parts_alloc(run, nr, sizeof(*u));
	if (!u)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		u[i].thread.run = run;
		init_irq_work(&u[i].work, delete_irq_work);
		timer_setup(&u[i].timer, delete_timer, 0);
	}
	/* Pairs with the acquire in stats: all of them are set up. */
	smp_store_release(&run->parts->updaters, u);
	for (i = 0; i < nr; i++) {
		err = thread_start(run, &u[i].thread, updater, "updater", i);
		if (err)
			return err;
	}
	return 0;
}

/*
 * The threads first, they queue the work and start the timer.  Then the timers
 * (B7), so that the barrier that follows waits for all they have posted.
 */
void updaters_stop(struct torture_run *run)
{
	struct updater *u = run->parts->updaters;
	unsigned int i;

	if (!u)
		return;
	for (i = 0; i < run->cfg.updaters; i++)
		thread_stop(&u[i].thread);
	for (i = 0; i < run->cfg.updaters; i++) {
		timer_shutdown_sync(&u[i].timer);
		irq_work_sync(&u[i].work);
	}
}
