/* SPDX-License-Identifier: GPL-2.0 */
/*
 * load_map.h - where a guest's modules are, from what its agent says
 *
 * Behind an insmod the agent tells of each module it has loaded, those needed included:
 *
 *	module NAME ADDRESS
 *	section NAME ADDRESS	(one a section)
 */
#ifndef LASTREF_LOAD_MAP_H
#define LASTREF_LOAD_MAP_H

#include "errbuf.h"
#include "symbols.h"
#include "textbuf.h"

struct load_map {
	struct symbols *symbols;
	const char *modules;	/* directory of the .ko files; NULL: they are known */
	struct textbuf module;	/* as symbols_learn() takes it */
	struct errbuf problem;	/* "", or which file could not be read, and why */
};

/* A line of the agent's, without its mark; end() behind the last. */
void load_map_line(struct load_map *m, const char *line);
void load_map_end(struct load_map *m);

/* All that agent.log in that directory tells, modules that are gone marked as such. */
void load_map_log(struct load_map *m, const char *dir);

#endif
