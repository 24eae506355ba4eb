// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "suggest.h"

struct option_row {
	const char *name;
	char letter;			/* 0: none */
	const char *arg;		/* NULL: takes none */
	const char *help;
	int (*set)(struct options *o, const struct option_row *row, const char *arg);
	size_t offset;
	uint64_t min, max;
};

static int set_flag(struct options *o, const struct option_row *row, const char *arg)
{
	(void)arg;
	*(bool *)((char *)o + row->offset) = true;
	return 0;
}

static int set_text(struct options *o, const struct option_row *row, const char *arg)
{
	*(const char **)((char *)o + row->offset) = arg;
	return 0;
}

static int parse_number(const struct option_row *row, const char *arg, uint64_t *n)
{
	char *end;

	errno = 0;
	*n = strtoull(arg, &end, 0);
	if (isdigit((unsigned char)*arg) && !*end && !errno && *n >= row->min &&
	    *n <= row->max)
		return 0;
	fprintf(stderr, "lastref: --%s %s: it is a number from %llu to %llu\n",
		row->name, arg, (unsigned long long)row->min,
		(unsigned long long)row->max);
	return -1;
}

static int set_number(struct options *o, const struct option_row *row, const char *arg)
{
	uint64_t n;

	if (parse_number(row, arg, &n))
		return -1;
	*(unsigned int *)((char *)o + row->offset) = n;
	return 0;
}

/* "60" or "60s". */
static int set_seconds(struct options *o, const struct option_row *row, const char *arg)
{
	char number[24];
	size_t len = strlen(arg);

	snprintf(number, sizeof(number), "%.*s",
		 (int)(len && arg[len - 1] == 's' ? len - 1 : len), arg);
	return set_number(o, row, number);
}

static int set_seed(struct options *o, const struct option_row *row, const char *arg)
{
	return parse_number(row, arg, &o->seed);
}

static int set_accel(struct options *o, const struct option_row *row, const char *arg)
{
	if (!accel_parse_mode(arg, &o->accel))
		return 0;
	fprintf(stderr, "lastref: --%s %s: it is one of %s\n", row->name, arg, row->arg);
	return -1;
}

static int add_kernel(struct options *o, const struct option_row *row, const char *arg)
{
	if (o->nr_kernels < KERNELS_MAX) {
		o->kernels[o->nr_kernels++] = arg;
		return 0;
	}
	fprintf(stderr, "lastref: --%s: at most %d of them\n", row->name, KERNELS_MAX);
	return -1;
}

static int add_with(struct options *o, const struct option_row *row, const char *arg)
{
	if (o->nr_with < WITH_MAX) {
		o->with[o->nr_with++] = arg;
		return 0;
	}
	fprintf(stderr, "lastref: --%s: at most %d of them\n", row->name, WITH_MAX);
	return -1;
}

#define TO(m) offsetof(struct options, m)

