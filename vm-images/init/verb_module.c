// SPDX-License-Identifier: GPL-2.0
/*
 * Modules: insmod, of what the module needs first, with the addresses the
 * decoder of an oops needs; and rmmod that never waits for a user count.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent.h"

#define NEEDED_DEPTH	8	/* of modules that need modules */

struct meaning {
	int err;
	const char *words;
};

/* What finit_module() and delete_module() mean, and strerror() does not tell. */
static const struct meaning load_meanings[] = {
	{ ENOEXEC, "not a module of this kernel (the console says more)" },
	{ ENOENT, "it needs a symbol nobody has (the console says more)" },
	{ EINVAL, "a parameter is wrong, or its init says so (the console says more)" },
	{ EEXIST, "already loaded" },
	{ EKEYREJECTED, "its signature is not accepted" },
	{ 0, NULL },
};

static const struct meaning unload_meanings[] = {
	{ ENOENT, "no such module is loaded" },
	{ EWOULDBLOCK, "in use" },
	{ EBUSY, "cannot be unloaded, or is being loaded or unloaded just now" },
	{ 0, NULL },
};

static int module_error(struct agent *a, int err, const struct meaning *m)
{
	while (m->err && m->err != err)
		m++;
	agent_words(a, "%s", m->err ? m->words : strerror(err));
	return -err;
}

/* A section's load address as sysfs shows it; false when it does not. */
static bool section_address(const char *module, const char *section,
			    char *address, size_t size)
{
	char path[512];
	ssize_t n;
	int fd;

	if (snprintf(path, sizeof(path), "/sys/module/%s/sections/%s", module,
		     section) >= (int)sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, address, size - 1);
	close(fd);
	if (n <= 0)
		return false;
	address[n] = '\0';
	address[strcspn(address, "\n")] = '\0';
	return true;
}

static void show_sections(struct agent *a, const char *module)
{
	char path[128], address[32];
	struct dirent *entry;
	DIR *dir;

	if (section_address(module, ".text", address, sizeof(address)))
		reply_line(&a->out, "module %s %s", module, address);
	else
		reply_line(&a->out, "module %s -", module);
	snprintf(path, sizeof(path), "/sys/module/%s/sections", module);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (entry->d_type == DT_REG &&
		    section_address(module, entry->d_name, address,
				    sizeof(address)))
			reply_line(&a->out, "section %s %s", entry->d_name,
				   address);
	closedir(dir);
}

/* Dashes may be in the file's name; in sysfs there are none. */
static bool is_loaded(const char *name)
{
	char path[128], module[64];

	if (line_module_name(name, module, sizeof(module)))
		return false;
	snprintf(path, sizeof(path), "/sys/module/%s/sections", module);
	return !access(path, F_OK);
}

static int load(struct agent *a, const char *word, const char *params,
		int depth);

/* A module that is needed and not there yet; its file has the same name. */
static int load_needed(struct agent *a, int fd, int depth)
{
	char names[512], *name, *rest;
	int err = 0;

	module_depends(fd, names, sizeof(names));
	for (name = strtok_r(names, ",", &rest); name && !err;
	     name = strtok_r(NULL, ",", &rest))
		if (!is_loaded(name))
			err = load(a, name, "", depth + 1);
	return err;
}

static int load(struct agent *a, const char *word, const char *params,
		int depth)
{
	char path[512], module[64];
	int fd, err;

	if (line_module_name(word, module, sizeof(module))) {
		agent_words(a, "no module's name: %.60s", word);
		return -EINVAL;
	}
	snprintf(path, sizeof(path), word[0] == '/' ? "%s" : "/lib/modules/%s.ko",
		 word);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err = errno;
		agent_words(a, "%.100s: %s", path, strerror(err));
		return -err;
	}
	/* A file that needs itself would go on for ever. */
	err = depth < NEEDED_DEPTH ? load_needed(a, fd, depth) : -ELOOP;
	if (!err && syscall(SYS_finit_module, fd, params, 0))
		err = module_error(a, errno, load_meanings);
	close(fd);
	if (!err)
		show_sections(a, module);
	return err;
}

int verb_insmod(struct agent *a, const struct command *cmd)
{
	return load(a, cmd->argv[1], cmd->argc > 2 ? cmd->tail[2] : "", 0);
}

int verb_rmmod(struct agent *a, const struct command *cmd)
{
	char module[64];

	if (line_module_name(cmd->argv[1], module, sizeof(module))) {
		agent_words(a, "no module's name: %.60s", cmd->argv[1]);
		return -EINVAL;
	}
	if (syscall(SYS_delete_module, module, O_NONBLOCK))
		return module_error(a, errno, unload_meanings);
	return 0;
}
