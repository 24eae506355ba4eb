// SPDX-License-Identifier: GPL-2.0
/*
 * Cycles of unload_demo. See lastref_unload.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lastref_test.h"
#include "lastref_unload.h"

#define DEMO	"unload_demo"
#define FORM	"form=exit="

static bool parse(const char *form, struct uf_case *c)
{
	memset(c, 0, sizeof(*c));
	return sscanf(form, "form=exit=%31s right=%7s verdict=%31s zoo=%7s claim=%7s with=\"%127[^\"]",
		      c->exit, c->right, c->verdicts, c->zoo, c->claim,
		      c->with) >= 5;
}

/* .modinfo is strings that end in NUL, and so a search for one finds it. */
size_t uf_cases(struct uf_case *cases)
{
	static char file[1 << 20];
	int fd = lr_file_of(DEMO);
	const char *at = file;
	ssize_t len = 0, n;
	size_t found = 0;

	if (fd < 0)
		return 0;
	while ((n = read(fd, file + len, sizeof(file) - 1 - len)) > 0)
		len += n;
	close(fd);
	while (found < UF_MAX &&
	       (at = memmem(at, file + len - at, FORM, strlen(FORM)))) {
		found += parse(at, &cases[found]);
		at += strlen(FORM);
	}
	return found;
}

/* The last line of text that begins so, into line; false if there is none. */
static bool last_line(const char *text, const char *begin, char *line, size_t size)
{
	const char *at, *last = NULL;

	for (at = text; (at = strstr(at, begin)); at++)
		if (at == text || at[-1] == '\n')
			last = at;
	if (!last)
		return false;
	snprintf(line, size, "%.*s", (int)strcspn(last, "\n"), last);
	return true;
}

/* The value of a word name=value. */
static void word(const char *line, const char *name, char *value, size_t size)
{
	const char *at = line;
	size_t len = strlen(name);

	*value = '\0';
	while ((at = strstr(at, name))) {
		if ((at == line || at[-1] == ' ') && at[len] == '=') {
			at += len + 1;
			snprintf(value, size, "%.*s", (int)strcspn(at, " :"),
				 at);
			return;
		}
		at += len;
	}
}

static long number(const char *line, const char *name)
{
	char value[32];

	word(line, name, value, sizeof(value));
	return *value && *value != '-' ? atol(value) : -1;
}

void uf_verdict(struct uf_cycle *cycle)
{
	char *text = lr_read(UC "verdicts");

	if (text && last_line(text, "verdict=", cycle->line,
			      sizeof(cycle->line))) {
		word(cycle->line, "verdict", cycle->verdict,
		     sizeof(cycle->verdict));
		word(cycle->line, "why", cycle->why, sizeof(cycle->why));
		word(cycle->line, "sure", cycle->sure, sizeof(cycle->sure));
		word(cycle->line, "rescued", cycle->rescued,
		     sizeof(cycle->rescued));
		cycle->posted = number(cycle->line, "posted");
		cycle->pending = number(cycle->line, "pending");
	}
	free(text);
}

static void read_ledger(struct uf_cycle *cycle)
{
	char *text = lr_read(LEDGER);
	char line[256];

	if (text && last_line(text, "cycle=", line, sizeof(line))) {
		cycle->at_exit = number(line, "at_exit");
		cycle->later = number(line, "later");
		cycle->lost = number(line, "lost");
	}
	free(text);
}

void uf_clear(struct uf_cycle *cycle)
{
	memset(cycle, 0, sizeof(*cycle));
	cycle->posted = -1;
	cycle->pending = -1;
	cycle->at_exit = -1;
	cycle->later = -1;
	cycle->lost = -1;
	lr_write(UC "config", "clear=verdicts", strlen("clear=verdicts"));
}

void uf_run(const struct uf_case *c, struct uf_cycle *cycle)
{
	bool fails = strstr(c->with, "init_fail=1");
	char params[256];

	uf_clear(cycle);
	lr_write(LEDGER, "clear", strlen("clear"));
	snprintf(params, sizeof(params), "exit=%s %s", c->exit, c->with);
	cycle->err = lr_insmod_with(DEMO, params);
	if (fails)
		cycle->err = cycle->err == -ENODEV ? 0 : -EINVAL;
	else if (!cycle->err)
		cycle->err = lr_rmmod(DEMO);
	uf_verdict(cycle);
	read_ledger(cycle);
}

bool uf_foretold(const struct uf_case *c, const struct uf_cycle *cycle)
{
	const char *at = c->verdicts;
	size_t len = strlen(cycle->verdict);

	while (len && *at) {
		if (strcspn(at, "|") == len && !strncmp(at, cycle->verdict, len))
			return true;
		at += strcspn(at, "|");
		at += *at == '|';
	}
	return false;
}

bool uf_splats(const struct uf_case *c)
{
	return !strcmp(c->exit, "cache_first") || !strcmp(c->exit, "work_first");
}

int uf_load(const char *unloadcheck_params)
{
	int err = lr_insmod("unload_ledger");

	if (!err)
		err = lr_insmod("rcudefer");
	if (!err)
		err = lr_insmod_with("unloadcheck", unloadcheck_params);
	return err;
}

int uf_unload(void)
{
	int err = lr_rmmod("unloadcheck");

	err = lr_rmmod("rcudefer") ?: err;
	return lr_rmmod("unload_ledger") ?: err;
}

/* PREEMPT_RT comes up with rcu_normal, which would have the last word. */
void uf_expedite(bool on)
{
	lr_write("/sys/kernel/rcu_normal", "0", 1);
	lr_write("/sys/kernel/rcu_expedited", on ? "1" : "0", 1);
}

/* $LASTREF_CYCLES, or what will do. */
unsigned int uf_count(unsigned int few)
{
	const char *cycles = getenv("LASTREF_CYCLES");

	return cycles && *cycles ? strtoul(cycles, NULL, 10) : few;
}
