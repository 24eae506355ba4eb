// SPDX-License-Identifier: GPL-2.0
/* The child's and the parent's side of a test: see test.h. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <shim.h>
#include <shim_gp.h>

#include "test.h"

/* What a child that a sanitizer ended exits with. */
#define SANITIZER_EXIT	66

#define OPTIONS		"exitcode=66:halt_on_error=1:abort_on_error=0"

struct findings *findings;
unsigned int test_limit = 60;

const char *const native_check_names[NR_CHECKS] = {
	[CHECK_USE_AFTER_FREE]	= "use_after_free",
	[CHECK_FREED_ONCE]	= "freed_once",
	[CHECK_FROM_ZERO]	= "from_zero",
	[CHECK_DOUBLE_POST]	= "double_post",
	[CHECK_NOTHING_LOST]	= "nothing_lost",
	[CHECK_PROMISE]		= "promise",
	[CHECK_CANARY]		= "canary",
	[CHECK_AGE]		= "age",
	[CHECK_READER_SLEPT]	= "reader_slept",
	[CHECK_BARRIER]		= "barrier",
	[CHECK_FORWARD_PROGRESS] = "forward_progress",
	[CHECK_WRITER_STALL]	= "writer_stall",
};

static uint64_t start_us;
static pthread_mutex_t first_mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned int tests, failures;

/* The sanitizers' hooks; they are called before main(). */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return OPTIONS;
}

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return OPTIONS;
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return OPTIONS;
}

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ULL + ts.tv_nsec / 1000;
}

uint64_t test_us(void)
{
	return now_us() - start_us;
}

void check_ran(enum check_id id)
{
	__atomic_fetch_add(&findings->ran[id], 1, __ATOMIC_RELAXED);
}

void check_failed(enum check_id id, const char *fmt, ...)
{
	va_list args;

	pthread_mutex_lock(&first_mutex);
	if (!findings->first[0]) {
		findings->first_us = test_us();
		va_start(args, fmt);
		vsnprintf(findings->first, sizeof(findings->first), fmt, args);
		va_end(args);
	}
	pthread_mutex_unlock(&first_mutex);
	__atomic_fetch_add(&findings->failed[id], 1, __ATOMIC_RELAXED);
}

bool any_failed(void)
{
	int id;

	for (id = 0; id < NR_CHECKS; id++)
		if (__atomic_load_n(&findings->failed[id], __ATOMIC_RELAXED))
			return true;
	return false;
}

void require_failed(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: it is not so that %s\n", file, line, what);
	_exit(1);
}

static void child(const struct test *test)
{
	start_us = now_us();
	shim_gp_register();
	test->func(test->arg);
	strcpy(findings->warning, shim_last_warning);
	/* What goes on is callback threads; they need no end. */
	_exit(0);
}

/* Waits for the child; how it ended, in words, or NULL if as it should. */
static const char *reap(pid_t pid, bool *sanitizer)
{
	static char why[64];
	unsigned int ms;
	int status;

	for (ms = 0; waitpid(pid, &status, WNOHANG) == 0; ms++) {
		if (ms >= test_limit * 1000) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			snprintf(why, sizeof(why), "hung for %u s", test_limit);
			return why;
		}
		usleep(1000);
	}
	*sanitizer = WIFEXITED(status) && WEXITSTATUS(status) == SANITIZER_EXIT;
	if (status == 0)
		return NULL;
	if (WIFEXITED(status))
		snprintf(why, sizeof(why), "exit status %d",
			 WEXITSTATUS(status));
	else
		snprintf(why, sizeof(why), "signal %d", WTERMSIG(status));
	return why;
}

/* The names of the checks that failed, of @mask. */
static const char *failed_names(unsigned long mask)
{
	static char names[200];
	size_t len = 0;
	int id;

	names[0] = 0;
	for (id = 0; id < NR_CHECKS; id++)
		if (findings->failed[id] && mask & BIT(id))
			len += snprintf(names + len, sizeof(names) - len,
					"%s%s", len ? "," : "",
					native_check_names[id]);
	return names;
}

static void print_said(int fd)
{
	FILE *said = fdopen(fd, "r");
	char line[300];
	int i;

	rewind(said);
	for (i = 0; i < 40 && fgets(line, sizeof(line), said); i++)
		printf("#   %s", line);
	fclose(said);
}

static bool judge_right(const char *end)
{
	const char *names = failed_names(~0UL);

	if (names[0])
		printf("# failed: %s; first %s\n", names, findings->first);
	if (end)
		printf("# ended with %s\n", end);
	return !names[0] && !end;
}

/* Something predicted, and nothing that was not. */
static bool judge_busted(const struct test *test, const char *end,
			 bool sanitizer)
{
	const char *names = failed_names(~(test->caught_by | test->may_fire));

	if (names[0]) {
		printf("# nobody predicted: %s; first %s\n", names,
		       findings->first);
		return false;
	}
	names = failed_names(test->caught_by);
	if (names[0]) {
		printf("# caught by %s after %llu us: %s\n", names,
		       (unsigned long long)findings->first_us, findings->first);
		return true;
	}
	if (test->splat && strstr(findings->warning, test->splat)) {
		printf("# caught by a warning: %s\n", findings->warning);
		return true;
	}
	if (sanitizer && test->sanitizer) {
		printf("# caught by the sanitizer\n");
		return true;
	}
	printf("# not caught%s%s\n", end ? ", ended with " : "", end ?: "");
	return false;
}

void test_run(const struct test *test)
{
	FILE *said = tmpfile();
	bool sanitizer = false, ok;
	const char *end;
	pid_t pid;

	memset(findings, 0, sizeof(*findings));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		dup2(fileno(said), STDERR_FILENO);
		child(test);
	}
	if (pid < 0) {
		fprintf(stderr, "cannot fork: %s\n", strerror(errno));
		exit(3);
	}
	end = reap(pid, &sanitizer);
	if (test->caught_by)
		ok = judge_busted(test, end, sanitizer);
	else
		ok = judge_right(end);
	if (findings->note[0])
		printf("# %s\n", findings->note);
	if (!ok)
		print_said(dup(fileno(said)));
	fclose(said);
	printf("%s %u %s\n", ok ? "ok" : "not ok", ++tests, test->name);
	failures += !ok;
}

void test_run_right(struct test *test)
{
	char name[sizeof(test->name)];

	if (WEAK) {
		memcpy(name, test->name, sizeof(name));
		snprintf(test->name, sizeof(test->name),
			 "control: without its ordering, %.20s is caught", name);
		test->caught_by = ~0UL;
		test->sanitizer = true;
	}
	test_run(test);
}

void test_plan(unsigned int n)
{
	findings = mmap(NULL, sizeof(*findings), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (findings == MAP_FAILED) {
		fprintf(stderr, "no memory to share with a child\n");
		exit(3);
	}
	printf("KTAP version 1\n1..%u\n", n);
}

int test_status(void)
{
	return failures ? 1 : 0;
}
