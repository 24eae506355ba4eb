// SPDX-License-Identifier: GPL-2.0
/*
 * lastref bench watch: what a post costs while unloadcheck counts it.
 *
 * A round has three turns of deferscale, in one boot: unloadcheck is not there, is
 * loaded and watches, has gone again. So the row that is compared with has its two
 * turns a round as everywhere else, and noise means the same. That the posts of the
 * second turn were seen is asked of unloadcheck before it goes: a watch that sees
 * nothing would be cheap.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "bench_scale.h"
#include "rundir.h"
#include "textbuf.h"

#define SET		"watch"
#define CHECKER		"unloadcheck"
#define MODULES		"/sys/kernel/debug/" CHECKER "/modules"

static const char rows[] =
	"set " SET " " SET " ns a post by call_rcu(), for the one who posts\n"
	"row watch call_rcu nobody watches\n"
	"row watch watched " CHECKER " is loaded, and counts it\n";

static int command(struct vm *vm, const char *text, struct errbuf *err)
{
	int ret = vm_command(vm, BENCH_COMMAND_MS, NULL, NULL, "%s", text);

	if (!ret)
		return 0;
	errbuf_set(err, "%s: %s", text, ret > 0 ? vm_status_text(vm) : vm_end_reason(vm));
	return -1;
}

/* The line that begins so; NULL if there is none. */
static const char *line_of(const char *text, const char *begin)
{
	const char *line = text;

	while (line && strncmp(line, begin, strlen(begin)))
		line = (line = strchr(line, '\n')) ? line + 1 : NULL;
	return line;
}

/* One turn, whose sample becomes one of @row. The first one also says where it was. */
static int turn(struct vm *vm, const struct bench_group *g, const char *row,
		unsigned int round, struct textbuf *results, struct errbuf *err)
{
	static const char sample[] = "sample watch call_rcu 1 ";
	const char *line;
	char *text;

	if (bench_rounds(vm, g, 1, false, err))
		return -1;
	text = bench_file(vm, "results", err);
	if (!text)
		return -1;
	line = line_of(text, sample);
	if (line) {
		line += strlen(sample);
		textbuf_addf(results, "%s %u %.*s\n", row, round, (int)strcspn(line, "\n"), line);
	} else {
		errbuf_set(err, "deferscale has measured nothing: %.150s", text);
	}
	free(text);
	return line ? 0 : -1;
}

static void keep_line(void *arg, const char *line)
{
	textbuf_addf(arg, "%s\n", line);
}

/* Were the posts of this turn counted? */
static int check_seen(struct vm *vm, struct errbuf *err)
{
	struct textbuf t = { 0 };
	unsigned long posted = 0;
	const char *line;
	char *text;

	vm_command(vm, BENCH_COMMAND_MS, keep_line, &t, "cat " MODULES);
	text = textbuf_take(&t);
	line = line_of(text, "module=deferscale ");
	line = line ? strstr(line, " posted=") : NULL;
	if (line)
		posted = strtoul(line + strlen(" posted="), NULL, 10);
	free(text);
	if (!posted)
		errbuf_set(err, CHECKER " has not seen what deferscale posted: it did not watch");
	return posted ? 0 : -1;
}

static int one_round(struct vm *vm, const struct bench_group *g, unsigned int round,
		     struct textbuf *results, struct errbuf *err)
{
	return turn(vm, g, "sample watch call_rcu", round, results, err) ||
	       command(vm, "insmod " CHECKER, err) ||
	       turn(vm, g, "sample watch watched", round, results, err) ||
	       check_seen(vm, err) ||
	       command(vm, "rmmod " CHECKER, err) ||
	       turn(vm, g, "again watch call_rcu", round, results, err) ? -1 : 0;
}

static int measure_watched(struct vm *vm, const struct bench_group *g, unsigned int rounds,
			   const char *dir, struct bench_data *d, struct errbuf *err)
{
	struct textbuf t = { 0 };
	unsigned int i;
	char *results;
	int ret = 0;

	textbuf_addf(&t, "kernel %s\ncpus %u\nrounds %u\n", vm_release(vm), vm_cpus(vm), rounds);
	for (i = 1; !ret && i <= rounds; i++)
		ret = one_round(vm, g, i, &t, err);
	textbuf_addf(&t, "state done\n");
	results = textbuf_take(&t);
	if (!ret)
		ret = rundir_write(dir, "results.txt", results, err) ||
		      bench_data_rows(d, rows, g->name, err);
	if (!ret) {
		ret = bench_data_results(d, results, err);
		if (ret)
			bench_data_clear(d);
	}
	free(results);
	return ret ? -1 : 0;
}

static int run_watch(const struct options *o)
{
	static const struct bench_group g = { "watch", "watching posts", 2, measure_watched };

	return bench_group_run(&g, o);
}

const struct bench bench_watch = {
	.name = "watch",
	.about = "a post by call_rcu() while unloadcheck counts it",
	.run = run_watch,
};
