// SPDX-License-Identifier: GPL-2.0
/* Fresh machines in a tenth of a second: see clone.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clone.h"
#include "clone_cache.h"
#include "paths.h"

#define SAVE_MS		60000
#define RESUME_MS	20000
#define TRIES		3

struct golden {
	struct clone_slot slot;
	struct clone_manifest manifest;
	char memory[CLONE_PATH_MAX + 16], state[CLONE_PATH_MAX + 16];
	struct vm_snapshot snapshot;
};

static void on_calibrated(void *arg, const char *line)
{
	if (!strncmp(line, "ms ", 3))
		*(long *)arg = atol(line + 3);
}

/*
 * How fast the machine is, and its watchdogs set accordingly: once, here, since it
 * takes longer than a clone.
 */
static int measure(struct vm *vm, struct clone_manifest *m, struct errbuf *err)
{
	struct deadlines d;
	char command[64];
	int ret;

	m->boot_ms = vm_boot_ms(vm);
	deadline_compute(&d, 0, m->boot_ms);
	ret = vm_command(vm, deadline_ms(&d, 30), on_calibrated, &m->loop_ms, "calibrate");
	deadline_compute(&d, m->loop_ms, m->boot_ms);
	deadline_command(&d, command, sizeof(command));
	if (ret >= 0)
		ret = vm_command(vm, deadline_ms(&d, 10), NULL, NULL, "%s", command);
	if (ret >= 0)
		return 0;
	errbuf_set(err, "the guest came up but does not answer (%s)", strerror(-ret));
	return ret;
}

static int boot_and_save(const struct vm_config *config, const char *part, int hello_ms,
			 struct clone_manifest *m, int *retries, struct errbuf *err)
{
	char memory[CLONE_PATH_MAX + 32], state[CLONE_PATH_MAX + 32];
	struct vm_config quiet = *config;
	struct vm *vm;
	int ret;

	snprintf(memory, sizeof(memory), "%s/memory", part);
	snprintf(state, sizeof(state), "%s/state", part);
	quiet.memory_file = memory;
	quiet.dir = part;
	quiet.on_boot = NULL;
	quiet.on_console = NULL;
	vm = vm_boot(&quiet, hello_ms, retries, err);
	if (!vm)
		return -EIO;
	snprintf(m->release, sizeof(m->release), "%s", vm_release(vm));
	m->cpus = vm_cpus(vm);
	ret = measure(vm, m, err);
	if (!ret)
		ret = vm_save(vm, state, SAVE_MS, err);
	vm_free(vm);
	return ret;
}

/* Alone in the slot. Somebody else may have made it while the lock was waited for. */
static int make(struct golden *g, const struct vm_config *config, int hello_ms,
		struct clone_facts *facts, struct errbuf *err)
{
	struct clone_manifest m = { .cpus = 0 };
	char part[CLONE_PATH_MAX + 16];
	struct errbuf why;
	int ret;

	ret = clone_slot_check(&g->slot, &m, &why);
	if (!ret)
		return 0;
	clone_slot_remove(&g->slot);
	ret = clone_slot_begin(&g->slot, part, sizeof(part), err);
	if (!ret)
		ret = boot_and_save(config, part, hello_ms, &m, &facts->retries, err);
	if (!ret)
		ret = clone_slot_commit(&g->slot, &m, err);
	if (ret)
		clone_slot_abort(&g->slot);
	facts->made = !ret;
	return ret;
}

/*
 * A lock cannot go from alone to shared without a gap, so what was made is looked at
 * again; with many snapshots and little disk it may be gone by then.
 */
static int find_or_make(struct golden *g, const struct vm_config *config, const char *cache,
			int hello_ms, struct clone_facts *facts, struct errbuf *err)
{
	int try, ret;

	for (try = 0; try < TRIES; try++) {
		ret = clone_slot_lock(&g->slot, false, err);
		if (ret)
			return ret;
		ret = clone_slot_check(&g->slot, &g->manifest, err);
		if (!ret)
			return 0;
		clone_slot_unlock(&g->slot);
		ret = clone_slot_lock(&g->slot, true, err);
		if (ret)
			return ret;
		ret = make(g, config, hello_ms, facts, err);
		clone_slot_unlock(&g->slot);
		if (ret)
			return ret;
		clone_cache_trim(cache, CLONE_CACHE_MB);
	}
	errbuf_set(err, "%s: removed as often as it is made", g->slot.dir);
	return -EAGAIN;
}

static void fill(struct golden *g, struct clone_facts *facts)
{
	snprintf(g->memory, sizeof(g->memory), "%s/memory", g->slot.dir);
	snprintf(g->state, sizeof(g->state), "%s/state", g->slot.dir);
	g->snapshot = (struct vm_snapshot){
		.memory = g->memory, .state = g->state,
		.release = g->manifest.release, .cpus = g->manifest.cpus,
	};
	facts->boot_ms = g->manifest.boot_ms;
	facts->loop_ms = g->manifest.loop_ms;
}

struct golden *golden_open(const struct vm_config *config, int hello_ms,
			   struct clone_facts *facts, struct errbuf *err)
{
	struct golden *g = calloc(1, sizeof(*g));
	char *cache = paths_cache(err), key[24];
	int ret = -1;

	memset(facts, 0, sizeof(*facts));
	if (g)
		g->slot.lock = -1;
	if (g && cache && !clone_key(config, key, sizeof(key), err) &&
	    !clone_slot_init(&g->slot, cache, key, err))
		ret = find_or_make(g, config, cache, hello_ms, facts, err);
	free(cache);
	if (!ret) {
		fill(g, facts);
		return g;
	}
	golden_close(g);
	return NULL;
}

void golden_close(struct golden *g)
{
	if (g)
		clone_slot_unlock(&g->slot);
	free(g);
}

struct vm *golden_clone(const struct golden *g, const struct vm_config *config,
			struct errbuf *err)
{
	struct vm_config c = *config;
	struct vm *vm;
	int ret;

	c.from = &g->snapshot;
	if (c.on_boot)
		c.on_boot(c.arg, 1);
	vm = vm_start(&c, err);
	if (!vm)
		return NULL;
	ret = vm_wait_hello(vm, RESUME_MS);
	if (!ret)
		return vm;
	errbuf_set(err, "the snapshot in %s cannot be gone on from: %s", g->slot.dir,
		   ret == -EPIPE ? vm_end_reason(vm) : strerror(-ret));
	vm_free(vm);
	return NULL;
}

void clone_deadlines(const struct clone_facts *facts, struct deadlines *d)
{
	double busy = deadline_busy();

	deadline_compute(d, facts->loop_ms * busy, facts->boot_ms * busy);
}

struct vm *clone_boot(const struct vm_config *config, int hello_ms,
		      struct clone_facts *facts, struct errbuf *err)
{
	struct golden *g = golden_open(config, hello_ms, facts, err);
	struct vm *vm = g ? golden_clone(g, config, err) : NULL;

	golden_close(g);
	facts->cloned = vm;
	if (vm)
		return vm;
	facts->why = *err;
	facts->loop_ms = 0;
	vm = vm_boot(config, hello_ms, &facts->retries, err);
	if (vm)
		facts->boot_ms = vm_boot_ms(vm);
	return vm;
}