static const struct option_row rows[NR_OPTIONS] = {
	[OPT_KERNEL] = { "kernel", 'k', "NAME|FILE",
		"a kernel of vm-images/kernels.conf, or a bzImage;\nmay be given several times",
		add_kernel, 0, 0, 0 },
	[OPT_JOBS] = { "jobs", 'j', "N", "machines at a time (default: as many as the CPUs carry)",
		set_number, TO(jobs), 1, 256 },
	[OPT_TIME] = { "time", 't', "SECONDS", "how long each right form is tortured",
		set_number, TO(time), 1, 7 * 24 * 3600 },
	[OPT_SMP] = { "smp", 0, "N", "CPUs of a machine (default: as the scenario says)",
		set_number, TO(smp), 1, 64 },
	[OPT_MEMORY] = { "memory", 0, "MIB", "memory of a machine (default: as the scenario says)",
		set_number, TO(memory), 128, 65536 },
	[OPT_REPEAT] = { "repeat", 'n', "N",
		"do the repeat block of a scenario N times, or, if it\nhas none, all of it in N machines",
		set_number, TO(repeat), 1, 1000000 },
	[OPT_SEED] = { "seed", 's', "N", "of all that is random (default: a new one, printed)",
		set_seed, 0, 1, INT32_MAX },
	[OPT_ACCEL] = { "accel", 0, "auto|kvm|tcg", "KVM if it works (auto), by all means, or never",
		set_accel, 0, 0, 0 },
	[OPT_EXPEDITED] = { "expedited", 0, NULL, "boot so that each grace period is expedited",
		set_flag, TO(expedited), 0, 0 },
	[OPT_BOOT] = { "boot", 0, "ARGS", "more arguments for the guest's kernel",
		set_text, TO(boot), 0, 0 },
	[OPT_RESULTS] = { "results", 0, "DIR", "where runs are kept (default: results/ in the tree)",
		set_text, TO(results), 0, 0 },
	[OPT_KEEP] = { "keep", 0, NULL, "keep each initramfs, so that qemu.cmd works by hand",
		set_flag, TO(keep), 0, 0 },
	[OPT_NO_LIVE] = { "no-live", 0, NULL, "plain lines in place of the live table",
		set_flag, TO(no_live), 0, 0 },
	[OPT_QEMU] = { "qemu", 0, "FILE", "QEMU to use (default: $LASTREF_QEMU, then\nqemu-system-x86_64)",
		set_text, TO(qemu), 0, 0 },
	[OPT_BUDGET] = { "budget", 0, "SECONDS", "how long new cases are begun (default: 60)",
		set_seconds, TO(budget), 1, 7 * 24 * 3600 },
	[OPT_VARY] = { "vary", 0, NULL, "other machines as well: more CPUs, preemption models,\nexpedited grace periods",
		set_flag, TO(vary), 0, 0 },
	[OPT_SCHEDULES] = { "schedules", 0, NULL, "search schedules on exact boots, for `lastref repro`",
		set_flag, TO(schedules), 0, 0 },
	[OPT_GDB] = { "gdb", 0, NULL, "wait for a debugger, and print how to attach it",
		set_flag, TO(gdb), 0, 0 },
	[OPT_RR] = { "rr", 0, NULL, "record it, then replay it for a debugger that can step back\n(1 CPU)",
		set_flag, TO(rr), 0, 0 },
	[OPT_ROUNDS] = { "rounds", 0, "N", "samples of each row (default: 15); fewer than 6 have\nno interval, and so no verdict",
		set_number, TO(rounds), 1, 10000 },
	[OPT_JSON] = { "json", 0, NULL, "for programs", set_flag, TO(json), 0, 0 },
	[OPT_CYCLES] = { "cycles", 'c', "N", "unloads in each mode",
		set_number, TO(cycles), 1, 100000 },
	[OPT_WITH] = { "with", 0, "MODULE",
		"another module to load before it and to judge as well;\nmay be given several times",
		add_with, 0, 0, 0 },
	[OPT_EXERCISE] = { "exercise", 0, "FILE",
		"a script for the guest's /bin/sh (busybox), run as root\nbetween load and unload; $1 is the module's name",
		set_text, TO(exercise), 0, 0 },
	[OPT_LIST] = { "list", 0, NULL, "only say what would be run", set_flag, TO(list), 0, 0 },
	[OPT_HOSTS] = { "hosts", 0, "FILE", "spread it over these machines, a file as GNU\nparallel's --sshloginfile takes it",
		set_text, TO(hosts), 0, 0 },
	[OPT_HELP] = { "help", 'h', NULL, "this text", set_flag, TO(help), 0, 0 },
};

static bool has(const struct command *c, unsigned int id)
{
	return id == OPT_HELP || (c->options & OPT_BIT(id));
}

static int unknown(const struct command *c, const char *arg, int letter)
{
	const char *names[NR_OPTIONS] = { NULL }, *near = NULL;
	size_t len = strcspn(arg, "=");
	char word[64];
	unsigned int i;

	for (i = 0; i < NR_OPTIONS; i++)
		names[i] = has(c, i) ? rows[i].name : NULL;
	snprintf(word, sizeof(word), "%.*s", (int)len, arg);
	if (!strncmp(word, "--", 2))
		near = suggest_from(word + 2, names, NR_OPTIONS, sizeof(names[0]));
	else
		snprintf(word, sizeof(word), "-%c", letter);
	fprintf(stderr, "lastref: %s has no option %s%s%s (lastref %s --help lists them)\n",
		c->name, word, near ? ": did you mean --" : "", near ? near : "", c->name);
	return EXIT_USAGE;
}

