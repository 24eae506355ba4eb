/* SPDX-License-Identifier: GPL-2.0 */
/*
 * worker.h - one scenario, one machine, one process
 *
 * A worker is forked for a job and drives its machine synchronously. What it
 * finds is in DIR/result.json when it exits with 0; it dies with its parent
 * and its QEMU with it.
 */
#ifndef LASTREF_WORKER_H
#define LASTREF_WORKER_H

#include "session.h"

/*
 * The machine of a job, without what belongs to one worker. append is to be freed.
 * And the image it boots. 0, or -1 and err.
 */
struct vm_config worker_config(const struct job *job, const char *initrd);
int worker_image(const struct job *job, const char *initrd, struct errbuf *err);

/* In the child of a fork: never returns. @parent is the pid that forked. */
void worker_run(const struct job *job, int parent) __attribute__((noreturn));

#endif
