/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests that kill share: is a process left? The caller is the subreaper of
 * all its descendants, so that an orphan becomes its child and cannot hide.
 */
#ifndef LASTREF_TESTS_LEFTOVER_H
#define LASTREF_TESTS_LEFTOVER_H

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The pid of some living child of this process, 0 if there is none. */
static inline pid_t find_child(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *d;
	char path[300], state;
	int pid, parent;
	pid_t found = 0;
	FILE *f;

	while (!found && proc && (d = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/stat", d->d_name);
		f = fopen(path, "re");
		if (!f)
			continue;
		if (fscanf(f, "%d (%*[^)]) %c %d", &pid, &state, &parent) == 3 &&
		    parent == getpid() && state != 'Z')
			found = pid;
		fclose(f);
	}
	if (proc)
		closedir(proc);
	return found;
}

/* Reaps until no child is left: 0, or the pid of one that stays. */
static inline pid_t wait_for_all(int timeout_ms)
{
	for (; timeout_ms > 0; timeout_ms -= 5) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0 && errno == ECHILD)
			return 0;
		if (pid == 0)
			usleep(5000);
	}
	return find_child();
}

#endif
