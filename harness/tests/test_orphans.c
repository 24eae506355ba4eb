// SPDX-License-Identifier: GPL-2.0
/*
 * No QEMU outlives its runner, however and whenever that is killed.
 *
 * A runner is a child that starts a machine as the harness does. It is killed
 * with SIGKILL after a random time, from before its fork() to well into the run.
 * This process is the subreaper of all its descendants: an orphaned QEMU becomes
 * its child, so one that is left cannot hide.
 *
 * A QEMU that shakes off its death signal is the control: it must be found.
 *
 * The same holds for what a script started that the runner asked, a make and its compilers.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "fake.h"
#include "kt.h"
#include "leftover.h"
#include "paths.h"
#include "vm.h"

#define KILLS		80
#define LATEST_US	40000
#define GONE_MS		5000

/* Shared with the runner: its machine is started. */
static volatile int *is_up;

static void runner(void)
{
	struct vm_config config = {
		.qemu = fake_qemu(), .kernel = "vmlinux", .initrd = "initrd",
		.dir = fake_dir(),
	};
	struct errbuf err;
	struct vm *vm = vm_start(&config, &err);

	*is_up = !!vm;
	while (vm)
		vm_pump(vm, 1000);
	_exit(1);
}

/* Starts a runner, kills it after that time: whoever is left. */
static pid_t kill_after(const char *behaviour, unsigned int us, int patience_ms)
{
	pid_t pid;

	*is_up = 0;
	setenv("FAKE_QEMU", behaviour, 1);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		runner();
	usleep(us);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return wait_for_all(patience_ms);
}

static void nothing_is_left(void)
{
	unsigned int seed = time(NULL);
	int i, running = 0;
	pid_t left = 0;

	printf("# seed %u\n", seed);
	srandom(seed);
	for (i = 0; i < KILLS && !left; i++) {
		unsigned int us = random() % LATEST_US;

		left = kill_after("clean", us, GONE_MS);
		running += *is_up;
		kt_check(!left, "killed after %u us, process %d is left", us, left);
		if (left)
			kill(left, SIGKILL);
	}
	wait_for_all(GONE_MS);
	printf("# %d runners killed, %d while their machine ran\n", i, running);
	kt_check(running && running < i, "the moments were not spread");
}

static void control(void)
{
	pid_t left = kill_after("immortal", 500000, 300);

	if (kt_check(left, "the check did not see a QEMU that is left"))
		kill(left, SIGKILL);
	kt_check(!wait_for_all(GONE_MS), "and could not clean up");
}

/* A runner that asks such a script is told to end in the midst of it: whoever is left. */
static pid_t end_asking(char *script, int sig, int patience_ms)
{
	char sh[] = "sh", c[] = "-c", *argv[] = { sh, c, script, NULL };
	struct errbuf err;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		free(paths_ask(argv, &err));
		_exit(0);
	}
	usleep(200000);
	kt_check(!waitpid(pid, NULL, WNOHANG), "the script did not last");
	kill(pid, sig);
	waitpid(pid, NULL, 0);
	return wait_for_all(patience_ms);
}

static void scripts(void)
{
	char script[] = "sleep 60 & sh -c 'sleep 60; :'; :";
	static const int signals[] = { SIGTERM, SIGINT, SIGKILL };
	pid_t left;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		left = end_asking(script, signals[i], GONE_MS);
		kt_check(!left, "ended by signal %d, process %d is left", signals[i], left);
	}
}

static void scripts_control(void)
{
	char script[] = "setsid sh -c 'sleep 60; :'; :";
	pid_t left = end_asking(script, SIGTERM, 300);

	if (kt_check(left, "the check did not see what is left"))
		kill(-left, SIGKILL);
	kt_check(!wait_for_all(GONE_MS), "and could not clean up");
}

static const struct kt_case cases[] = {
	{ "control: a QEMU without its death signal is found", control },
	{ "no QEMU outlives a runner killed at any moment", nothing_is_left },
	{ "control: what left the process group of its script is found", scripts_control },
	{ "what a script started ends with the runner that asked it", scripts },
};

int main(void)
{
	fake_dir();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	is_up = mmap(NULL, sizeof(*is_up), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return kt_run(cases, ARRAY_SIZE(cases));
}
