/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Children that cannot outlive the process that wanted them.
 */
#ifndef LASTREF_CHILD_H
#define LASTREF_CHILD_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Call it in the child, right after fork(), with getpid() as it was in the
 * parent. The signal is bound to the parent's thread, not to its process: fork
 * from a thread that lives as long as the child may.
 */
void child_die_with_parent(pid_t parent);

/*
 * Call it in the child, in the same way, to run a program that starts others, a script whose
 * make has compilers: they are a process group, and when the parent dies, however that
 * comes, all of the group is told to end. Never returns; the exit status is the program's.
 */
__attribute__((noreturn)) void child_keep(char *const argv[], pid_t parent);

/*
 * Wait for a child, but not for ever: 0 and its wait status, or -ETIMEDOUT
 * after it was killed.
 */
int child_wait(pid_t pid, int timeout_ms, int *status);

/* The first line a program prints: 0, or a negative errno. */
int child_first_line(const char *const argv[], int timeout_ms, char *buf,
		     size_t size);

#endif
