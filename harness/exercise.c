// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exercise.h"
#include "paths.h"

#define NEEDS "# needs:"

char *exercise_find(const char *script, const char *module)
{
	char name[MODULE_NAME_SIZE], *path;

	if (script)
		return realpath(script, NULL);
	module_set_name(name, module);
	path = paths_in_root("vm-images/exercises/%s.sh", name);
	if (path && !access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

/* The words of one line; 0 also if it is another line. */
static int need_words(struct module_set *s, char *line, struct errbuf *err)
{
	char *save, *word;
	int ret = 0;

	if (strncmp(line, NEEDS, strlen(NEEDS)))
		return 0;
	for (word = strtok_r(line + strlen(NEEDS), " \t\n", &save); word && !ret;
	     word = strtok_r(NULL, " \t\n", &save))
		ret = module_set_need(s, word, err);
	return ret;
}

int exercise_needs(struct module_set *s, const char *script, struct errbuf *err)
{
	FILE *in = fopen(script, "r");
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	if (!in) {
		errbuf_set(err, "%s: %s", script, strerror(errno));
		return -1;
	}
	while (!ret && getline(&line, &size, in) > 0)
		ret = need_words(s, line, err);
	free(line);
	fclose(in);
	return ret;
}
