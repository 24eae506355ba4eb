// SPDX-License-Identifier: GPL-2.0
/*
 * lastref bench defer, lastref bench refs: deferscale in a machine, its samples
 * brought home and judged.
 *
 * A group is measured in one boot. That the machine is alive is seen by its
 * progress: each sample moves the round or the set in control on.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "bench_data.h"
#include "bench_report.h"
#include "bench_scale.h"
#include "deadline.h"
#include "guest.h"
#include "kernel.h"
#include "paths.h"
#include "rundir.h"
#include "textbuf.h"

#define TREE		"/sys/kernel/debug/deferscale/"
#define ROUNDS		15
#define POLL_MS		500
#define SILENT_S	300

static void keep_line(void *arg, const char *line)
{
	textbuf_addf(arg, "%s\n", line);
}

char *bench_file(struct vm *vm, const char *name, struct errbuf *err)
{
	struct textbuf t = { 0 };
	int ret = vm_command(vm, BENCH_COMMAND_MS, keep_line, &t, "cat " TREE "%s", name);
	char *text = textbuf_take(&t);

	if (!ret)
		return text;
	free(text);
	errbuf_set(err, "the guest does not tell what is in %s: %s", name,
		   ret > 0 ? vm_status_text(vm) : vm_end_reason(vm));
	return NULL;
}

static int module(struct vm *vm, const char *verb, struct errbuf *err)
{
	int ret = vm_command(vm, BENCH_COMMAND_MS, NULL, NULL, "%s deferscale", verb);

	if (!ret)
		return 0;
	errbuf_set(err, "%s deferscale: %s", verb, ret > 0 ? vm_status_text(vm) :
		   vm_end_reason(vm));
	return -1;
}

static int begin(struct vm *vm, const struct bench_group *g, unsigned int rounds,
		 struct errbuf *err)
{
	int ret = vm_command(vm, BENCH_COMMAND_MS, NULL, NULL,
			     "write " TREE "control start group=%s rounds=%u", g->name, rounds);

	if (!ret)
		return 0;
	errbuf_set(err, "deferscale does not start: %s",
		   ret > 0 ? vm_status_text(vm) : vm_end_reason(vm));
	return -1;
}

/* A line a set, for who watches. */
static void tell(const char *state, char *last, size_t size)
{
	char set[64] = "";

	if (sscanf(state, "running set=%63s", set) != 1 || !strcmp(set, last))
		return;
	snprintf(last, size, "%s", set);
	printf("  %s\n", set);
	fflush(stdout);
}

static int wait_for_end(struct vm *vm, bool told_of, struct errbuf *err)
{
	char *state = NULL, *before = NULL, told[64] = "";
	time_t moved = time(NULL);
	int ret = 0;

	do {
		vm_pump(vm, POLL_MS);
		free(before);
		before = state;
		state = bench_file(vm, "control", err);
		if (!state)
			break;
		if (!before || strcmp(state, before))
			moved = time(NULL);
		if (told_of)
			tell(state, told, sizeof(told));
		if (time(NULL) - moved > SILENT_S) {
			errbuf_set(err, "nothing was measured for %d s, the last was: %s",
				   SILENT_S, state);
			ret = -1;
		}
	} while (!ret && !strncmp(state, "running", strlen("running")));
	if (!state)
		ret = -1;
	free(before);
	free(state);
	return ret;
}

int bench_rounds(struct vm *vm, const struct bench_group *g, unsigned int rounds, bool told,
		 struct errbuf *err)
{
	return begin(vm, g, rounds, err) || wait_for_end(vm, told, err) ? -1 : 0;
}

/* All sets of a group, as deferscale measures them by itself. */
static int measure_sets(struct vm *vm, const struct bench_group *g, unsigned int rounds,
			const char *dir, struct bench_data *d, struct errbuf *err)
{
	char *rows = bench_file(vm, "rows", err), *results = NULL;
	int ret = -1;

	if (rows && !bench_rounds(vm, g, rounds, true, err))
		results = bench_file(vm, "results", err);
	if (results && !rundir_write(dir, "results.txt", results, err) &&
	    !bench_data_rows(d, rows, g->name, err)) {
		ret = bench_data_results(d, results, err);
		if (ret)
			bench_data_clear(d);
	}
	free(results);
	free(rows);
	return ret;
}

static struct vm *boot(const struct bench_group *g, const struct kernel *k, const struct options *o,
		       const char *qemu, const char *dir, struct errbuf *err)
{
	char initrd[4096];
	struct vm_config config = {
		.qemu = qemu, .kernel = k->boot, .initrd = initrd, .append = o->boot,
		.cpus = o->smp ? o->smp : g->cpus, .memory_mb = o->memory,
		.accel = k->accel.accel, .dir = dir,
	};
	struct vm *vm = NULL;
	int retries;

	snprintf(initrd, sizeof(initrd), "%s/initrd.gz", dir);
	if (!guest_image(initrd, k, false, NULL, err))
		vm = vm_boot(&config, deadline_boot_ms(), &retries, err);
	if (!o->keep)
		unlink(initrd);
	return vm;
}

