// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "human.h"
#include "runner.h"
#include "screen.h"
#include "worker.h"

#define TICK_MS		125
#define GRACE_MS	4000
#define LEFTOVER_MS	5000

struct runner {
	struct runner_job *jobs;
	struct table_block *blocks;	/* one a job */
	struct case_result *cases;
	pid_t *pids;
	int *fds;
	long *started;			/* ms */
	size_t nr;
	size_t next;			/* the first that was never started */
	size_t running;
	size_t done;
	size_t bad;
	struct screen *screen;
	int signals;
	sigset_t old_mask;
	bool interrupted;
	long kill_at;			/* ms; 0: nobody is to be killed */
	long start;
};

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static const enum mood status_mood[] = {
	[STATUS_PASS] = MOOD_GOOD,
	[STATUS_FAIL] = MOOD_BAD,
	[STATUS_ERROR] = MOOD_ODD,
	[STATUS_NOTRUN] = MOOD_ODD,
};

/* Two rows that look the same are told apart by the names of their runs. */
static void name_row(struct table_block *b, const struct step *step)
{
	struct table_row *row = &b->rows[b->nr_rows++];
	const struct torture_spec *t = &step->torture;
	const char *name = t->busted ? t->busted : t->pattern ? t->pattern : step->text;
	size_t i;

	snprintf(row->name, sizeof(row->name), "%s", name);
	snprintf(row->flavor, sizeof(row->flavor), "%s", t->flavor ? t->flavor : "");
	for (i = 0; i + 1 < b->nr_rows; i++)
		if (!strcmp(b->rows[i].name, row->name) &&
		    !strcmp(b->rows[i].flavor, row->flavor))
			snprintf(row->name, sizeof(row->name), "%s (%s)", name, t->run);
}

/* Rows for all that the scenario will start, before it does. */
static void init_block(struct table_block *b, const struct job *job)
{
	const struct scenario *s = job->scenario;
	size_t i;

	snprintf(b->title, sizeof(b->title), "%s", job->id);
	b->rows = calloc(s->nr_steps + 1, sizeof(*b->rows));
	for (i = 0; b->rows && i < s->nr_steps; i++) {
		if (step_has_row(s->steps[i].kind))
			name_row(b, &s->steps[i]);
	}
}

static void close_case(struct runner *r, size_t i)
{
	const struct case_result *c = &r->cases[i];
	struct table_block *b = &r->blocks[i];
	size_t j;

	b->ended = true;
	b->mood = status_mood[c->status];
	snprintf(b->phase, sizeof(b->phase), "%s: %s", status_name(c->status), c->why);
	for (j = 0; j < b->nr_rows; j++) {
		struct table_row *row = &b->rows[j];

		if (row->ended)
			continue;
		row->ended = true;
		row->mood = *row->state ? MOOD_NONE : MOOD_ODD;
		snprintf(row->verdict, sizeof(row->verdict), "%s",
			 *row->state ? row->state : "not run");
	}
	r->done++;
	r->bad += c->status == STATUS_FAIL || c->status == STATUS_ERROR;
	screen_keep(r->screen, r->blocks, r->nr, b);
}

/* A case whose worker left no result. */
static void no_result(struct runner *r, size_t i, enum status status, const char *rule,
		      const char *why)
{
	const struct job *job = &r->jobs[i].job;
	struct case_result *c = &r->cases[i];

	memset(c, 0, sizeof(*c));
	c->id = strdup(job->id);
	c->scenario = strdup(job->scenario->name);
	c->about = strdup(job->scenario->about);
	c->kernel = strdup(job->kernel->name);
	c->mode = job->mode ? strdup(job->mode) : NULL;
	c->boot = job->options->boot && *job->options->boot ? strdup(job->options->boot) : NULL;
	c->expect = job->scenario->expect;
	c->seed = job->seed;
	c->again = strdup(job->again);
	c->status = status;
	c->rule = strdup(rule);
	c->why = strdup(why);
	c->scale = 1;
}

