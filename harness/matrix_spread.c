// SPDX-License-Identifier: GPL-2.0
/*
 * A group is a job of GNU parallel: it knows hosts, their login files, and who
 * is free. Each host has a clone at the same path, in which "make harness init"
 * was said. What a job leaves in its own directory below build/ comes back
 * by --return, is moved into this run's directory, and told as one run. A group
 * that leaves nothing is an error of each of its cells, never a gap.
 */
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"
#include "conclude.h"
#include "matrix.h"
#include "paths.h"
#include "rundir.h"

/* A lane that is told to end writes what it has; told again, it kills its workers. */
#define LANE_TERMSEQ	"TERM,10000,TERM,5000,KILL,25"

struct spread {
	const struct matrix *m;
	struct tour *t;
	const struct options *o;
	char parts[64];			/* relative to the tree */
	struct tour_result r;
};

/*
 * What a host does for one group; {} is its name, {#} its number from 1. It takes the
 * place of the shell, which would die at once of a signal that is for both.
 */
static char *lane_command(const struct spread *s)
{
	char time[32] = "", *text;

	if (s->o->time)
		snprintf(time, sizeof(time), " --time %u", s->o->time);
	if (asprintf(&text, "exec build/lastref matrix {} --jobs 1 --no-live --seed %llu%s --results %s/{#}",
		     (unsigned long long)s->t->seed, time, s->parts) < 0)
		return NULL;
	return text;
}

static void exec_parallel(const struct spread *s, const char *root)
{
	char **argv = calloc(s->m->nr_groups + 24, sizeof(*argv)), *returned, *log;
	size_t n = 0, i;

	if (!argv || asprintf(&returned, "%s/{#}", s->parts) < 0 ||
	    asprintf(&log, "%s/lanes.log", s->t->dir) < 0)
		_exit(127);
	argv[n++] = "parallel";
	argv[n++] = "--will-cite";
	argv[n++] = "--sshloginfile";
	argv[n++] = realpath(s->o->hosts, NULL);
	argv[n++] = "--workdir";
	argv[n++] = (char *)root;
	argv[n++] = "--joblog";
	argv[n++] = log;
	argv[n++] = "--return";
	argv[n++] = returned;
	argv[n++] = "--termseq";
	argv[n++] = LANE_TERMSEQ;
	argv[n++] = "--line-buffer";
	argv[n++] = "--tagstring";
	argv[n++] = "{}";
	argv[n++] = lane_command(s);
	argv[n++] = ":::";
	for (i = 0; i < s->m->nr_groups; i++)
		argv[n++] = (char *)s->m->groups[i].name;
	/* Without $SHELL it takes its parent for the shell: us. */
	if (setenv("PARALLEL_SHELL", "/bin/sh", 1) || chdir(root))
		_exit(127);
	execvp(argv[0], argv);
	_exit(127);
}

static volatile sig_atomic_t stopped;
static pid_t parallel;

/*
 * By SIGINT, for it ignores SIGTERM until its first job runs. Once: it ends its lanes in
 * the handler, and would begin anew with the next one.
 */
static void on_signal(int sig)
{
	(void)sig;
	if (!stopped)
		kill(parallel, SIGINT);
	stopped = 1;
}

static void handle(void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

/* 127: there is none. In a group of its own, so that a Ctrl-C comes by way of us. */
static int run_parallel(struct spread *s)
{
	struct errbuf err;
	int status = 127 << 8;

	fflush(stdout);
	parallel = fork();
	if (parallel == 0) {
		prctl(PR_SET_PDEATHSIG, SIGINT);
		setpgid(0, 0);
		exec_parallel(s, paths_root(&err));
	}
	handle(on_signal);
	while (parallel > 0 && waitpid(parallel, &status, 0) < 0 && errno == EINTR)
		;
	handle(SIG_DFL);
	s->r.interrupted = stopped;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static struct case_result *new_case(struct tour_result *r)
{
	struct case_result *more = reallocarray(r->cases, r->nr_cases + 1, sizeof(*more));

	if (!more)
		abort();
	r->cases = more;
	return memset(&more[r->nr_cases++], 0, sizeof(*more));
}

/* What is not there was not run if that was our doing, else it is an error. */
static void no_result(struct spread *s, const struct matrix_group *g)
{
	const char *scenarios = g->mode->scenarios, *mode = matrix_mode_name(g);
	struct case_result *c;
	char word[64];

	while (matrix_word(&scenarios, word, sizeof(word))) {
		c = new_case(&s->r);
		c->id = matrix_cell(g, word);
		c->scenario = strdup(word);
		c->kernel = strdup(g->kernel);
		c->mode = mode ? strdup(mode) : NULL;
		c->status = stopped ? STATUS_NOTRUN : STATUS_ERROR;
		c->rule = strdup(stopped ? "not-run" : "no-result");
		c->why = strdup(stopped ? "interrupted before its result came" :
				"no result came back from the machine it was sent to (lanes.log)");
		if (asprintf(&c->again, "%s matrix %s", program_name, g->name) < 0)
			c->again = NULL;
		c->seed = s->t->seed;
		c->scale = 1;
	}
}

/* The directories of a part's cases are this run's from now on. */
static void take_over(struct spread *s, struct tour_result *part, const char *dir)
{
	char from[4096], to[4096];
	size_t i;

	for (i = 0; i < part->nr_cases; i++) {
		snprintf(from, sizeof(from), "%s/%s", dir, part->cases[i].id);
		snprintf(to, sizeof(to), "%s/%s", s->t->dir, part->cases[i].id);
		if (rename(from, to) && errno != ENOENT)
			case_note(&part->cases[i], "its files are still in %s", from);
		*new_case(&s->r) = part->cases[i];
	}
	s->r.interrupted |= part->interrupted;
	part->nr_cases = 0;
}

static void collect(struct spread *s, size_t group)
{
	char *dir = paths_in_root("%s/%zu/latest", s->parts, group + 1), path[4096];
	struct tour_result part;
	struct errbuf err;

	snprintf(path, sizeof(path), "%s/result.json", dir);
	if (tour_load(&part, path, &err)) {
		no_result(s, &s->m->groups[group]);
	} else {
		take_over(s, &part, dir);
		tour_free(&part);
	}
	free(dir);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void remove_parts(const struct spread *s)
{
	char *dir = paths_in_root("%s", s->parts);

	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(dir);
}

int matrix_spread(const struct matrix *m, struct tour *t, const struct options *o, char *command)
{
	struct spread s = { .m = m, .t = t, .o = o };
	int code = conclude_begin(&s.r, command, t->dir, t->seed, 0);
	size_t i;

	snprintf(s.parts, sizeof(s.parts), "build/matrix-parts/%d", getpid());
	if (!code && run_parallel(&s) == 127) {
		fprintf(stderr, "lastref: GNU parallel cannot be run: apt-get install parallel\n");
		code = EXIT_HARNESS;
	}
	for (i = 0; i < m->nr_groups && !code; i++)
		collect(&s, i);
	remove_parts(&s);
	code = code ? code : conclude(&s.r);
	tour_free(&s.r);
	return code;
}
