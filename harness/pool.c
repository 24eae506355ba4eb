// SPDX-License-Identifier: GPL-2.0
/* Cases without end: see pool.h. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pool.h"
#include "worker.h"

#define GRACE_S	3

struct place {
	pid_t pid;		/* 0: free */
	struct job job;
};

struct pool {
	const struct pool_ops *ops;
	void *arg;
	struct place *places;
	unsigned int nr, busy;
	sigset_t mask, old;
	bool interrupted;
};

/* A clone shares what it does not write, so it takes a part of what it could. */
unsigned int pool_fitting(unsigned int memory_mb)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN), m;
	struct sysinfo info;

	if (!sysinfo(&info)) {
		m = ((info.freeram + info.bufferram) * info.mem_unit >> 20) / 2 / memory_mb;
		n = m < n ? m : n;
	}
	return n > 0 ? n : 1;
}

static bool start(struct pool *p, struct place *place)
{
	pid_t parent = getpid();

	if (!p->ops->next(p->arg, &place->job))
		return false;
	place->job.status_fd = -1;
	place->pid = fork();
	if (place->pid == 0) {
		setpgid(0, 0);
		sigprocmask(SIG_SETMASK, &p->old, NULL);
		worker_run(&place->job, parent);
	}
	if (place->pid < 0) {
		place->pid = 0;
		p->ops->done(p->arg, &place->job, NULL, false);
		return false;
	}
	p->busy++;
	return true;
}

static void finish(struct pool *p, struct place *place)
{
	struct case_result c;
	char path[4096];
	struct errbuf err;
	int ret;

	place->pid = 0;
	p->busy--;
	snprintf(path, sizeof(path), "%s/result.json", place->job.dir);
	ret = case_load(&c, path, &err);
	p->ops->done(p->arg, &place->job, ret ? NULL : &c, p->interrupted);
	if (!ret)
		case_free(&c);
}

static void reap(struct pool *p)
{
	unsigned int i;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (i = 0; i < p->nr; i++)
			if (p->places[i].pid == pid)
				finish(p, &p->places[i]);
}

static void interrupt(struct pool *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		if (p->places[i].pid)
			kill(p->places[i].pid, p->interrupted ? SIGKILL : SIGTERM);
	p->interrupted = true;
}

static void take_over_signals(struct pool *p)
{
	sigemptyset(&p->mask);
	sigaddset(&p->mask, SIGINT);
	sigaddset(&p->mask, SIGTERM);
	sigaddset(&p->mask, SIGHUP);
	sigaddset(&p->mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &p->mask, &p->old);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* A signal; none for long after an interrupt is as good as another one. */
static int wait_for_signal(const struct pool *p)
{
	struct timespec grace = { .tv_sec = GRACE_S };
	int sig = p->interrupted ? sigtimedwait(&p->mask, NULL, &grace) :
				   sigwaitinfo(&p->mask, NULL);

	return sig < 0 && errno == EAGAIN ? SIGTERM : sig;
}

bool pool_run(const struct pool_ops *ops, void *arg, unsigned int parallel)
{
	struct pool p = {
		.ops = ops, .arg = arg, .nr = parallel,
		.places = calloc(parallel, sizeof(*p.places)),
	};
	bool more = p.places;
	unsigned int i;
	int sig;

	take_over_signals(&p);
	for (;;) {
		for (i = 0; i < p.nr && more && !p.interrupted; i++)
			if (!p.places[i].pid)
				more = start(&p, &p.places[i]);
		if (!p.busy)
			break;
		sig = wait_for_signal(&p);
		if (sig > 0 && sig != SIGCHLD)
			interrupt(&p);
		reap(&p);
	}
	/* The QEMUs of workers that were killed. */
	while (waitpid(-1, NULL, 0) > 0)
		;
	sigprocmask(SIG_SETMASK, &p.old, NULL);
	free(p.places);
	return p.interrupted;
}
