// SPDX-License-Identifier: GPL-2.0
/*
 * Schedules by name: a scenario as the commands of a guest that is alone, what
 * is kept of a schedule, and the source lines of a backtrace.
 */
#include <string.h>

#include "fake.h"
#include "kt.h"
#include "lines.h"
#include "schedule.h"

static const char *write_file(const char *name, const char *text)
{
	static char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", fake_dir(), name);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		exit(1);
	return path;
}

#define HEAD "[scenario]\nabout = x\nexpect = pass\ntimeout = 9\n[steps]\n"

/* In order, each at or behind the one before. */
static void has_all(const char *text, const char *const *words, size_t n)
{
	const char *at = text;
	size_t i;

	for (i = 0; i < n && at; i++) {
		at = strstr(at, words[i]);
		kt_check(at, "no \"%s\" in its place in:\n%s", words[i], text);
	}
}

static void becomes_commands(void)
{
	static const char *const wanted[] = {
		"seed 5\n", "insmod reftorture\n",
		"control start run=a pattern=listing_a flavor=rcu time=2 seed=",
		"control start run=b pattern=listing_b flavor=rcu time=10 seed=",
		"wait /sys/kernel/debug/reftorture/a/stats ", "cat /sys/kernel/debug/reftorture/a/result\n",
		"control remove a\n", "wait /sys/kernel/debug/reftorture/b/stats ",
		"mark one\n", "mark one\n", "run -t 9 /selftests/lastref/drain\n", "poweroff\n",
	};
	struct options options = { .time = 0 };
	struct job job = { .options = &options, .seed = 5 };
	struct errbuf err = { "" };
	struct scenario *s;
	char *text;

	s = scenario_load(write_file("x.scn", HEAD "do = insmod reftorture\n"
				     "torture = run=a pattern=listing_a time=2\n"
				     "torture = run=b pattern=listing_b\n"
				     "repeat = 2\ndo = mark one\nend = repeat\n"
				     "selftest = drain\n"), &err);
	if (!kt_check(s, "%s", err.text))
		return;
	job.scenario = s;
	text = alone_commands(&job);
	has_all(text, wanted, ARRAY_SIZE(wanted));
	kt_check(!strcmp(text + strlen(text) - 9, "poweroff\n"), "it does not end with a power off");
	free(text);
	scenario_free(s);
}

static void who_cannot(void)
{
	kt_check(alone_unable("6.1.0-56-amd64", 2), "6.1 with 2 CPUs");
	kt_check(!alone_unable("6.1.0-56-amd64", 1), "6.1 with 1 CPU");
	kt_check(!alone_unable("6.12.117+deb12-amd64", 4), "6.12");
}

static char words[][16] = { "6.12", "/boot", "a=b", "busted", "crash", "oops in f", "1234" };

static void kept_and_read(void)
{
	struct schedule s = {
		.kernel = words[0], .boot = words[1], .append = words[2], .scenario = words[3],
		.outcome = words[4], .signature = words[5], .key = words[6],
		.cpus = 2, .memory_mb = 512, .shift = 3, .seed = 7,
		.hash = 0xfedcba9876543210ULL, .bytes = 99,
	}, t;
	struct errbuf err = { "" };

	kt_check(!schedule_save(&s, fake_dir(), &err), "%s", err.text);
	if (!kt_check(!schedule_load(&t, fake_dir(), &err), "%s", err.text))
		return;
	kt_check(t.hash == s.hash && t.seed == 7 && t.shift == 3 && t.bytes == 99, "numbers");
	kt_check(!strcmp(t.append, "a=b") && !strcmp(t.signature, "oops in f"), "texts");
	schedule_clear(&t);
}

static void damaged(void)
{
	static const char *const files[] = { "", "{}", "[1]", "{\"cpus\": \"two\"}", "nonsense" };
	struct errbuf err;
	struct schedule s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		write_file("repro.json", files[i]);
		err.text[0] = '\0';
		kt_check(schedule_load(&s, fake_dir(), &err) && err.text[0], "\"%s\" was taken",
			 files[i]);
	}
	kt_check(schedule_load(&s, "/nonexistent", &err), "none was taken");
}

/* This program is as good a module as any. */
static void backtrace(void)
{
	static const char text[] = "RIP: 0010:kept_and_read+0x8/0x90 [self]\n"
		" <TASK>\n main+0x9/0x20 [self]\n nobody+0x1/0x2 [self]\n main+0x9/0x20 [other]\n"
		" main+0x9/0x20\n Code: <self!who_cannot+0x4/0x9 (text gone)>\n";
	char path[PATH_MAX], *out;
	struct lines *l;

	snprintf(path, sizeof(path), "%s/self.ko.debug", fake_dir());
	if (symlink("/proc/self/exe", path)) {
		kt_skip("no symbolic link can be made");
		return;
	}
	l = lines_new(fake_dir());
	out = lines_decode(l, text);
	kt_check(strstr(out, "kept_and_read+0x8/0x90 [self] (") &&
		 strstr(out, "\n main+0x9/0x20 [self] (") &&
		 strstr(out, "who_cannot+0x4/0x9 (harness/tests/test_"), "%s", out);
	kt_check(strstr(out, "nobody+0x1/0x2 [self]\n") && strstr(out, "[other]\n") &&
		 strstr(out, " main+0x9/0x20\n"), "too much: %s", out);
	free(out);
	lines_free(l);
}

static const struct kt_case cases[] = {
	{ "a scenario becomes commands", becomes_commands },
	{ "a kernel that cannot is named", who_cannot },
	{ "a schedule is kept and read", kept_and_read },
	{ "one that is not whole is refused", damaged },
	{ "the source lines of a module's frames", backtrace },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
