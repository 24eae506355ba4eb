// SPDX-License-Identifier: GPL-2.0
/* What a serial console does to a line of text, undone. See splat_text.h. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "splat_text.h"

#define ESCAPE	0x1b

/* Bytes of the terminal escape at @raw: ESC [ parameters letter, or ESC x. */
static size_t escape_length(const char *raw, size_t len)
{
	size_t i = 1;

	if (i < len && raw[i] == '[') {
		for (i++; i < len && (raw[i] == ';' || raw[i] == '?' ||
				      isdigit((unsigned char)raw[i])); i++)
			;
	}
	return i < len ? i + 1 : len;
}

/* Carriage returns before the end of the line are padding of "\r\n". */
static size_t without_line_end(const char *raw, size_t len)
{
	while (len && (raw[len - 1] == '\r' || raw[len - 1] == '\n'))
		len--;
	return len;
}

void clean_line(struct clean *c, const char *raw, size_t len)
{
	size_t i;

	c->len = 0;
	len = without_line_end(raw, len);
	for (i = 0; i < len; i++) {
		unsigned char byte = raw[i];

		if (byte == ESCAPE) {
			i += escape_length(raw + i, len - i) - 1;
			continue;
		}
		if (byte == '\r')
			byte = '\n';
		else if (byte == 127 || (byte < ' ' && byte != '\t'))
			continue;
		c->text[c->len] = byte;
		c->from[c->len++] = i;
	}
	c->text[c->len] = '\0';
}

static const char *skip_digits(const char *p)
{
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

static const char *skip_blanks(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

/* After "[   12.345678]", or NULL. */
static const char *skip_time(const char *text)
{
	const char *p, *q;

	if (*text != '[')
		return NULL;
	p = skip_blanks(text + 1);
	q = skip_digits(p);
	if (q == p || *q != '.')
		return NULL;
	p = q + 1;
	q = skip_digits(p);
	return q - p == 6 && *q == ']' ? q + 1 : NULL;
}

/* After "[ T123]" (a task) or "[   C1]" (a CPU), or NULL. */
static const char *skip_caller(const char *text)
{
	const char *p, *q;

	if (*text != '[')
		return NULL;
	p = skip_blanks(text + 1);
	if (*p != 'T' && *p != 'C')
		return NULL;
	q = skip_digits(p + 1);
	return q > p + 1 && *q == ']' ? q + 1 : NULL;
}

/* After "<6>", or NULL. */
static const char *skip_level(const char *text)
{
	const char *q;

	if (*text != '<')
		return NULL;
	q = skip_digits(text + 1);
	return q > text + 1 && *q == '>' ? q + 1 : NULL;
}

size_t segment_end(const struct clean *c, size_t start)
{
	const char *level = skip_level(c->text + start);
	const char *p = level ? level : c->text + start;
	const char *stamp = skip_time(p);

	for (p = stamp ? stamp : p; (p = strpbrk(p, "[\n")); p++)
		if (*p == '\n' || skip_time(p))
			return p - c->text;
	return c->len;
}

/* One blank follows a prefix; more belong to the message (" <TASK>"). */
static const char *after_prefix(const char *p)
{
	return *p == ' ' ? p + 1 : p;
}

const char *skip_printk_prefix(const char *text)
{
	const char *p;

	p = skip_level(text);
	if (p)
		text = p;
	p = skip_time(text);
	if (!p)
		return text;
	text = after_prefix(p);
	p = skip_caller(text);
	return p ? after_prefix(p) : text;
}

#define SUBSYSTEM_MAX	24

const char *skip_subsystem(const char *text)
{
	size_t n = strcspn(text, ":");
	size_t i;

	if (!n || n > SUBSYSTEM_MAX || text[n] != ':' || text[n + 1] != ' ')
		return text;
	for (i = 0; i < n; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("_-./ ", text[i]))
			return text;
	return text + n + 2;
}

size_t print_safe(char *out, size_t room, const char *text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		unsigned char byte = text[i];
		bool plain = (byte >= ' ' && byte < 127) || byte == '\t';

		if (n + (plain ? 1 : 4) >= room)
			break;
		if (plain)
			out[n++] = byte;
		else
			n += sprintf(out + n, "\\x%02x", byte);
	}
	out[n] = '\0';
	return n;
}
