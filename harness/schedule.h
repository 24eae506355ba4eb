/* SPDX-License-Identifier: GPL-2.0 */
/*
 * schedule.h - schedules by name: searched for, kept, done again
 *
 * What names a schedule is kept in its directory, RESULTS/RUN/schedule-N, whose path
 * below RESULTS is its ID:
 *
 *	repro.json	kernel, machine, shift, seed; what came out, and the console's hash
 *	initrd.gz	the guest as it was, modules and commands included
 *	console.log	what it must say again
 *	NAME.ko, NAME.ko.debug	the modules that were loaded, for names and debuggers
 *
 * and, of a crash, what crash.h tells of.
 */
#ifndef LASTREF_SCHEDULE_H
#define LASTREF_SCHEDULE_H

#include "alone.h"

struct schedule {
	char *kernel;			/* --kernel's argument */
	char *boot;			/* the image that QEMU gets */
	char *append;
	char *scenario;
	char *outcome, *signature;
	unsigned int cpus, memory_mb, shift;
	uint64_t seed;
	unsigned long long hash;
	size_t bytes;
	char *key;			/* of kernel, initrd and QEMU: clone_key() */
};

int schedule_save(const struct schedule *s, const char *dir, struct errbuf *err);
int schedule_load(struct schedule *s, const char *dir, struct errbuf *err);
void schedule_clear(struct schedule *s);

/* Copies the modules that agent.log tells of into DIR. 0, or -1 and err. */
int schedule_keep_modules(const char *dir, const char *modules, struct errbuf *err);
bool schedule_has_modules(const char *dir);

/* For the budget; prints what it finds. An exit code. */
int search_schedules(const struct job *base, const char *dir, double budget_s);

#endif
