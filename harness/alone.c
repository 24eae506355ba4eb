// SPDX-License-Identifier: GPL-2.0
/* A scenario that a guest does by itself: see alone.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "alone.h"
#include "content.h"
#include "crash.h"
#include "load_map.h"
#include "rundir.h"
#include "trace.h"

#define SLACK_S		30

/* Bring-up waits for another CPU without letting it run. */
static const struct {
	const char *release;
	unsigned int cpus;	/* at most */
	const char *why;
} unable[] = {
	{ "6.1.", 1, "6.1 hangs as it brings up a second CPU under icount: say --smp 1" },
};

const char *alone_unable(const char *release, unsigned int cpus)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unable); i++)
		if (!strncmp(release, unable[i].release, strlen(unable[i].release)) &&
		    cpus > unable[i].cpus)
			return unable[i].why;
	return NULL;
}

struct writer {
	const struct job *job;
	struct textbuf text;
	unsigned int round;
};

static void add_start(struct writer *w, const struct step *step, unsigned int time)
{
	char *line = torture_command(w->job, step, w->round, time);

	textbuf_addf(&w->text, "%s\n", line ? line : "");
	free(line);
}

static void add_do(struct writer *w, const struct step *step)
{
	textbuf_addf(&w->text, "%s\n", step->text);
}

static void add_start_step(struct writer *w, const struct step *step)
{
	add_start(w, step, step->torture.time);
}

static void add_selftest(struct writer *w, const struct step *step)
{
	textbuf_addf(&w->text, "run -t %u /selftests/lastref/%s\n", w->job->scenario->timeout,
		     step->text);
}

/* A group of runs: all are started, then each is waited for and shown. */
static size_t add_torture(struct writer *w, size_t from, size_t to)
{
	const struct step *steps = w->job->scenario->steps;
	size_t i, n;

	for (n = from; n < to && steps[n].kind == STEP_TORTURE; n++)
		add_start(w, &steps[n], torture_time(w->job, &steps[n].torture));
	for (i = from; i < n; i++) {
		unsigned int seconds = torture_time(w->job, &steps[i].torture) + SLACK_S;

		textbuf_addf(&w->text, "wait " TORTURE_DIR "/%s/stats " TORTURE_ENDED " %u\n",
			     steps[i].torture.run, seconds * 1000);
		textbuf_addf(&w->text, "cat " TORTURE_DIR "/%s/result\n", steps[i].torture.run);
		textbuf_addf(&w->text, "write " TORTURE_DIR "/control remove %s\n",
			     steps[i].torture.run);
	}
	return n - from;
}

static void (*const adders[])(struct writer *w, const struct step *step) = {
	[STEP_DO] = add_do,
	[STEP_START] = add_start_step,
	[STEP_SELFTEST] = add_selftest,
};

static void add_block(struct writer *w, size_t from, size_t to)
{
	const struct step *steps = w->job->scenario->steps;

	while (from < to) {
		if (steps[from].kind == STEP_TORTURE) {
			from += add_torture(w, from, to);
			continue;
		}
		adders[steps[from].kind](w, &steps[from]);
		from++;
	}
}

char *alone_commands(const struct job *job)
{
	const struct scenario *s = job->scenario;
	struct writer w = { .job = job, .round = 1 };
	size_t i = 0, end;

	textbuf_addf(&w.text, "seed %llu\n", (unsigned long long)job->seed);
	while (i < s->nr_steps) {
		if (s->steps[i].kind != STEP_REPEAT) {
			for (end = i; end < s->nr_steps && s->steps[end].kind != STEP_REPEAT; end++)
				;
			add_block(&w, i, end);
			i = end;
			continue;
		}
		for (w.round = 1; w.round <= s->steps[i].count; w.round++)
			add_block(&w, i + 1, s->steps[i].partner);
		w.round = 1;
		i = s->steps[i].partner + 1;
	}
	textbuf_addf(&w.text, "poweroff\n");
	return textbuf_take(&w.text);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

struct follow {
	const struct alone *alone;
	struct splat_scan *splats;
	char dump[4096];
	unsigned long long hash;
	size_t bytes;
};

/* Byte by byte, since how the console is cut into pieces differs. */
static void on_console(void *arg, const char *bytes, size_t n)
{
	struct follow *f = arg;
	size_t i;

	splat_scan_feed(f->splats, bytes, n);
	for (i = 0; i < n; i++)
		f->hash = content_hash(f->hash, bytes + i, 1);
	f->bytes += n;
}

/* What the guest's own commands answered: the first that says no. */
static void of_agent(const char *dir, struct alone_result *r)
{
	char path[4096], line[512], command[100] = "";
	FILE *in;

	snprintf(path, sizeof(path), "%s/agent.log", dir);
	in = fopen(path, "r");
	while (in && r->outcome == OUTCOME_CLEAN && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!strncmp(line, "> ", 2))
			snprintf(command, sizeof(command), "%.90s", line + 2);
		if (strncmp(line, "| not ok ", 9) &&
		    (strncmp(line, "= ", 2) || !strncmp(line, "= 0", 3) ||
		     !strncmp(command, "wait ", 5)))
			continue;
		snprintf(r->signature, SIGNATURE_MAX, "%.60s%s%.60s", *line == '|' ? line + 2 :
			 command, *line == '=' ? ": " : "", *line == '=' ? line + 2 : "");
		r->outcome = OUTCOME_CAUGHT;
	}
	if (in)
		fclose(in);
}

