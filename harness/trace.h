/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trace.h - the last trace events of a machine that died
 *
 * The kernel records a few events from its boot on (vm_qemu.c: who runs, softirqs, work,
 * modules), in a ring of two pages a CPU, and shows them on the console when it dies, in
 * the midst of its report:
 *
 *	Dumping ftrace buffer:
 *	---------------------------------
 *	  insmod-77      1d..2. 5123456us : sched_switch: prev_comm=insmod ...
 *	---------------------------------
 *
 * They are no part of the report, and what they quote may look like one; so who
 * reads the console for splats passes over them, and they go to a file of their own.
 */
#ifndef LASTREF_TRACE_H
#define LASTREF_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#define TRACE_NAME	"trace.txt"

/* Zeroed at the beginning of a console. */
struct trace_dump {
	bool open;
	unsigned int rulers;
};

/*
 * Whether this line of the console, without what printk puts before it, belongs
 * to such a dump. Lines of others in the midst of it do not.
 */
bool trace_takes(struct trace_dump *d, const char *line);

/* Copies the events of DIR/console.log to DIR/trace.txt: how many there were. */
size_t trace_cut(const char *dir);

/* The last @max lines of DIR/trace.txt; "" if there is none. free() it. */
char *trace_tail(const char *dir, size_t max);

#endif
