/* SPDX-License-Identifier: GPL-2.0 */
/*
 * options.h - the command line, as tables
 *
 * An option is a row of a table in options.c: its names, what it takes, where
 * it goes and its line of help. A command says by its mask which options are its
 * own; getopt_long()'s arrays and the help texts are made from the same rows.
 */
#ifndef LASTREF_OPTIONS_H
#define LASTREF_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "accel.h"

/* What `lastref` returns. */
enum exit_code {
	EXIT_PASSED = 0,
	EXIT_FAILED = 1,	/* a test failed, or a prediction was wrong */
	EXIT_USAGE = 2,
	EXIT_HARNESS = 3,	/* the harness could not do its work */
	EXIT_INTERRUPTED = 130,	/* by SIGINT, SIGTERM or SIGHUP */
};

/* What --expedited adds; PREEMPT_RT takes the first back after boot without the second. */
#define BOOT_EXPEDITED "rcupdate.rcu_expedited=1 rcupdate.rcu_normal_after_boot=0"

#define KERNELS_MAX 16
#define WITH_MAX 32

struct options {
	const char *kernels[KERNELS_MAX];	/* --kernel, as often as given */
	unsigned int nr_kernels;
	unsigned int jobs;		/* 0: as many as fit */
	unsigned int time;		/* seconds, 0: as the scenario says */
	unsigned int smp;
	unsigned int memory;
	unsigned int repeat;
	unsigned int cycles;		/* 0: the command's default */
	const char *with[WITH_MAX];	/* --with, as often as given */
	unsigned int nr_with;
	const char *exercise;
	uint64_t seed;			/* 0: chosen at random */
	enum accel_mode accel;
	const char *boot;
	const char *results;
	const char *qemu;
	unsigned int rounds;		/* of a bench, 0: the default */
	unsigned int budget;		/* seconds, 0: the default */
	bool vary;
	bool schedules;
	bool gdb;
	bool rr;
	bool expedited;
	bool keep;
	bool no_live;
	bool json;
	bool list;
	const char *hosts;
	bool help;
	char **operands;
	unsigned int nr_operands;
};

enum option_id {
	OPT_KERNEL, OPT_JOBS, OPT_TIME, OPT_SMP, OPT_MEMORY, OPT_REPEAT, OPT_SEED,
	OPT_ACCEL, OPT_EXPEDITED, OPT_BOOT, OPT_RESULTS, OPT_KEEP, OPT_NO_LIVE,
	OPT_LIST, OPT_HOSTS,
	OPT_QEMU, OPT_JSON, OPT_BUDGET, OPT_VARY, OPT_CYCLES, OPT_WITH, OPT_EXERCISE,
	OPT_SCHEDULES, OPT_GDB, OPT_RR, OPT_ROUNDS,
	OPT_HELP, NR_OPTIONS
};

#define OPT_BIT(id) (1u << (id))

struct command {
	const char *name;
	const char *operands;	/* as in the usage line, "" for none */
	const char *about;	/* one line */
	const char *text;	/* what the help says besides, with examples */
	unsigned int options;	/* mask of OPT_BIT() */
	int (*run)(const struct options *o);
};

/* argv[0] is the command's name. 0, or EXIT_USAGE after a message on stderr. */
int options_parse(struct options *o, const struct command *c, int argc,
		  char **argv);

void options_help(FILE *out, const struct command *c);

/*
 * The command line that repeats it; free() it. With a scenario and a kernel,
 * only that one on that one, in one machine.
 */
char *options_command(const struct options *o, const char *program,
		      const char *scenario, const char *kernel, uint64_t seed);

#endif
