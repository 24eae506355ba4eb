/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of a run: the threads, timers and interrupts that do the torturing.
 *
 * Each thr_*.c file is one part.  It has a start and a stop function, listed
 * in parts.c in the order in which the rcubarrier document stops them.  Parts
 * share nothing but the run and what is declared here.
 *
 * What every part keeps to:
 *
 *  - A stop function may be called whatever became of the start function, and
 *    more than once.
 *  - What it allocates comes from parts_alloc() and is given back after every
 *    part has stopped, so one part may look at another's (stats at updaters).
 *  - A thread sleeps in thread_sleep() or at the gate, nowhere else for long,
 *    so kthread_stop() takes a fraction of a second, or one grace period.
 *  - Nothing posts a callback once run->fullstop is set.  What had begun to
 *    post before is joined by its part's stop function.
 */
#ifndef _LASTREF_PARTS_H
#define _LASTREF_PARTS_H

#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/timer.h>

#include "run.h"

/**
 * struct torture_thread - a kthread of a run
 * @run: its run
 * @task: held from start to stop, so that a thread which ends early can still
 *	be joined; NULL when there is none
 * @body: what it does; ends when thread_ending()
 * @arg: for @body, where the thread is not part of something larger
 * @rnd: its own random numbers: nobody else may draw from them
 * @index: among its kind
 * @watched: it sleeps for short times only, or it is a bug; see stats
 * @switches: how often it had given up its CPU when stats last looked
 * @asleep: looks in a row that found it asleep as before
 * @node: in run_parts.threads
 */
struct torture_thread {
	struct torture_run *run;
	struct task_struct *task;
	void (*body)(struct torture_thread *t);
	void *arg;
	struct rnd_state rnd;
	unsigned int index;
	bool watched;
	unsigned long switches;
	unsigned int asleep;
	struct list_head node;
};

/* Many threads that do the same. */
struct thread_group {
	struct torture_thread *threads;
	unsigned int nr;
};

/**
 * struct rover - a timer that visits the online CPUs in turn
 * @timer: armed by its own handler, each time on the next CPU
 * @run: its run
 * @rnd: for @visit
 * @visit: called in softirq context while the gate is open
 * @cpu: where it is, or was sent
 */
struct rover {
	struct timer_list timer;
	struct torture_run *run;
	struct rnd_state rnd;
	void (*visit)(struct rover *rover);
	int cpu;
};

/*
 * The state of the parts.  What a part keeps for itself only is NULL while it
 * does not run; updaters is NULL until all of them are set up (a release that
 * stats acquires).
 */
struct run_parts {
	struct list_head memory;	/* what parts_alloc() gave out */
	bool leak;			/* a callback was lost: never free it */
	struct mutex threads_lock;	/* protects the two below */
	struct list_head threads;	/* those that run, for the shuffler */
	unsigned int nr_seeded;		/* with the run's seed: a sequence */

	struct thread_group readers, fakewriters;
	struct torture_thread stutter, shuffle, hotplug, stall, stats;
	struct rover *timer_readers;
	struct irq_reader *irq_readers;
	struct exit_spawner *exit_spawners;
	struct updater *updaters;
	struct barrier_state *barrier;
	struct flood *flood;
};

/* parts.c */
void *parts_alloc(struct torture_run *run, size_t n, size_t size);
/*
 * Wait until every callback counted in @posted has been counted in @invoked
 * too.  All posting has ended, or is ended by what each callback looks at.
 */
void parts_settle(struct torture_run *run, const atomic_long_t *posted,
		  const atomic_long_t *invoked, const char *what);

/* thread.c */
void parts_seed(struct torture_run *run, struct rnd_state *rnd);
/* Start @t with a sequence of its own; 0 or a negative errno. */
int thread_start(struct torture_run *run, struct torture_thread *t,
		 void (*body)(struct torture_thread *t), const char *what,
		 unsigned int index);
/* The same, with t->rnd as the caller has seeded it. */
int thread_start_seeded(struct torture_run *run, struct torture_thread *t,
			void (*body)(struct torture_thread *t),
			const char *what, unsigned int index);
void thread_stop(struct torture_thread *t);
int group_start(struct torture_run *run, struct thread_group *group,
		unsigned int nr, void (*body)(struct torture_thread *t),
		const char *what);
void group_stop(struct thread_group *group);
/* Both return false when the thread shall end. */
bool thread_sleep(struct torture_run *run, u64 us);
bool thread_sleep_period(struct torture_thread *t, const unsigned int *period,
			 unsigned int unit_ms);

/* For kthreads.  Anybody else may only look at run->fullstop. */
static inline bool thread_ending(const struct torture_run *run)
{
	return READ_ONCE(run->fullstop) || kthread_should_stop();
}

/* A participant of long breath looks here to see that it is waited for. */
static inline bool gate_closing(const struct torture_run *run)
{
	return atomic_read(&run->gate.closed);
}

/* 0 <= result < n; 0 for n = 0 */
static inline u32 rnd_below(struct rnd_state *rnd, u32 n)
{
	return ((u64)prandom_u32_state(rnd) * n) >> 32;
}

/*
 * The CPU to go to after @cpu.  It may go offline at any time; only with
 * preemption disabled is it certain that it cannot have gone for good: a CPU
 * is taken down by stop_machine(), which waits for this one.
 */
static inline int next_online_cpu(int cpu)
{
	cpu = cpumask_next(cpu, cpu_online_mask);
	return cpu < nr_cpu_ids ? cpu : cpumask_first(cpu_online_mask);
}

/* thr_timer.c */
void rover_init(struct torture_run *run, struct rover *rover,
		void (*visit)(struct rover *rover));
void rover_start(struct rover *rover);
/* Ends it; rovers_wait() once after the last of a part. */
void rover_stop(struct rover *rover);
void rovers_wait(void);
int timer_readers_start(struct torture_run *run);
void timer_readers_stop(struct torture_run *run);

/* thr_irq.c */
int irq_readers_start(struct torture_run *run);
void irq_readers_stop(struct torture_run *run);

/* thr_reader.c, thr_exit.c */
int readers_start(struct torture_run *run);
void readers_stop(struct torture_run *run);
int exit_readers_start(struct torture_run *run);
void exit_readers_stop(struct torture_run *run);

/* thr_updater.c, thr_fake.c */
int updaters_start(struct torture_run *run);
void updaters_stop(struct torture_run *run);
unsigned long updater_progress(const struct updater *updaters, unsigned int i);
int fakewriters_start(struct torture_run *run);
void fakewriters_stop(struct torture_run *run);

/* thr_barrier.c, thr_flood.c */
int barriers_start(struct torture_run *run);
void barriers_stop(struct torture_run *run);
int flood_start(struct torture_run *run);
void flood_stop(struct torture_run *run);

/* thr_stutter.c, thr_shuffle.c, thr_hotplug.c, thr_stall.c, thr_stats.c */
int stutter_start(struct torture_run *run);
void stutter_stop(struct torture_run *run);
int shuffle_start(struct torture_run *run);
void shuffle_stop(struct torture_run *run);
int hotplug_start(struct torture_run *run);
void hotplug_stop(struct torture_run *run);
int stall_start(struct torture_run *run);
void stall_stop(struct torture_run *run);
int stats_start(struct torture_run *run);
void stats_stop(struct torture_run *run);

#endif /* _LASTREF_PARTS_H */
