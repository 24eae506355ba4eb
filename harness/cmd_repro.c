// SPDX-License-Identifier: GPL-2.0
/*
 * lastref repro: the same schedule once more.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clone_cache.h"
#include "commands.h"
#include "crash.h"
#include "debugger.h"
#include "kernel.h"
#include "paths.h"
#include "qcow2.h"
#include "rundir.h"
#include "schedule.h"
#include "trace.h"

#define LIMIT_MS	600000
#define GDB_LIMIT_MS	86400000

/* The same words from different places, or where they part. */
static void say_divergence(const char *old, const char *new)
{
	char a[1024], b[1024];
	unsigned int line = 0;
	FILE *in[2] = { fopen(old, "r"), fopen(new, "r") };
	char *x, *y;

	do {
		x = in[0] ? fgets(a, sizeof(a), in[0]) : NULL;
		y = in[1] ? fgets(b, sizeof(b), in[1]) : NULL;
		line++;
	} while (x && y && !strcmp(a, b));
	printf("diverged at console line %u:\n  then: %s%s  now:  %s%s", line, x ? a : "(its end)",
	       x && strchr(a, '\n') ? "" : "\n", y ? b : "(its end)",
	       y && strchr(b, '\n') ? "" : "\n");
	if (in[0])
		fclose(in[0]);
	if (in[1])
		fclose(in[1]);
}

struct repro {
	const struct options *o;
	struct schedule s;
	struct kernel kernel;
	char *qemu, *from, *to;		/* directories: then, and now */
	char initrd[4096];
	const char *modules;		/* of then, if they were kept */
	struct vm_exact exact;
	struct vm_config config;
	struct debugger debugger;
};

/* What a crash left this time. */
static void say_kept(const struct repro *r)
{
	static const char *const names[] = { CRASH_NAME, TRACE_NAME, DUMP_NAME };
	char path[4096];
	size_t i;

	printf("kept in %s: console.log", paths_from_here(r->to));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", r->to, names[i]);
		if (!access(path, F_OK))
			printf(", %s", names[i]);
	}
	printf("\n");
}

static int compare(const struct repro *r, const struct alone_result *now)
{
	char old[4096], new[4096];

	printf("then: %s: %s\nnow:  %s: %s (%.1f s)\n", r->s.outcome, r->s.signature,
	       outcome_name(now->outcome), now->signature, now->seconds);
	say_kept(r);
	if (now->hash == r->s.hash && now->bytes == r->s.bytes) {
		printf("bit-identical: %zu bytes of console, hash %016llx\n", now->bytes,
		       now->hash);
		return EXIT_PASSED;
	}
	snprintf(old, sizeof(old), "%s/console.log", r->from);
	snprintf(new, sizeof(new), "%s/console.log", r->to);
	say_divergence(old, new);
	return EXIT_FAILED;
}

static bool wants_memory(void *arg, const char *signature)
{
	(void)arg;
	(void)signature;
	return true;
}

/* 0, or what to exit with. */
static int run_once(const struct repro *r, struct alone_result *result)
{
	bool debugged = r->exact.gdb;
	struct alone a = {
		.config = &r->config, .modules = r->modules,
		.limit_ms = debugged ? GDB_LIMIT_MS : LIMIT_MS, .wants_memory = wants_memory,
	};
	struct errbuf err;

	if (debugged)
		debugger_say(&r->debugger);
	if (alone_run(&a, result, &err)) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	if (debugged)
		debugger_clean(&r->debugger);
	if (!vm_interrupted())
		return 0;
	fprintf(stderr, "lastref: interrupted\n");
	return EXIT_INTERRUPTED;
}

/*
 * Recorded once, then replayed while a debugger looks. The log makes the replay
 * follow the record whatever the host does; that the record is the run of then is
 * no promise, since record and icount's sleep=off exclude each other.
 */
static int record_and_replay(struct repro *r, const char *log)
{
	struct alone_result first, second;
	int ret;

	r->exact.record = log;
	ret = run_once(r, &first);
	if (ret)
		return ret;
	printf("recorded: %s: %s (%.1f s)\n", outcome_name(first.outcome), first.signature,
	       first.seconds);
	r->exact.record = NULL;
	r->exact.replay = log;
	if (r->o->gdb)
		r->exact.gdb = r->debugger.socket;
	ret = run_once(r, &second);
	if (ret)
		return ret;
	say_kept(r);
	printf("replayed: %s: %s; %s\n", outcome_name(second.outcome), second.signature,
	       first.hash == second.hash ? "bit-identical to the record" :
	       "NOT the same console as the record");
	return first.hash == second.hash ? EXIT_PASSED : EXIT_FAILED;
}

