// SPDX-License-Identifier: GPL-2.0
/*
 * lastref check-module: is this module safe to unload?
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "commands.h"
#include "exercise.h"
#include "human.h"
#include "paths.h"
#include "per_kernel.h"
#include "rundir.h"
#include "screen.h"
#include "trace.h"

static const struct {
	const char *word;
	int code;
} outcomes[NR_CHECK_OUTCOMES] = {
	[CHECK_CLEAN] = { "clean", EXIT_PASSED },
	[CHECK_UNSAFE] = { "unsafe", EXIT_FAILED },
	[CHECK_NOT_SHOWN] = { "not shown", EXIT_HARNESS },
	[CHECK_NOT_DONE] = { "not done", EXIT_HARNESS },
};

static void print_mode(FILE *out, const struct check_mode *m)
{
	if (m->lacks)
		fprintf(out, "%-10s  %s\n", m->mode->name, m->lacks);
	else if (!m->cycles)
		fprintf(out, "%-10s  not reached\n", m->mode->name);
	else
		fprintf(out, "%-10s  %7u  %9llu  %7llu  %5u  %11u  %7u\n", m->mode->name, m->cycles,
			(unsigned long long)m->posted, (unsigned long long)m->pending,
			m->rulings[RULING_CLEAN], m->rulings[RULING_UNBARRIERED],
			m->rulings[RULING_PENDING]);
}

/* Where to read on: what the machine that ended the check said and left. */
static void print_left(FILE *out, const struct check *c)
{
	const char *dir = paths_from_here(c->ended_in);

	fprintf(out, "console: %s/console.log\n", dir);
	if (c->left.events)
		fprintf(out, "its last %zu trace events: %s/" TRACE_NAME "\n", c->left.events, dir);
	if (c->left.memory && !c->left.too_much)
		fprintf(out, "its memory: %s/" DUMP_NAME ", %lld MiB, for crash(8) or drgn\n", dir,
			c->left.memory >> 20);
}

static void print_check(FILE *out, const struct check *c, unsigned int width)
{
	const struct module_item *target = check_target(c);
	size_t i;

	fprintf(out, "%s on kernel %s%s%s\n", target->file.name, c->kernel->name,
		c->kernel->release ? ", " : "", c->kernel->release ? c->kernel->release : "");
	fprintf(out, "%-10s  %7s  %9s  %7s  %5s  %11s  %7s\n", "MODE", "UNLOADS", "CALLBACKS",
		"PENDING", "clean", "unbarriered", "pending");
	for (i = 0; i < NR_UNLOAD_MODES; i++)
		print_mode(out, &c->modes[i]);
	fputc('\n', out);
	if (c->evidence)
		fprintf(out, "%s\n", c->evidence);
	if (c->outcome == CHECK_CLEAN)
		fprintf(out, "clean: %s is safe to unload, as far as it was exercised%s\n",
			target->file.name,
			check_posted(c) ? "" : ": no callback of it was seen, nor can it post one itself");
	else
		human_wrap(out, c->why, 0, 0, width);
	if (c->ended_in)
		print_left(out, c);
}

static json_t *mode_json(const struct check_mode *m)
{
	return json_pack("{s:s, s:s?, s:I, s:I, s:I, s:I, s:I, s:I}", "mode", m->mode->name,
			 "lacks", m->lacks, "unloads", (json_int_t)m->cycles,
			 "posted", (json_int_t)m->posted, "pending_callbacks",
			 (json_int_t)m->pending, "clean", (json_int_t)m->rulings[RULING_CLEAN],
			 "unbarriered", (json_int_t)m->rulings[RULING_UNBARRIERED],
			 "pending", (json_int_t)m->rulings[RULING_PENDING]);
}

/* Text from a guest may hold any byte; JSON is UTF-8. */
static json_t *text_json(const char *text)
{
	json_t *lines;
	char clean[1024];

	if (!text)
		return json_null();
	lines = json_array();
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		char *line = strndup(text, strcspn(text, "\n"));

		human_clean(clean, sizeof(clean), line ? line : "");
		json_array_append_new(lines, json_string(clean));
		free(line);
	}
	return lines;
}

static json_t *check_json(const struct check *c)
{
	const struct module_item *target = check_target(c);
	json_t *modes = json_array();
	size_t i;

	for (i = 0; i < NR_UNLOAD_MODES; i++)
		json_array_append_new(modes, mode_json(&c->modes[i]));
	return json_pack("{s:s, s:o, s:s, s:s?, s:s, s:o, s:o, s:o, s:s}",
			 "module", target->file.name, "file", text_json(target->origin),
			 "kernel", c->kernel->name, "release", c->kernel->release,
			 "outcome", outcomes[c->outcome].word, "why", text_json(c->why),
			 "evidence", text_json(c->evidence), "modes", modes, "dir", c->dir);
}