/* getopt_long() tells no more than "?": find out what it did not like. */
static int complain(const struct command *c, char **argv, int letter, bool missing)
{
	const char *arg = argv[optind - 1];

	if (missing) {
		fprintf(stderr, "lastref: %s wants an argument (lastref %s --help)\n",
			arg, c->name);
		return EXIT_USAGE;
	}
	if (letter >= 256) {
		fprintf(stderr, "lastref: --%s takes no argument\n", rows[letter - 256].name);
		return EXIT_USAGE;
	}
	return unknown(c, arg, letter);
}

static void build_getopt(const struct command *c, struct option *longs, char *shorts)
{
	unsigned int i;

	*shorts++ = ':';
	for (i = 0; i < NR_OPTIONS; i++) {
		if (!has(c, i))
			continue;
		*longs++ = (struct option){
			.name = rows[i].name,
			.has_arg = rows[i].arg ? required_argument : no_argument,
			.val = 256 + i,
		};
		if (!rows[i].letter)
			continue;
		*shorts++ = rows[i].letter;
		if (rows[i].arg)
			*shorts++ = ':';
	}
	*longs = (struct option){ 0 };
	*shorts = '\0';
}

static unsigned int row_of(int code)
{
	unsigned int i;

	if (code >= 256)
		return code - 256;
	for (i = 0; rows[i].letter != code; i++)
		;
	return i;
}

int options_parse(struct options *o, const struct command *c, int argc, char **argv)
{
	struct option longs[NR_OPTIONS + 1];
	char shorts[2 * NR_OPTIONS + 2];
	unsigned int row;
	int code;

	memset(o, 0, sizeof(*o));
	build_getopt(c, longs, shorts);
	opterr = 0;
	optind = 0;
	while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (code == '?' || code == ':')
			return complain(c, argv, optopt, code == ':');
		row = row_of(code);
		if (rows[row].set(o, &rows[row], optarg))
			return EXIT_USAGE;
	}
	o->operands = argv + optind;
	o->nr_operands = argc - optind;
	if (!o->nr_operands || *c->operands || o->help)
		return 0;
	fprintf(stderr, "lastref: %s takes no \"%s\" (lastref %s --help)\n", c->name,
		o->operands[0], c->name);
	return EXIT_USAGE;
}

static void help_row(FILE *out, const struct option_row *row)
{
	const char *line = row->help, *end;
	char names[64];

	snprintf(names, sizeof(names), "%c%c%s --%s%s%s", row->letter ? '-' : ' ',
		 row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
		 row->arg ? " " : "", row->arg ? row->arg : "");
	for (; (end = strchr(line, '\n')); line = end + 1, names[0] = '\0')
		fprintf(out, "  %-26s %.*s\n", names, (int)(end - line), line);
	fprintf(out, "  %-26s %s\n", names, line);
}

void options_help(FILE *out, const struct command *c)
{
	unsigned int i;

	fprintf(out, "usage: lastref %s [OPTION...]%s%s\n\n%s.\n\n%s\nOptions:\n",
		c->name, *c->operands ? " " : "", c->operands, c->about, c->text);
	for (i = 0; i < NR_OPTIONS; i++)
		if (has(c, i))
			help_row(out, &rows[i]);
}

static void put_words(FILE *out, const char *option, const char *const *words,
		      unsigned int count, const char *instead)
{
	unsigned int i;

	for (i = 0; i < (instead ? 1 : count); i++)
		fprintf(out, "%s %s", option, instead ? instead : words[i]);
}

char *options_command(const struct options *o, const char *program,
		      const char *scenario, const char *kernel, uint64_t seed)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "%s run", program);
	put_words(out, "", (const char *const *)o->operands, o->nr_operands, scenario);
	put_words(out, " --kernel", o->kernels, o->nr_kernels, kernel);
	if (o->time)
		fprintf(out, " --time %u", o->time);
	if (o->smp)
		fprintf(out, " --smp %u", o->smp);
	if (o->memory)
		fprintf(out, " --memory %u", o->memory);
	if (o->repeat)
		fprintf(out, " --repeat %u", o->repeat);
	if (o->expedited)
		fprintf(out, " --expedited");
	if (o->boot)
		fprintf(out, " --boot '%s'", o->boot);
	fprintf(out, " --seed %llu", (unsigned long long)seed);
	fclose(out);
	return text;
}
