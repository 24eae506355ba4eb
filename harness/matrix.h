/* SPDX-License-Identifier: GPL-2.0 */
/*
 * matrix.h - kernels x modes x scenarios, as vm-images/matrix.conf has them
 *
 * A section of the file is a mode. Mode and kernel make a group, what one machine
 * of a CI does: its name is "6.12+expedited". A group and one of its scenarios
 * make a cell, "listings@6.12+expedited", or "listings@6.12" in the mode "default".
 */
#ifndef LASTREF_MATRIX_H
#define LASTREF_MATRIX_H

#include "library.h"
#include "options.h"
#include "tour.h"

#define MATRIX_DEFAULT	"default"

struct matrix_mode {
	char *name;
	char *about;
	char *boot;		/* NULL: nothing special */
	char *kernels;		/* names with blanks between */
	char *scenarios;
	unsigned int time;	/* 0: as the scenario says */
};

struct matrix_group {
	const struct matrix_mode *mode;
	char kernel[32];
	char name[80];
	struct options options;		/* how its cells are run */
};

struct matrix {
	struct matrix_mode *modes;
	size_t nr_modes;
	struct matrix_group *groups;
	size_t nr_groups;
};

/*
 * Reads a file, which may name only kernels and scenarios that there are. 0, or -1 and
 * err, which names the place.
 */
int matrix_load(struct matrix *m, const char *path, const struct library *l,
		struct errbuf *err);
void matrix_free(struct matrix *m);

/*
 * Leaves only the groups that one of the words names: a kernel, a mode, or both
 * as in "6.12+expedited". 0, or -1 and err if a word names none.
 */
int matrix_choose(struct matrix *m, char *const *words, unsigned int count,
		  struct errbuf *err);

/* "listings@6.12+expedited"; free() it. */
char *matrix_cell(const struct matrix_group *g, const char *scenario);

/* The mode as results have it: NULL for the default. */
const char *matrix_mode_name(const struct matrix_group *g);

/* The next word of a list, cut to size; false at its end. */
bool matrix_word(const char **list, char *word, size_t size);

/* Runs it here: what `lastref` returns. @command is free()d. */
int matrix_run(struct matrix *m, struct tour *t, const struct options *o, char *command);

/* Runs it by GNU parallel on the machines of o->hosts. @command is free()d. */
int matrix_spread(const struct matrix *m, struct tour *t, const struct options *o,
		  char *command);

#endif
