/* SPDX-License-Identifier: GPL-2.0 */
/*
 * runner.h - many scenarios, so many at a time
 *
 * The runner forks a worker for each job, shows what the workers tell, and
 * collects their results. It is the one process that talks to the user: signals are
 * its own, and workers are in process groups of their own.
 *
 * SIGINT, SIGTERM and SIGHUP ask the workers to come to an end; who has not
 * after GRACE_MS, or at the second signal, is killed, and QEMU dies with it. When
 * runner_run() returns no child is left. When the runner itself is killed, its
 * workers die by PR_SET_PDEATHSIG, and their QEMUs with them.
 */
#ifndef LASTREF_RUNNER_H
#define LASTREF_RUNNER_H

#include <stdbool.h>

#include "result.h"
#include "session.h"

/* A job and what came out of it. */
struct runner_job {
	struct job job;
	const char *not_run;	/* why it makes no sense here, or NULL */
	const char *failed;	/* why it cannot be run although it should, or NULL */
};

/*
 * Runs them, at most @parallel at a time, and fills cases[i] for jobs[i].
 * Returns whether it was interrupted.
 */
bool runner_run(struct runner_job *jobs, size_t nr, unsigned int parallel, bool live,
		struct case_result *cases);

#endif
