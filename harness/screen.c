// SPDX-License-Identifier: GPL-2.0
/*
 * The region is remembered as a number of lines and their lengths. To draw
 * it again the cursor goes up that many lines and writes over them; when the
 * terminal has become narrower in the meantime, the old lines have been
 * wrapped, and as many more are gone up.
 */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "compiler.h"
#include "plain.h"
#include "screen.h"
#include "textbuf.h"

#define LINES_MAX	200
#define WIDTH_MAX	400

struct screen {
	int fd;
	bool live;
	bool titles;			/* are printed */
	struct table_layout layout;
	unsigned int width, height;
	unsigned int drawn;		/* lines of the region on the screen */
	unsigned int lengths[LINES_MAX];
	struct plain *plain;		/* in place of all that */
};

bool screen_color(int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fd) && !(no && *no) && term && strcmp(term, "dumb");
}

unsigned int screen_width(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = { 0 };
	unsigned int width = 0;

	if (isatty(fd) && !ioctl(fd, TIOCGWINSZ, &size))
		width = size.ws_col;
	if (!width && columns)
		width = atoi(columns);
	if (!width)
		return 80;
	return width < WIDTH_MAX ? width : WIDTH_MAX;
}

static void measure(struct screen *s)
{
	struct winsize size = { 0 };

	s->width = screen_width(s->fd);
	s->height = !ioctl(s->fd, TIOCGWINSZ, &size) && size.ws_row ? size.ws_row : 24;
}

struct screen *screen_new(int fd, bool live)
{
	struct screen *s = calloc(1, sizeof(*s));
	const char *term = getenv("TERM");

	if (!s)
		return NULL;
	setlocale(LC_CTYPE, "");
	s->fd = fd;
	s->live = live && isatty(fd) && term && *term && strcmp(term, "dumb");
	s->layout.color = screen_color(fd);
	s->layout.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (!s->live)
		s->plain = plain_new(fd);
	measure(s);
	return s;
}

static void put(struct screen *s, const char *bytes, size_t n)
{
	ssize_t done;

	for (; n; n -= done, bytes += done) {
		done = write(s->fd, bytes, n);
		if (done <= 0)
			return;
	}
}

/* Columns a line takes, its escape sequences and continuation bytes left out. */
static unsigned int columns_of(const char *line, size_t n)
{
	unsigned int columns = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (line[i] == '\033')
			while (i + 1 < n && line[i] != 'm')
				i++;
		else
			columns += (line[i] & 0xc0) != 0x80;
	}
	return columns;
}

/* Takes the region off the screen: the cursor stands where it began. */
static void erase(struct screen *s, struct textbuf *out)
{
	unsigned int up = 0, i;

	for (i = 0; i < s->drawn; i++)
		up += s->lengths[i] ? (s->lengths[i] + s->width - 1) / s->width : 1;
	if (up)
		textbuf_addf(out, "\033[%uA", up);
	textbuf_addf(out, "\r\033[J");
	s->drawn = 0;
}

/* Puts the lines of @text; what was there before is overwritten, not erased. */
static void draw(struct screen *s, struct textbuf *out, const char *text)
{
	const char *end;

	s->drawn = 0;
	for (; *text && s->drawn < LINES_MAX; text = end + 1) {
		end = strchr(text, '\n');
		s->lengths[s->drawn++] = columns_of(text, end - text);
		textbuf_add(out, text, end - text);
		textbuf_addf(out, "\033[K\n");
	}
	textbuf_addf(out, "\033[J");
}

static void print_block(struct screen *s, FILE *out, const struct table_block *b,
			bool (*which)(const struct table_row *row))
{
	size_t i;

	table_print_head(out, &s->layout, b);
	fputc('\n', out);
	for (i = 0; i < b->nr_rows; i++) {
		if (which && !which(&b->rows[i]))
			continue;
		table_print_row(out, &s->layout, &b->rows[i]);
		fputc('\n', out);
	}
}

