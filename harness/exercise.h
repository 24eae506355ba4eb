/* SPDX-License-Identifier: GPL-2.0 */
/*
 * exercise.h - the script that makes a module work between load and unload
 *
 * A comment line of it tells what it cannot do without:
 *
 *	# needs: loop dummy
 *
 * These modules are loaded before, and are not judged.
 */
#ifndef LASTREF_EXERCISE_H
#define LASTREF_EXERCISE_H

#include "module_set.h"

/*
 * The script for a module, named as on the command line: @script if given, else the
 * one that comes with lastref. NULL if there is none; free() it.
 */
char *exercise_find(const char *script, const char *module);

/* Adds what the script needs; 0, or -1 and err. */
int exercise_needs(struct module_set *s, const char *script, struct errbuf *err);

#endif