/* The modules must go again: a bench that leaves something behind has failed. */
static int measure(struct vm *vm, const struct bench_group *g, const struct options *o,
		   const char *dir, struct bench_data *d, struct errbuf *err)
{
	if (module(vm, "insmod", err) ||
	    g->measure(vm, g, o->rounds ? o->rounds : ROUNDS, dir, d, err))
		return -1;
	if (!module(vm, "rmmod", err))
		return 0;
	bench_data_clear(d);
	return -1;
}

static int save(const struct bench_data *d, const struct bench_group *g, const struct kernel *k,
		const char *dir, struct errbuf *err)
{
	char path[4096], stem[64], *text = NULL;
	struct errbuf why;
	size_t size;
	FILE *out;
	int ret;

	snprintf(stem, sizeof(stem), "bench-%s", g->name);
	snprintf(path, sizeof(path), "%s.txt", stem);
	out = open_memstream(&text, &size);
	bench_report_write(out, d);
	fclose(out);
	fputs(text, stdout);
	ret = rundir_write(dir, path, text, err);
	free(text);
	snprintf(path, sizeof(path), "%s/%s.json", dir, stem);
	if (ret ||
	    bench_report_json(d, g->name, k->name, accel_option(k->accel.accel, false), path,
			      err) ||
	    rundir_latest(dir, err))
		return -1;
	printf("\n%s/%s.{txt,json}, %s-*.svg\n", paths_from_here(dir), stem, stem);
	if (bench_report_plot(d, dir, stem, &why))
		printf("%s\n", why.text);
	return 0;
}

static int bench_in(const struct bench_group *g, const struct kernel *k, const struct options *o,
		    const char *qemu, const char *dir, struct errbuf *err)
{
	struct vm *vm = boot(g, k, o, qemu, dir, err);
	struct bench_data d;
	size_t failures;
	int ret;

	if (!vm)
		return EXIT_HARNESS;
	printf("%s, %u CPUs\n", vm_release(vm), vm_cpus(vm));
	ret = measure(vm, g, o, dir, &d, err);
	if (vm_end(vm) == VM_RUNNING)
		vm_stop(vm);
	vm_free(vm);
	if (ret)
		return EXIT_HARNESS;
	failures = bench_report_failures(&d);
	ret = save(&d, g, k, dir, err) ? EXIT_HARNESS : failures ? EXIT_FAILED : EXIT_PASSED;
	bench_data_clear(&d);
	return ret;
}

static int bench_kernel(const struct bench_group *g, const char *name, const struct options *o,
			const char *qemu)
{
	char *results = o->results ? strdup(o->results) : paths_in_root("results");
	char *dir = NULL;
	int ret = EXIT_HARNESS;
	struct errbuf err;
	struct kernel k;

	if (!kernel_prepare(&k, name, o, &err)) {
		printf("%s, on kernel %s: %s\n", g->title, k.name, k.accel.why);
		fflush(stdout);
		dir = rundir_new(results, &err);
		if (dir)
			ret = bench_in(g, &k, o, qemu, dir, &err);
		kernel_free(&k);
	}
	if (ret == EXIT_HARNESS)
		fprintf(stderr, "lastref: %s\n", err.text);
	free(dir);
	free(results);
	return ret;
}

int bench_group_run(const struct bench_group *g, const struct options *o)
{
	unsigned int n = o->nr_kernels ? o->nr_kernels : 1, i;
	int ret, worst = EXIT_PASSED;
	struct errbuf err;
	char *qemu = paths_root(&err) ? kernel_qemu(o, &err) : NULL;

	if (!qemu) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	for (i = 0; i < n; i++) {
		ret = bench_kernel(g, o->nr_kernels ? o->kernels[i] : KERNEL_DEFAULT, o, qemu);
		worst = ret > worst ? ret : worst;
	}
	free(qemu);
	return worst;
}

static int run_defer(const struct options *o)
{
	static const struct bench_group g = { "defer", "deferral", 2, measure_sets };

	return bench_group_run(&g, o);
}

static int run_refs(const struct options *o)
{
	static const struct bench_group g = { "refs", "reference counts", 4, measure_sets };

	return bench_group_run(&g, o);
}

const struct bench bench_defer = {
	.name = "defer",
	.about = "the engine's posts, barriers and grace periods against the kernel's",
	.run = run_defer,
};

const struct bench bench_refs = {
	.name = "refs",
	.about = "reference counts: get and put, bytes, delete, reclaim, hold, visits",
	.run = run_refs,
};
