/* SPDX-License-Identifier: GPL-2.0 */
/*
 * library.h - the scenarios of vm-images/scenarios
 */
#ifndef LASTREF_LIBRARY_H
#define LASTREF_LIBRARY_H

#include <stddef.h>

#include "scenario.h"

struct library {
	struct scenario **scenarios;	/* sorted by name */
	size_t count;
};

/*
 * All of them. 0; -1 and err if one is not in order or there are none, which is
 * a matter of the tree and not of the user.
 */
int library_load(struct library *l, struct errbuf *err);
/* One more, from a file anywhere. NULL and err if it is not in order. */
const struct scenario *library_add(struct library *l, const char *path, struct errbuf *err);

void library_free(struct library *l);

/* By name, or NULL. */
const struct scenario *library_find(const struct library *l, const char *name);

/* The nearest name, or NULL. */
const char *library_suggest(const struct library *l, const char *name);

#endif
