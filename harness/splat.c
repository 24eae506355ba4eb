// SPDX-License-Identifier: GPL-2.0
/*
 * Find the kernel's cries for help in a console: from bytes to lines.
 *
 * Bytes are collected until a line is whole. A line without end is cut into
 * pieces at fixed distances from its beginning, so that how the bytes arrive
 * makes no difference; pieces overlap, and a headline that begins in the
 * overlap is judged with the next piece, where all of it is in sight.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "splat.h"
#include "splat_desk.h"
#include "splat_table.h"
#include "splat_text.h"

#define PIECE	8192
#define OVERLAP	1024

struct splat_scan {
	struct desk *desk;
	char raw[PIECE];	/* the line so far, or its last piece */
	size_t len;
	size_t offset;		/* of raw[0] on the console */
	size_t line;
	bool middle;		/* raw[] is not the first piece of its line */
	char text[PIECE + 1];
	unsigned int from[PIECE];
};

static const char *const kind_names[SPLAT_NR_KINDS] = {
	[SPLAT_OOPS] = "oops",
	[SPLAT_TEXT_GONE] = "text-gone",
	[SPLAT_DOUBLE_FAULT] = "double-fault",
	[SPLAT_STACK] = "stack",
	[SPLAT_INT3] = "int3",
	[SPLAT_BUG] = "bug",
	[SPLAT_PANIC] = "panic",
	[SPLAT_WARN] = "warn",
	[SPLAT_RCU_STALL] = "rcu-stall",
	[SPLAT_SOFT_LOCKUP] = "soft-lockup",
	[SPLAT_HARD_LOCKUP] = "hard-lockup",
	[SPLAT_HUNG_TASK] = "hung-task",
	[SPLAT_LOCKDEP] = "lockdep",
	[SPLAT_ATOMIC_SLEEP] = "atomic-sleep",
	[SPLAT_KASAN] = "kasan",
	[SPLAT_KCSAN] = "kcsan",
	[SPLAT_KFENCE] = "kfence",
	[SPLAT_UBSAN] = "ubsan",
	[SPLAT_ODEBUG] = "odebug",
	[SPLAT_KMEMLEAK] = "kmemleak",
	[SPLAT_REFCOUNT] = "refcount",
	[SPLAT_LIST] = "list",
	[SPLAT_SLAB] = "slab",
	[SPLAT_BAD_PAGE] = "bad-page",
	[SPLAT_WORKQUEUE] = "workqueue",
	[SPLAT_OOM] = "oom",
	[SPLAT_PAGE_ALLOC] = "page-alloc",
	[SPLAT_LOST] = "lost-messages",
	[SPLAT_BUG_OTHER] = "bug-other",
	[SPLAT_TRACE] = "trace",
};

const char *splat_kind_name(enum splat_kind kind)
{
	return kind_names[kind];
}

struct splat_scan *splat_scan_with(const struct splat_table *table)
{
	struct splat_scan *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->desk = desk_new(table);
	s->line = 1;
	return s;
}

struct splat_scan *splat_scan_new(void)
{
	return splat_scan_with(&splat_table);
}

void splat_scan_free(struct splat_scan *s)
{
	if (!s)
		return;
	desk_free(s->desk);
	free(s);
}

/* Where the bytes end that need not be looked at again; see judge_piece(). */
static size_t judge(struct splat_scan *s, size_t limit)
{
	struct clean c = { .text = s->text, .from = s->from };
	size_t start, end;

	clean_line(&c, s->raw, s->len);
	for (start = 0; start < c.len; start = end + (end < c.len && c.text[end] == '\n')) {
		struct segment seg = { .text = c.text + start, .line = s->line };
		char stop;

		end = segment_end(&c, start);
		if (c.from[start] >= limit ||
		    (limit < s->len && end == c.len && c.from[start]))
			return c.from[start];
		if (start == end)
			continue;
		stop = c.text[end];
		c.text[end] = '\0';
		seg.middle = s->middle && !start;
		seg.from = c.from + start;
		seg.offset = s->offset;
		for (seg.limit = end - start; seg.limit &&
		     c.from[start + seg.limit - 1] >= limit; seg.limit--)
			;
		desk_line(s->desk, &seg);
		c.text[end] = stop;
	}
	return limit;
}

static void judge_line(struct splat_scan *s)
{
	judge(s, s->len);
	s->offset += s->len;
	s->len = 0;
	s->middle = false;
}

/*
 * The buffer is full and the line goes on. The segment at its end is left for
 * the next piece; if there is but one, it is cut at the overlap.
 */
static void judge_piece(struct splat_scan *s)
{
	size_t done = judge(s, PIECE - OVERLAP);

	memmove(s->raw, s->raw + done, s->len - done);
	s->len -= done;
	s->offset += done;
	s->middle = done == PIECE - OVERLAP;
}

void splat_scan_feed(struct splat_scan *s, const char *bytes, size_t n)
{
	while (n) {
		size_t room = PIECE - s->len;
		size_t take = n < room ? n : room;
		const char *newline = memchr(bytes, '\n', take);

		if (newline)
			take = newline - bytes;
		if (!room && *bytes != '\n') {
			judge_piece(s);
			continue;
		}
		memcpy(s->raw + s->len, bytes, take);
		s->len += take;
		bytes += take;
		n -= take;
		if (n && *bytes == '\n') {
			judge_line(s);
			s->offset++;
			s->line++;
			bytes++;
			n--;
		}
	}
}

void splat_scan_finish(struct splat_scan *s)
{
	judge_line(s);
	desk_finish(s->desk);
}

size_t splat_count(const struct splat_scan *s)
{
	return desk_count(s->desk);
}

const struct splat *splat_get(const struct splat_scan *s, size_t i)
{
	return desk_get(s->desk, i);
}

const struct splat *splat_worst(const struct splat_scan *s)
{
	const struct splat *splat;
	size_t i;

	for (i = 0; (splat = splat_get(s, i)); i++)
		if (splat->fatal)
			return splat;
	return splat_get(s, 0);
}

bool splat_matches(const struct splat *splat, const char *regex)
{
	regex_t re;
	bool found;

	if (regcomp(&re, regex, REG_EXTENDED | REG_NOSUB))
		return false;
	found = !regexec(&re, splat->headline, 0, NULL, 0) ||
		!regexec(&re, splat->excerpt, 0, NULL, 0);
	regfree(&re);
	return found;
}
