// SPDX-License-Identifier: GPL-2.0
/* What names a schedule, to a file and back: see schedule.h. */
#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "schedule.h"

#define FILE_NAME	"repro.json"

/* The texts, in the order of both directions. */
static const struct {
	const char *key;
	size_t offset;
} texts[] = {
	{ "kernel", offsetof(struct schedule, kernel) },
	{ "image", offsetof(struct schedule, boot) },
	{ "append", offsetof(struct schedule, append) },
	{ "scenario", offsetof(struct schedule, scenario) },
	{ "outcome", offsetof(struct schedule, outcome) },
	{ "signature", offsetof(struct schedule, signature) },
	{ "key", offsetof(struct schedule, key) },
};

static char **text_of(const struct schedule *s, size_t i)
{
	return (char **)((char *)s + texts[i].offset);
}

int schedule_save(const struct schedule *s, const char *dir, struct errbuf *err)
{
	json_t *all = json_pack("{s:i, s:i, s:i, s:I, s:I, s:I}",
				"cpus", (int)s->cpus, "memory", (int)s->memory_mb,
				"shift", (int)s->shift, "seed", (json_int_t)s->seed,
				"console_hash", (json_int_t)s->hash,
				"console_bytes", (json_int_t)s->bytes);
	char path[4096];
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		json_object_set_new(all, texts[i].key, json_string(*text_of(s, i)));
	snprintf(path, sizeof(path), "%s/" FILE_NAME, dir);
	ret = json_dump_file(all, path, JSON_INDENT(1));
	json_decref(all);
	if (ret)
		errbuf_set(err, "%s cannot be written", path);
	return ret;
}

int schedule_load(struct schedule *s, const char *dir, struct errbuf *err)
{
	json_int_t seed, hash, bytes;
	int cpus, memory, shift;
	bool whole = true;
	char path[4096];
	json_t *all;
	size_t i;

	memset(s, 0, sizeof(*s));
	snprintf(path, sizeof(path), "%s/" FILE_NAME, dir);
	all = json_load_file(path, 0, NULL);
	whole = all && !json_unpack(all, "{s:i, s:i, s:i, s:I, s:I, s:I}", "cpus", &cpus,
				    "memory", &memory, "shift", &shift, "seed", &seed,
				    "console_hash", &hash, "console_bytes", &bytes) &&
		cpus > 0 && memory > 0 && shift >= 0;
	for (i = 0; whole && i < ARRAY_SIZE(texts); i++) {
		const char *text = json_string_value(json_object_get(all, texts[i].key));

		whole = text && (*text_of(s, i) = strdup(text));
	}
	if (whole) {
		s->cpus = cpus;
		s->memory_mb = memory;
		s->shift = shift;
		s->seed = seed;
		s->hash = hash;
		s->bytes = bytes;
	} else {
		errbuf_set(err, "%s is not there, or not whole: no schedule can be repeated from it",
			   path);
		schedule_clear(s);
	}
	json_decref(all);
	return whole ? 0 : -1;
}

static int copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
	ssize_t n = -1;

	if (in >= 0)
		out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	while (out >= 0 && (n = sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out))
		n = -1;
	return n;
}

static int keep_module(const char *dir, const char *modules, const char *name)
{
	static const char *const tails[] = { ".ko", ".ko.debug" };
	char from[4096], to[4096];
	size_t i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(tails) && !ret; i++) {
		snprintf(from, sizeof(from), "%s/%s%s", modules, name, tails[i]);
		snprintf(to, sizeof(to), "%s/%s%s", dir, name, tails[i]);
		/* Some are built without debug information of their own. */
		if (!access(from, R_OK))
			ret = copy(from, to);
	}
	return ret;
}

int schedule_keep_modules(const char *dir, const char *modules, struct errbuf *err)
{
	char path[4096], line[512], name[64];
	int ret = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/agent.log", dir);
	in = fopen(path, "r");
	while (in && !ret && fgets(line, sizeof(line), in))
		if (sscanf(line, "| module %63s", name) == 1)
			ret = keep_module(dir, modules, name);
	if (in)
		fclose(in);
	if (ret)
		errbuf_set(err, "%s of %s cannot be copied to %s", name, modules, dir);
	return ret;
}

bool schedule_has_modules(const char *dir)
{
	glob_t found = { .gl_pathc = 0 };
	char pattern[4096];
	bool any;

	snprintf(pattern, sizeof(pattern), "%s/*.ko", dir);
	any = !glob(pattern, 0, NULL, &found);
	globfree(&found);
	return any;
}

void schedule_clear(struct schedule *s)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		free(*text_of(s, i));
	memset(s, 0, sizeof(*s));
}
