// SPDX-License-Identifier: GPL-2.0
/* Where a guest's modules are, from what its agent says: see load_map.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load_map.h"

void load_map_end(struct load_map *m)
{
	char *line = textbuf_take(&m->module);

	symbols_learn(m->symbols, line);
	free(line);
}

static void begin(struct load_map *m, const char *name, const char *line)
{
	char ko[4096];

	load_map_end(m);
	snprintf(ko, sizeof(ko), "%s/%s.ko", m->modules ? m->modules : "", name);
	if (m->modules && !symbols_knows(m->symbols, name))
		symbols_add_module(m->symbols, name, ko, &m->problem);
	textbuf_addf(&m->module, "%s", line);
}

void load_map_line(struct load_map *m, const char *line)
{
	char name[64], address[32];

	if (sscanf(line, "module %63s", name) == 1)
		begin(m, name, line);
	else if (sscanf(line, "section %63s %31s", name, address) == 2)
		textbuf_addf(&m->module, " %s=%s", name, address);
}

/*
 * A module is gone as soon as its removal has begun: a machine that goes down in
 * the midst of it never says whether it succeeded.
 */
void load_map_log(struct load_map *m, const char *dir)
{
	char path[4096], line[1024], name[64];
	FILE *in;

	snprintf(path, sizeof(path), "%s/agent.log", dir);
	in = fopen(path, "re");
	while (in && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!strncmp(line, "| ", 2))
			load_map_line(m, line + 2);
		else
			load_map_end(m);
		if (sscanf(line, "> rmmod %63s", name) == 1)
			symbols_module_gone(m->symbols, name);
	}
	if (in)
		fclose(in);
	load_map_end(m);
}
