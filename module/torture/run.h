/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run: one pattern, over one flavor, tortured by a set of threads.
 *
 * Several runs live in one kernel at a time and share nothing but CPUs.  The
 * life of a run, and who moves it on:
 *
 *	(control: start)
 *	STARTING -----------> RUNNING <-> PAUSED        (control: pause, resume)
 *	                       |
 *	                       v    (control: stop, time is up, first failure,
 *	                    STOPPING                     or rmmod)
 *	                       |
 *	                       v    (run->stop_work: stops the parts in the order
 *	   PASSED FAILED CAUGHT MISSED                   of the rcubarrier document,
 *	                       |                         drains, judges)
 *	                       v
 *	                (control: remove, or rmmod) -> gone
 *
 * A run that has ended keeps its numbers and its files until it is removed.
 */
#ifndef _LASTREF_RUN_H
#define _LASTREF_RUN_H

#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/prandom.h>
#include <linux/seq_file.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "../patterns/pattern.h"
#include "../patterns/check_id.h"

#define RUN_NAME_LEN	32
#define MAX_RUNS	8
#define NR_FAILURES	8	/* kept in full; later ones are only counted */
#define NR_BIO		24	/* events in a biography */
#define HIST_BUCKETS	40	/* powers of two of a nanosecond */

enum run_state {
	RUN_STARTING,
	RUN_RUNNING,
	RUN_PAUSED,
	RUN_STOPPING,
	RUN_PASSED,		/* a right form, no check failed */
	RUN_FAILED,		/* a check failed that nobody predicted */
	RUN_CAUGHT,		/* a busted form, a predicted check fired */
	RUN_MISSED,		/* a busted form, nothing fired */
	NR_RUN_STATES
};

static inline bool run_state_ended(enum run_state state)
{
	return state >= RUN_PASSED;
}

/* Where elements come from. */
enum run_memory {
	MEMORY_SLAB,		/* a kmem_cache of the run: KASAN, KFENCE see it */
	MEMORY_QUARANTINE,	/* type-stable: a stale access is counted, not fatal */
};

/* What users choose; ctl_keys.c has the table of names, limits, defaults. */
struct run_config {
	char name[RUN_NAME_LEN];
	const struct ref_pattern *pattern;
	const struct flavor_ops *flavor;
	const struct ref_busted *busted;	/* NULL: the right form */
	enum run_memory memory;
	bool stop_on_failure;
	u64 seed;
	unsigned int time;		/* s, 0: until stopped */
	unsigned int keys;
	unsigned int readers;
	unsigned int updaters;
	unsigned int fakewriters;
	unsigned int timer_readers;
	unsigned int irq_readers;
	unsigned int exit_readers;
	unsigned int barriers;
	unsigned int hold;		/* us, longest a reference is held */
	unsigned int window;		/* us, longest race window */
	unsigned int flood;		/* s between floods, 0: none */
	unsigned int hotplug;		/* ms between CPU events, 0: none */
	unsigned int shuffle;		/* ms between shuffles, 0: none */
	unsigned int stutter;		/* ms between drains, 0: none */
	unsigned int stall;		/* s a reader spins in its section, 0: none */
	unsigned int race;		/* 1: readers race on torture_run.raced */
};

/* Event counts, per CPU; summed for readers of stats. */
enum run_counter {
	CNT_LOOKUPS,		/* search_and_reference() calls */
	CNT_FOUND,		/* ... that gave a reference */
	CNT_ABSENT,		/* ... that found nothing */
	CNT_FAILED_LOOKUPS,		/* ... the document's FAIL */
	CNT_SECTIONS,		/* bare searches in a section */
	CNT_TIMER_READS,
	CNT_IRQ_READS,
	CNT_EXIT_READS,
	CNT_NESTED,		/* walks within walks */
	CNT_UPDATE_GETS,		/* references under the lock */
	CNT_ADDED,
	CNT_ADD_FAILED,		/* no memory, or already there */
	CNT_DELETED,
	CNT_FREED,
	CNT_POSTED,		/* call_rcu() by the pattern */
	CNT_INVOKED,		/* ... and its callback returned */
	CNT_IRQ_DELETES,	/* delete() in hard interrupt context */
	CNT_TIMER_DELETES,	/* ... in a timer */
	CNT_FAKEWRITES,
	CNT_DRAINS,
	CNT_DRAINS_MISSED,	/* somebody did not come to the gate in time */
	CNT_BARRIERS,
	CNT_BARRIER_POSTED,
	CNT_BARRIER_INVOKED,
	CNT_FLOODS,
	CNT_FLOOD_POSTED,
	CNT_FLOOD_INVOKED,
	CNT_ONLINES,
	CNT_OFFLINES,
	CNT_SHUFFLES,
	CNT_STALLS,
	CNT_STRANDED,		/* too broken to be used again */
	CNT_NEAR_SEEN_DELETED,
	CNT_NEAR_REF_AFTER_DELETE,
	CNT_NEAR_FAIL_AT_ZERO,
	NR_COUNTERS
};

