// SPDX-License-Identifier: GPL-2.0
/*
 * lastref scan: which modules post callbacks and import nothing that waits.
 *
 * Nothing is loaded and nothing is booted: a module's file names what it calls.
 * That proves little in either direction, but 4,000 modules are read in the time in
 * which one is watched, so it tells which to watch (lastref check-module).
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "human.h"
#include "scan.h"

#define CALLS_WIDTH	256

struct counts {
	size_t verdicts[NR_SCAN_VERDICTS];
	size_t posting;
	size_t suspects;
	size_t unread;
};

static void count(const struct scan *s, struct counts *c)
{
	size_t i;

	*c = (struct counts){ 0 };
	for (i = 0; i < s->count; i++) {
		const struct scan_entry *e = &s->entries[i];

		if (e->problem) {
			c->unread++;
			continue;
		}
		c->verdicts[e->result.verdict]++;
		c->posting += e->result.nr_posts > 0;
		c->suspects += scan_suspect(e->result.verdict);
	}
}

/* Those that have the barrier itself need no line; nor those that cannot go. */
static bool is_listed(const struct scan_entry *e)
{
	return !e->problem && e->result.verdict <= SCAN_INSIDE;
}

static const char *calls_text(char buf[CALLS_WIDTH], const struct scan_call *const *calls,
			      size_t nr)
{
	size_t i, len = 0;

	buf[0] = '\0';
	for (i = 0; i < nr && len < CALLS_WIDTH; i++)
		len += snprintf(buf + len, CALLS_WIDTH - len, "%s%s", i ? ", " : "",
				calls[i]->name);
	return buf;
}

/* What is missing, and, where there is something, what may do in its place. */
static void print_row(const struct scan_entry *e)
{
	const struct scan_result *r = &e->result;
	char posts[CALLS_WIDTH], waits[CALLS_WIDTH], lacks[CALLS_WIDTH] = "";
	unsigned int kind;
	size_t len = 0;

	for (kind = 0; kind < NR_SCAN_KINDS && len < sizeof(lacks); kind++)
		if (r->open & 1u << kind)
			len += snprintf(lacks + len, sizeof(lacks) - len, "%s%s",
					len ? ", " : "", scan_barrier_of(kind));
	printf("%-7s  %-18s  %-28s  %-18s  %s\n", scan_verdict_name(r->verdict), e->name,
	       calls_text(posts, r->posts, r->nr_posts), *lacks ? lacks : "-",
	       r->nr_waits ? calls_text(waits, r->waits, r->nr_waits) : "-");
}

static void print_rows(const struct scan *s, enum scan_verdict verdict)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (!s->entries[i].problem && s->entries[i].result.verdict == verdict)
			print_row(&s->entries[i]);
}

/* Each function that was listed as one that waits, once, with what is known of it. */
static void print_reasons(const struct scan *s)
{
	const struct scan_call *told[SCAN_CALLS_MAX] = { NULL };
	size_t nr = 0, i, j, k;

	for (i = 0; i < s->count; i++) {
		const struct scan_result *r = &s->entries[i].result;

		for (j = 0; is_listed(&s->entries[i]) && j < r->nr_waits; j++) {
			for (k = 0; k < nr && told[k] != r->waits[j]; k++)
				;
			if (k < nr || nr == SCAN_CALLS_MAX)
				continue;
			if (!nr)
				printf("\nWhat waits, and when:\n");
			told[nr++] = r->waits[j];
			printf("  %s: %s\n", r->waits[j]->name, r->waits[j]->why);
		}
	}
}

static void print_text(const struct scan *s, const struct counts *c, double seconds)
{
	enum scan_verdict v;

	if (c->verdicts[SCAN_NONE] + c->verdicts[SCAN_MAYBE] + c->verdicts[SCAN_INSIDE]) {
		printf("%-7s  %-18s  %-28s  %-18s  %s\n", "BARRIER", "MODULE", "POSTS WITH",
		       "LACKS", "IMPORTS, OF WHAT WAITS");
		for (v = SCAN_NONE; v <= SCAN_INSIDE; v++)
			print_rows(s, v);
		print_reasons(s);
		putchar('\n');
	}
	printf("%zu modules in %.1f s; %zu post callbacks: ", s->count - c->unread, seconds,
	       c->posting);
	printf("%zu have the barrier, %zu call what contains it, %zu what may contain it, %zu nothing",
	       c->verdicts[SCAN_BARRIER], c->verdicts[SCAN_INSIDE], c->verdicts[SCAN_MAYBE],
	       c->verdicts[SCAN_NONE]);
	if (c->verdicts[SCAN_PERMANENT])
		printf("; %zu cannot be unloaded", c->verdicts[SCAN_PERMANENT]);
	if (c->unread)
		printf("; %zu could not be read", c->unread);
	putchar('\n');
	if (c->suspects)
		printf("A name proves nothing; lastref check-module watches one at work.\n");
}

