// SPDX-License-Identifier: GPL-2.0
/* Lines held back until something shows what they belong to. */
#include <stdlib.h>
#include <string.h>

#include "splat_prelude.h"
#include "splat_report.h"

#define CUT_HERE	"------------[ cut here ]------------"
#define CUT_LINES	16	/* a sentence after it is not longer */
#define CUT_WAITS	64	/* lines of another CPU may come before its own */
#define CPU_LINES	24	/* from "CPU: " to "Call Trace:" */

struct place place_of(const struct segment *seg, const char *p)
{
	return (struct place){
		.offset = seg->offset + seg->from[p - seg->text], .line = seg->line,
	};
}

static void begin(struct prelude *p, const struct place *place, const char *body,
		  size_t limit)
{
	textbuf_clear(&p->text);
	excerpt_line(&p->text, body);
	p->first = *place;
	p->lines = 1;
	p->count = 1;
	p->limit = limit;
}

char *prelude_line(const struct prelude *p, size_t number)
{
	const char *line = p->text.s;
	const char *next;
	char *copy;

	while (number-- && (next = strchr(line, '\n')) && next[1])
		line = next + 1;
	copy = strndup(line, strcspn(line, "\n"));
	if (!copy)
		abort();
	return copy;
}

void prelude_drop(struct prelude *p)
{
	p->lines = 0;
}

void prelude_free(struct prelude *p)
{
	free(p->text.s);
}

/* While it waits for another CPU's headline, what comes is that CPU's. */
void cut_hold(struct prelude *cut, const struct place *place, const char *body)
{
	if (!begins(body, CUT_HERE)) {
		if (cut->lines && cut->limit == CUT_LINES)
			excerpt_line(&cut->text, body);
		if (cut->lines)
			cut->lines++;
	} else if (cut->lines) {
		cut->count++;
	} else {
		begin(cut, place, body, CUT_LINES);
	}
}

void cut_use(struct prelude *cut)
{
	const struct place first = cut->first;
	size_t left = cut->count - 1;

	if (left)
		begin(cut, &first, CUT_HERE, CUT_WAITS);
	else
		prelude_drop(cut);
	cut->count = left;
}

bool cut_is_overdue(const struct prelude *cut, bool busy)
{
	return cut->lines > (busy ? CUT_WAITS : cut->limit);
}

void cpu_hold(struct prelude *cpu, const struct place *place, const char *body)
{
	if (begins(body, "CPU: "))
		begin(cpu, place, body, CPU_LINES);
	else if (cpu->lines && cpu->lines++ < cpu->limit)
		excerpt_line(&cpu->text, body);
	else
		prelude_drop(cpu);
}
