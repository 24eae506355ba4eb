// SPDX-License-Identifier: GPL-2.0
/*
 * libinih cuts the file into lines and words; this file gives them a meaning.
 *
 * Debian's libinih does not tell its handler the line number, so the reader
 * that feeds it counts them. The reader also refuses what libinih would bend
 * silently: a line that is too long, a line that begins with a blank, a
 * control character. The first error ends it: later ones are mostly echoes.
 */
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compiler.h"
#include "scenario.h"
#include "scenario_rules.h"
#include "suggest.h"

struct parser {
	struct scenario *s;
	struct errbuf *err;
	FILE *file;
	unsigned int line;
	unsigned int seen;	/* a bit for each key of [scenario] */
	bool steps;		/* in [steps] */
	bool failed;
};

static __printf(2, 3) int fail(struct parser *p, const char *fmt, ...)
{
	char text[sizeof(p->err->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!p->failed)
		errbuf_set(p->err, "%s:%u: %s", p->s->path, p->line, text);
	p->failed = true;
	return 0;
}

static char *read_line(char *buf, int size, void *arg)
{
	struct parser *p = arg;
	size_t len, i;

	(void)size;
	if (p->failed || !fgets(buf, SCENARIO_LINE_MAX + 2, p->file))
		return NULL;
	p->line++;
	len = strlen(buf);
	if (len && buf[len - 1] == '\n')
		buf[--len] = '\0';
	else if (!feof(p->file) && len == SCENARIO_LINE_MAX + 1)
		fail(p, "the line is longer than %d bytes", SCENARIO_LINE_MAX);
	else if (!feof(p->file))
		fail(p, "the line holds a byte of value 0: this is no text file");
	if (isblank((unsigned char)buf[0]) && buf[strspn(buf, " \t")])
		fail(p, "the line begins with a blank: each line stands for itself");
	for (i = 0; i < len; i++) {
		if (iscntrl((unsigned char)buf[i]) && buf[i] != '\t')
			fail(p, "the line holds a control character (0x%02x)",
			     (unsigned char)buf[i]);
	}
	return p->failed ? NULL : buf;
}

static const char *const expect_names[] = {
	[EXPECT_PASS] = "pass",
	[EXPECT_CAUGHT] = "caught",
	[EXPECT_CRASH] = "crash",
};

const char *expect_name(enum expect expect)
{
	return expect_names[expect];
}

static int set_expect(struct parser *p, const char *value, void *where)
{
	enum expect *expect = where;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(expect_names); i++) {
		if (!strcmp(value, expect_names[i])) {
			*expect = i;
			return 1;
		}
	}
	return fail(p, "\"expect = %s\": it is one of pass, caught, crash", value);
}

static int set_text(struct parser *p, const char *value, void *where)
{
	char **text = where;

	*text = strdup(value);
	return *text ? 1 : fail(p, "out of memory");
}

static int set_regex(struct parser *p, const char *value, void *where)
{
	const char *bad = verdict_bad_regex(value);

	if (bad)
		return fail(p, "\"%s\" is no extended regular expression: %s",
			    value, bad);
	return set_text(p, value, where);
}

/* Blank-separated words, squeezed to one blank between two of them. */
static int set_words(struct parser *p, const char *value, void *where)
{
	char **text = where, *out = calloc(1, strlen(value) + 2);

	if (!out)
		return fail(p, "out of memory");
	*text = out;
	for (value += strspn(value, " \t"); *value;
	     value += strspn(value, " \t")) {
		size_t len = strcspn(value, " \t");

		if (out != *text)
			*out++ = ' ';
		memcpy(out, value, len);
		out += len;
		value += len;
	}
	return 1;
}

static int set_number(struct parser *p, const char *key, const char *value,
		      unsigned int *where, unsigned int min, unsigned int max)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(value, &end, 10);
	if (!isdigit((unsigned char)*value) || *end || errno || n < min || n > max)
		return fail(p, "\"%s = %s\": it is a number from %u to %u", key,
			    value, min, max);
	*where = n;
	return 1;
}

static int set_cpus(struct parser *p, const char *value, void *where)
{
	return set_number(p, "cpus", value, where, 1, 64);
}

static int set_memory(struct parser *p, const char *value, void *where)
{
	return set_number(p, "memory", value, where, 128, 65536);
}

static int set_timeout(struct parser *p, const char *value, void *where)
{
	return set_number(p, "timeout", value, where, 1, 24 * 3600);
}

static int set_yes(struct parser *p, const char *value, void *where)
{
	bool *yes = where;

	*yes = !strcmp(value, "yes");
	return *yes || !strcmp(value, "no") ? 1 :
		fail(p, "\"%s\": it is yes or no", value);
}

static const struct key {
	const char *name;
	int (*set)(struct parser *p, const char *value, void *where);
	size_t offset;
} keys[] = {
	{ "about", set_text, offsetof(struct scenario, about) },
	{ "expect", set_expect, offsetof(struct scenario, expect) },
	{ "signature", set_regex, offsetof(struct scenario, signature) },
	{ "splat", set_regex, offsetof(struct scenario, splat) },
	{ "kernels", set_words, offsetof(struct scenario, kernels) },
	{ "boot", set_words, offsetof(struct scenario, boot) },
	{ "cpus", set_cpus, offsetof(struct scenario, cpus) },
	{ "memory", set_memory, offsetof(struct scenario, memory) },
	{ "timeout", set_timeout, offsetof(struct scenario, timeout) },
	{ "one-thread", set_yes, offsetof(struct scenario, one_thread) },
	{ "fresh", set_yes, offsetof(struct scenario, fresh) },
	{ "tour", set_yes, offsetof(struct scenario, tour) },
};