static json_t *calls_json(const struct scan_call *const *calls, size_t nr)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < nr; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "call", calls[i]->name,
						      "how", scan_verdict_name(calls[i]->waits),
						      "why", calls[i]->why));
	return list;
}

static json_t *missing_json(const struct scan_result *r)
{
	json_t *list = json_array();
	unsigned int kind;

	for (kind = 0; kind < NR_SCAN_KINDS; kind++)
		if (r->open & 1u << kind)
			json_array_append_new(list, json_string(scan_barrier_of(kind)));
	return list;
}

/* A name may hold any byte; JSON is UTF-8. */
static json_t *text_json(const char *text)
{
	char clean[4096];

	human_clean(clean, sizeof(clean), text);
	return json_string(clean);
}

static json_t *entry_json(const struct scan_entry *e)
{
	const struct scan_result *r = &e->result;

	return json_pack("{s:s, s:o, s:s, s:b, s:o, s:o, s:o}",
			 "module", e->name, "file", text_json(e->path),
			 "barrier", scan_verdict_name(r->verdict),
			 "suspect", scan_suspect(r->verdict),
			 "posts", calls_json(r->posts, r->nr_posts),
			 "waits", calls_json(r->waits, r->nr_waits),
			 "missing", missing_json(r));
}

static json_t *unread_json(const struct scan_entry *e)
{
	return json_pack("{s:o, s:o}", "file", text_json(e->path), "why", text_json(e->problem));
}

static void print_json(const struct scan *s, const struct counts *c, double seconds)
{
	json_t *modules = json_array(), *unread = json_array(), *all;
	size_t i;

	for (i = 0; i < s->count; i++) {
		const struct scan_entry *e = &s->entries[i];

		if (e->problem)
			json_array_append_new(unread, unread_json(e));
		else if (e->result.nr_posts)
			json_array_append_new(modules, entry_json(e));
	}
	all = json_pack("{s:I, s:I, s:I, s:f, s:o, s:o}",
			"read", (json_int_t)(s->count - c->unread),
			"posting", (json_int_t)c->posting,
			"suspects", (json_int_t)c->suspects, "seconds", seconds,
			"modules", modules, "unread", unread);
	json_dumpf(all, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(all);
}

static void complain(const struct scan *s)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		const struct scan_entry *e = &s->entries[i];

		/* A problem of the file's own begins with its name already. */
		if (e->problem && !strncmp(e->problem, e->path, strlen(e->path)))
			fprintf(stderr, "lastref: %s\n", e->problem);
		else if (e->problem)
			fprintf(stderr, "lastref: %s: %s\n", e->path, e->problem);
	}
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int scan_modules(const struct options *o)
{
	double started = now();
	struct scan s = { 0 };
	struct counts c;
	unsigned int i;

	if (!o->nr_operands) {
		fprintf(stderr, "lastref: scan wants files or directories (lastref scan --help)\n");
		return EXIT_USAGE;
	}
	for (i = 0; i < o->nr_operands; i++)
		scan_add(&s, o->operands[i]);
	scan_read(&s);
	count(&s, &c);
	complain(&s);
	if (s.count == c.unread)
		fprintf(stderr, "lastref: there is no module to read: files called *.ko, *.ko.xz, *.ko.zst or *.ko.gz are wanted\n");
	else if (o->json)
		print_json(&s, &c, now() - started);
	else
		print_text(&s, &c, now() - started);
	i = s.count;
	scan_free(&s);
	if (c.suspects)
		return EXIT_FAILED;
	return c.unread || !i ? EXIT_HARNESS : EXIT_PASSED;
}

const struct command command_scan = {
	.name = "scan",
	.operands = "DIR|FILE...",
	.about = "Find modules that post callbacks and import no barrier",
	.text = "Reads .ko, .ko.xz, .ko.zst and .ko.gz; of a directory all below it. Listed are\n"
		"the modules that import a call that posts a callback (call_rcu, call_srcu,\n"
		"queue_rcu_work ...) and not its barrier:\n"
		"  none    nothing it imports waits for such a callback\n"
		"  maybe   something it imports does, on a condition\n"
		"  inside  something it imports always does: look when it is called\n"
		"What a module posts through another one, and the order in which it does\n"
		"things, cannot be seen here. \"lastref check-module\" watches one at work.\n"
		"\n"
		"Examples:\n"
		"  lastref scan /lib/modules/$(uname -r)\n"
		"  lastref scan --json build/modules/6.12\n"
		"\n"
		"Exit status: 0 none or maybe for no module, 1 for some, 2 usage, 3 a file\n"
		"could not be read.\n",
	.options = OPT_BIT(OPT_JSON),
	.run = scan_modules,
};
