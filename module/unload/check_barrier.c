// SPDX-License-Identifier: GPL-2.0
/*
 * Barriers: which posts they cover, and on whose behalf they ran.
 *
 * A barrier covers the posts that had been counted when it began, once it has
 * returned. So at its entry the posts of each site of its flavor are noted, and
 * at its return they become what is covered:
 *
 *	covered_any	by anybody's barrier: it was in time, by luck
 *	covered_own	by a barrier with the site's module on its stack
 *	cover[]		by task: whether it is the one that unloads the module
 *			is known only when that has come to our notifier
 *
 * The last one is for a barrier in a function that a module calls for something
 * else (unregister_pernet_subsys()), reached by a jump from the end of its exit
 * function: the module is not on the stack then, and the barrier is right.
 *
 * Kretprobes do: a barrier takes milliseconds, and there are few at a time.
 * More at once than there are instances are missed, counted (nmissed) and can
 * make a verdict too severe, which then says sure=no.
 *
 * A post that is counted while a barrier begins may be queued behind it and be
 * taken for covered. A module that still posts then is wrong, and is said to be
 * when the callback is pending in the end.
 */
#define pr_fmt(fmt) "unloadcheck: " fmt

#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/seq_buf.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "check.h"
#include "check_trace.h"

#define MAX_AT_ONCE	24
#define MAX_NOTES	16
#define NR_SEEN		64

struct uc_barrier {
	struct kretprobe rp;
	enum uc_flavor covers;
	bool has_domain;
	int err;
};

/* One barrier, from its entry on. */
struct begun {
	u64 when, took;
	void *domain;
	struct uc_task task;
	char comm[TASK_COMM_LEN];
	const struct uc_barrier *what;
	unsigned long from;
	unsigned int nr_stack;
	unsigned long stack[UC_STACK];
};

/* What each site had posted. Too large for a kretprobe's instance. */
struct notes {
	unsigned long made;		/* sites made later are not in it */
	unsigned long posted[UC_SITES];
};

/* What a kretprobe's instance holds. */
struct instance {
	struct begun begun;
	int notes;
};

static struct notes notes[MAX_NOTES];
static unsigned long notes_used[BITS_TO_LONGS(MAX_NOTES)];
static atomic_long_t notes_missed;

static struct begun seen[NR_SEEN];
static unsigned int nr_seen;
static DEFINE_RAW_SPINLOCK(seen_lock);	/* these, and the covers of sites */

static bool on_stack(const struct begun *b, const struct module *mod)
{
	unsigned int i;

	for (i = 0; i < b->nr_stack; i++)
		if (within_module(b->stack[i], mod))
			return true;
	return false;
}

static bool matches(const struct begun *b, const struct uc_site *s)
{
	return b->what->covers == s->flavor && b->domain == s->domain;
}

/* What waits for readers only is asked for all the time, mostly not by modules. */
static bool of_interest(const struct begun *b)
{
	unsigned int i;

	if (b->what->covers != UC_NO_FLAVOR)
		return true;
	for (i = 0; i < b->nr_stack; i++)
		if (uc_maybe_module(b->stack[i]) &&
		    !within_module(b->stack[i], THIS_MODULE))
			return true;
	return false;
}

static int take_notes(void)
{
	int i;

	for (i = 0; i < MAX_NOTES; i++)
		if (!test_and_set_bit_lock(i, notes_used))
			return i;
	atomic_long_inc(&notes_missed);
	return -1;
}

static void write_notes(struct notes *n, const struct begun *b)
{
	struct uc_site *s;

	memset(n->posted, 0, sizeof(n->posted));
	n->made = uc_sites_made();
	for (s = uc_next_site(NULL); s; s = uc_next_site(s))
		if (matches(b, s))
			n->posted[s - uc_sites] = uc_site_sum(s).posted;
}

