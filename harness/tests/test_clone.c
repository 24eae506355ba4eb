// SPDX-License-Identifier: GPL-2.0
/*
 * Clones, with a QEMU that has no guest: a snapshot is made once and used as long
 * as nothing it depends on has changed; one that is damaged, or cannot be made,
 * costs time and nothing else; and who is killed on the way leaves nothing.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "clone.h"
#include "clone_cache.h"
#include "leftover.h"
#include "machine.h"

#define KILLS		200
#define LATEST_US	60000
#define GONE_MS		5000
#define AT_ONCE		5

static char kernel[PATH_MAX], initrd[PATH_MAX], cache[PATH_MAX];

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		exit(1);
}

static struct vm_config clone_config(const char *behaviour)
{
	struct vm_config config = config_for(behaviour);

	config.kernel = kernel;
	config.initrd = initrd;
	return config;
}

/* Opens and closes: whether it was made. -1: it could not be had. */
static int made(const struct vm_config *config)
{
	struct clone_facts facts;
	struct errbuf err = { "" };
	struct golden *g = golden_open(config, HELLO_MS, &facts, &err);
	int ret = g ? facts.made : -1;

	if (!g)
		printf("# %s\n", err.text);
	golden_close(g);
	return ret;
}

static void empty_cache(void)
{
	clone_cache_trim(cache, 0);
}

static void once(void)
{
	struct vm_config config = clone_config("clean");
	struct clone_facts facts;
	struct errbuf err = { "" };
	struct vm *vm;

	empty_cache();
	kt_check(made(&config) == 1, "it was not made");
	kt_check(made(&config) == 0, "it was made again");
	vm = clone_boot(&config, HELLO_MS, &facts, &err);
	if (!kt_check(vm && facts.cloned, "%s %s", err.text, facts.why.text))
		return;
	kt_check(!strcmp(vm_release(vm), "6.12.0-fake") && vm_cpus(vm) == 2, "%s, %u CPUs",
		 vm_release(vm), vm_cpus(vm));
	kt_check(command(vm, "echo mine") == 0 && !strcmp(seen.text, "mine\n"), "%s", seen.text);
	command(vm, "poweroff");
	ends(vm, VM_POWEROFF, "guest-shutdown", 5000);
}

/* Each thing in the key, changed and changed back. */
static void keys(void)
{
	struct vm_config config = clone_config("clean");

	empty_cache();
	kt_check(made(&config) == 1, "at first");
	put(kernel, "another kernel");
	kt_check(made(&config) == 1, "another kernel");
	put(kernel, "kernel");
	put(initrd, "another image");
	kt_check(made(&config) == 1, "another image");
	put(initrd, "image");
	config.cpus = 3;
	kt_check(made(&config) == 1, "more CPUs");
	config.cpus = 0;
	config.memory_mb = 600;
	kt_check(made(&config) == 1, "more memory");
	config.memory_mb = 0;
	config.append = "preempt=none";
	kt_check(made(&config) == 1, "other kernel arguments");
	config.append = NULL;
	setenv("FAKE_QEMU_VERSION", "9.9", 1);
	kt_check(made(&config) == 1, "another QEMU");
	unsetenv("FAKE_QEMU_VERSION");
	kt_check(made(&config) == 0, "and back");
}

/* The only snapshot's file of that name. */
static const char *snapshot_file(const struct vm_config *config, const char *name)
{
	static char path[2 * PATH_MAX];
	struct errbuf err;
	char key[24];

	clone_key(config, key, sizeof(key), &err);
	snprintf(path, sizeof(path), "%s/clones/%s/%s", cache, key, name);
	return path;
}

static void damage(void)
{
	static const char *const files[] = { "memory", "state", "manifest.json" };
	struct vm_config config = clone_config("clean");
	size_t i;
	int fd;

	empty_cache();
	made(&config);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		fd = open(snapshot_file(&config, files[i]), O_WRONLY);
		kt_check(fd >= 0 && pwrite(fd, "X", 1, 3) == 1, "%s: cannot be written", files[i]);
		close(fd);
		kt_check(made(&config) == 1, "%s: a damaged one was used", files[i]);
		kt_check(made(&config) == 0, "%s: it is still damaged", files[i]);
		truncate(snapshot_file(&config, files[i]), 1);
		kt_check(made(&config) == 1, "%s: a short one was used", files[i]);
		unlink(snapshot_file(&config, files[i]));
		kt_check(made(&config) == 1, "%s: it was not missed", files[i]);
	}
}

/* No clone, but a machine; and nothing half made is left. */
static void falls_back(struct vm_config *config, const char *words)
{
	struct clone_facts facts;
	struct errbuf err = { "" };
	struct vm *vm = clone_boot(config, HELLO_MS, &facts, &err);

	if (!kt_check(vm, "%s", err.text))
		return;
	kt_check(!facts.cloned && strstr(facts.why.text, words), "why: %s", facts.why.text);
	kt_check(command(vm, "echo booted") == 0, "it does not answer");
	vm_free(vm);
}

