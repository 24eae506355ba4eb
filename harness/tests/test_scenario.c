// SPDX-License-Identifier: GPL-2.0
/*
 * Scenario files: the good ones mean what they say, and each bad one is refused
 * with the file, the line and the word to blame.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fake.h"
#include "kt.h"
#include "scenario.h"

#define HEAD	"[scenario]\nabout = a test\nexpect = pass\n"
#define STEPS	"[steps]\n"
#define GOOD	HEAD STEPS "do = insmod reftorture\n"
#define CAUGHT	"[scenario]\nabout = a test\nexpect = caught\n[steps]\n"

static struct errbuf err;

static struct scenario *load_bytes(const char *text, size_t len)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/t.scn", fake_dir());
	out = fopen(path, "w");
	fwrite(text, 1, len, out);
	fclose(out);
	err.text[0] = '\0';
	return scenario_load(path, &err);
}

static struct scenario *load(const char *text)
{
	return load_bytes(text, strlen(text));
}

/* A text, the line that must be named (0: none), and a part of the message. */
static const struct {
	const char *text;
	unsigned int line;
	const char *message;
} bad[] = {
	{ "about = x\n", 1, "before the first section" },
	{ "[scenaro]\nabout = x\n", 2, "there is no section [scenaro]" },
	{ "[scenario]\nabuot = x\n", 2, "did you mean \"about\"" },
	{ "[scenario]\ncolour = red\n", 2, "has no key \"colour\"" },
	{ "[scenario]\nabout = x\nabout = y\n", 3, "given twice" },
	{ "[scenario]\nabout =\n", 2, "nothing behind it" },
	{ "[scenario]\nexpect = maybe\n", 2, "one of pass, caught, crash" },
	{ "[scenario]\ncpus = two\n", 2, "number from 1 to 64" },
	{ "[scenario]\ncpus = 0\n", 2, "number from 1 to 64" },
	{ "[scenario]\ncpus = 65\n", 2, "number from 1 to 64" },
	{ "[scenario]\ncpus = -1\n", 2, "number from 1 to 64" },
	{ "[scenario]\ncpus = 99999999999999999999\n", 2, "number from 1 to 64" },
	{ "[scenario]\nmemory = 12\n", 2, "number from 128" },
	{ "[scenario]\ntimeout = 1h\n", 2, "\"timeout = 1h\"" },
	{ "[scenario]\ntour = perhaps\n", 2, "yes or no" },
	{ "[scenario]\nsignature = (\n", 2, "no extended regular expression" },
	{ "[scenario]\nsplat = a{2,1}\n", 2, "no extended regular expression" },
	{ "[scenario]\njust words\n", 2, "neither [section] nor word = value" },
	{ "[scenario]\n about = x\n", 2, "begins with a blank" },
	{ "[scenario]\nabout = \001\n", 2, "control character (0x01)" },
	{ "[scenario]\nabout = x\r\n", 2, "control character (0x0d)" },
	{ "[scenario]\nexpect = pass\n" STEPS "do = insmod x\n", 4, "no \"about =\"" },
	{ "[scenario]\nabout = x\n" STEPS "do = insmod x\n", 4, "no \"expect =\"" },
	{ HEAD, 3, "there are no steps" },
	{ "", 0, "no \"about =\"" },
	{ GOOD "[scenario]\ncpus = 2\n", 7, "comes after [steps]" },
	{ "[scenario]\nabout = x\nexpect = crash\n" STEPS "do = crash\n", 5,
	  "needs a \"signature =\"" },
	{ "[scenario]\nabout = x\nexpect = pass\nsignature = x\n" STEPS "do = crash\n", 6,
	  "did you mean \"splat =\"" },
	{ HEAD STEPS "tortur = run=a pattern=b\n", 5, "did you mean \"torture\"" },
	{ HEAD STEPS "frobnicate = x\n", 5, "there are do torture start" },
	{ HEAD STEPS "do =\n", 5, "\"do =\" has nothing behind it" },
	{ HEAD STEPS "do = insmdo reftorture\n", 5, "did you mean \"insmod\"" },
	{ HEAD STEPS "do = dance\n", 5, "no command \"dance\"" },
	{ HEAD STEPS "do = poweroff\n", 5, "every scenario ends with it" },
	{ HEAD STEPS "torture = pattern=listing_a\n", 5, "run= is missing" },
	{ HEAD STEPS "torture = run=a\n", 5, "pattern= is missing" },
	{ HEAD STEPS "torture = run=A pattern=b\n", 5, "no name of a run" },
	{ HEAD STEPS "torture = run= pattern=b\n", 5, "no name of a run" },
	{ HEAD STEPS "torture = run=a pattern=\n", 5, "wants a name" },
	{ HEAD STEPS "torture = run=a123456789012345678901234567890123 pattern=b\n", 5,
	  "no name of a run" },
	{ HEAD STEPS "torture = run=a pattern=b fast\n", 5, "\"fast\" is not of the form" },
	{ HEAD STEPS "torture = run=a pattern=b =3\n", 5, "\"=3\" is not of the form" },
	{ HEAD STEPS "torture = run=a pattern=b keys=\n", 5, "\"keys=\" wants a value" },
	{ HEAD STEPS "torture = run=a pattern=b keys=1 keys=2\n", 5, "\"keys\" is given twice" },
	{ HEAD STEPS "torture = run=a run=b pattern=c\n", 5, "\"run\" is given twice" },
	{ HEAD STEPS "torture = run=a pattern=b time=soon\n", 5, "is no time" },
	{ HEAD STEPS "torture = run=a pattern=b time=0\n", 5, "is no time" },
	{ HEAD STEPS "torture = run=a pattern=b busted=b:x\n", 5, "say \"expect = caught\"" },
	{ CAUGHT "torture = run=a pattern=b busted=c:x\n", 5, "is no form of" },
	{ CAUGHT "torture = run=a pattern=b\n", 5, "nothing to catch" },
	{ HEAD STEPS "torture = run=a pattern=b\ntorture = run=a pattern=c\n", 6,
	  "at work already, from line 5" },
	{ HEAD STEPS "selftest = ../../bin/sh\n", 5, "is no selftest" },
	{ HEAD STEPS "selftest = a b\n", 5, "is no selftest" },
	{ HEAD STEPS "repeat = 0\ndo = mark x\nend = repeat\n", 5, "is no count" },
	{ HEAD STEPS "repeat = 2\ndo = mark x\n", 5, "has no \"end = repeat\"" },
	{ HEAD STEPS "do = mark x\nend = repeat\n", 6, "without a repeat" },
	{ HEAD STEPS "repeat = 2\ndo = mark x\nend = loop\n", 7, "ends nothing" },
	{ HEAD STEPS "repeat = 2\nend = repeat\n", 6, "nothing to repeat" },
	{ HEAD STEPS "repeat = 2\nrepeat = 2\ndo = mark x\nend = repeat\n", 6,
	  "within the repeat of line 5" },
};

