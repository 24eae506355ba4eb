/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a file contains, as a key for a cache.
 *
 * In the manner of FNV-1a, but eight bytes at a time: it tells versions of a file
 * apart, and does not have to withstand anybody who wants two to look alike.
 */
#ifndef LASTREF_CONTENT_H
#define LASTREF_CONTENT_H

#include <stddef.h>

#define CONTENT_SEED	0xcbf29ce484222325ULL

unsigned long long content_hash(unsigned long long seed, const void *bytes,
				size_t n);

/* A file in memory, read only. */
struct content {
	unsigned char *bytes;
	size_t size;
};

/* 0 or a negative errno. An empty file has size 0 and no bytes. */
int content_map(const char *path, struct content *c);
void content_unmap(struct content *c);

#endif