static int enter(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct uc_barrier *what = container_of(get_kretprobe(ri),
					       struct uc_barrier, rp);
	struct instance *in = (void *)ri->data;
	struct begun *b = &in->begun;

	*b = (struct begun){
		.when = ktime_get_ns(), .what = what, .task = uc_current(),
		.from = regs_get_kernel_stack_nth(regs, 0),
		.domain = what->has_domain ?
			  (void *)regs_get_kernel_argument(regs, 0) : NULL,
	};
	get_task_comm(b->comm, current);
	b->nr_stack = uc_stack(b->stack, b->from);
	if (!of_interest(b))
		return 1;
	in->notes = what->covers == UC_NO_FLAVOR ? -1 : take_notes();
	if (in->notes >= 0)
		write_notes(&notes[in->notes], b);
	return 0;
}

NOKPROBE_SYMBOL(enter);

/* By the same task before, else in place of what has covered least. */
static void cover_by_task(struct uc_site *s, const struct uc_task *task,
			  unsigned long posts)
{
	struct uc_cover *c, *least = s->cover;

	for (c = s->cover; c < s->cover + UC_COVERS; c++) {
		if (uc_same_task(&c->task, task)) {
			least = c;
			break;
		}
		if (c->posts < least->posts)
			least = c;
	}
	*least = (struct uc_cover){ *task, posts };
}

static void cover(struct uc_site *s, const struct begun *b, unsigned long posts)
{
	const struct uc_module *owner = READ_ONCE(s->owner);
	const struct module *mod = owner ? READ_ONCE(owner->mod) : NULL;

	if (!mod)
		return;
	s->covered_any = max(s->covered_any, posts);
	if (on_stack(b, mod))
		s->covered_own = max(s->covered_own, posts);
	cover_by_task(s, &b->task, posts);
}

/* Not a site that was retired, and made anew, meanwhile. */
static void cover_noted(const struct begun *b, const struct notes *n)
{
	struct uc_site *s;

	for (s = uc_next_site(NULL); s; s = uc_next_site(s))
		if (n->posted[s - uc_sites] && s->made <= n->made)
			cover(s, b, n->posted[s - uc_sites]);
}

static int leave(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct instance *in = (void *)ri->data;
	unsigned long flags;

	in->begun.took = ktime_get_ns() - in->begun.when;
	trace_barrier(in->begun.what->rp.kp.symbol_name, in->begun.took);
	rcu_read_lock();
	raw_spin_lock_irqsave(&seen_lock, flags);
	seen[nr_seen++ % NR_SEEN] = in->begun;
	if (in->notes >= 0)
		cover_noted(&in->begun, &notes[in->notes]);
	raw_spin_unlock_irqrestore(&seen_lock, flags);
	rcu_read_unlock();
	if (in->notes >= 0)
		clear_bit_unlock(in->notes, notes_used);
	return 0;
}

NOKPROBE_SYMBOL(leave);

#define BARRIER(_name, _covers, _has_domain) {				\
	.rp = {								\
		.kp.symbol_name = _name, .maxactive = MAX_AT_ONCE,	\
		.entry_handler = enter, .handler = leave,		\
		.data_size = sizeof(struct instance),			\
	}, .covers = _covers, .has_domain = _has_domain }

static struct uc_barrier barriers[] = {
	BARRIER("rcu_barrier", UC_RCU, false),
	BARRIER("srcu_barrier", UC_SRCU, true),
	BARRIER("rcu_barrier_tasks", UC_TASKS, false),
	BARRIER("rcu_barrier_tasks_rude", UC_TASKS_RUDE, false),
	BARRIER("rcu_barrier_tasks_trace", UC_TASKS_TRACE, false),
	BARRIER("synchronize_rcu", UC_NO_FLAVOR, false),
	BARRIER("synchronize_rcu_expedited", UC_NO_FLAVOR, false),
	BARRIER("synchronize_srcu", UC_NO_FLAVOR, true),
};

unsigned long uc_barriers_nmissed(void)
{
	unsigned long sum = atomic_long_read(&notes_missed);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(barriers); i++)
		sum += barriers[i].rp.nmissed + barriers[i].rp.kp.nmissed;
	return sum;
}