/* Log and snapshots are of no use to anybody else, and large. */
static int do_rr(struct repro *r)
{
	char log[4096], disk[4096];
	struct errbuf err;
	int ret = EXIT_HARNESS;

	if (r->s.cpus != 1) {
		fprintf(stderr, "lastref: --rr replays one CPU, and this schedule has %u: search with --smp 1\n",
			r->s.cpus);
		return EXIT_USAGE;
	}
	snprintf(log, sizeof(log), "%s/rr.log", r->to);
	snprintf(disk, sizeof(disk), "%s/rr.qcow2", r->to);
	r->exact.disk = disk;
	if (qcow2_create(disk, &err))
		fprintf(stderr, "lastref: %s\n", err.text);
	else
		ret = record_and_replay(r, log);
	unlink(log);
	unlink(disk);
	return ret;
}

static int do_again(struct repro *r)
{
	struct alone_result result;
	struct errbuf err;
	char key[24];
	int ret;

	if (clone_key(&r->config, key, sizeof(key), &err) ||
	    (r->o->gdb && debugger_prepare(&r->debugger, &err))) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	if (strcmp(key, r->s.key))
		printf("The kernel, QEMU or how it is called are not those of then: it may differ.\n");
	vm_heed_signals();
	if (r->o->rr)
		return do_rr(r);
	if (r->o->gdb)
		r->exact.gdb = r->debugger.socket;
	ret = run_once(r, &result);
	return ret ? ret : compare(r, &result);
}

/* The ID is a path below results/; a path to it from here will do as well. */
static char *find_dir(const struct options *o, const char *id)
{
	char *results = o->results ? strdup(o->results) : paths_in_root("results"), *dir;

	if (asprintf(&dir, "%s/%s", results, id) < 0)
		dir = NULL;
	if (dir && access(dir, R_OK)) {
		free(dir);
		dir = strdup(id);
	}
	free(results);
	return dir;
}

static int prepare(struct repro *r, struct errbuf *err)
{
	const char *unable;
	char *results;

	r->qemu = kernel_qemu(r->o, err);
	if (!r->qemu || kernel_prepare(&r->kernel, r->s.kernel, r->o, err))
		return -1;
	unable = alone_unable(r->kernel.release ? r->kernel.release : "", r->s.cpus);
	if (unable) {
		errbuf_set(err, "%s", unable);
		return -1;
	}
	results = r->o->results ? strdup(r->o->results) : paths_in_root("results");
	r->to = rundir_new(results, err);
	free(results);
	snprintf(r->initrd, sizeof(r->initrd), "%s/initrd.gz", r->from);
	r->exact.shift = r->s.shift;
	r->exact.seed = r->s.seed;
	r->config = (struct vm_config){
		.qemu = r->qemu, .kernel = r->kernel.boot, .initrd = r->initrd,
		.append = r->s.append, .cpus = r->s.cpus, .memory_mb = r->s.memory_mb,
		.trace = true, .exact = &r->exact, .dir = r->to,
	};
	r->modules = schedule_has_modules(r->from) ? r->from : r->kernel.modules;
	r->debugger = (struct debugger){
		.then = r->from, .modules = r->modules, .vmlinux = r->kernel.vmlinux,
		.dir = r->to, .back = r->o->rr,
	};
	return r->to ? 0 : -1;
}

static int run_repro(const struct options *o)
{
	struct repro r = { .o = o };
	struct errbuf err;
	int ret = EXIT_HARNESS;

	if (o->nr_operands != 1) {
		fprintf(stderr, "lastref: repro wants an ID, as \"lastref explore SCENARIO --schedules\" prints it\n");
		return EXIT_USAGE;
	}
	if (!paths_root(&err)) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	r.from = find_dir(o, o->operands[0]);
	if (!r.from || schedule_load(&r.s, r.from, &err)) {
		fprintf(stderr, "lastref: %s\n", err.text);
		free(r.from);
		return EXIT_USAGE;
	}
	if (prepare(&r, &err))
		fprintf(stderr, "lastref: %s\n", err.text);
	else
		ret = do_again(&r);
	kernel_free(&r.kernel);
	schedule_clear(&r.s);
	free(r.qemu);
	free(r.from);
	free(r.to);
	return ret;
}

const struct command command_repro = {
	.name = "repro",
	.operands = "ID",
	.about = "Do a schedule that was found by explore once more, bit for bit",
	.text = "Says bit-identical, or at which line of the console it diverged.\n"
		"\n"
		"Examples:\n"
		"  lastref explore busted --schedules --budget 60\n"
		"  lastref repro 2026-11-22-3/schedule-4\n"
		"  lastref repro 2026-11-22-3/schedule-4 --gdb\n"
		"\n"
		"Exit status: 0 bit-identical, 1 it diverged, 2 usage, 3 the harness could not do\n"
		"its work.\n",
	.options = OPT_BIT(OPT_RESULTS) | OPT_BIT(OPT_QEMU) | OPT_BIT(OPT_GDB) | OPT_BIT(OPT_RR),
	.run = run_repro,
};