enum run_hist_id {
	HIST_RECLAIM,		/* from delete to free */
	HIST_CALLBACK,		/* from post to callback */
	HIST_HELD_AGE,		/* since delete, when a held reference is put */
	HIST_SECTION_AGE,	/* since delete, when a section ends */
	HIST_BARRIER,		/* how long a barrier took */
	NR_HISTS
};

struct run_percpu {
	u32 dice;
	u64 count[NR_COUNTERS];
	u64 check_ran[NR_CHECKS];
	u64 hist[NR_HISTS][HIST_BUCKETS];
};

/* One event in the life of an element; see bio.c. */
struct bio_event {
	u64 id;			/* of the element, 0: slot never used */
	u64 when;		/* ns */
	int before, after;
	pid_t pid;
	u16 cpu;
	u8 event;		/* enum el_event */
	u8 context;		/* 't'ask, 's'oftirq, 'h'ardirq, 'n'mi */
	char comm[TASK_COMM_LEN];
};

/* A check that failed, kept for the ``failures`` file. */
struct run_failure {
	enum check_id check;
	bool ready;		/* all fields are written: pairs with acquire */
	u64 when_ns;		/* since the start of the run */
	unsigned int cpu;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	char text[160];
	u64 element;		/* id, 0 when the check is about no element */
	unsigned int nr_bio;
	struct bio_event bio[NR_BIO];
};

/*
 * Everything that must hold still for a drain: updaters, readers of every
 * context, fakewriters, floods.  See gate.c.
 */
struct run_gate {
	atomic_t closed;	/* nests: a user's pause and a drain */
	atomic_t inside;	/* participants not held at the gate */
	wait_queue_head_t wait_open;
	wait_queue_head_t wait_empty;
};

struct bio_ring;
struct run_parts;		/* private state of the thr_*.c files */

struct torture_run {
	struct run_config cfg;
	struct list_head node;		/* in runs, under runs_mutex */
	atomic_t state;			/* enum run_state */
	bool fullstop;			/* no posts, adds, lookups any more */
	u64 start_ns, end_ns;
	struct flavor flavor;
	struct ref_table table;
	struct run_percpu __percpu *pc;
	struct bio_ring __percpu *bio;
	struct run_gate gate;

	/* element.c */
	struct kmem_cache *cache;
	spinlock_t quarantine_lock;	/* the three below */
	struct list_head quarantine, all;
	unsigned int nr_quarantined;
	atomic64_t next_id;
	atomic_t gone;			/* elements posted or freed, ever */
	atomic_long_t backlog, peak_backlog;	/* posted, not yet called back */

	/* check.c */
	atomic64_t check_failed[NR_CHECKS];
	atomic64_t check_first_ns[NR_CHECKS];	/* since start; 0: never */
	atomic_t nr_failures;
	atomic64_t first_failure_ns;	/* since start; 0: none */
	struct run_failure failures[NR_FAILURES];

	/* threads */
	struct run_parts *parts;
	atomic_long_t flood_max_pending;

	/* run.c */
	bool stop_requested;
	struct work_struct stop_work;
	struct work_struct gp_work;	/* a grace period, at once; see read.c */
	unsigned long next_gp_wait;	/* jiffies */
	unsigned long raced;		/* a plain count of many, on purpose: race= */
	struct delayed_work time_work;
	struct completion ended;

	/* ctl_*.c */
	struct dentry *dir;
};

