// SPDX-License-Identifier: GPL-2.0
/*
 * A run: the sets of a group one after the other, each in rounds.
 *
 *	round	turn 1	turn 2	turn 3	...	last turn
 *	1	A	B	C		A again
 *	2	A	B	C		A again
 *
 * All of it happens in one thread, bound to one CPU.  There is one run at a
 * time; its samples stay until the next begins.  The thread adds them, anybody
 * may read them meanwhile:
 *
 *	thread					results
 *	nr_samples' slot is written
 *	store-release nr_samples (A)		load-acquire nr_samples (A')
 *						slots below it are read
 *
 * A reads-from A' makes a whole sample of what is seen.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/utsname.h>

#include "scale.h"

#define OPS_LIMIT	BIT_ULL(32)

const char *const bench_unit_names[] = {
	[BENCH_NS]	= "ns",
	[BENCH_PER_S]	= "per_s",
	[BENCH_BYTES]	= "bytes",
};

static_assert(ARRAY_SIZE(bench_unit_names) == NR_BENCH_UNITS);

struct result {
	const struct bench_set *set;
	const struct bench_row *row;
	unsigned int round;
	int err;		/* a row that takes no turns; round is not set */
	bool again;
	struct bench_sample sample;
};

/* Made by bench_start(), gone with the next one; under bench_mutex. */
struct run {
	struct bench_config cfg;
	struct task_struct *task;
	const struct bench_set *now;	/* for who looks at control */
	unsigned int round;
	bool stopped;
	bool ended;
	struct bench_slot *slots;	/* of the set that is running */
	unsigned long nr_results, max_results;
	struct result results[];
};

static struct run *the_run;
static DEFINE_MUTEX(bench_mutex);

int bench_wait_a_little(void)
{
	if (kthread_should_stop())
		return -EINTR;
	usleep_range(100, 200);
	return 0;
}

static void add(struct run *run, const struct result *result)
{
	if (WARN_ON_ONCE(run->nr_results >= run->max_results))
		return;
	run->results[run->nr_results] = *result;
	smp_store_release(&run->nr_results, run->nr_results + 1);	/* A */
}

/*
 * How many operations take a sample's time, and at the same time the warm-up:
 * caches, allocators and back ends have seen the row at work when this is over.
 * Where the number is fixed, preparations count as well.
 */
static int warm_up(struct bench_slot *slot, u64 ns)
{
	bool fixed = slot->row->ops;
	u64 start = ktime_get_ns(), spent;
	struct bench_sample sample;
	int err;

	slot->ops = slot->row->ops ?: 1;
	for (;;) {
		err = slot->row->run(slot, slot->ops, &sample);
		if (err)
			return err;
		spent = fixed ? ktime_get_ns() - start : sample.amount;
		if (spent >= ns || slot->ops >= OPS_LIMIT)
			return 0;
		if (kthread_should_stop())
			return -EINTR;
		if (!fixed)
			slot->ops *= 2;
	}
}

static void take(struct run *run, struct bench_slot *slot, bool again)
{
	struct result result = {
		.set = run->now, .row = slot->row, .round = run->round,
		.again = again,
	};

	if (slot->err || kthread_should_stop())
		return;
	slot->err = slot->row->run(slot, slot->ops, &result.sample);
	result.err = slot->err;
	add(run, &result);
	cond_resched();
}

static void set_up(struct run *run, struct bench_slot *slot)
{
	struct result result = { .set = run->now, .row = slot->row };
	bool timed = run->now->unit != BENCH_BYTES;

	if (slot->row->setup)
		slot->err = slot->row->setup(slot);
	if (!slot->err)
		slot->err = warm_up(slot, timed * run->cfg.ms * NSEC_PER_MSEC);
	result.err = slot->err;
	if (slot->err)
		add(run, &result);
}

static void run_set(struct run *run)
{
	unsigned int n = run->now->nr_rows, i;

	memset(run->slots, 0, n * sizeof(*run->slots));
	for (i = 0; i < n && !kthread_should_stop(); i++) {
		run->slots[i].row = &run->now->rows[i];
		run->slots[i].cpu = run->cfg.cpu;
		set_up(run, &run->slots[i]);
	}
	for (run->round = 1; run->round <= run->cfg.rounds; run->round++) {
		if (kthread_should_stop())
			break;
		for (i = 0; i < n; i++)
			take(run, &run->slots[i], false);
		take(run, &run->slots[0], true);
	}
	for (i = n; i--; )
		if (run->slots[i].row && run->slots[i].row->teardown)
			run->slots[i].row->teardown(&run->slots[i]);
}

static bool wanted(const struct bench_config *cfg, const struct bench_set *set)
{
	return cfg->set ? set == cfg->set : !strcmp(set->group, cfg->group);
}

static int run_main(void *arg)
{
	struct run *run = arg;
	unsigned int i;

	for (i = 0; bench_sets[i] && !kthread_should_stop(); i++) {
		if (!wanted(&run->cfg, bench_sets[i]))
			continue;
		WRITE_ONCE(run->now, bench_sets[i]);
		run_set(run);
	}
	run->stopped = kthread_should_stop();
	smp_store_release(&run->ended, true);	/* pairs with ended() */
	return 0;
}

