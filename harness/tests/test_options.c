// SPDX-License-Identifier: GPL-2.0
/*
 * The command line: what is right is understood, what is wrong is named, and
 * the command that repeats a run is understood as that run.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "fake.h"
#include "kt.h"

const char *program_name = "lastref";

/* Two literals each: a line must fit. */
#define EVERY_OPTION \
	"busted --kernel 6.1 -k debug --jobs 3 --time=60 --seed 0x10 --smp 4 --memory 1024 " \
	"--accel tcg --expedited --boot a=1 --keep --results /r --repeat 20 --no-live --qemu /q listings"
#define TOO_MANY_KERNELS \
	"-k 1 -k 2 -k 3 -k 4 -k 5 -k 6 -k 7 -k 8 -k 9 -k 1 -k 2 -k 3 -k 4 -k 5 -k 6 " \
	"-k 7 -k 8"
#define REPEATED \
	" busted several --kernel 6.1 --time 7 --smp 4 --memory 256 --repeat 3 --expedited"

static char said[4096];

/* options_parse() of a line of words; what it says on stderr goes to said[]. */
static int parse(struct options *o, const struct command *c, const char *line)
{
	static char words[1024];
	static char *argv[40];
	int argc = 0, ret, keep, fd;
	char path[4096], *save;
	ssize_t n;

	snprintf(words, sizeof(words), "%s %s", c->name, line);
	for (argv[0] = strtok_r(words, " ", &save); argv[argc];
	     argv[++argc] = strtok_r(NULL, " ", &save))
		;
	snprintf(path, sizeof(path), "%s/stderr", fake_dir());
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	fflush(stderr);
	keep = dup(2);
	dup2(fd, 2);
	ret = options_parse(o, c, argc, argv);
	fflush(stderr);
	dup2(keep, 2);
	close(keep);
	n = pread(fd, said, sizeof(said) - 1, 0);
	said[n > 0 ? n : 0] = '\0';
	close(fd);
	return ret;
}

static void all_options(void)
{
	struct options o;

	if (!kt_check(!parse(&o, &command_run, EVERY_OPTION), "%s", said))
		return;
	kt_check(o.nr_kernels == 2 && !strcmp(o.kernels[1], "debug"), "kernels");
	kt_check(o.jobs == 3 && o.time == 60 && o.seed == 16 && o.smp == 4 &&
		 o.memory == 1024 && o.repeat == 20, "numbers");
	kt_check(o.accel == ACCEL_MODE_TCG && o.expedited && o.keep && o.no_live, "flags");
	kt_check(!strcmp(o.boot, "a=1") && !strcmp(o.results, "/r") && !strcmp(o.qemu, "/q"),
		 "texts");
	kt_check(o.nr_operands == 2 && !strcmp(o.operands[0], "busted") &&
		 !strcmp(o.operands[1], "listings"), "operands");
	kt_check(!o.help && !o.json, "what was not given");
}

static const struct {
	const struct command *command;
	const char *line, *message;
} wrong[] = {
	{ &command_run, "--sede 3", "run has no option --sede: did you mean --seed" },
	{ &command_run, "--kernle=6.1", "run has no option --kernle: did you mean --kernel" },
	{ &command_run, "--xyzzy", "run has no option --xyzzy (lastref run --help" },
	{ &command_run, "-q", "run has no option -q" },
	{ &command_run, "--seed", "--seed wants an argument" },
	{ &command_run, "-j", "-j wants an argument" },
	{ &command_run, "--keep=yes", "--keep takes no argument" },
	{ &command_run, "--jobs many", "--jobs many: it is a number from 1 to 256" },
	{ &command_run, "--jobs 0", "--jobs 0: it is a number" },
	{ &command_run, "--jobs -1", "--jobs -1: it is a number" },
	{ &command_run, "--jobs 3x", "--jobs 3x: it is a number" },
	{ &command_run, "--jobs 99999999999999999999999", "it is a number from 1 to 256" },
	{ &command_run, "--seed 0", "--seed 0: it is a number from 1 to" },
	{ &command_run, "--time 0", "--time 0: it is a number" },
	{ &command_run, "--accel hvf", "--accel hvf: it is one of auto|kvm|tcg" },
	{ &command_run, "--json", "run has no option --json" },
	{ &command_list, "--jsno", "list has no option --jsno: did you mean --json" },
	{ &command_list, "busted", "list takes no \"busted\"" },
	{ &command_tally, "--kernel 6.1", "tally has no option --kernel" },
};

static void wrong_lines(void)
{
	struct options o;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		kt_check(parse(&o, wrong[i].command, wrong[i].line) == EXIT_USAGE,
			 "accepted: %s", wrong[i].line);
		kt_check(strstr(said, wrong[i].message), "expected \"%s\", got \"%s\"",
			 wrong[i].message, said);
	}
	kt_check(parse(&o, &command_run, TOO_MANY_KERNELS) == EXIT_USAGE &&
		 strstr(said, "at most 16"), "%s", said);
}

static void repeats(void)
{
	struct options o;
	char *text;

	if (!kt_check(!parse(&o, &command_run, REPEATED), "%s", said))
		return;
	text = options_command(&o, "build/lastref", NULL, NULL, 99);
	kt_check(!strcmp(text, "build/lastref run" REPEATED " --seed 99"), "%s", text);
	free(text);
	text = options_command(&o, "lastref", "several", "debug", 5);
	kt_check(strstr(text, "run several --kernel debug --time") && strstr(text, "--seed 5"),
		 "%s", text);
	free(text);
}

static void help_texts(void)
{
	static const struct command *const all[] = {
		&command_doctor, &command_run, &command_list, &command_shell, &command_tally,
	};
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		char *text = NULL, *line, *save;
		FILE *out = open_memstream(&text, &size);

		options_help(out, all[i]);
		fclose(out);
		kt_check(strstr(text, "usage: lastref ") == text, "%s", text);
		kt_check(strstr(text, "--help"), "%s: no --help", all[i]->name);
		for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
			kt_check(strlen(line) <= 85, "%s: too wide: %s", all[i]->name, line);
		free(text);
	}
}

static const struct kt_case cases[] = {
	{ "every option", all_options },
	{ "what is wrong is named", wrong_lines },
	{ "the command that repeats a run", repeats },
	{ "help fits a terminal", help_texts },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
