// SPDX-License-Identifier: GPL-2.0
/*
 * The machine: its speed, its watchdogs, its log, its end.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "agent.h"

#define SLEEP_MAX_MS	(3600 * 1000ULL)
#define WATCHDOG_MAX	3600ULL
#define LOOP_STEPS	32000000
#define LOOP_TABLE	512

/*
 * A fixed amount of work for one CPU: a chain of dependent steps that neither the
 * compiler nor a translator can shorten, with a load and a store in each, because
 * memory is what emulation makes slow.
 */
int verb_calibrate(struct agent *a, const struct command *cmd)
{
	static volatile unsigned long long table[LOOP_TABLE];
	long long start = now_ms();
	unsigned long long x = 1;
	int i;

	(void)cmd;
	for (i = 0; i < LOOP_STEPS; i++) {
		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
		x += table[x >> 55];
		table[x >> 55] = x;
	}
	reply_line(&a->out, "ms %lld", now_ms() - start);
	return 0;
}

enum { STALL, SOFT, HUNG, N_DEADLINES };

/*
 * A soft lockup is reported at twice watchdog_thresh; hung tasks are looked for
 * only once in a check interval, which is the time-out itself unless it is set.
 */
static const struct {
	const char *name;
	const char *path;
	int deadline;
	unsigned int divide, min, max;
} watchdogs[] = {
	{ "rcu_cpu_stall_timeout",
	  "/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout", STALL, 1, 3, 300 },
	{ "watchdog_thresh", "/proc/sys/kernel/watchdog_thresh", SOFT, 2, 1, 60 },
	{ "hung_task_timeout_secs",
	  "/proc/sys/kernel/hung_task_timeout_secs", HUNG, 1, 1, 3600 },
	{ "hung_task_check_interval_secs",
	  "/proc/sys/kernel/hung_task_check_interval_secs", HUNG, 1, 1, 5 },
};

static int set_watchdog(struct agent *a, int i, const unsigned long long *seconds)
{
	unsigned long long value = seconds[watchdogs[i].deadline] / watchdogs[i].divide;
	char text[24];
	int err;

	if (value < watchdogs[i].min)
		value = watchdogs[i].min;
	if (value > watchdogs[i].max)
		value = watchdogs[i].max;
	snprintf(text, sizeof(text), "%llu\n", value);
	err = put_file(watchdogs[i].path, text);
	if (err == -ENOENT)
		reply_line(&a->out, "%s absent", watchdogs[i].name);
	else if (!err)
		reply_line(&a->out, "%s %llu", watchdogs[i].name, value);
	else
		agent_words(a, "%s: %s", watchdogs[i].name, strerror(-err));
	return err == -ENOENT ? 0 : err;
}

int verb_deadlines(struct agent *a, const struct command *cmd)
{
	unsigned long long seconds[N_DEADLINES];
	int i, err, status = 0;

	for (i = 0; i < N_DEADLINES; i++) {
		if (line_number(cmd->argv[i + 1], WATCHDOG_MAX, &seconds[i])) {
			agent_words(a, "seconds: 0 to %llu", WATCHDOG_MAX);
			return -EINVAL;
		}
	}
	for (i = 0; i < (int)ARRAY_SIZE(watchdogs); i++) {
		err = set_watchdog(a, i, seconds);
		if (err)
			status = err;
	}
	return status;
}

/* Level 5, notice: above the console's threshold as init sets it. */
int verb_mark(struct agent *a, const struct command *cmd)
{
	static char text[LINE_MAX_BYTES + 32];
	int err;

	snprintf(text, sizeof(text), "<5>lastref: %.800s\n", cmd->tail[1]);
	err = put_file("/dev/kmsg", text);
	return fail(a, err);
}

int verb_sleep(struct agent *a, const struct command *cmd)
{
	unsigned long long ms;

	if (line_number(cmd->argv[1], SLEEP_MAX_MS, &ms)) {
		agent_words(a, "milliseconds: 0 to %llu", SLEEP_MAX_MS);
		return -EINVAL;
	}
	usleep(ms * 1000);
	return 0;
}

/*
 * Clones have the random state of their snapshot: each mixes its own seed into the kernel's
 * pool and has the generators of all CPUs begin anew. A kernel that is not ready
 * for that has drawn nothing from them yet.
 */
static int stir(const char *seed)
{
	int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, seed, strlen(seed)) < 0 ||
	    (ioctl(fd, RNDRESEEDCRNG) && errno != ENODATA))
		err = -errno;
	close(fd);
	return err;
}

int verb_seed(struct agent *a, const struct command *cmd)
{
	unsigned long long seed;

	if (line_number(cmd->argv[1], UINT64_MAX, &seed)) {
		agent_words(a, "a decimal number of 64 bits");
		return -EINVAL;
	}
	if (setenv("LASTREF_SEED", cmd->argv[1], 1))
		return fail(a, -errno);
	return fail(a, stir(cmd->argv[1]));
}

static void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
}

static void restart(void)
{
	sync();
	reboot(RB_AUTOBOOT);
}

/* The status leaves first: afterwards there is nobody to send it. */
int verb_poweroff(struct agent *a, const struct command *cmd)
{
	(void)cmd;
	a->after = power_off;
	return 0;
}

int verb_reboot(struct agent *a, const struct command *cmd)
{
	(void)cmd;
	a->after = restart;
	return 0;
}

/* Answers only when the kernel would not: a crash is seen by the machine's end. */
int verb_crash(struct agent *a, const struct command *cmd)
{
	int err;

	(void)cmd;
	err = put_file("/proc/sys/kernel/sysrq", "1\n");
	if (!err)
		err = put_file("/proc/sysrq-trigger", "c\n");
	return fail(a, err ? err : -EIO);
}
