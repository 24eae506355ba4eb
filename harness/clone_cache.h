/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where golden snapshots are kept.
 *
 *	CACHE/clones/KEY/	memory (sparse), state, manifest.json, and the logs
 *				of the boot
 *	CACHE/clones/KEY.part/	one that is being made
 *	CACHE/clones/KEY.lock	held shared by who uses KEY, alone by who makes or
 *				removes it
 *
 * KEY is a hash of all that makes a snapshot what it is: the contents of kernel and
 * initramfs (and with it the modules), QEMU's version and its arguments (CPUs,
 * memory, kernel arguments), and the host. If one of them changes, so does the key, and the
 * old snapshot is never used again.
 *
 * The manifest is written last and has size and hash of the other two, which are checked
 * each time before use. What does not match is removed. A maker that was
 * killed leaves a .part without a locked lock, which the next one removes.
 *
 * At most CLONE_CACHE_MB of disk: when a snapshot was made, those that were not used for
 * the longest time go, if nobody uses them.
 */
#ifndef LASTREF_CLONE_CACHE_H
#define LASTREF_CLONE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "errbuf.h"
#include "vm.h"

#define CLONE_CACHE_MB	2048UL
#define CLONE_PATH_MAX	1024

struct clone_manifest {
	char release[96];
	unsigned int cpus;
	long boot_ms, loop_ms;
	unsigned long long memory_size, memory_hash, state_size, state_hash;
};

/* A snapshot's place. */
struct clone_slot {
	char dir[CLONE_PATH_MAX];	/* CACHE/clones/KEY */
	int lock;			/* -1: not held */
};

/* 0 and the key of a configuration, or a negative errno and err. */
int clone_key(const struct vm_config *config, char *key, size_t size, struct errbuf *err);

/* Names the place, makes the directory above it, removes what makers left behind. */
int clone_slot_init(struct clone_slot *slot, const char *cache, const char *key,
		    struct errbuf *err);

/* Waits. 0, or a negative errno (-EINTR: a signal came) and err. */
int clone_slot_lock(struct clone_slot *slot, bool alone, struct errbuf *err);
void clone_slot_unlock(struct clone_slot *slot);

/*
 * Locked: 0 and the manifest of a snapshot that is whole; -ENOENT: there is
 * none; -EILSEQ and err: it is damaged.
 */
int clone_slot_check(const struct clone_slot *slot, struct clone_manifest *m,
		     struct errbuf *err);

/* Locked alone: makes, completes or gives up SLOT.part; removes SLOT. */
int clone_slot_begin(const struct clone_slot *slot, char *part, size_t size,
		     struct errbuf *err);
int clone_slot_commit(const struct clone_slot *slot, struct clone_manifest *m,
		      struct errbuf *err);
void clone_slot_abort(const struct clone_slot *slot);
void clone_slot_remove(const struct clone_slot *slot);

/* Removes the least recently used until all take at most @limit_mb; the disk they take. */
unsigned long clone_cache_trim(const char *cache, unsigned long limit_mb);

#endif