static unsigned int key_bit(const char *name)
{
	unsigned int i;

	for (i = 0; strcmp(name, keys[i].name); i++)
		;
	return 1u << i;
}

static int on_key(struct parser *p, const char *name, const char *value)
{
	const char *near;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys) && strcmp(name, keys[i].name); i++)
		;
	if (i == ARRAY_SIZE(keys)) {
		near = suggest_from(name, keys, ARRAY_SIZE(keys), sizeof(keys[0]));
		return fail(p, "[scenario] has no key \"%s\"%s%s%s", name,
			    near ? ": did you mean \"" : ": harness/scenario.h tells its keys",
			    near ? near : "", near ? "\"?" : "");
	}
	if (p->seen & (1u << i))
		return fail(p, "\"%s\" is given twice", name);
	if (!*value)
		return fail(p, "\"%s =\" has nothing behind it", name);
	p->seen |= 1u << i;
	return keys[i].set(p, value, (char *)p->s + keys[i].offset);
}

static int on_step(struct parser *p, const char *word, const char *value)
{
	struct scenario *s = p->s;
	struct errbuf why;
	struct step *more;

	more = reallocarray(s->steps, s->nr_steps + 1, sizeof(*more));
	if (!more)
		return fail(p, "out of memory");
	s->steps = more;
	if (step_parse(&s->steps[s->nr_steps], word, value, &why))
		return fail(p, "%s", why.text);
	s->steps[s->nr_steps++].line = p->line;
	return 1;
}

static int on_line(void *arg, const char *section, const char *name,
		   const char *value)
{
	struct parser *p = arg;

	if (p->failed)
		return 0;
	if (!strcmp(section, "scenario"))
		return p->steps ? fail(p, "[scenario] comes after [steps]: it comes first") :
				  on_key(p, name, value);
	if (strcmp(section, "steps"))
		return *section ? fail(p, "there is no section [%s]: there are [scenario] and [steps]",
				       section) :
				  fail(p, "\"%s\" stands before the first section: begin with [scenario]",
				       name);
	p->steps = true;
	return on_step(p, name, value);
}

/* What spans lines is judged when all of them are there. */
static int check_whole(struct parser *p)
{
	struct errbuf why;

	if (!(p->seen & key_bit("about")) || !(p->seen & key_bit("expect")))
		return fail(p, "[scenario] has no \"%s =\"",
			    p->seen & key_bit("about") ? "expect" : "about");
	if (!scenario_rules(p->s, &p->line, &why))
		return 1;
	return fail(p, "%s", why.text);
}

static int parse(struct parser *p)
{
	struct stat st;

	p->file = fopen(p->s->path, "r");
	if (!p->file || fstat(fileno(p->file), &st) || S_ISDIR(st.st_mode)) {
		errbuf_set(p->err, "%s: %s", p->s->path,
			   p->file ? "is a directory" : strerror(errno));
		return 0;
	}
	ini_use_stack = false;
	ini_allow_realloc = false;
	ini_max_line = SCENARIO_LINE_MAX + 3;
	ini_initial_alloc = SCENARIO_LINE_MAX + 3;
	ini_allow_multiline = false;
	ini_allow_inline_comments = false;
	if (ini_parse_stream(read_line, p, on_line, p) && !p->failed)
		return fail(p, "the line is neither [section] nor word = value");
	return !p->failed && check_whole(p);
}

static char *name_of(const char *path)
{
	const char *base = strrchr(path, '/');
	char *name = strdup(base ? base + 1 : path);
	size_t len = name ? strlen(name) : 0, tail = strlen(SCENARIO_SUFFIX);

	if (len > tail && !strcmp(name + len - tail, SCENARIO_SUFFIX))
		name[len - tail] = '\0';
	return name;
}

struct scenario *scenario_load(const char *path, struct errbuf *err)
{
	struct scenario *s = calloc(1, sizeof(*s));
	struct parser p = { .s = s, .err = err };
	int ok = 0;

	if (!s)
		return NULL;
	s->cpus = 2;
	s->memory = 512;
	s->timeout = 60;
	s->path = strdup(path);
	s->name = name_of(path);
	if (s->path && s->name)
		ok = parse(&p);
	if (p.file)
		fclose(p.file);
	if (ok)
		return s;
	scenario_free(s);
	return NULL;
}

bool scenario_has_selftests(const struct scenario *s)
{
	size_t i;

	for (i = 0; i < s->nr_steps; i++)
		if (s->steps[i].kind == STEP_SELFTEST)
			return true;
	return false;
}

void scenario_free(struct scenario *s)
{
	if (!s)
		return;
	while (s->nr_steps)
		step_free(&s->steps[--s->nr_steps]);
	free(s->steps);
	free(s->name);
	free(s->path);
	free(s->about);
	free(s->signature);
	free(s->splat);
	free(s->kernels);
	free(s->boot);
	free(s);
}

bool scenario_wants_kernel(const struct scenario *s, const char *kernel)
{
	size_t len = strlen(kernel);
	const char *p = s->kernels;

	if (!strcmp(kernel, "custom"))
		return true;
	for (; p && *p; p += strspn(p, " ")) {
		if (strcspn(p, " ") == len && !strncmp(p, kernel, len))
			return true;
		p += strcspn(p, " ");
	}
	return !s->kernels;
}

size_t scenario_count_steps(const struct scenario *s, unsigned int repeat)
{
	size_t count = 0, times = 1, i;

	for (i = 0; i < s->nr_steps; i++) {
		if (s->steps[i].kind == STEP_REPEAT)
			times = repeat ? repeat : s->steps[i].count;
		else if (s->steps[i].kind == STEP_END)
			times = 1;
		else
			count += times;
	}
	return count;
}
