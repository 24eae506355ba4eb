// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "paths.h"
#include "rundir.h"

static char root[PATH_MAX];

/* build/lastref and build/san/lastref both belong to the tree around build/. */
static int find_root(char *path)
{
	char probe[PATH_MAX + 32];
	char *slash;

	while ((slash = strrchr(path, '/')) && slash != path) {
		*slash = '\0';
		snprintf(probe, sizeof(probe), "%s/vm-images/kernels.conf", path);
		if (!access(probe, R_OK))
			return 0;
	}
	return -1;
}

const char *paths_root(struct errbuf *err)
{
	const char *env = getenv("LASTREF_ROOT");
	ssize_t len;

	if (root[0])
		return root;
	if (env && *env) {
		if (realpath(env, root))
			return root;
		errbuf_set(err, "LASTREF_ROOT=%s: %s", env, strerror(errno));
		root[0] = '\0';
		return NULL;
	}
	len = readlink("/proc/self/exe", root, sizeof(root) - 1);
	root[len > 0 ? len : 0] = '\0';
	if (len > 0 && !find_root(root))
		return root;
	root[0] = '\0';
	errbuf_set(err, "lastref works in its own tree, and this program is in none: set LASTREF_ROOT to the clone");
	return NULL;
}

char *paths_in_root(const char *fmt, ...)
{
	char *tail = NULL, *path = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&tail, fmt, ap) < 0)
		tail = NULL;
	va_end(ap);
	if (!tail || asprintf(&path, "%s/%s", root, tail) < 0)
		path = NULL;
	free(tail);
	return path;
}

/* A system's service has no $HOME, but its user has one. */
static const char *home_dir(void)
{
	const char *home = getenv("HOME");
	struct passwd *user;

	if (home && *home)
		return home;
	user = getpwuid(getuid());
	return user ? user->pw_dir : NULL;
}

char *paths_cache(struct errbuf *err)
{
	const char *own = getenv("LASTREF_CACHE");
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = home_dir();
	char *path = NULL;
	int len = -1;

	if (own && *own)
		len = asprintf(&path, "%s", own);
	else if (xdg && *xdg)
		len = asprintf(&path, "%s/lastref", xdg);
	else if (home && *home)
		len = asprintf(&path, "%s/.cache/lastref", home);
	else
		errbuf_set(err, "no place for the cache: set LASTREF_CACHE or HOME");
	if (len < 0)
		return NULL;
	if (!rundir_make(path, err))
		return path;
	errbuf_set(err, "the cache %s cannot be made: set LASTREF_CACHE to a directory you may write",
		   path);
	free(path);
	return NULL;
}

const char *paths_from_here(const char *path)
{
	char here[PATH_MAX];
	size_t len;

	if (!getcwd(here, sizeof(here)))
		return path;
	len = strlen(here);
	return !strncmp(path, here, len) && path[len] == '/' ? path + len + 1 : path;
}

static char *find_in(const char *dirs, const char *name)
{
	char *path;

	for (;; dirs++) {
		size_t len = strcspn(dirs, ":");

		if (asprintf(&path, "%.*s/%s", (int)len, dirs, name) < 0)
			return NULL;
		if (len && !access(path, X_OK))
			return path;
		free(path);
		dirs += len;
		if (!*dirs)
			return NULL;
	}
}

char *paths_program(const char *name)
{
	const char *dirs = getenv("PATH");
	char *found;

	if (strchr(name, '/'))
		return access(name, X_OK) ? NULL : strdup(name);
	found = find_in(dirs ? dirs : "/usr/bin:/bin", name);
	return found ? found : find_in("/usr/sbin:/sbin", name);
}

bool paths_begin(const char *beginning)
{
	glob_t found;
	char *pattern;
	bool any;

	if (asprintf(&pattern, "%s*", beginning) < 0)
		return false;
	any = !glob(pattern, 0, NULL, &found);
	if (any)
		globfree(&found);
	free(pattern);
	return any;
}

static pid_t spawn(char *const argv[], int *out)
{
	pid_t parent = getpid(), pid;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], 1);
		child_keep(argv, parent);
	}
	close(fds[1]);
	if (pid < 0)
		close(fds[0]);
	*out = fds[0];
	return pid;
}

char *paths_ask(char *const argv[], struct errbuf *err)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len = -1;
	int fd, status;
	pid_t pid = spawn(argv, &fd);
	FILE *in;

	if (pid < 0) {
		errbuf_set(err, "%s: %s", argv[0], strerror(errno));
		return NULL;
	}
	in = fdopen(fd, "r");
	if (in) {
		len = getline(&line, &size, in);
		fclose(in);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status) || len <= 0) {
		errbuf_set(err, "%s %s failed: its words are above", argv[0],
			   argv[1] ? argv[1] : "");
		free(line);
		return NULL;
	}
	line[strcspn(line, "\n")] = '\0';
	return line;
}
