// SPDX-License-Identifier: GPL-2.0
/*
 * The search: boots one schedule after the other, shift by shift and seed by
 * seed, and keeps the first with each signature.
 *
 * Small shifts first: with a longer instruction the clock's interrupts come after fewer
 * of them, which preempts in more places, but a boot takes longer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clone_cache.h"
#include "crash.h"
#include "guest.h"
#include "paths.h"
#include "rundir.h"
#include "schedule.h"
#include "trace.h"
#include "worker.h"

#define FIRST_SHIFT	1
#define LAST_SHIFT	6
#define FOUND_MAX	32

struct search {
	const struct job *base;
	const char *dir;
	double until;
	unsigned int runs, found;
	char signatures[FOUND_MAX][SIGNATURE_MAX];
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* true: another with this signature is known, or there is no more room. */
static bool known(const struct search *s, const char *signature)
{
	unsigned int i;

	for (i = 0; i < s->found; i++)
		if (!strcmp(s->signatures[i], signature))
			return true;
	return s->found == FOUND_MAX;
}

static bool wants_memory(void *arg, const char *signature)
{
	return !known(arg, signature);
}

static void remember(struct search *s, const struct alone_result *r)
{
	snprintf(s->signatures[s->found++], SIGNATURE_MAX, "%s", r->signature);
}

static int keep(const struct search *s, const struct job *job, const struct vm_config *c,
		const struct alone_result *r, const char *dir, struct errbuf *err)
{
	char key[24];
	struct schedule sched = {
		.kernel = job->kernel->argument, .boot = job->kernel->boot,
		.append = (char *)(c->append ? c->append : ""),
		.scenario = job->scenario->name, .outcome = (char *)outcome_name(r->outcome),
		.signature = (char *)r->signature, .cpus = c->cpus, .memory_mb = c->memory_mb,
		.shift = c->exact->shift, .seed = job->seed, .hash = r->hash,
		.bytes = r->bytes, .key = key,
	};
	const char *run = strrchr(s->dir, '/');

	if (clone_key(c, key, sizeof(key), err) || schedule_save(&sched, dir, err) ||
	    schedule_keep_modules(dir, job->kernel->modules, err))
		return -1;
	printf("          kept: lastref repro %s%s\n", run ? run + 1 : s->dir, strrchr(dir, '/'));
	return 0;
}

static void discard(const char *dir)
{
	static const char *const files[] = {
		"initrd.gz", "console.log", "agent.log", "qemu.log", "qemu.cmd",
		CRASH_NAME, TRACE_NAME, DUMP_NAME,
	};
	char path[4096];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
}

/* A find that does not come again at once is none. */
static int confirm(const struct alone *first, const struct alone_result *r, bool *again,
		   struct errbuf *err)
{
	struct alone once_more = *first;
	struct alone_result second;

	once_more.wants_memory = NULL;
	if (alone_run(&once_more, &second, err))
		return -1;
	*again = second.hash == r->hash && second.bytes == r->bytes;
	if (!vm_interrupted())
		printf("          once more: %s\n",
		       *again ? "bit-identical" : "not the same, not kept");
	return 0;
}

static bool is_find(const struct search *s, const struct alone_result *r)
{
	return r->outcome != OUTCOME_CLEAN && r->outcome != OUTCOME_HARNESS &&
		!known(s, r->signature);
}

/* Boots config and says what came out. */
static int follow(struct search *s, const struct job *job, struct vm_config *config,
		  const char *dir, struct errbuf *err)
{
	struct alone a = {
		.config = config, .modules = job->kernel->modules,
		.limit_ms = deadline_boot_ms() + 1000 * job->scenario->timeout,
		.wants_memory = wants_memory, .arg = s,
	};
	struct alone_result r;
	bool again = false;

	if (alone_run(&a, &r, err))
		return -1;
	s->runs++;
	if (!vm_interrupted())
		printf("  shift %u, seed %llu: %s%s%s (%.1f s)\n", config->exact->shift,
		       (unsigned long long)job->seed, outcome_name(r.outcome),
		       *r.signature ? ": " : "", r.signature, r.seconds);
	if (is_find(s, &r) && confirm(&a, &r, &again, err))
		return -1;
	if (again) {
		remember(s, &r);
		return keep(s, job, config, &r, dir, err);
	}
	discard(dir);
	return 0;
}

static int try_one(struct search *s, unsigned int shift, uint64_t seed, struct errbuf *err)
{
	struct vm_exact exact = { .shift = shift, .seed = seed };
	struct job job = *s->base;
	char dir[4000], initrd[4096], *commands;
	struct vm_config config;
	int ret;

	job.seed = seed;
	snprintf(dir, sizeof(dir), "%s/schedule-%u", s->dir, s->runs + 1);
	snprintf(initrd, sizeof(initrd), "%s/initrd.gz", dir);
	config = worker_config(&job, initrd);
	config.exact = &exact;
	config.dir = dir;
	commands = alone_commands(&job);
	errbuf_set(err, "out of memory");
	ret = commands ? rundir_make(dir, err) : -1;
	if (!ret)
		ret = guest_image_alone(initrd, job.kernel, scenario_has_selftests(job.scenario),
					commands, err);
	if (!ret)
		ret = follow(s, &job, &config, dir, err);
	free(commands);
	free((char *)config.append);
	return ret;
}

int search_schedules(const struct job *base, const char *dir, double budget_s)
{
	struct vm_config config = worker_config(base, NULL);
	struct search s = { .base = base, .dir = dir, .until = now() + budget_s };
	const char *unable = alone_unable(base->kernel->release ? base->kernel->release : "",
					  config.cpus);
	struct errbuf err;
	unsigned int n;
	int ret = 0;

	free((char *)config.append);
	if (unable) {
		fprintf(stderr, "lastref: %s\n", unable);
		return EXIT_USAGE;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("searching schedules of %s on %s for %.0f s, results in %s\n",
	       base->scenario->name, base->kernel->name, budget_s, paths_from_here(dir));
	vm_heed_signals();
	for (n = 0; now() < s.until && !ret && !vm_interrupted(); n++)
		ret = try_one(&s, FIRST_SHIFT + n % LAST_SHIFT, base->seed + n / LAST_SHIFT, &err);
	if (ret) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	rundir_latest(dir, &err);
	printf("\n%u schedules, %u kinds of failure\n", s.runs, s.found);
	if (vm_interrupted())
		return EXIT_INTERRUPTED;
	return s.found ? EXIT_FAILED : EXIT_PASSED;
}