/**
 * uc_site_covered() - how many posts have been followed by a barrier
 * @s: of this site
 *
 * Context: the task that unloads the module.
 * Return: those that a barrier of the module, or of this task, made sure of.
 */
unsigned long uc_site_covered(const struct uc_site *s)
{
	const struct uc_task me = uc_current();
	unsigned long covered;
	unsigned int i;

	raw_spin_lock_irq(&seen_lock);
	covered = s->covered_own;
	for (i = 0; i < UC_COVERS; i++)
		if (uc_same_task(&s->cover[i].task, &me))
			covered = max(covered, s->cover[i].posts);
	raw_spin_unlock_irq(&seen_lock);
	return covered;
}

/* Where in the module it was called, directly or not; else where it was. */
static unsigned long caller(const struct begun *b, const struct uc_module *m)
{
	unsigned int i;

	for (i = 0; i < b->nr_stack; i++)
		if (within_module(b->stack[i], m->mod))
			return b->stack[i];
	return b->from;
}

static void say_one(struct seq_buf *s, const struct begun *b,
		    const struct uc_facts *f)
{
	u64 ago = div_u64(f->when - b->when, NSEC_PER_USEC);
	u64 took = div_u64(b->took, NSEC_PER_USEC);
	struct uc_name name;

	seq_buf_printf(s, "\tbarrier name=%s covers=%s began_ms=-%llu.%03u took_ms=%llu.%03u by=%s:%d from=%s\n",
		       b->what->rp.kp.symbol_name,
		       uc_flavor_names[b->what->covers],
		       div_u64(ago, 1000), (u32)(ago % 1000),
		       div_u64(took, 1000), (u32)(took % 1000), b->comm,
		       b->task.pid, uc_symbol(&name, caller(b, f->m)));
}

/**
 * uc_barriers_say() - which barriers the module, or this task for it, has run
 * @s: where to write a line each
 * @f: of what verdict
 *
 * Return: which kinds there were.
 */
struct uc_barrier_seen uc_barriers_say(struct seq_buf *s,
				       const struct uc_facts *f)
{
	const struct uc_task me = uc_current();
	unsigned int i, n = READ_ONCE(nr_seen);
	struct uc_barrier_seen kinds = {};
	struct begun b;

	for (i = n > NR_SEEN ? n - NR_SEEN : 0; i < n; i++) {
		raw_spin_lock_irq(&seen_lock);
		b = seen[i % NR_SEEN];
		raw_spin_unlock_irq(&seen_lock);
		if (b.when < f->m->since || b.when > f->when ||
		    (!on_stack(&b, f->m->mod) && !uc_same_task(&b.task, &me)))
			continue;
		say_one(s, &b, f);
		if (b.what->covers == UC_NO_FLAVOR)
			kinds.none = true;
		else if (f->worst && matches(&b, f->worst))
			kinds.matching = true;
		else
			kinds.other = true;
	}
	return kinds;
}

/* Without the first a right module cannot be told from a lucky one. */
int uc_barriers_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(barriers); i++) {
		barriers[i].err = register_kretprobe(&barriers[i].rp);
		if (!i && barriers[i].err) {
			pr_err("%s() cannot be probed (%d)\n",
			       barriers[i].rp.kp.symbol_name, barriers[i].err);
			return barriers[i].err;
		}
	}
	return 0;
}

void uc_barriers_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(barriers); i++)
		if (!barriers[i].err)
			unregister_kretprobe(&barriers[i].rp);
}

void uc_barriers_features(struct seq_file *m)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(barriers); i++)
		if (barriers[i].err)
			seq_printf(m, "%s: no, this kernel has no such function to probe (%d)\n",
				   barriers[i].rp.kp.symbol_name,
				   barriers[i].err);
		else
			seq_printf(m, "%s: yes\n",
				   barriers[i].rp.kp.symbol_name);
}
