// SPDX-License-Identifier: GPL-2.0
/*
 * Three significant digits are enough for anything that moves on a screen; the
 * exact figures are in result.json.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "human.h"

const char *human_count(char buf[HUMAN_MAX], uint64_t n)
{
	static const char units[] = " kMGTPE";
	double value = n;
	size_t unit = 0;

	if (n < 100000) {
		snprintf(buf, HUMAN_MAX, "%u", (unsigned int)n);
		return buf;
	}
	for (; value >= 999.5; value /= 1000)
		unit++;
	snprintf(buf, HUMAN_MAX, "%.*f%c",
		 value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value, units[unit]);
	return buf;
}

const char *human_ms(char buf[HUMAN_MAX], long ms)
{
	if (ms < 0)
		snprintf(buf, HUMAN_MAX, "-");
	else if (ms < 1000)
		snprintf(buf, HUMAN_MAX, "%ld ms", ms);
	else if (ms < 10000)
		snprintf(buf, HUMAN_MAX, "%.2f s", (double)(ms / 10) / 100);
	else
		human_s(buf, ms / 1000 * 1000);
	return buf;
}

const char *human_s(char buf[HUMAN_MAX], long ms)
{
	long s = ms > 0 ? ms / 1000 + !!(ms % 1000) : 0;

	if (s < 100)
		snprintf(buf, HUMAN_MAX, "%ld s", s);
	else if (s < 3600)
		snprintf(buf, HUMAN_MAX, "%ld:%02ld", s / 60, s % 60);
	else
		snprintf(buf, HUMAN_MAX, "%ld:%02ld:%02ld", s / 3600,
			 s / 60 % 60, s % 60);
	return buf;
}

const char *human_bytes(char buf[HUMAN_MAX], uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value = bytes;
	size_t unit = 0;

	for (; value >= 1024; value /= 1024)
		unit++;
	snprintf(buf, HUMAN_MAX, "%.*f %s", unit && value < 10 ? 1 : 0, value,
		 units[unit]);
	return buf;
}

void human_wrap(FILE *out, const char *text, unsigned int at, unsigned int indent,
		unsigned int width)
{
	bool first = true;

	while (*text) {
		unsigned int len = strcspn(text, " ");

		if (!first && at + 1 + len > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			fputc(' ', out);
			at++;
		}
		fprintf(out, "%.*s", (int)len, text);
		at += len;
		first = false;
		text += len;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

void human_clean(char *out, size_t size, const char *text)
{
	size_t i;

	for (i = 0; text[i] && i + 1 < size; i++) {
		unsigned char c = text[i];

		out[i] = c < ' ' || c > '~' ? '?' : c;
	}
	if (size)
		out[i] = '\0';
}