static void bad_files(void)
{
	struct scenario *s;
	char place[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		s = load(bad[i].text);
		kt_check(!s, "accepted: %s", bad[i].text);
		scenario_free(s);
		snprintf(place, sizeof(place), "t.scn:%u: ", bad[i].line);
		kt_check(strstr(err.text, place), "expected %s of: %s", place, err.text);
		kt_check(strstr(err.text, bad[i].message), "expected \"%s\" in: %s",
			 bad[i].message, err.text);
	}
	kt_check(ARRAY_SIZE(bad) >= 30, "only %zu bad files", ARRAY_SIZE(bad));
}

static void long_lines(void)
{
	char text[4000] = HEAD STEPS "do = mark ";
	size_t head = strlen(HEAD STEPS), len;
	struct scenario *s;

	len = strlen(text);
	memset(text + len, 'x', SCENARIO_LINE_MAX - (len - head));
	s = load(text);
	kt_check(s && strlen(s->steps[0].text) == SCENARIO_LINE_MAX - strlen("do = "),
		 "the longest line: %s", err.text);
	scenario_free(s);
	strcat(text, "x");
	s = load(text);
	kt_check(!s && strstr(err.text, "t.scn:5: the line is longer than"), "%s", err.text);
	memset(text + strlen(text), 'x', 2000);
	s = load(text);
	kt_check(!s && strstr(err.text, "t.scn:5: the line is longer than"), "%s", err.text);
}

