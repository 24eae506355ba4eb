/* SPDX-License-Identifier: GPL-2.0 */
/*
 * explore.h - one scenario, as often as a budget of time allows
 *
 * Each case is a clone with a seed of its own, so that a case that crashes its
 * machine costs no more than one that does not. A variant is the same scenario on
 * another machine: more CPUs, another preemption model, expedited grace periods; each has a
 * snapshot of its own, and they take turns.
 *
 * What is kept of a case is its outcome; of the first case with a new signature also
 * its directory.
 */
#ifndef LASTREF_EXPLORE_H
#define LASTREF_EXPLORE_H

#include "clone.h"
#include "session.h"
#include "signature.h"

/* A way to change the machine. */
struct variant {
	const char *name;
	const char *boot;	/* more kernel arguments, or NULL */
	unsigned int cpus;	/* 0: as the scenario says */
};

/* A variant at work. */
struct lane {
	const struct variant *variant;
	struct options options;
	struct job job;			/* of which the cases are made */
	char *boot;
	char *initrd;
	struct vm_config config;
	struct golden *golden;
	struct clone_facts facts;
	unsigned long cases, outcomes[NR_OUTCOMES];
};

/* A signature, and the first case that had it. */
struct finding {
	enum outcome outcome;
	char signature[SIGNATURE_MAX];
	unsigned long count;
	uint64_t seed;
	const struct lane *lane;
	char *dir;
};

struct explore {
	const struct job *base;
	char *dir;			/* of the results */
	bool vary;
	unsigned int parallel;
	double budget_s;

	struct lane *lanes;
	size_t nr_lanes;
	struct finding *findings;
	size_t nr_findings, lost_findings;
	unsigned long cases;
	double seconds;			/* without the making of snapshots */
	bool interrupted;
};

/* 0; -1 and err if no machine could be had. */
int explore_run(struct explore *e, struct errbuf *err);

/* The table; and the same as DIR/explore.json. */
void explore_report(const struct explore *e, FILE *out);
int explore_save(const struct explore *e, struct errbuf *err);
void explore_clear(struct explore *e);

#endif