static void cannot_be_saved(void)
{
	struct vm_config config = clone_config("no-save");
	char part[2 * PATH_MAX];

	empty_cache();
	falls_back(&config, "cannot be saved");
	snprintf(part, sizeof(part), "%.*s.part",
		 (int)strlen(snapshot_file(&config, "")) - 1, snapshot_file(&config, ""));
	kt_check(access(part, F_OK), "%s is left", part);
}

/* A file size limit is as good as a full disk, and is at hand without root. */
static void full_disk(void)
{
	struct vm_config config = clone_config("clean");
	struct rlimit old, small;

	empty_cache();
	getrlimit(RLIMIT_FSIZE, &old);
	small = (struct rlimit){ 32768, old.rlim_max };
	setrlimit(RLIMIT_FSIZE, &small);
	falls_back(&config, "QEMU");
	setrlimit(RLIMIT_FSIZE, &old);
	kt_check(made(&config) == 1, "it cannot be made afterwards");
}

static void cannot_be_resumed(void)
{
	struct vm_config config = clone_config("clean");

	empty_cache();
	made(&config);
	setenv("FAKE_QEMU", "no-restore", 1);
	falls_back(&config, "this state is not for me");
	kt_check(made(&config) == 0, "the snapshot is gone");
}

/* Several at once: one makes it, the others wait for it. */
static void side_by_side(void)
{
	struct vm_config config = clone_config("clean");
	int i, status, makers = 0, users = 0;

	empty_cache();
	fflush(stdout);
	for (i = 0; i < AT_ONCE; i++)
		if (fork() == 0)
			_exit(made(&config) + 10);
	for (i = 0; i < AT_ONCE; i++) {
		wait(&status);
		makers += WEXITSTATUS(status) == 11;
		users += WEXITSTATUS(status) == 10;
	}
	kt_check(makers == 1 && users == AT_ONCE - 1, "%d made it, %d used it", makers, users);
}

static void in_use(void)
{
	struct vm_config config = clone_config("clean");
	struct clone_facts facts;
	struct errbuf err = { "" };
	struct golden *g;

	empty_cache();
	g = golden_open(&config, HELLO_MS, &facts, &err);
	kt_check(g, "%s", err.text);
	empty_cache();
	kt_check(!access(snapshot_file(&config, "memory"), R_OK), "it was removed while in use");
	golden_close(g);
	empty_cache();
	kt_check(access(snapshot_file(&config, "memory"), R_OK), "it was not removed");
}

static void runner(const struct vm_config *config)
{
	struct clone_facts facts;
	struct errbuf err;

	for (;;)
		vm_free(clone_boot(config, HELLO_MS, &facts, &err));
}

/* Files with this in their name, below the cache. */
static unsigned int count_files(const char *part)
{
	char command[2 * PATH_MAX];
	unsigned int n = 0;
	FILE *f;

	snprintf(command, sizeof(command), "find %s -name '%s' | wc -l", cache, part);
	f = popen(command, "r");
	if (!f || fscanf(f, "%u", &n) != 1)
		exit(1);
	pclose(f);
	return n;
}

/* Every third begins without a snapshot, so that its making is hit as well. */
static void kill_many(void)
{
	struct vm_config config = clone_config("clean");
	unsigned int seed = time(NULL), us;
	pid_t pid, left = 0;
	int i;

	printf("# seed %u\n", seed);
	srandom(seed);
	fflush(stdout);
	for (i = 0; i < KILLS && !left; i++) {
		if (i % 3 == 0)
			empty_cache();
		pid = fork();
		if (pid == 0)
			runner(&config);
		us = random() % LATEST_US;
		usleep(us);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		left = wait_for_all(GONE_MS);
		kt_check(!left, "killed after %u us, process %d is left", us, left);
	}
	kt_check(made(&config) >= 0, "it cannot be made any more");
	kt_check(!count_files("*.part"), "a half made snapshot is left");
	kt_check(count_files("memory") == 1, "%u memory files", count_files("memory"));
	empty_cache();
	kt_check(!count_files("memory"), "a memory file is left");
}

static const struct kt_case cases[] = {
	{ "a snapshot is made once, and clones answer", once },
	{ "what is in the key", keys },
	{ "a damaged snapshot is made anew", damage },
	{ "a machine that cannot be saved is booted", cannot_be_saved },
	{ "a full disk", full_disk },
	{ "a QEMU that does not take the snapshot boots", cannot_be_resumed },
	{ "several at once make one", side_by_side },
	{ "a snapshot in use is not removed", in_use },
	{ "200 runners killed at any moment leave nothing", kill_many },
};

int main(void)
{
	snprintf(cache, sizeof(cache), "%s/cache", fake_dir());
	snprintf(kernel, sizeof(kernel), "%s/kernel", fake_dir());
	snprintf(initrd, sizeof(initrd), "%s/initrd", fake_dir());
	setenv("LASTREF_CACHE", cache, 1);
	put(kernel, "kernel");
	put(initrd, "image");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return kt_run(cases, ARRAY_SIZE(cases));
}