/* run.c: the life of a run; called with runs_mutex held unless said */
extern struct mutex runs_mutex;
extern struct list_head runs;
struct torture_run *run_find(const char *name);
struct torture_run *run_start(const struct run_config *cfg);	/* or ERR_PTR */
int run_stop(struct torture_run *run);		/* waits; -EALREADY when ended */
int run_pause(struct torture_run *run);
int run_resume(struct torture_run *run);
void run_remove(struct torture_run *run);	/* stops it first if need be */
void run_request_stop(struct torture_run *run);	/* any context, no mutex */
void run_settle(struct torture_run *run);	/* sleeps, no mutex */
static inline enum run_state run_state(const struct torture_run *run)
{
	return atomic_read_acquire(&run->state);
}

extern const char *const run_state_names[NR_RUN_STATES];
u64 run_elapsed_ns(const struct torture_run *run);

/* count.c */
static inline void run_count(struct torture_run *run, enum run_counter id)
{
	this_cpu_inc(run->pc->count[id]);
}

static inline void run_count_add(struct torture_run *run, enum run_counter id,
				 u64 n)
{
	this_cpu_add(run->pc->count[id], n);
}

u64 run_sum(const struct torture_run *run, enum run_counter id);
u64 run_check_ran(const struct torture_run *run, enum check_id id);
u64 run_operations(const struct torture_run *run);	/* for rates and bounds */
void run_hist_add(struct torture_run *run, enum run_hist_id id, s64 ns);
void run_hist_sum(const struct torture_run *run, enum run_hist_id id,
		  u64 sum[HIST_BUCKETS]);
extern const char *const run_counter_names[NR_COUNTERS];
extern const char *const run_hist_names[NR_HISTS];

/* check.c */
extern const char *const check_names[NR_CHECKS];
extern const char *const check_abouts[NR_CHECKS];
static inline void check_ran(struct torture_run *run, enum check_id id)
{
	this_cpu_inc(run->pc->check_ran[id]);
}

/*
 * A check failed.  @el may be NULL.  Any context; never sleeps; with
 * stop_on_failure the run begins to stop.
 */
__printf(4, 5)
void check_fail(struct torture_run *run, enum check_id id, struct el *el,
		const char *fmt, ...);
/* Why did a check not run?  A sentence such as "barriers=0". */
const char *check_not_run_reason(const struct torture_run *run,
				 enum check_id id);
/* After everything has stopped: the state this run ends in. */
enum run_state check_verdict(struct torture_run *run);

/* bio.c */
int bio_init(struct torture_run *run);
void bio_exit(struct torture_run *run);
void bio_record(struct torture_run *run, u64 id, enum el_event event,
		int before, int after);
unsigned int bio_collect(struct torture_run *run, u64 id,
			 struct bio_event out[NR_BIO]);
extern const char *const el_event_names[NR_EL_EVENTS];

/* gate.c: pause, and the stutter's drain */
void gate_init(struct run_gate *gate);
void gate_close(struct run_gate *gate);		/* does not wait */
void gate_open(struct run_gate *gate);
/* Wait until all participants are held or gone; false: gave up after @ms. */
bool gate_wait_empty(struct run_gate *gate, unsigned int ms);
/*
 * A thread is inside from gate_enter() to gate_leave() and calls gate_pass()
 * once a turn, where it may be held; both sleep while the gate is closed, and
 * return false when the thread shall end; it is outside then.  Timer and irq
 * context goes through gate_try_enter() and gate_leave() each time; false
 * while closed or ending.
 */
bool gate_enter(struct torture_run *run);
bool gate_pass(struct torture_run *run);
bool gate_try_enter(struct torture_run *run);
void gate_leave(struct torture_run *run);

/* parts.c: starts and stops all of the thr_*.c files, in order */
int parts_start(struct torture_run *run);
void parts_stop(struct torture_run *run);	/* also after a failed start */
/* Why there are no readers in hard interrupt context here; NULL if there are. */
const char *irq_readers_refused(void);
/* With everybody held or gone, and after a barrier: nothing was lost. */
void stutter_drain_check(struct torture_run *run);

/* thr_stutter.c: with everybody held or gone, after a barrier */
void stutter_drain_check(struct torture_run *run);

/* ctl_files.c: the directory of a run */
int ctl_run_dir_create(struct torture_run *run);
void ctl_run_dir_remove(struct torture_run *run);

/* main.c */
extern struct workqueue_struct *torture_wq;
extern struct dentry *torture_debugfs;

#endif /* _LASTREF_RUN_H */
