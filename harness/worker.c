// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a machine: image, boot, measure, steps, power off, verdict.
 *
 * Whatever goes wrong on the way, the way ends in judge() and save(): a case
 * without a result is the parent's word for a worker that died.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "collect.h"
#include "crash.h"
#include "guest.h"
#include "known.h"
#include "rundir.h"
#include "worker.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

bool session_interrupted(void)
{
	return interrupted;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* The console of a boot that failed is not evidence about the next. */
static void on_boot(void *arg, int attempt)
{
	struct session *s = arg;

	splat_scan_free(s->splats);
	s->splats = splat_scan_new();
	s->result.boots = attempt;
	if (attempt > 1)
		session_phase(s, "booting again: the first boot never reached PID 1");
}

static void on_console(void *arg, const char *bytes, size_t n)
{
	struct session *s = arg;

	splat_scan_feed(s->splats, bytes, n);
}

static const char *on_crash(void *arg)
{
	struct session *s = arg;

	return crash_memory(s->job->dir, s->splats, s->symbols);
}

/* The scenario's kernel arguments, then the user's, which so have the last word. */
static char *kernel_arguments(const struct job *job)
{
	const struct options *o = job->options;
	char *text;

	if (asprintf(&text, "%s%s%s%s%s", job->scenario->boot ? job->scenario->boot : "",
		     job->scenario->boot ? " " : "",
		     o->expedited ? BOOT_EXPEDITED " " : "",
		     o->boot ? o->boot : "", "") < 0)
		return NULL;
	return text;
}

struct vm_config worker_config(const struct job *job, const char *initrd)
{
	const struct options *o = job->options;

	return (struct vm_config){
		.qemu = job->qemu, .kernel = job->kernel->boot, .initrd = initrd,
		.append = kernel_arguments(job), .accel = job->kernel->accel.accel,
		.cpus = o->smp ? o->smp : job->scenario->cpus,
		.memory_mb = o->memory ? o->memory : job->scenario->memory,
		.trace = true,
		.one_thread = job->scenario->one_thread,
	};
}

int worker_image(const struct job *job, const char *initrd, struct errbuf *err)
{
	return guest_image(initrd, job->kernel, scenario_has_selftests(job->scenario), NULL, err);
}

static struct vm *fresh_machine(struct session *s, const struct vm_config *config)
{
	struct vm *vm = clone_boot(config, deadline_boot_ms(), &s->facts, &s->harness);

	/* It went well in the end, so the first try is no error. */
	if (vm)
		s->harness.text[0] = '\0';
	if (vm && !s->facts.cloned)
		case_note(&s->result, "booted, since it could not be cloned: %s",
			  s->facts.why.text);
	return vm;
}

static struct vm *get_machine(struct session *s, const struct vm_config *config)
{
	const struct job *job = s->job;

	if (job->golden) {
		s->facts = *job->facts;
		s->facts.cloned = true;
		return golden_clone(job->golden, config, &s->harness);
	}
	if (worker_image(job, config->initrd, &s->harness))
		return NULL;
	return job->scenario->fresh ? fresh_machine(s, config) :
		vm_boot(config, deadline_boot_ms(), &s->facts.retries, &s->harness);
}

static int start_machine(struct session *s)
{
	struct vm_config config;
	char initrd[4096];

	session_phase(s, "booting");
	snprintf(initrd, sizeof(initrd), "%s/initrd.gz", s->job->dir);
	config = worker_config(s->job, initrd);
	config.dir = s->job->dir;
	config.dump = on_crash;
	config.on_boot = on_boot;
	config.on_console = on_console;
	config.arg = s;
	s->vm = get_machine(s, &config);
	free((char *)config.append);
	if (!s->vm)
		return -1;
	s->result.boot_ms = vm_boot_ms(s->vm);
	s->result.release = vm_release(s->vm) ? strdup(vm_release(s->vm)) : NULL;
	if (s->facts.retries)
		case_note(&s->result, "the first boot never reached PID 1 (console.log.boot1): booted again");
	return 0;
}

static void on_calibrated(void *arg, const char *line)
{
	if (!strncmp(line, "ms ", 3))
		*(long *)arg = atol(line + 3);
}

/* How fast is this machine, and how long may things take on it? */
static int calibrate(struct session *s)
{
	char command[64];
	long loop_ms = 0;
	int ret;

	session_phase(s, "measuring its speed");
	deadline_compute(&s->deadlines, 0, s->result.boot_ms);
	ret = vm_command(s->vm, deadline_ms(&s->deadlines, 30), on_calibrated, &loop_ms,
			 "calibrate");
	deadline_compute(&s->deadlines, loop_ms, s->result.boot_ms);
	deadline_command(&s->deadlines, command, sizeof(command));
	if (ret >= 0)
		ret = vm_command(s->vm, deadline_ms(&s->deadlines, 10), NULL, NULL, "%s", command);
	return ret;
}

/* A clone was measured before it was saved. */
static int measure(struct session *s)
{
	int ret = 0;

	if (s->facts.cloned)
		clone_deadlines(&s->facts, &s->deadlines);
	else
		ret = calibrate(s);
	s->result.scale = s->deadlines.scale;
	if (ret >= 0)
		ret = vm_command(s->vm, deadline_ms(&s->deadlines, 10), NULL, NULL, "seed %llu",
				 (unsigned long long)s->job->seed);
	if (ret >= 0)
		return 0;
	snprintf(s->step_error, sizeof(s->step_error),
		 "the guest came up but does not answer (%s)", strerror(-ret));
	return -1;
}

/* A machine that has nothing more to do goes by itself, or is stopped. */
static void end_machine(struct session *s)
{
	int limit = deadline_ms(&s->deadlines, 20);

	if (interrupted || s->deadline)
		goto stop;
	if (vm_end(s->vm) == VM_RUNNING) {
		session_phase(s, "powering off");
		vm_command(s->vm, limit, NULL, NULL, "poweroff");
	}
	if (!vm_wait_end(s->vm, limit))
		return;
	s->deadline = "power off";
stop:
	vm_stop(s->vm);
}

static unsigned int promised_ktaps(const struct session *s)
{
	const struct scenario *scenario = s->job->scenario;
	unsigned int count = 0, times = 1;
	size_t i;

	for (i = 0; i < scenario->nr_steps; i++) {
		const struct step *step = &scenario->steps[i];

		if (step->kind == STEP_REPEAT)
			times = s->job->options->repeat ? s->job->options->repeat :
							  step->count;
		else if (step->kind == STEP_END)
			times = 1;
		else if (step->kind == STEP_TORTURE || step->kind == STEP_SELFTEST)
			count += times;
	}
	return count;
}

static bool expected_splat(const struct scenario *scenario, const struct splat *splat)
{
	const char *regex = scenario->splat ? scenario->splat : scenario->signature;

	return regex && splat_matches(splat, regex);
}

static void keep_splats(struct session *s)
{
	const struct splat *splat;
	struct splat_result *r;
	const char *why;
	char *named;
	size_t i;

	for (i = 0; (splat = splat_get(s->splats, i)); i++) {
		r = case_add_splat(&s->result);
		if (!r)
			return;
		r->kind = strdup(splat_kind_name(splat->kind));
		r->headline = strdup(splat->headline);
		named = symbols_decode(s->symbols, splat->excerpt);
		r->excerpt = named ? lines_decode(s->lines, named) : NULL;
		free(named);
		r->fatal = splat->fatal;
		why = known_splat(splat);
		r->expected = why || expected_splat(s->job->scenario, splat);
		if (why)
			case_note(&s->result, "does not count: %s: %s", splat->headline, why);
	}
	if (splat_count(s->splats) > i)
		case_note(&s->result, "%zu more splats are in console.log",
			  splat_count(s->splats) - i);
}

/* "Kernel Offset:" is on the console only; so the excerpts are read for it. */
static void learn_offset(struct session *s)
{
	const struct splat *splat;
	const char *line;
	size_t i;

	for (i = 0; (splat = splat_get(s->splats, i)); i++)
		for (line = splat->excerpt; line; line = strchr(line, '\n'))
			symbols_learn(s->symbols, line += *line == '\n');
}

/* Runs that went down with a machine that was to crash. */
static void forgive_lost(struct case_result *c)
{
	size_t i;

	for (i = 0; i < c->nr_runs; i++) {
		c->runs[i].as_foretold = true;
		free(c->runs[i].problem);
		c->runs[i].problem = NULL;
	}
}

static void judge(struct session *s)
{
	const struct scenario *scenario = s->job->scenario;
	const struct ktap **ktaps;
	struct verdict verdict;
	struct evidence e = {
		.expect = scenario->expect, .signature = scenario->signature,
		.splat = scenario->splat, .hello = s->vm && vm_hello_seen(s->vm),
		.steps = s->steps, .steps_done = s->steps_done,
		.step_error = s->step_error[0] ? s->step_error : NULL,
		.end = s->vm ? vm_end(s->vm) : VM_NOT_STARTED,
		.end_reason = s->vm ? vm_end_reason(s->vm) : NULL,
		.splats = s->splats, .deadline = s->deadline,
		.harness = s->harness.text[0] ? s->harness.text : NULL,
	};
	size_t i;

	while (s->nr_ktaps < promised_ktaps(s))
		session_keep_ktap(s, "a run that was never reached", "");
	ktaps = calloc(s->nr_ktaps + 1, sizeof(*ktaps));
	for (i = 0; ktaps && i < s->nr_ktaps; i++)
		ktaps[i] = s->ktaps[i].ktap;
	e.ktap = ktaps;
	e.nr_ktap = ktaps ? s->nr_ktaps : 0;
	verdict = verdict_reach(&e);
	s->result.status = verdict.status;
	s->result.rule = strdup(verdict.rule);
	s->result.why = verdict.why;
	if (interrupted && verdict.status == STATUS_ERROR) {
		free(verdict.why);
		s->result.why = strdup(STATE_INTERRUPTED);
	}
	s->result.end = strdup(vm_end_name(e.end));
	if (verdict.status == STATUS_PASS && scenario->expect == EXPECT_CRASH)
		forgive_lost(&s->result);
	free(ktaps);
}

static void put_indented(FILE *out, const char *text)
{
	const char *line, *end;

	for (line = text; *line; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		fprintf(out, "    %.*s\n", (int)(end - line), line);
	}
}

/* Every KTAP of the case as a subtest of one; the last result is the verdict. */
static void save_ktap(struct session *s)
{
	bool crashed = s->result.expect == EXPECT_CRASH && s->result.status == STATUS_PASS;
	char path[4096];
	size_t i;
	FILE *out;

	snprintf(path, sizeof(path), "%s/result.ktap", s->job->dir);
	out = fopen(path, "w");
	if (!out)
		return;
	fprintf(out, "KTAP version 1\n1..%zu\n", s->nr_ktaps + 1);
	for (i = 0; i < s->nr_ktaps; i++) {
		const struct session_ktap *k = &s->ktaps[i];
		bool ok = ktap_complete(k->ktap) && !ktap_count(k->ktap, KTAP_FAIL);

		if (crashed && !ktap_complete(k->ktap)) {
			fprintf(out, "ok %zu %s # SKIP went down with the machine\n", i + 1,
				k->name);
			continue;
		}
		put_indented(out, k->text);
		fprintf(out, "%s %zu %s%s%s\n", ok ? "ok" : "not ok", i + 1, k->name,
			ok ? "" : " # ", ok ? "" : ktap_problem(k->ktap) ?
			ktap_problem(k->ktap) : "failed");
	}
	fprintf(out, "%s %zu verdict%s %s\n", s->result.status == STATUS_PASS ||
		s->result.status == STATUS_NOTRUN ? "ok" : "not ok", i + 1,
		s->result.status == STATUS_NOTRUN ? " # SKIP" : " #", s->result.why);
	fclose(out);
}

static int save(struct session *s)
{
	char path[4096];
	struct errbuf err;

	save_ktap(s);
	snprintf(path, sizeof(path), "%s/initrd.gz", s->job->dir);
	if (!s->job->options->keep)
		unlink(path);
	snprintf(path, sizeof(path), "%s/result.json", s->job->dir);
	if (!case_save(&s->result, path, &err))
		return 0;
	fprintf(stderr, "lastref: %s\n", err.text);
	return 1;
}

static void name_case(struct session *s)
{
	const struct job *job = s->job;
	struct case_result *c = &s->result;

	c->id = strdup(job->id);
	c->scenario = strdup(job->scenario->name);
	c->about = strdup(job->scenario->about);
	c->kernel = strdup(job->kernel->name);
	c->accel = strdup(accel_option(job->kernel->accel.accel, job->scenario->one_thread));
	c->mode = job->mode ? strdup(job->mode) : NULL;
	c->boot = job->options->boot && *job->options->boot ? strdup(job->options->boot) : NULL;
	c->expect = job->scenario->expect;
	c->seed = job->seed;
	c->again = strdup(job->again);
	c->scale = 1;
}

static void finish(struct session *s, double started)
{
	if (interrupted)
		errbuf_set(&s->harness, "interrupted");
	splat_scan_finish(s->splats);
	learn_offset(s);
	keep_splats(s);
	if (s->vm && vm_log_problem(s->vm)) {
		case_note(&s->result, "a log is not whole: %s", vm_log_problem(s->vm));
		errbuf_set(&s->harness, "%s", vm_log_problem(s->vm));
	}
	if (s->vm && vm_console_dropped(s->vm))
		case_note(&s->result, "%zu bytes of the console were seen but not kept",
			  vm_console_dropped(s->vm));
	/* The verdict's sentence names the deadline; this says what was waited for. */
	if (s->deadline && s->step_error[0])
		case_note(&s->result, "%s", s->step_error);
	judge(s);
	crash_tell(s);
	s->result.seconds = now() - started;
}

void worker_run(const struct job *job, int parent)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct session s = { .job = job, .round = 1 };
	double started = now();
	struct errbuf why;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(3);
	sigaction(SIGTERM, &sa, NULL);
	s.splats = splat_scan_new();
	s.symbols = symbols_new();
	s.lines = lines_new(job->kernel->modules);
	s.steps = scenario_count_steps(job->scenario, job->options->repeat);
	if (job->kernel->vmlinux)
		symbols_add_vmlinux(s.symbols, job->kernel->vmlinux, &why);
	name_case(&s);
	if (!start_machine(&s)) {
		if (!measure(&s))
			session_steps(&s);
		end_machine(&s);
	}
	finish(&s, started);
	vm_free(s.vm);
	_exit(save(&s));
}
