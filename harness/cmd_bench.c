// SPDX-License-Identifier: GPL-2.0
/*
 * lastref bench: what it costs.
 *
 * A row of the table is a thing to measure; what it boots, how it tells and
 * what it keeps is its own.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "commands.h"
#include "compiler.h"

static const struct bench *const benches[] = {
	&bench_defer,
	&bench_refs,
	&bench_vm,
	&bench_watch,
	NULL
};

static const struct bench *find(const char *name)
{
	const struct bench *const *b;

	for (b = benches; *b; b++)
		if (!strcmp((*b)->name, name))
			return *b;
	return NULL;
}

static int unknown(const char *name)
{
	size_t i;

	fprintf(stderr, "lastref: there is no bench \"%s\"; there are", name);
	for (i = 0; benches[i]; i++)
		fprintf(stderr, " %s", benches[i]->name);
	fprintf(stderr, " (lastref bench --help)\n");
	return EXIT_USAGE;
}

/* The worst of what several return. */
static int run_benches(const struct options *o)
{
	const char *const defaults[] = { "defer" };
	const char *const *names = o->nr_operands ? (const char *const *)o->operands : defaults;
	unsigned int n = o->nr_operands ? o->nr_operands : ARRAY_SIZE(defaults), i;
	int ret, worst = EXIT_PASSED;

	for (i = 0; i < n; i++)
		if (!find(names[i]))
			return unknown(names[i]);
	for (i = 0; i < n && worst != EXIT_INTERRUPTED; i++) {
		ret = find(names[i])->run(o);
		worst = ret > worst ? ret : worst;
	}
	return worst;
}

const struct command command_bench = {
	.name = "bench",
	.operands = "[BENCH...]",
	.about = "Measure in a virtual machine, as ratios within one boot",
	.text = "Benches:\n"
		"  defer   the engine against call_rcu(), kfree_rcu(), rcu_barrier() (default)\n"
		"  refs    get and put, bytes, delete, reclaim, hold, LockCnt\n"
		"  vm      fresh machines: boots, clones, crash cases a second\n"
		"  watch   call_rcu() while unloadcheck watches\n"
		"\n"
		"Examples:\n"
		"  lastref bench\n"
		"  lastref bench defer -k 6.12 -k 6.1 --rounds 25\n"
		"\n"
		"Beside each ratio stands what is to be reached, and whether it is. That is no\n"
		"test: a slow machine changes times, and one that is too busy to tell is told\n"
		"to be so.\n"
		"\n"
		"Exit status: 0 all was measured, 1 something could not be, 2 usage, 3 the\n"
		"harness could not do its work.\n",
	.options = OPT_BIT(OPT_KERNEL) | OPT_BIT(OPT_SMP) | OPT_BIT(OPT_MEMORY) |
		OPT_BIT(OPT_ACCEL) | OPT_BIT(OPT_BOOT) | OPT_BIT(OPT_RESULTS) |
		OPT_BIT(OPT_KEEP) | OPT_BIT(OPT_QEMU) | OPT_BIT(OPT_ROUNDS),
	.run = run_benches,
};