/* The worst report with the names of what it tells by number; free() it. */
static char *name_report(const struct follow *f, const struct splat *splat)
{
	struct load_map map = { .symbols = symbols_new(), .modules = f->alone->modules };
	char *text;

	load_map_log(&map, f->alone->config->dir);
	text = symbols_decode(map.symbols, splat->excerpt);
	symbols_free(map.symbols);
	return text;
}

static const char *on_crash(void *arg)
{
	const struct splat *splat;
	struct follow *f = arg;
	char sig[SIGNATURE_MAX] = SIGNATURE_MUTE, *named;

	if (!f->alone->wants_memory)
		return NULL;
	splat = splat_worst(f->splats);
	if (splat) {
		named = name_report(f, splat);
		signature_splat(splat_kind_name(splat->kind), splat->headline, named, sig);
		free(named);
	}
	if (!f->alone->wants_memory(f->alone->arg, sig))
		return NULL;
	snprintf(f->dump, sizeof(f->dump), "%s/" DUMP_NAME, f->alone->config->dir);
	return f->dump;
}

static void keep_report(const struct follow *f, const char *named)
{
	struct lines *lines = lines_new(f->alone->modules);
	char *text = lines_decode(lines, named);
	struct errbuf ignored;

	rundir_write(f->alone->config->dir, CRASH_NAME, text, &ignored);
	free(text);
	lines_free(lines);
}

static void of_splats(const struct follow *f, struct alone_result *r)
{
	const struct splat *splat = splat_worst(f->splats);
	char *named;

	if (!splat)
		return;
	r->outcome = splat->fatal ? OUTCOME_CRASH : OUTCOME_SPLAT;
	named = name_report(f, splat);
	signature_splat(splat_kind_name(splat->kind), splat->headline, named, r->signature);
	keep_report(f, named);
	free(named);
}

static void judge(const struct vm *vm, const struct follow *f, struct alone_result *r)
{
	of_splats(f, r);
	if (r->outcome == OUTCOME_CRASH)
		return;
	if (vm_end(vm) == VM_RUNNING) {
		r->outcome = vm_interrupted() ? OUTCOME_HARNESS : OUTCOME_HANG;
		snprintf(r->signature, SIGNATURE_MAX, "%s",
			 vm_interrupted() ? "interrupted" : "no end");
	} else if (vm_end(vm) == VM_RESET) {
		r->outcome = OUTCOME_CRASH;
		snprintf(r->signature, SIGNATURE_MAX, SIGNATURE_MUTE);
	} else if (vm_end(vm) != VM_POWEROFF) {
		r->outcome = OUTCOME_HARNESS;
		snprintf(r->signature, SIGNATURE_MAX, "%.150s", vm_end_reason(vm));
	} else {
		of_agent(f->alone->config->dir, r);
	}
}

int alone_run(const struct alone *a, struct alone_result *r, struct errbuf *err)
{
	struct follow f = { .alone = a, .splats = splat_scan_new(), .hash = CONTENT_SEED };
	struct vm_config c = *a->config;
	double started = now();
	struct vm *vm;

	*r = (struct alone_result){ .outcome = OUTCOME_CLEAN };
	c.on_console = on_console;
	c.dump = on_crash;
	c.arg = &f;
	vm = vm_start(&c, err);
	if (vm) {
		vm_wait_end(vm, a->limit_ms);
		splat_scan_finish(f.splats);
		judge(vm, &f, r);
		r->hash = f.hash;
		r->bytes = f.bytes;
		trace_cut(c.dir);
	}
	vm_free(vm);
	splat_scan_free(f.splats);
	r->seconds = now() - started;
	return vm ? 0 : -1;
}
