// SPDX-License-Identifier: GPL-2.0
/* See per_kernel.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "paths.h"
#include "per_kernel.h"
#include "rundir.h"

typedef int (*work_fn)(const struct options *o, const struct kernel *k, const char *qemu,
		       const char *dir);

static int worse(int a, int b)
{
	return a == EXIT_FAILED || b == EXIT_FAILED ? EXIT_FAILED : a > b ? a : b;
}

static int on_one(const struct options *o, const char *name, const char *qemu, const char *run,
		  work_fn work)
{
	struct errbuf err = { "out of memory" };
	int code = EXIT_HARNESS;
	char *dir = NULL;
	struct kernel k;

	if (kernel_prepare(&k, name, o, &err)) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	if (asprintf(&dir, "%s/%s", run, k.name) < 0 || rundir_make(dir, &err))
		fprintf(stderr, "lastref: %s\n", err.text);
	else
		code = work(o, &k, qemu, dir);
	free(dir);
	kernel_free(&k);
	return code;
}

static int on_all(const struct options *o, const char *qemu, const char *run, work_fn work)
{
	int code = EXIT_PASSED;
	unsigned int i;

	for (i = 0; i < (o->nr_kernels ? o->nr_kernels : 1); i++)
		code = worse(code, on_one(o, o->nr_kernels ? o->kernels[i] : KERNEL_DEFAULT, qemu,
					  run, work));
	return code;
}

int per_kernel(const struct options *o, work_fn work)
{
	char *qemu = NULL, *results = NULL, *run = NULL;
	int code = EXIT_HARNESS;
	struct errbuf err;

	qemu = paths_root(&err) ? kernel_qemu(o, &err) : NULL;
	if (qemu) {
		results = o->results ? strdup(o->results) : paths_in_root("results");
		run = rundir_new(results, &err);
	}
	if (run && !rundir_latest(run, &err))
		code = on_all(o, qemu, run, work);
	else
		fprintf(stderr, "lastref: %s\n", err.text);
	free(run);
	free(results);
	free(qemu);
	return code;
}
