// SPDX-License-Identifier: GPL-2.0
/*
 * lastref: when is it really gone?
 *
 * The first word is the command; everything behind it is the command's own.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "compiler.h"
#include "suggest.h"

#define VERSION "0.1"

const char *program_name = "lastref";

static const struct command *const commands[] = {
	&command_doctor,
	&command_run,
	&command_list,
	&command_explore,
	&command_matrix,
	&command_report,
	&command_repro,
	&command_shell,
	&command_bench,
	&command_tally,
	&command_unload,
	&command_scan,
	&command_check_module,
};

static void print_help(FILE *out)
{
	size_t i;

	fprintf(out, "lastref - when is it really gone? The last reader, the last reference, the last callback\n\n"
		"usage: lastref COMMAND [OPTION...]\n\nCommands:\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-12s %s\n", commands[i]->name, commands[i]->about);
	fprintf(out, "\n\"lastref COMMAND --help\" tells more of each, with examples.\n"
		"Begin with \"lastref doctor\", then \"lastref run\".\n");
}

static int call(const struct command *c, int argc, char **argv)
{
	struct options o;
	int ret = options_parse(&o, c, argc, argv);

	if (ret)
		return ret;
	if (!o.help)
		return c->run(&o);
	options_help(stdout, c);
	return EXIT_PASSED;
}

static int unknown(const char *word)
{
	const char *names[ARRAY_SIZE(commands)], *near;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		names[i] = commands[i]->name;
	near = suggest_from(word, names, ARRAY_SIZE(names), sizeof(names[0]));
	fprintf(stderr, "lastref: there is no command \"%s\"%s%s%s (lastref --help lists them)\n",
		word, near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	size_t i;

	if (argc > 0)
		program_name = argv[0];
	if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help")) {
		print_help(stdout);
		return EXIT_PASSED;
	}
	if (!strcmp(word, "--version") || !strcmp(word, "-V")) {
		puts("lastref " VERSION);
		return EXIT_PASSED;
	}
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(word, commands[i]->name))
			return call(commands[i], argc - 1, argv + 1);
	return unknown(word);
}
