// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "unload_machine.h"

#define LEDGER		"unload_ledger"
#define LOAD_S		30
#define UNLOAD_S	60
#define READ_S		20

void unload_problem(struct unload_cell *c, const char *fmt, ...)
{
	va_list ap;

	if (c->problem[0])
		return;
	va_start(ap, fmt);
	vsnprintf(c->problem, sizeof(c->problem), fmt, ap);
	va_end(ap);
}

/* Process 1 is the agent, mask 1 is CPU 0. */
static int settle_in(struct unload_machine *m, const struct unload_mode *mode,
		     struct errbuf *err)
{
	int ret = unload_mode_set(&m->rig, mode);

	if (!ret)
		ret = rig_command(&m->rig, READ_S, NULL, "run taskset -p 1 1");
	if (ret)
		errbuf_set(err, "the machine cannot be made ready: %s", ret > 0 ?
			   vm_status_text(m->rig.vm) : vm_end_reason(m->rig.vm));
	return ret ? -1 : 0;
}

int unload_machine_boot(const struct unload *u, struct unload_machine *m,
			const struct unload_mode *mode, const char *name,
			struct errbuf *err)
{
	struct rig_config config = {
		.kernel = u->kernel, .options = u->options, .qemu = u->qemu,
		.boot = mode->boot, .fresh = true,
	};
	struct errbuf ignored;
	char ko[4096];

	*m = (struct unload_machine){ 0 };
	if (asprintf(&m->dir, "%s/%s", u->dir, name) < 0)
		abort();
	config.dir = m->dir;
	if (rig_boot(&m->rig, &config, err)) {
		free(m->dir);
		return -1;
	}
	snprintf(ko, sizeof(ko), "%s/" UNLOAD_DEMO ".ko", u->kernel->modules);
	symbols_add_module(m->rig.symbols, UNLOAD_DEMO, ko, &ignored);
	if (!settle_in(m, mode, err))
		return 0;
	rig_end(&m->rig);
	unload_machine_free(m);
	return -1;
}

int unload_machine_cycle(struct unload_machine *m, const struct unload_case *what)
{
	int ret = rig_insmod(&m->rig, LOAD_S, UNLOAD_DEMO, what->parameters);

	if (!ret)
		ret = rig_rmmod(&m->rig, UNLOAD_S, UNLOAD_DEMO);
	return ret;
}

static void read_line(struct unload_line *line, const char *text)
{
	*line = (struct unload_line){
		.posted = unload_number(text, "posted"),
		.at_exit = unload_number(text, "at_exit"),
		.lost = unload_number(text, "lost"),
	};
}

int unload_machine_ledger(struct unload_machine *m, struct unload_line *line)
{
	struct textbuf out = { 0 };
	int ret = rig_command(&m->rig, READ_S, &out, "cat /sys/kernel/debug/" LEDGER);
	char *text = textbuf_take(&out), *last = text, *next;

	while ((next = strchr(last, '\n')) && next[1])
		last = next + 1;
	read_line(line, last);
	free(text);
	return ret;
}

void unload_machine_last_words(const struct unload_machine *m, struct unload_line *line)
{
	char path[4096], *text = NULL, last[512] = "";
	size_t size = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/console.log", m->dir);
	in = fopen(path, "r");
	while (in && getline(&text, &size, in) > 0) {
		const char *at = strstr(text, LEDGER ": ");

		if (at)
			snprintf(last, sizeof(last), "%s", at + strlen(LEDGER ": "));
	}
	free(text);
	if (in)
		fclose(in);
	read_line(line, last);
}

void unload_count_line(struct unload_count *n, const struct unload_line *line)
{
	n->posted += line->posted;
	n->pending += line->posted - line->at_exit;
	n->behind += line->posted > line->at_exit;
}

static bool is_warning(const struct splat *s)
{
	return s && s->kind == SPLAT_WARN && splat_matches(s, "cleanup_srcu_struct");
}

bool unload_machine_warned(const struct unload_machine *m)
{
	return is_warning(splat_get(m->rig.splats, 0));
}

const char *unload_machine_complaint(const struct unload_machine *m)
{
	size_t i;

	for (i = 0; i < splat_count(m->rig.splats); i++) {
		const struct splat *s = splat_get(m->rig.splats, i);

		if (!is_warning(s))
			return s ? s->headline : "more than can be told";
	}
	return NULL;
}

bool unload_machine_foretold(const struct unload_machine *m)
{
	const struct splat *worst = splat_worst(m->rig.splats);
	char *report = rig_report(&m->rig);
	bool own = worst && worst->kind == SPLAT_TEXT_GONE && report &&
		   strstr(report, UNLOAD_DEMO "!") && strstr(report, "(text gone)");

	free(report);
	return own || (unload_machine_warned(m) && worst && worst->kind == SPLAT_OOPS &&
		       splat_matches(worst, "RIP: [^\n]*(srcu_invoke_callbacks|process_srcu)"));
}

void unload_machine_free(struct unload_machine *m)
{
	rig_free(&m->rig);
	free(m->dir);
	m->dir = NULL;
}