static void not_text(void)
{
	static const char zero[] = HEAD "cpus = 2\0\n";
	struct scenario *s = load_bytes(zero, sizeof(zero) - 1);

	kt_check(!s && strstr(err.text, "t.scn:4: the line holds"), "%s", err.text);
	kt_check(!scenario_load(fake_dir(), &err) && strstr(err.text, "is a directory"),
		 "%s", err.text);
	kt_check(!scenario_load("/nonexistent/x.scn", &err) &&
		 strstr(err.text, "No such file"), "%s", err.text);
}

static void whole_file(void)
{
	struct scenario *s = load("# a comment\n"
		"[scenario]\nabout = many things\nexpect = caught\nsplat = a|b\n"
		"kernels =  6.12   debug\t\nboot = a=1  b\ncpus = 4\nmemory = 1024\n"
		"timeout = 7\none-thread = yes\ntour = yes\n\n[steps]\ndo = insmod reftorture\n"
		"torture = run=a pattern=p busted=p:x time=9 keys=4  hold=3\n"
		"torture = run=b pattern=p flavor=srcu\n"
		"repeat = 3\nstart = run=c pattern=q\ndo = write /x a;b # c\nend = repeat\n"
		"selftest = ctl\n");

	if (!kt_check(s, "%s", err.text))
		return;
	kt_check(!strcmp(s->name, "t"), "%s", s->name);
	kt_check(s->expect == EXPECT_CAUGHT && !strcmp(s->splat, "a|b"), "expect");
	kt_check(!strcmp(s->kernels, "6.12 debug"), "kernels \"%s\"", s->kernels);
	kt_check(!strcmp(s->boot, "a=1 b"), "boot \"%s\"", s->boot);
	kt_check(s->cpus == 4 && s->memory == 1024 && s->timeout == 7 && s->tour &&
		 s->one_thread, "numbers");
	kt_check(s->nr_steps == 8, "%zu steps", s->nr_steps);
	kt_check(!strcmp(s->steps[1].torture.keys, "keys=4 hold=3"), "keys \"%s\"",
		 s->steps[1].torture.keys);
	kt_check(s->steps[1].torture.time == 9 && !strcmp(s->steps[1].torture.flavor, "rcu"),
		 "time, default flavor");
	kt_check(!strcmp(s->steps[2].torture.flavor, "srcu"), "flavor");
	kt_check(s->steps[3].partner == 6 && s->steps[6].partner == 3, "repeat");
	kt_check(!strcmp(s->steps[5].text, "write /x a;b # c"), "\"%s\"", s->steps[5].text);
	kt_check(s->steps[5].line == 20, "line %u", s->steps[5].line);
	kt_check(scenario_count_steps(s, 0) == 10, "%zu", scenario_count_steps(s, 0));
	kt_check(scenario_count_steps(s, 5) == 14, "%zu", scenario_count_steps(s, 5));
	kt_check(scenario_wants_kernel(s, "debug") && scenario_wants_kernel(s, "custom"), "wants");
	kt_check(!scenario_wants_kernel(s, "6.1") && !scenario_wants_kernel(s, "6"), "does not want");
	scenario_free(s);
}

static void defaults(void)
{
	struct scenario *s = load(GOOD);

	if (!kt_check(s, "%s", err.text))
		return;
	kt_check(s->cpus == 2 && s->memory == 512 && s->timeout == 60 && !s->tour &&
		 !s->one_thread, "defaults");
	kt_check(scenario_wants_kernel(s, "anything"), "all kernels");
	scenario_free(s);
}

static const struct kt_case cases[] = {
	{ "bad files are refused with file, line and word", bad_files },
	{ "the longest line, and longer ones", long_lines },
	{ "what is no text file", not_text },
	{ "every key and every step", whole_file },
	{ "defaults", defaults },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
