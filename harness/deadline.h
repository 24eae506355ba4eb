/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deadlines that are ordered by cause and scaled by what this machine can do.
 *
 * When a CPU is stuck, four watchers may notice. The one that knows most must be
 * first to speak, or the report names a consequence in place of the cause:
 *
 *   RCU stall < soft lockup < hung task < silence
 *
 * The first three live in the guest and print a backtrace; they are set with the
 * agent's `deadlines` command. Silence is the harness's own: no byte on any channel.
 * It is last, so that it fires only when the guest can no longer speak.
 *
 * All of them, and every time-out of a scenario, are for a machine on which the
 * agent's calibration loop takes DEADLINE_LOOP_MS and a boot DEADLINE_BOOT_MS.
 * A slower one, or one that is busy, gets a proportional share more; a faster
 * one gets no less, since a deadline that is too long costs only time.
 */
#ifndef LASTREF_DEADLINE_H
#define LASTREF_DEADLINE_H

#include <stddef.h>

#define DEADLINE_LOOP_MS	250
#define DEADLINE_BOOT_MS	3000
#define DEADLINE_SCALE_MAX	20.0

struct deadlines {
	double scale;		/* >= 1.0, <= DEADLINE_SCALE_MAX */
	unsigned int stall_s;	/* rcu_cpu_stall_timeout */
	unsigned int soft_s;	/* soft lockup: twice watchdog_thresh */
	unsigned int hung_s;	/* hung_task_timeout_secs */
	unsigned int silence_s;	/* compare with vm_quiet_ms() */
};

/*
 * From what was measured in this very boot; 0 for what was not measured. The
 * slower of the two measurements decides.
 */
void deadline_compute(struct deadlines *d, long loop_ms, long boot_ms);

/* A time-out of a scenario, in seconds, on this machine, in milliseconds. */
int deadline_ms(const struct deadlines *d, unsigned int seconds);

/* How many want each CPU of this host now: 1.0, or more if it is busy. */
double deadline_busy(void);

/* How long to wait for PID 1's hello: a minute, more on a host that is busy now. */
int deadline_boot_ms(void);

/* The agent command that sets the guest's three, into buf. */
void deadline_command(const struct deadlines *d, char *buf, size_t size);

#endif