static void save(const struct check *c, json_t *json)
{
	char *text = NULL, *dumped = json_dumps(json, JSON_INDENT(1));
	struct errbuf err = { "out of memory" };
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print_check(out, c, 100);
	fclose(out);
	if (!dumped || rundir_write(c->dir, "summary.txt", text, &err) ||
	    rundir_write(c->dir, "result.json", dumped, &err))
		fprintf(stderr, "lastref: %s\n", err.text);
	free(dumped);
	free(text);
}

static void tell(struct check *c)
{
	json_t *json = check_json(c);

	save(c, json);
	if (c->options->json) {
		json_dumpf(json, stdout, JSON_INDENT(1));
		putchar('\n');
	} else {
		print_check(stdout, c, screen_width(STDOUT_FILENO));
	}
	json_decref(json);
}

/* "NAME [PARAMETER=VALUE...]" */
static char *join_parameters(const struct options *o)
{
	struct textbuf text = { 0 };
	unsigned int i;

	for (i = 1; i < o->nr_operands; i++)
		textbuf_addf(&text, "%s%s", i > 1 ? " " : "", o->operands[i]);
	return textbuf_take(&text);
}

static int gather(struct check *c, struct errbuf *err)
{
	const struct options *o = c->options;
	unsigned int i;

	if (c->exercise && exercise_needs(&c->modules, c->exercise, err))
		return -1;
	for (i = 0; i < o->nr_with; i++)
		if (module_set_add(&c->modules, o->with[i], err))
			return -1;
	if (module_set_add(&c->modules, o->operands[0], err))
		return -1;
	if (module_file_permanent(&check_target(c)->file)) {
		errbuf_set(err, "%s has no exit function: it cannot be unloaded",
			   check_target(c)->file.name);
		return -1;
	}
	return 0;
}

static int check_on(const struct options *o, const struct kernel *k, const char *qemu,
		    const char *dir)
{
	struct check c = {
		.kernel = k, .options = o, .qemu = qemu, .dir = dir,
		.cycles = o->cycles ? o->cycles : CHECK_CYCLES,
		.parameters = join_parameters(o), .modules.kernel = k,
	};
	char *exercise = exercise_find(o->exercise, o->operands[0]);
	int code = EXIT_HARNESS;
	struct errbuf err;

	c.exercise = exercise;
	if (!gather(&c, &err) && !module_set_unpack(&c.modules, dir, &err)) {
		check_run(&c);
		tell(&c);
		code = outcomes[c.outcome].code;
	} else {
		fprintf(stderr, "lastref: %s\n", err.text);
	}
	free(exercise);
	check_free(&c);
	return code;
}

static int bad_usage(const struct options *o)
{
	unsigned int i;

	if (!o->nr_operands) {
		fprintf(stderr, "lastref: check-module wants a module (lastref check-module --help)\n");
		return EXIT_USAGE;
	}
	for (i = 1; i < o->nr_operands; i++) {
		if (strchr(o->operands[i], '='))
			continue;
		fprintf(stderr, "lastref: \"%s\" is no parameter of the module, NAME=VALUE: another module is named by --with\n",
			o->operands[i]);
		return EXIT_USAGE;
	}
	if (!o->exercise || !access(o->exercise, R_OK))
		return 0;
	fprintf(stderr, "lastref: --exercise %s: %s\n", o->exercise, strerror(errno));
	return EXIT_USAGE;
}

static int check_module(const struct options *o)
{
	int code = bad_usage(o);

	return code ? code : per_kernel(o, check_on);
}

const struct command command_check_module = {
	.name = "check-module",
	.operands = "MODULE [PARAMETER=VALUE...]",
	.about = "Load, exercise and unload a module in a machine that watches what it leaves behind",
	.text = "MODULE is a file, packed or not, or the name of a module of the kernel's package;\n"
		"what it depends on is found there. In each mode (normal, expedited, and with\n"
		"lazy callbacks where the kernel has them) it is loaded, the exercise is run, and\n"
		"it is unloaded, while unloadcheck counts its callbacks.\n"
		"\n"
		"Examples:\n"
		"  lastref check-module ./foo.ko --exercise use-foo.sh\n"
		"  lastref check-module ./foo.ko --with ./foo-core.ko --cycles 20 -k 6.1 -k 6.12\n"
		"  lastref check-module bridge\n"
		"  lastref check-module unload_demo exit=none count=1000\n"
		"\n"
		"Exit status: 0 clean, 1 not safe to unload, 2 usage, 3 it could not be tried, or\n"
		"posted no callback though it can. Documentation/unload.rst tells more.\n",
	.options = OPT_BIT(OPT_KERNEL) | OPT_BIT(OPT_SMP) | OPT_BIT(OPT_MEMORY) |
		OPT_BIT(OPT_ACCEL) | OPT_BIT(OPT_BOOT) | OPT_BIT(OPT_RESULTS) |
		OPT_BIT(OPT_KEEP) | OPT_BIT(OPT_QEMU) | OPT_BIT(OPT_JSON) |
		OPT_BIT(OPT_CYCLES) | OPT_BIT(OPT_WITH) | OPT_BIT(OPT_EXERCISE),
	.run = check_module,
};