static void start_worker(struct runner *r, size_t i)
{
	struct job *job = &r->jobs[i].job;
	int fds[2], parent = getpid();
	pid_t pid = -1;

	if (!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds)) {
		pid = fork();
		if (pid == 0) {
			setpgid(0, 0);
			sigprocmask(SIG_SETMASK, &r->old_mask, NULL);
			close(fds[0]);
			job->status_fd = fds[1];
			worker_run(job, parent);
		}
		close(fds[1]);
		if (pid < 0)
			close(fds[0]);
	}
	if (pid < 0) {
		no_result(r, i, STATUS_ERROR, "no-result", "no process could be started for it");
		close_case(r, i);
		return;
	}
	setpgid(pid, pid);
	r->pids[i] = pid;
	r->fds[i] = fds[0];
	r->running++;
	r->blocks[i].started = true;
	r->started[i] = now_ms();
	snprintf(r->blocks[i].phase, sizeof(r->blocks[i].phase), "starting");
}

/* Whether there is nothing to start; then the case is closed. */
static bool close_unstarted(struct runner *r, size_t i)
{
	const struct runner_job *job = &r->jobs[i];

	if (r->interrupted)
		no_result(r, i, STATUS_NOTRUN, "not-run", "interrupted before its turn");
	else if (job->not_run)
		no_result(r, i, STATUS_NOTRUN, RULE_SKIPPED, job->not_run);
	else if (job->failed)
		no_result(r, i, STATUS_FAIL, "not-built", job->failed);
	else
		return false;
	close_case(r, i);
	return true;
}

static void start_more(struct runner *r, unsigned int parallel)
{
	for (; r->next < r->nr && r->running < parallel; r->next++) {
		if (!close_unstarted(r, r->next))
			start_worker(r, r->next);
	}
}

static void hear(struct runner *r, size_t i)
{
	struct table_block *b = &r->blocks[i];
	struct progress p;

	while (recv(r->fds[i], &p, sizeof(p), MSG_DONTWAIT) == sizeof(p)) {
		if (p.kind == PROGRESS_PHASE) {
			memcpy(b->phase, p.phase, sizeof(b->phase));
		} else if (p.row < b->nr_rows) {
			struct table_row *row = &b->rows[p.row];
			struct table_row old = *row;

			*row = p.data;
			memcpy(row->name, old.name, sizeof(row->name));
			memcpy(row->flavor, old.flavor, sizeof(row->flavor));
			/* One bad round is not made good by a later one. */
			if (old.mood == MOOD_BAD && row->ended) {
				row->mood = MOOD_BAD;
				memcpy(row->verdict, old.verdict, sizeof(row->verdict));
			}
		}
	}
}

static void worker_ended(struct runner *r, size_t i, int status)
{
	char path[4096], why[128];
	struct errbuf err;

	hear(r, i);
	close(r->fds[i]);
	r->fds[i] = -1;
	r->pids[i] = 0;
	r->running--;
	r->blocks[i].elapsed_ms = now_ms() - r->started[i];
	snprintf(path, sizeof(path), "%s/result.json", r->jobs[i].job.dir);
	if (case_load(&r->cases[i], path, &err)) {
		if (r->interrupted)
			snprintf(why, sizeof(why), "interrupted");
		else if (WIFSIGNALED(status))
			snprintf(why, sizeof(why), "its worker died of signal %d (%s)",
				 WTERMSIG(status), strsignal(WTERMSIG(status)));
		else
			snprintf(why, sizeof(why), "its worker ended with %d and left no result",
				 WEXITSTATUS(status));
		no_result(r, i, STATUS_ERROR, "no-result", why);
	}
	close_case(r, i);
}

/* Children of dead workers come to us too (subreaper): they have no slot. */
static void reap(struct runner *r)
{
	pid_t pid;
	size_t i;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < r->next && r->pids[i] != pid; i++)
			;
		if (i < r->next)
			worker_ended(r, i, status);
	}
}

static void signal_workers(struct runner *r, int sig)
{
	size_t i;

	for (i = 0; i < r->next; i++)
		if (r->pids[i] > 0)
			kill(r->pids[i], sig);
}

static void interrupt(struct runner *r)
{
	signal_workers(r, r->interrupted ? SIGKILL : SIGTERM);
	if (!r->interrupted)
		r->kill_at = now_ms() + GRACE_MS;
	r->interrupted = true;
}

