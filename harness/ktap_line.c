// SPDX-License-Identifier: GPL-2.0
/* One line of KTAP by itself. See ktap_line.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "compiler.h"
#include "ktap_line.h"
#include "splat_text.h"

/* What a word after "#" makes of a result. */
static const struct {
	const char *word;
	enum ktap_status if_ok;
	enum ktap_status if_not;
} directives[] = {
	{ "SKIP", KTAP_SKIP, KTAP_SKIP },
	{ "XFAIL", KTAP_XFAIL, KTAP_XFAIL },
	{ "TODO", KTAP_PASS, KTAP_XFAIL },
	{ "XPASS", KTAP_PASS, KTAP_FAIL },
	{ "TIMEOUT", KTAP_FAIL, KTAP_FAIL },
	{ "ERROR", KTAP_FAIL, KTAP_FAIL },
};

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

static void trim_end(char *start, char *end)
{
	while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
}

/* Bytes of the UTF-8 character at @p, 0 if it is none or a control byte. */
static size_t utf8_length(const unsigned char *p, size_t len)
{
	size_t n = *p < 0x80 ? 1 : *p < 0xc2 ? 0 : *p < 0xe0 ? 2 :
		   *p < 0xf0 ? 3 : *p < 0xf5 ? 4 : 0;
	size_t i;

	if (n == 1 && (*p == 127 || (*p < ' ' && *p != '\t')))
		return 0;
	if (n > len)
		return 0;
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static bool is_binary(const char *line, size_t len)
{
	size_t n;

	for (; len; line += n, len -= n) {
		n = utf8_length((const unsigned char *)line, len);
		if (!n)
			return true;
	}
	return false;
}

/* The agent sends control bytes as \xHH. */
static bool has_escape(const char *line, size_t len)
{
	const char *end = line + len;

	for (; (line = memmem(line, end - line, "\\x", 2)); line++)
		if (end - line >= 4 && isxdigit((unsigned char)line[2]) &&
		    isxdigit((unsigned char)line[3]))
			return true;
	return false;
}

static bool has_kernel_time(const char *text)
{
	for (; (text = strchr(text, '[')); text++)
		if (skip_printk_prefix(text) != text)
			return true;
	return false;
}

/* After "word ", or NULL; the word may also end the line. */
static char *after_word(char *p, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(p, word, n))
		return NULL;
	if (p[n] && p[n] != ' ' && p[n] != '\t')
		return NULL;
	return (char *)skip_blanks(p + n);
}

/* "not ok 4" or "ok 4", but not at the beginning: the rest of a torn line. */
static bool has_result_inside(const char *text)
{
	const char *p = text;

	for (; (p = strstr(p, "ok ")); p++)
		if (isdigit((unsigned char)p[3]) &&
		    (p == text || !isalnum((unsigned char)p[-1])))
			return true;
	return false;
}

static char *read_number(char *p, unsigned int *number)
{
	char *end;
	unsigned long n = strtoul(p, &end, 10);

	if (end == p || !isdigit((unsigned char)*p) || n > 1000000)
		return NULL;
	*number = n;
	return end;
}

/* "# SKIP reason", "# TODO", "# anything else". */
static void read_note(struct ktap_parsed *p, char *note, bool ok)
{
	size_t i;

	p->note = note;
	for (i = 0; i < ARRAY_SIZE(directives); i++) {
		size_t n = strlen(directives[i].word);

		if (strncasecmp(note, directives[i].word, n) ||
		    isalnum((unsigned char)note[n]))
			continue;
		p->status = ok ? directives[i].if_ok : directives[i].if_not;
		p->note = skip_blanks(note + n);
		return;
	}
}

/* The "#" of a directive stands after a blank, and "\#" is part of a name. */
static char *find_hash(char *p)
{
	char *hash = p;

	while ((hash = strchr(hash, '#'))) {
		if (hash == p || hash[-1] == ' ' || hash[-1] == '\t')
			return hash;
		hash++;
	}
	return NULL;
}

static bool read_result(struct ktap_parsed *p, char *text)
{
	char *rest = after_word(text, "not");
	char *hash, *end;
	bool ok = !rest;

	rest = after_word(rest ? rest : text, "ok");
	if (!rest)
		return false;
	p->kind = KTAP_RESULT;
	p->status = ok ? KTAP_PASS : KTAP_FAIL;
	end = read_number(rest, &p->number);
	if (end && (!*end || *end == ' ' || *end == '\t'))
		rest = (char *)skip_blanks(end);
	else
		p->number = 0;
	if (rest[0] == '-' && rest[1] == ' ')
		rest = (char *)skip_blanks(rest + 1);
	p->name = rest;
	hash = find_hash(rest);
	if (hash) {
		trim_end(rest, hash);
		read_note(p, (char *)skip_blanks(hash + 1), ok);
	}
	if (!*p->name)
		p->name = p->note;
	return true;
}

static bool read_plan(struct ktap_parsed *p, char *text)
{
	char *end;

	if (strncmp(text, "1..", 3))
		return false;
	end = read_number(text + 3, &p->number);
	if (!end)
		return false;
	end = (char *)skip_blanks(end);
	if (*end && *end != '#')
		return false;
	p->kind = KTAP_PLAN;
	if (*end == '#')
		read_note(p, (char *)skip_blanks(end + 1), true);
	p->skipped = p->status == KTAP_SKIP;
	return true;
}

static void read_comment(struct ktap_parsed *p, char *text)
{
	char *rest = (char *)skip_blanks(text + 1);

	p->kind = KTAP_COMMENT;
	p->name = rest;
	if (!strncmp(rest, "Subtest:", 8)) {
		p->kind = KTAP_SUBTEST;
		p->name = skip_blanks(rest + 8);
	}
}

static void read_kind(struct ktap_parsed *p, char *text)
{
	if (!*text)
		p->kind = KTAP_BLANK;
	else if (after_word(text, "KTAP version") || after_word(text, "TAP version"))
		p->kind = KTAP_VERSION;
	else if (*text == '#')
		read_comment(p, text);
	else if (!strncmp(text, "Bail out!", 9))
		p->kind = KTAP_BAIL, p->name = skip_blanks(text + 9);
	else if (!read_plan(p, text) && !read_result(p, text))
		p->kind = KTAP_OTHER, p->name = text;
}

static enum ktap_damage find_damage(const struct ktap_parsed *p, const char *line,
				    size_t len)
{
	bool counts = p->kind == KTAP_RESULT || p->kind == KTAP_PLAN ||
		      p->kind == KTAP_VERSION;

	if (is_binary(line, len) || (counts && has_escape(line, len)))
		return KTAP_BINARY;
	if (counts && (has_kernel_time(p->name) || has_kernel_time(p->note)))
		return KTAP_KERNEL;
	if (p->kind == KTAP_OTHER && has_result_inside(p->name))
		return KTAP_TORN;
	return len > KTAP_LINE_MAX ? KTAP_LONG : KTAP_SOUND;
}

void ktap_parse(struct ktap_parsed *p, const char *line, size_t len)
{
	char *text;

	while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	*p = (struct ktap_parsed){ .name = "", .note = "" };
	print_safe(p->text, sizeof(p->text), line, len);
	trim_end(p->text, p->text + strlen(p->text));
	text = (char *)skip_blanks(p->text);
	p->indent = text - p->text;
	read_kind(p, text);
	p->damage = find_damage(p, line, len);
}
