/* SPDX-License-Identifier: GPL-2.0 */
/*
 * deferscale: what things cost, measured against the kernel's own, in one boot.
 *
 * A row is one thing that is measured.  A set is what is compared: its rows take
 * turns, one sample each, round after round, so that whatever the machine
 * does besides (and whatever it is) falls on all of them alike; a ratio is taken
 * within a round.  The first row of a set is what the others are compared with,
 * and has two turns a round, the first and the last: how much its own two samples
 * differ is how much a ratio means here.
 *
 * A sample is some work done by one thread that stays on one CPU.  It is preceded
 * by the row's own preparations, which are not timed.  Before the first
 * round every row is run until it takes its time (bench.c, warm_up()), and what
 * has to go on beside it is known to be going on (crew.c).
 *
 * Nothing is computed here: the samples are exported as they are.
 */
#ifndef _LASTREF_SCALE_H
#define _LASTREF_SCALE_H

#include <linux/seq_file.h>
#include <linux/types.h>

#include "../control/control.h"

struct bench_slot;

enum bench_unit {
	BENCH_NS,	/* an operation */
	BENCH_PER_S,	/* operations, of a sample in ns as well */
	BENCH_BYTES,	/* an operation */
	NR_BENCH_UNITS
};

/* ns, or bytes, for this many operations. */
struct bench_sample {
	u64 amount;
	u64 ops;
};

/**
 * struct bench_row - one thing that is measured
 * @name: of this row in its set; NAME/N is a point of a curve, at N
 * @about: what an operation is, one line
 * @needs: what the kernel lacks when @setup returns -EOPNOTSUPP
 * @ops: operations of a sample; 0: as many as its time takes
 * @what: the row's own
 * @n: the row's own number
 * @setup: once before the first round: 0, -EOPNOTSUPP, another negative errno;
 *	may be NULL
 * @run: prepare, measure @ops operations, clean up; 0 or a negative errno
 * @teardown: once after the last round, also if @setup failed or there was none;
 *	may be NULL
 */
struct bench_row {
	const char *name;
	const char *about;
	const char *needs;
	u64 ops;
	const void *what;
	unsigned int n;
	int (*setup)(struct bench_slot *slot);
	int (*run)(struct bench_slot *slot, u64 ops,
		   struct bench_sample *sample);
	void (*teardown)(struct bench_slot *slot);
};

/**
 * struct bench_set - rows that are compared
 * @name: as users write it after ``set=``
 * @group: as users write it after ``group=``
 * @unit: of what is derived from its samples
 * @about: one line
 * @rows: the first is what the others are compared with
 * @nr_rows: how many there are
 */
struct bench_set {
	const char *name;
	const char *group;
	enum bench_unit unit;
	const char *about;
	const struct bench_row *rows;
	unsigned int nr_rows;
};

/**
 * struct bench_slot - a row in a run
 * @row: the row
 * @priv: what @setup made
 * @ops: operations of a sample, as warm_up() found
 * @cpu: where samples are taken; companions belong elsewhere
 * @err: why it takes no turns, 0 while it does
 */
struct bench_slot {
	const struct bench_row *row;
	void *priv;
	u64 ops;
	unsigned int cpu;
	int err;
};

/* sets.c: every set, ended by NULL */
extern const struct bench_set *const bench_sets[];

/* What a user asks for. */
struct bench_config {
	const char *group;
	const struct bench_set *set;	/* NULL: all of the group */
	u64 rounds;
	u64 ms;				/* least time of a sample */
	u64 cpu;
};

/* bench.c */
extern const char *const bench_unit_names[NR_BENCH_UNITS];
int bench_start(const struct bench_config *cfg);
void bench_stop(void);
bool bench_running(void);
void bench_show_state(struct seq_file *m);
int bench_results_show(struct seq_file *m, void *unused);
void bench_free_results(void);

/*
 * Sleep a little, for loops that wait for others without a limit of their own.
 * -EINTR when the run has been stopped.
 */
int bench_wait_a_little(void);

/**
 * struct bench_crew - threads beside the one that measures
 * @step: what each does, again and again; @index tells them apart
 * @arg: for @step
 * @nr: how many
 * @hands: the threads
 */
struct bench_crew {
	void (*step)(void *arg, unsigned int index);
	void *arg;
	unsigned int nr;
	struct bench_hand *hands;
};

/* crew.c */
int bench_crew_start(struct bench_crew *crew, unsigned int nr,
		     unsigned int not_on);
void bench_crew_stop(struct bench_crew *crew);

/* ctl.c */
int ctl_init(void);
void ctl_exit(void);

#endif /* _LASTREF_SCALE_H */
