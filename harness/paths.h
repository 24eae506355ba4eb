/* SPDX-License-Identifier: GPL-2.0 */
/*
 * paths.h - where things are
 *
 * The tree is found from the program itself, build/lastref, so that it may be
 * called from anywhere; LASTREF_ROOT says otherwise. What a function returns as
 * char * is the caller's to free.
 */
#ifndef LASTREF_PATHS_H
#define LASTREF_PATHS_H

#include <stdbool.h>

#include "compiler.h"
#include "errbuf.h"

/* The top of the tree, or NULL and err. */
const char *paths_root(struct errbuf *err);

/* A file in the tree, which paths_root() must have found. */
__printf(1, 2) char *paths_in_root(const char *fmt, ...);

/* The cache directory, made if need be; NULL and err. */
char *paths_cache(struct errbuf *err);

/* The path as short as it can be said from the working directory. */
const char *paths_from_here(const char *path);

/* A program looked up as root's shell would, or NULL. */
char *paths_program(const char *name);

/* Whether there is a file whose path begins so. */
bool paths_begin(const char *beginning);

/*
 * Runs a program, its stderr being ours, and returns the first line it prints;
 * NULL and err if it cannot be run, fails or prints nothing.
 */
char *paths_ask(char *const argv[], struct errbuf *err);

#endif