static void take_signals(struct runner *r)
{
	struct signalfd_siginfo info;

	while (read(r->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGCHLD && info.ssi_signo != SIGWINCH)
			interrupt(r);
	}
}

static void show(struct runner *r)
{
	char footer[160], time[HUMAN_MAX], bad[48] = "";
	long now = now_ms();
	size_t i;

	for (i = 0; i < r->next; i++)
		if (r->blocks[i].started && !r->blocks[i].ended)
			r->blocks[i].elapsed_ms = now - r->started[i];
	if (r->bad)
		snprintf(bad, sizeof(bad), ", %zu not as foretold", r->bad);
	snprintf(footer, sizeof(footer), "%zu of %zu done%s, %s%s", r->done, r->nr, bad,
		 human_s(time, (now - r->start) / 1000 * 1000),
		 r->interrupted ? "; coming to an end (Ctrl-C again: at once)" :
				  "; Ctrl-C ends it and keeps what there is");
	screen_update(r->screen, r->blocks, r->nr, footer);
}

static void wait_for_news(struct runner *r)
{
	struct pollfd *fds = calloc(r->nr + 1, sizeof(*fds));
	long until = now_ms() + TICK_MS;
	size_t i;

	if (!fds)
		return;
	/* News come in swarms: what has piled up after a tick is shown at once. */
	do {
		fds[0] = (struct pollfd){ .fd = r->signals, .events = POLLIN };
		for (i = 0; i < r->nr; i++)
			fds[i + 1] = (struct pollfd){
				.fd = r->pids[i] > 0 ? r->fds[i] : -1, .events = POLLIN,
			};
		poll(fds, r->nr + 1, until > now_ms() ? until - now_ms() : 0);
		for (i = 0; i < r->nr; i++)
			if (fds[i + 1].revents & POLLIN)
				hear(r, i);
		if (fds[0].revents)
			break;
		/* A worker that hung up is about to be reaped: no need to spin. */
		if (until > now_ms())
			usleep(10000);
	} while (until > now_ms());
	free(fds);
}

/* All jobs are done; a killed worker's QEMU may still be dying. */
static void wait_for_leftovers(void)
{
	long until = now_ms() + LEFTOVER_MS;

	while (now_ms() < until) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0 && errno == ECHILD)
			return;
		if (pid == 0)
			usleep(5000);
	}
}

static void take_over_signals(struct runner *r)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGCHLD);
	sigaddset(&mask, SIGWINCH);
	sigprocmask(SIG_BLOCK, &mask, &r->old_mask);
	r->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static void run_all(struct runner *r, unsigned int parallel)
{
	while (r->done < r->nr) {
		start_more(r, parallel);
		show(r);
		wait_for_news(r);
		take_signals(r);
		reap(r);
		if (r->kill_at && now_ms() > r->kill_at) {
			signal_workers(r, SIGKILL);
			r->kill_at = 0;
		}
	}
}

bool runner_run(struct runner_job *jobs, size_t nr, unsigned int parallel, bool live,
		struct case_result *cases)
{
	struct runner r = { .jobs = jobs, .nr = nr, .cases = cases, .start = now_ms() };
	size_t i;

	r.blocks = calloc(nr, sizeof(*r.blocks));
	r.pids = calloc(nr, sizeof(*r.pids));
	r.fds = calloc(nr, sizeof(*r.fds));
	r.started = calloc(nr, sizeof(*r.started));
	r.screen = screen_new(STDOUT_FILENO, live);
	if (!r.blocks || !r.pids || !r.fds || !r.started || !r.screen)
		abort();
	for (i = 0; i < nr; i++)
		init_block(&r.blocks[i], &jobs[i].job);
	take_over_signals(&r);
	run_all(&r, parallel);
	wait_for_leftovers();
	screen_free(r.screen);
	close(r.signals);
	sigprocmask(SIG_SETMASK, &r.old_mask, NULL);
	for (i = 0; i < nr; i++)
		free(r.blocks[i].rows);
	free(r.blocks);
	free(r.pids);
	free(r.fds);
	free(r.started);
	return r.interrupted;
}
