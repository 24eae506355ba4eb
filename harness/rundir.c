// SPDX-License-Identifier: GPL-2.0
/*
 * "latest" is replaced by rename(), so it always points to some run. Two runs
 * that end at once may leave it on either; both are whole.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "rundir.h"

#define RUNS_A_DAY	100000

int rundir_make(const char *dir, struct errbuf *err)
{
	char *path = strdup(dir), *p;
	struct stat st;
	int ret = 0;

	for (p = path; p && *p && !ret; ) {
		p += strspn(p, "/");
		p += strcspn(p, "/");
		if (*p) {
			*p = '\0';
			if (mkdir(path, 0777) && errno != EEXIST)
				ret = -1;
			*p++ = '/';
		} else if (mkdir(path, 0777) && errno != EEXIST) {
			ret = -1;
		}
	}
	if (path && !ret && (stat(path, &st) || !S_ISDIR(st.st_mode))) {
		errno = ENOTDIR;
		ret = -1;
	}
	if (!path || ret)
		errbuf_set(err, "%s cannot be made: %s: name another place with --results",
			   dir, strerror(errno));
	free(path);
	return path ? ret : -1;
}

char *rundir_new(const char *results, struct errbuf *err)
{
	time_t now = time(NULL);
	char day[16], *path;
	struct tm tm;
	int n;

	if (rundir_make(results, err))
		return NULL;
	localtime_r(&now, &tm);
	strftime(day, sizeof(day), "%Y-%m-%d", &tm);
	for (n = 1; n < RUNS_A_DAY; n++) {
		if (asprintf(&path, "%s/%s-%d", results, day, n) < 0)
			break;
		if (!mkdir(path, 0777))
			return path;
		free(path);
		if (errno != EEXIST)
			break;
	}
	errbuf_set(err, "no directory for this run in %s: %s: name another place with --results",
		   results, strerror(errno));
	return NULL;
}

int rundir_latest(const char *dir, struct errbuf *err)
{
	const char *base = strrchr(dir, '/');
	char *link = NULL, *tmp = NULL;
	int ret = -1;

	base = base ? base + 1 : dir;
	if (asprintf(&link, "%.*slatest", (int)(base - dir), dir) < 0 ||
	    asprintf(&tmp, "%s.%d", link, getpid()) < 0) {
		errbuf_set(err, "out of memory");
	} else if (symlink(base, tmp) || rename(tmp, link)) {
		errbuf_set(err, "%s cannot be set: %s", link, strerror(errno));
		unlink(tmp);
	} else {
		ret = 0;
	}
	free(link);
	free(tmp);
	return ret;
}

int rundir_write(const char *dir, const char *name, const char *text,
		 struct errbuf *err)
{
	char *path;
	FILE *file;
	int bad;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return -1;
	file = fopen(path, "w");
	bad = !file || fputs(text, file) < 0;
	if (!bad && (!*text || text[strlen(text) - 1] != '\n'))
		bad = fputc('\n', file) == EOF;
	if (file && fclose(file))
		bad = 1;
	if (bad)
		errbuf_set(err, "%s cannot be written: %s", path, strerror(errno));
	free(path);
	return bad ? -1 : 0;
}
