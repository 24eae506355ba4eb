// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's health, seen from a test: its log, its slab caches, kmemleak.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lastref_test.h"

#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
#define WATCHDOG_S	10	/* watchdog_thresh as the kernel has it */

/* A complaint of the kernel has one of these in it, most of them several. */
static const char *const complaints[] = {
	"WARNING:", "BUG:", "Oops", "KASAN:", "KFENCE:", "KCSAN:", "ODEBUG:",
	"UBSAN:", "Call Trace", "stack backtrace", "INFO: task", "INFO: rcu",
	"general protection", "unable to handle", "soft lockup", "hard LOCKUP",
	"refcount_t:", "corruption", "still has objects", "Objects remaining",
	"allocation failure", "scheduling while atomic",
};

int lr_log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	lseek(fd, 0, SEEK_END);
	return fd;
}

static bool complains(const char *line)
{
	size_t i;

	for (i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++)
		if (strstr(line, complaints[i]))
			return true;
	return false;
}

/*
 * A record of /dev/kmsg: "level,number,time,flags;text\n" and then more lines.
 * For want of memory kmem_cache_create() may fail, and dumps the stack then;
 * that is no complaint.
 */
const char *lr_log_complaint(int log)
{
	static char record[8192];
	bool no_cache = false;
	char *text;
	ssize_t n;

	for (;;) {
		n = read(log, record, sizeof(record) - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EPIPE)
			return "messages were overwritten before the test could read them";
		if (n <= 0)
			return NULL;
		record[n] = '\0';
		record[strcspn(record, "\n")] = '\0';
		text = strchr(record, ';');
		if (!text)
			continue;
		if (strstr(text, "kmem_cache_create") && strstr(text, "failed with"))
			no_cache = true;
		else if (no_cache && strstr(text, "Call Trace"))
			no_cache = false;
		else if (complains(text + 1))
			return text + 1;
	}
}

long lr_slab_objects(const char *prefix)
{
	char *text = lr_read("/proc/slabinfo"), *line, *rest;
	unsigned long active;
	char name[64];
	long sum = 0;

	if (!text)
		return -1;
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		if (sscanf(line, "%63s %lu", name, &active) == 2 &&
		    !strncmp(name, prefix, strlen(prefix)))
			sum += active;
	free(text);
	return sum;
}

void lr_leaks_clear(void)
{
	lr_write(KMEMLEAK, "clear", 5);
}

/*
 * Where sysfs_slab_add() runs out of memory the kernel itself loses the name it
 * has just copied. The report is cut into one text an object; keep the others.
 */
static void drop_the_kernels_own(char *report)
{
	char *from = report, *to = report, *next;

	for (; *from; from = next) {
		next = strstr(from + 1, "\nunreferenced object");
		next = next ? next + 1 : from + strlen(from);
		if (memmem(from, next - from, "sysfs_slab_add", 14))
			continue;
		memmove(to, from, next - from);
		to += next - from;
	}
	*to = '\0';
}

/*
 * An object is taken for lost when a scan finds no pointer to it; it must be
 * some seconds old, and a pointer in a register may hide it for one scan.
 */
char *lr_leaks(void)
{
	char *report;
	int i;

	if (access(KMEMLEAK, F_OK))
		return NULL;
	for (i = 0; i < 2; i++) {
		sleep(6);
		if (lr_write(KMEMLEAK, "scan", 4))
			return NULL;	/* it has switched itself off */
	}
	report = lr_read(KMEMLEAK);
	if (report)
		drop_the_kernels_own(report);
	return report;
}

bool lr_debug_kernel(void)
{
	return !access("/proc/lockdep_stats", F_OK);
}

unsigned int lr_patience(void)
{
	char *text = lr_read("/proc/sys/kernel/watchdog_thresh");
	int times = text ? atoi(text) / WATCHDOG_S : 0;

	free(text);
	return times > 1 ? times : 1;
}
