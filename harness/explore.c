// SPDX-License-Identifier: GPL-2.0
/* One scenario, as often as a budget of time allows: see explore.h. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crash.h"
#include "explore.h"
#include "pool.h"
#include "rundir.h"
#include "worker.h"

#define FINDINGS_MAX	64
#define NOTE_S		5

static const struct variant variants[] = {
	{ "as it is", NULL, 0 },
	{ "4 CPUs", NULL, 4 },
	{ "preempt=none", "preempt=none", 0 },
	{ "preempt=full", "preempt=full", 0 },
	{ "expedited", BOOT_EXPEDITED, 0 },
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int open_lane(struct explore *e, const struct variant *v, struct errbuf *err)
{
	struct lane *lane = &e->lanes[e->nr_lanes];
	const char *boot = e->base->options->boot;

	*lane = (struct lane){ .variant = v, .options = *e->base->options, .job = *e->base };
	if (asprintf(&lane->boot, "%s%s%s", boot ? boot : "", boot && v->boot ? " " : "",
		     v->boot ? v->boot : "") < 0 ||
	    asprintf(&lane->initrd, "%s/initrd-%zu.gz", e->dir, e->nr_lanes) < 0)
		return -1;
	e->nr_lanes++;
	if (*lane->boot)
		lane->options.boot = lane->boot;
	if (v->cpus)
		lane->options.smp = v->cpus;
	lane->job.options = &lane->options;
	if (worker_image(&lane->job, lane->initrd, err))
		return -1;
	lane->config = worker_config(&lane->job, lane->initrd);
	lane->golden = golden_open(&lane->config, deadline_boot_ms(), &lane->facts, err);
	unlink(lane->initrd);
	lane->job.golden = lane->golden;
	lane->job.facts = &lane->facts;
	if (!lane->golden)
		return -1;
	/* It is not part of the budget, and takes seconds a machine. */
	if (lane->facts.made)
		printf("%8s snapshot made: %s\n", "", v->name);
	fflush(stdout);
	return 0;
}

static int open_lanes(struct explore *e, struct errbuf *err)
{
	size_t n = e->vary ? ARRAY_SIZE(variants) : 1, i;

	e->lanes = calloc(n, sizeof(*e->lanes));
	for (i = 0; e->lanes && i < n; i++)
		if (open_lane(e, &variants[i], err))
			return -1;
	return e->lanes ? 0 : -1;
}

struct state {
	struct explore *e;
	double until, noted;
	unsigned long begun;
};

static bool next(void *arg, struct job *job)
{
	struct state *s = arg;
	struct explore *e = s->e;
	const struct lane *lane = &e->lanes[s->begun % e->nr_lanes];
	struct errbuf err;
	char *dir, *id;

	if (now() >= s->until || vm_interrupted())
		return false;
	*job = lane->job;
	/* Every lane sees the same seeds. */
	job->seed = e->base->seed + s->begun / e->nr_lanes;
	if (asprintf(&id, "case-%lu", ++s->begun) < 0 ||
	    asprintf(&dir, "%s/%s", e->dir, id) < 0)
		return false;
	job->id = id;
	job->dir = dir;
	if (!rundir_make(dir, &err))
		return true;
	fprintf(stderr, "lastref: %s\n", err.text);
	return false;
}

static void remove_files(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *entry;
	char file[4096];

	while (d && (entry = readdir(d))) {
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		if (*entry->d_name != '.')
			unlink(file);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

static struct finding *find(struct explore *e, enum outcome what, const char *sig)
{
	size_t i;

	for (i = 0; i < e->nr_findings; i++)
		if (e->findings[i].outcome == what &&
		    !strcmp(e->findings[i].signature, sig))
			return &e->findings[i];
	return NULL;
}

static bool has_dump(const char *dir)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/" DUMP_NAME, dir);
	return !access(path, F_OK);
}

/*
 * Who was first to crash is not first to end, for writing the memory takes a while: who
 * has it is the one that is kept.
 */
static bool replaces(struct finding *f, const struct lane *lane, const struct job *job)
{
	if (has_dump(f->dir) || !has_dump(job->dir))
		return false;
	remove_files(f->dir);
	free(f->dir);
	f->dir = strdup(job->dir);
	f->seed = job->seed;
	f->lane = lane;
	return true;
}

/* true: it is the first of its kind, and its directory is worth keeping. */
static bool note(struct explore *e, const struct lane *lane, const struct job *job,
		 enum outcome outcome, const char *sig)
{
	struct finding *f = find(e, outcome, sig);

	if (f) {
		f->count++;
		return replaces(f, lane, job);
	}
	if (e->nr_findings == FINDINGS_MAX) {
		e->lost_findings++;
		return false;
	}
	f = &e->findings[e->nr_findings++];
	*f = (struct finding){
		.outcome = outcome, .count = 1, .seed = job->seed, .lane = lane,
		.dir = strdup(job->dir),
	};
	snprintf(f->signature, sizeof(f->signature), "%s", sig);
	return true;
}

static struct lane *lane_of(struct explore *e, const struct job *job)
{
	size_t i;

	for (i = 0; e->lanes[i].job.golden != job->golden; i++)
		;
	return &e->lanes[i];
}

/* What was cut short says nothing about the case, unless it had crashed by then. */
static bool counts(enum outcome outcome, bool cut)
{
	return !cut || outcome == OUTCOME_CRASH;
}

static void done(void *arg, const struct job *job, const struct case_result *c, bool cut)
{
	struct state *s = arg;
	struct lane *lane = lane_of(s->e, job);
	char sig[SIGNATURE_MAX];
	enum outcome outcome = signature_of(c, sig);
	bool counted = counts(outcome, cut);
	const char *plural;
	size_t kinds;
	double left;

	if (counted) {
		lane->cases++;
		lane->outcomes[outcome]++;
		s->e->cases++;
	}
	if (!counted || outcome == OUTCOME_CLEAN || !note(s->e, lane, job, outcome, sig))
		remove_files(job->dir);
	free((char *)job->id);
	free((char *)job->dir);
	if (now() - s->noted < NOTE_S)
		return;
	s->noted = now();
	left = s->until - s->noted;
	if (left < 0)
		left = 0;
	kinds = s->e->nr_findings;
	plural = kinds == 1 ? "" : "s";
	printf("%8lu cases, %zu kind%s of failure, %.0f s left\n", s->e->cases, kinds, plural,
	       left);
	fflush(stdout);
}

int explore_run(struct explore *e, struct errbuf *err)
{
	static const struct pool_ops ops = { next, done };
	struct state s = { .e = e };
	double started;

	e->findings = calloc(FINDINGS_MAX, sizeof(*e->findings));
	errbuf_set(err, "out of memory");
	if (!e->findings || open_lanes(e, err))
		return -1;
	started = now();
	s.noted = started;
	s.until = started + e->budget_s;
	e->interrupted = pool_run(&ops, &s, e->parallel) || vm_interrupted();
	e->seconds = now() - started;
	return 0;
}

void explore_clear(struct explore *e)
{
	while (e->nr_findings)
		free(e->findings[--e->nr_findings].dir);
	while (e->nr_lanes) {
		struct lane *lane = &e->lanes[--e->nr_lanes];

		golden_close(lane->golden);
		free((char *)lane->config.append);
		free(lane->boot);
		free(lane->initrd);
	}
	free(e->findings);
	free(e->lanes);
}