static bool at_work(const struct table_row *row)
{
	return *row->state && !row->ended;
}

static bool not_ended(const struct table_row *row)
{
	return !row->ended;
}

static bool none(const struct table_row *row)
{
	(void)row;
	return false;
}

static unsigned int count_lines(const struct table_block *blocks, size_t nr,
				bool (*which)(const struct table_row *row))
{
	unsigned int lines = 2;
	size_t i, j;

	for (i = 0; i < nr; i++) {
		if (!blocks[i].started || blocks[i].ended)
			continue;
		lines++;
		for (j = 0; j < blocks[i].nr_rows; j++)
			lines += !which || which(&blocks[i].rows[j]);
	}
	return lines;
}

/* The region: as many rows as the height holds, those at work first. */
static char *region(struct screen *s, const struct table_block *blocks, size_t nr,
		    const char *footer)
{
	static bool (*const choices[])(const struct table_row *row) = {
		NULL, not_ended, at_work, none,
	};
	size_t size, choice = 0, i;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	while (choice + 1 < ARRAY_SIZE(choices) &&
	       count_lines(blocks, nr, choices[choice]) >= s->height)
		choice++;
	for (i = 0; i < nr; i++)
		if (blocks[i].started && !blocks[i].ended)
			print_block(s, out, &blocks[i], choices[choice]);
	table_print_text(out, &s->layout, MOOD_NONE, footer);
	fputc('\n', out);
	fclose(out);
	return text;
}

static void lay_out(struct screen *s, const struct table_block *blocks, size_t nr)
{
	measure(s);
	/* The last column stays free: terminals differ in what they do there. */
	table_layout(&s->layout, s->width > 1 ? s->width - 1 : 1, blocks, nr);
}

static void put_titles(struct screen *s, struct textbuf *out)
{
	char *text = NULL;
	size_t size;
	FILE *file;

	if (s->titles)
		return;
	s->titles = true;
	file = open_memstream(&text, &size);
	table_print_titles(file, &s->layout);
	fclose(file);
	textbuf_addf(out, "%s\033[K\n", text);
	free(text);
}

static void live_update(struct screen *s, const struct table_block *blocks,
			size_t nr, const char *footer)
{
	unsigned int old_width = s->width;
	struct textbuf out = { 0 };
	char *text;

	lay_out(s, blocks, nr);
	textbuf_addf(&out, "\033[?25l");
	if (!s->titles || s->width != old_width)
		erase(s, &out);
	put_titles(s, &out);
	text = region(s, blocks, nr, footer);
	if (s->drawn)
		textbuf_addf(&out, "\033[%uA\r", s->drawn);
	draw(s, &out, text);
	put(s, out.s, out.len);
	free(textbuf_take(&out));
	free(text);
}

void screen_update(struct screen *s, const struct table_block *blocks, size_t nr,
		   const char *footer)
{
	if (s->live)
		live_update(s, blocks, nr, footer);
	else
		plain_update(s->plain, blocks, nr);
}

void screen_keep(struct screen *s, const struct table_block *blocks, size_t nr,
		 const struct table_block *ended)
{
	struct textbuf out = { 0 };
	char *text = NULL;
	size_t size;
	FILE *file;

	if (!s->live) {
		plain_ended(s->plain, blocks, nr, ended);
		return;
	}
	lay_out(s, blocks, nr);
	erase(s, &out);
	put_titles(s, &out);
	file = open_memstream(&text, &size);
	print_block(s, file, ended, NULL);
	fclose(file);
	textbuf_add(&out, text, size);
	put(s, out.s, out.len);
	free(textbuf_take(&out));
	free(text);
}

void screen_free(struct screen *s)
{
	struct textbuf out = { 0 };

	if (!s)
		return;
	if (s->live) {
		erase(s, &out);
		textbuf_addf(&out, "\033[?25h");
		put(s, out.s, out.len);
		free(textbuf_take(&out));
	}
	plain_free(s->plain);
	free(s);
}
