/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unloadcheck: what did a module leave behind when it went?
 *
 * The idea. A call that posts a callback (call_rcu() and its kin) is met by an
 * ftrace hook. If the callback's function is in the text of a module, the
 * function is exchanged, in the register that carries it, for a trampoline
 * of this module: the kernel queues the head as it always does, and later calls
 * the trampoline, which calls the real function and counts when that has
 * *returned*. Posts are counted before the head is queued. So
 *
 *	posted - returned = callbacks that have yet to run the module's text
 *
 * at any moment, by counting and not by searching queues, and neither side can
 * be missed: not for want of memory, not by recursion, not in an interrupt.
 * There is one trampoline a *site*: a place that posts a function to a flavor.
 *
 * A barrier covers the posts made before it began. When the module is gone
 * (MODULE_STATE_GOING, after exit() and before its text is freed) the rule is:
 *
 *	pending      callbacks of it were still queued: certainly a bug
 *	unbarriered  all have run, or nearly, but no barrier made sure of it: luck
 *	clean        each post was followed by a barrier of its flavor that the
 *		     module itself or the task that unloads it ran to its end
 *
 * Then, unless rescue=0, it waits until they have run, so that the machine lives.
 *
 * What it cannot see, it says: known=since_watch for a module that was there before
 * unloadcheck, missed=N where there was no place for a site, sure=no where
 * either may have changed the verdict. A head that is posted twice is a
 * bug after which no count holds. The code that a module reaches without an
 * address of its own in the head (through work, a percpu_ref, an inode, an object
 * of another module) is *indirect*; see check_indirect.c and check_object.c.
 *
 * The interface, for programs. A line is words of the form name=value, in this
 * order; new ones are only added at the end, before "why". Names and values
 * have no blanks in them except for the text of why, which goes to the end of
 * the line.
 *
 * The kernel's log, one line a verdict, pr_info for clean and pr_warn else:
 *
 *	unloadcheck: verdict=pending module=foo nr=7 phase=exit posted=100
 *	pending=97 running=1 uncovered=100 rescued=yes known=all missed=0
 *	sure=yes why=no_barrier: ...			(in one line)
 *
 *	verdict		clean | unbarriered | pending
 *	nr		counts verdicts since unloadcheck was loaded
 *	phase		exit | init_failed (exit() never runs) | init_text (the
 *			module lives, the text of its init goes)
 *	posted		callbacks whose function is the module's, since it came
 *	pending		of these, not begun when exit() had returned
 *	running		begun, and not counted as returned
 *	uncovered	posted after the last barrier of their flavor
 *	rescued		yes | no (rescue=0) | timeout | - (nothing to do)
 *	known		all | since_watch
 *	missed		posts that could not be followed
 *	sure		yes | no: a miss may have changed the verdict
 *	why		none_posted | barrier | returned | no_barrier | wrong_flavor |
 *			not_a_barrier (synchronize_rcu() and the like) |
 *			post_after_barrier | cache_destroyed |
 *			queue_destroyed | indirect |
 *			other_task (a barrier ran, but not on the module's behalf)
 *
 * /sys/kernel/debug/unloadcheck/:
 *
 *	verdicts	a verdict's line as above, without "unloadcheck: ", then
 *			indented by a tab what it stands on:
 *	  site func=foo_cb+0x0/0x30[foo] flavor=rcu from=foo_put+0x12/0x40[foo]
 *		kind=direct posted=100 pending=97 running=1 uncovered=100
 *			kind: direct | rcu_work | percpu_ref | inode | data | object
 *	  stack foo_put+0x12/0x40[foo]		the first post from this site
 *	  barrier name=synchronize_rcu covers=none began_ms=-31.250
 *		took_ms=16.004 by=rmmod:123 from=foo_exit+0x9/0x20[foo]
 *			began_ms is relative to the verdict
 *	modules		a watched module a line, with its sites as above:
 *	  module=foo state=live known=all posted=100 pending=3 running=0
 *		uncovered=100 missed=0
 *	config		rescue=1 rescue_ms=30000 watch=all; write one or more
 *			of them, or clear=verdicts. watch=all or names by commas.
 *	stats		"name: value" lines: verdicts, clean, unbarriered, pending, sites,
 *			sites_free, missed, nmissed, swallowed
 *	features	"name: yes" or "name: no, why" a hook
 *	result		KTAP, a test a verdict; "not ok" unless clean
 *
 * Tracepoints: unloadcheck:verdict, unloadcheck:barrier, unloadcheck:site.
 */
#ifndef LASTREF_UNLOAD_CHECK_H
#define LASTREF_UNLOAD_CHECK_H

#include <linux/kallsyms.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/types.h>

struct kmem_cache;
struct uc_slot;
struct seq_buf;
struct seq_file;

#define UC_STACK	16
#define UC_COVERS	4

enum uc_flavor {
	UC_RCU,
	UC_SRCU,
	UC_TASKS,
	UC_TASKS_RUDE,
	UC_TASKS_TRACE,
	UC_NR_FLAVORS,
	UC_NO_FLAVOR = UC_NR_FLAVORS,	/* what waits for readers only */
};

extern const char *const uc_flavor_names[UC_NR_FLAVORS + 1];

/* How a callback comes to need the module. */
enum uc_kind {
	UC_DIRECT,	/* it is in its text */
	UC_RCU_WORK,	/* it queues work, the work is in its text */
	UC_PERCPU_REF,	/* the last reference may call it */
	UC_INODE,	/* it calls the file system to free the inode */
	UC_DATA,	/* the head is in its data */
	UC_OBJECT,	/* the object holds the address of a function of it */
	UC_NR_KINDS,
};

struct uc_kind_traits {
	const char *name;
	bool certain;		/* pending at the end it is a bug */
	bool barrier;		/* and only a barrier makes sure that it is not */
};

extern const struct uc_kind_traits uc_kinds[UC_NR_KINDS];	/* check_verdict.c */

/* A task, also after another has got its struct or its number. */
struct uc_task {
	u64 start;
	pid_t pid;
};

static inline struct uc_task uc_current(void)
{
	return (struct uc_task){ current->start_time, current->pid };
}

static inline bool uc_same_task(const struct uc_task *a, const struct uc_task *b)
{
	return a->start == b->start && a->pid == b->pid;
}

/* A watched module, from when it comes (or we do) until it has gone. */
#define UC_USES		32
struct uc_module {
	struct list_head node;		/* of uc_modules */
	struct module *mod;
	char name[MODULE_NAME_LEN];
	u64 since;			/* ktime */
	bool known;			/* all its posts are */
	bool watched;			/* config watch= */
	bool live;			/* its init has not failed */
	bool swallow;			/* gone: what it reposts is dropped */
	unsigned long nmissed_then;	/* barriers missed when it came */
	atomic_long_t missed;		/* posts without a site */
	atomic_long_t cache_pending;	/* callbacks, when a cache of theirs went */
	atomic_long_t queue_pending;	/* and when a workqueue went */
	bool queues;			/* callbacks of it queue work */
	unsigned int users;		/* watched modules that use it */
	unsigned int nr_uses;		/* modules it uses, also through others */
	const struct module *uses[UC_USES];
	struct rcu_head rcu;
};

/* On one CPU. */
struct uc_count {
	unsigned long posted, started, returned;
};

/* Sums over CPUs, as far as they had come: posted >= started >= returned. */
struct uc_sum {
	unsigned long posted, started, returned;
};

/*
 * A place that posts a function. What identifies it does not change from when it
 * can be found until it is retired, and it is not retired with a callback in
 * flight.
 */
struct uc_site {
	struct hlist_node node;
	rcu_callback_t func;		/* what is to be called */
	unsigned long text;		/* what is of the module: func, if direct */
	unsigned long from;
	void *domain;			/* the srcu_struct, or NULL */
	enum uc_flavor flavor;
	enum uc_kind kind;
	struct uc_module *owner;	/* NULL: the site is free */
	const struct uc_site *as;	/* how posts are counted: check_fast.h */
	struct uc_count __percpu *count;
	rcu_callback_t trampoline;
	struct uc_slot *slot;		/* of the cache that objects were of last */
	bool init;			/* text goes when init is done */
	unsigned int nr_stack;
	unsigned long stack[UC_STACK];
	unsigned long made;		/* counts sites made: which one this is */
	unsigned long gp;		/* retired: free after this */
	bool park;			/* check_trial.c */
	unsigned long met;
	/* How many of its posts barriers have covered; see check_barrier.c */
	unsigned long covered_own, covered_any;
	struct uc_sum ruled;		/* when the module had gone */
	unsigned long ruled_covered;
	struct uc_cover {
		struct uc_task task;
		unsigned long posts;
	} cover[UC_COVERS];
};

/* check_site.c */
#define UC_SITES	512
extern struct uc_site uc_sites[UC_SITES];

struct uc_key {
	struct rcu_head *head;		/* does not identify it */
	rcu_callback_t func;
	unsigned long text, from;
	void *domain;
	enum uc_flavor flavor;
	enum uc_kind kind;
};

int uc_sites_init(void);
void uc_sites_exit(void);
struct uc_site *uc_site_get(const struct uc_key *key);
void uc_sites_swallow(struct uc_module *owner);
struct uc_sum uc_site_sum(const struct uc_site *site);
bool uc_sites_retire(struct uc_module *owner, bool init_only);
unsigned int uc_sites_free(void);
bool uc_in_callback(void);
unsigned long uc_sites_made(void);
unsigned long uc_swallowed(void);
unsigned int uc_stack(unsigned long *stack, unsigned long from);
/* Those in use, in a loop: from NULL to NULL. */
struct uc_site *uc_next_site(struct uc_site *site);

/* check_tramp.c: for each site one, and one that drops */
extern const rcu_callback_t uc_trampolines[UC_SITES];
void uc_invoke(struct rcu_head *head, unsigned int nr);

/* check_hook.c: the calls that post */
int uc_hooks_init(void);
void uc_hooks_exit(void);
void uc_hooks_features(struct seq_file *m);

/* check_indirect.c */
int uc_indirect_init(void);
bool uc_indirect(struct rcu_head *head, struct uc_key *key);
void uc_indirect_features(struct seq_file *m);

/* check_object.c */
bool uc_object(struct uc_key *key, const struct uc_module *lender);
void uc_objects_anew(void);
void uc_objects_features(struct seq_file *m);

/* check_trial.c */
void uc_park(struct rcu_head *head, unsigned int nr);
bool uc_try(struct uc_module *m);

/* check_cache.c */
void uc_caches_init(void);
void uc_caches_exit(void);
void uc_cache_post_anew(struct uc_site *site, struct kmem_cache *cache);
void uc_cache_start(const void *head);
unsigned long uc_cache_end(const struct kmem_cache *cache);
void uc_caches_features(struct seq_file *m);

/* check_barrier.c */
int uc_barriers_init(void);
void uc_barriers_exit(void);
void uc_barriers_features(struct seq_file *m);
unsigned long uc_barriers_nmissed(void);
unsigned long uc_site_covered(const struct uc_site *site);

/* Barriers that a module or this task ran since, newest last. */
struct uc_barrier_seen {
	bool matching, other, none;	/* of a flavor given, another, no barrier */
};

struct uc_facts;

struct uc_barrier_seen uc_barriers_say(struct seq_buf *s,
				       const struct uc_facts *f);

/* check_module.c */
extern struct list_head uc_modules;	/* RCU; changed under uc_mutex */
extern struct mutex uc_mutex;		/* modules, verdicts, config */
int uc_modules_init(void);
void uc_modules_stop(void);
void uc_modules_exit(void);
struct uc_module *uc_module_of(unsigned long addr);
bool uc_uses(const struct uc_module *m, const struct uc_module *used);
void uc_watch(const char *names);

/* Modules lie in one range of addresses: a cheap no for most. */
static inline bool uc_maybe_module(unsigned long addr)
{
	return addr >= MODULES_VADDR && addr < MODULES_END;
}

/* An address as symbol+offset/size[module], without blanks. */
struct uc_name {
	char text[KSYM_SYMBOL_LEN];
};

/* check_verdict.c: the rule */
enum uc_phase { UC_EXIT, UC_INIT_FAILED, UC_INIT_TEXT, UC_NR_PHASES };
enum uc_verdict { UC_CLEAN, UC_UNBARRIERED, UC_PENDING, UC_NR_VERDICTS };
enum uc_rescued { UC_NOT_NEEDED, UC_RESCUED, UC_NOT_ASKED, UC_TIMEOUT,
		  UC_NR_RESCUED };
struct uc_facts {
	struct uc_module *m;
	u64 when;
	enum uc_phase phase;
	enum uc_verdict verdict;
	enum uc_rescued rescued;
	bool tried;			/* callbacks of others: check_trial.c */
	unsigned long posted, pending, running, uncovered, indirect;
	unsigned long in_time;		/* uncovered, but by another's barrier */
	const struct uc_site *worst;
};

void uc_rule(struct uc_module *m, enum uc_phase phase);
bool uc_concerns(const struct uc_site *s, const struct uc_facts *f);
bool uc_sites_idle(const struct uc_facts *f);	/* check_site.c */

/* check_rescue.c */
enum uc_rescued uc_rescue_from(const struct uc_facts *f);

/* check_report.c: says it */
void uc_report(const struct uc_facts *f);
const char *uc_symbol(struct uc_name *name, unsigned long addr);
void uc_site_say(struct seq_buf *s, const struct uc_site *site,
		 const struct uc_sum *sum, unsigned long covered);
void uc_verdicts_show(struct seq_file *m);
void uc_result_show(struct seq_file *m);
void uc_verdicts_clear(void);
extern const char *const uc_verdict_names[UC_NR_VERDICTS];
unsigned long uc_verdict_count(enum uc_verdict verdict);

/* check_teardown.c */
static inline bool uc_cache_destroyed(const struct uc_module *m)
{
	return atomic_long_read(&m->cache_pending);
}

static inline bool uc_queue_destroyed(const struct uc_module *m)
{
	return m->queues && atomic_long_read(&m->queue_pending);
}

void uc_teardown_init(void);
void uc_teardown_exit(void);
void uc_teardown_features(struct seq_file *m);

/* check_config.c */
extern const struct file_operations uc_config_fops;
void uc_config_help(struct seq_file *m);

/* check_files.c */
void uc_files_init(void);
void uc_files_exit(void);
extern bool uc_rescue;
extern unsigned int uc_rescue_ms;
#define UC_WATCH_MAX	512
extern char uc_watched[UC_WATCH_MAX];

#endif /* LASTREF_UNLOAD_CHECK_H */