/* After it, whether the run was stopped is known. */
static bool ended(const struct run *run)
{
	return smp_load_acquire(&run->ended);	/* pairs with run_main() */
}

/* Each row has a sample a round, or one error; the first has two. */
static unsigned long count_results(const struct bench_config *cfg)
{
	unsigned long n = 0;
	unsigned int i;

	for (i = 0; bench_sets[i]; i++)
		if (wanted(cfg, bench_sets[i]))
			n += (bench_sets[i]->nr_rows + 1) * (cfg->rounds + 1);
	return n;
}

static unsigned int most_rows(void)
{
	unsigned int most = 0, i;

	for (i = 0; bench_sets[i]; i++)
		most = max(most, bench_sets[i]->nr_rows);
	return most;
}

/*
 * A thread may be stopped once only: what tells of its end is used up by who
 * waits for it.  One that is stopped before it first ran never comes to
 * run_main().
 */
static void end_thread(struct run *run)
{
	if (!run->task)
		return;
	if (kthread_stop(run->task) == -EINTR) {
		run->stopped = true;
		run->ended = true;
	}
	put_task_struct(run->task);
	run->task = NULL;
}

/* @run may be as little as make_run() could make of it, or NULL. */
static void free_run(struct run *run)
{
	if (!run)
		return;
	end_thread(run);
	kfree(run->slots);
	kvfree(run);
}

static struct run *make_run(const struct bench_config *cfg)
{
	unsigned long n = count_results(cfg);
	struct run *run = kvzalloc(struct_size(run, results, n), GFP_KERNEL);
	struct task_struct *task;

	if (!run)
		return ERR_PTR(-ENOMEM);
	run->cfg = *cfg;
	run->max_results = n;
	run->slots = kcalloc(most_rows(), sizeof(*run->slots), GFP_KERNEL);
	task = run->slots ? kthread_create(run_main, run, "bench") :
			    ERR_PTR(-ENOMEM);
	if (IS_ERR(task)) {
		free_run(run);
		return ERR_CAST(task);
	}
	run->task = get_task_struct(task);
	kthread_bind(task, cfg->cpu);
	return run;
}

/**
 * bench_start() - begin a run
 * @cfg: what is wanted; its CPU is online
 *
 * Context: may sleep.
 * Return: 0; -EBUSY if one is running; -ENOMEM; or as kthread_create().
 */
int bench_start(const struct bench_config *cfg)
{
	struct run *run;
	int err = 0;

	mutex_lock(&bench_mutex);
	if (the_run && !ended(the_run)) {
		err = -EBUSY;
		goto unlock;
	}
	run = make_run(cfg);
	if (IS_ERR(run)) {
		err = PTR_ERR(run);
		goto unlock;
	}
	free_run(the_run);
	the_run = run;
	wake_up_process(run->task);
unlock:
	mutex_unlock(&bench_mutex);
	return err;
}

/* Ends the run, if there is one; what it has measured stays. */
void bench_stop(void)
{
	mutex_lock(&bench_mutex);
	if (the_run)
		end_thread(the_run);
	mutex_unlock(&bench_mutex);
}

void bench_free_results(void)
{
	mutex_lock(&bench_mutex);
	free_run(the_run);
	the_run = NULL;
	mutex_unlock(&bench_mutex);
}

static const char *state_of(const struct run *run)
{
	if (!run)
		return "idle";
	if (!ended(run))
		return "running";
	return run->stopped ? "stopped" : "done";
}

void bench_show_state(struct seq_file *m)
{
	const struct bench_set *now;

	mutex_lock(&bench_mutex);
	seq_puts(m, state_of(the_run));
	if (the_run && !ended(the_run)) {
		now = READ_ONCE(the_run->now);
		seq_printf(m, " set=%s round=%u of=%llu", now ? now->name : "-",
			   READ_ONCE(the_run->round), the_run->cfg.rounds);
	}
	seq_putc(m, '\n');
	mutex_unlock(&bench_mutex);
}

static void show_result(struct seq_file *m, const struct result *r)
{
	if (r->err == -EOPNOTSUPP && r->row->needs)
		seq_printf(m, "absent %s %s %s\n", r->set->name, r->row->name,
			   r->row->needs);
	else if (r->err)
		seq_printf(m, "failed %s %s %pe\n", r->set->name, r->row->name,
			   ERR_PTR(r->err));
	else
		seq_printf(m, "%s %s %s %u %llu %llu\n",
			   r->again ? "again" : "sample", r->set->name,
			   r->row->name, r->round, r->sample.amount,
			   r->sample.ops);
}

int bench_results_show(struct seq_file *m, void *unused)
{
	unsigned long i, n;

	mutex_lock(&bench_mutex);
	seq_printf(m, "kernel %s\ncpus %u\n", init_utsname()->release,
		   num_online_cpus());
	if (the_run) {
		seq_printf(m, "rounds %llu\nms %llu\ncpu %llu\n",
			   the_run->cfg.rounds, the_run->cfg.ms,
			   the_run->cfg.cpu);
		n = smp_load_acquire(&the_run->nr_results);	/* A' */
		for (i = 0; i < n; i++)
			show_result(m, &the_run->results[i]);
	}
	seq_printf(m, "state %s\n", state_of(the_run));
	mutex_unlock(&bench_mutex);
	return 0;
}
