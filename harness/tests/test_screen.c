// SPDX-License-Identifier: GPL-2.0
/*
 * The live table on a terminal: a pseudo terminal takes what is written, and a
 * small emulator of one says what a person would see.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "fake.h"
#include "kt.h"
#include "screen.h"

#define ROWS_MAX	60
#define COLUMNS_MAX	200
#define MARK		5	/* ENQ: nobody else writes it */

static char grid[ROWS_MAX][COLUMNS_MAX + 1];
static int rows, columns, y, x, scrolled;
static bool cursor_hidden, unknown_sequence, colored;
static int master, slave;

static void clear_from(int row, int column)
{
	memset(grid[row] + column, ' ', columns - column);
	grid[row][columns] = '\0';
}

static void line_feed(void)
{
	if (++y < rows)
		return;
	memmove(grid[0], grid[1], sizeof(grid[0]) * (rows - 1));
	y = rows - 1;
	clear_from(y, 0);
	scrolled++;
}

/* Returns the length of the sequence behind ESC. */
static size_t sequence(const char *p)
{
	size_t len = 1 + strspn(p + 1, "0123456789;?");
	int n = atoi(p + 1), i;

	if (p[len] == 'A')
		y = y > n ? y - n : 0;
	else if (p[len] == 'K')
		clear_from(y, x);
	else if (p[len] == 'J')
		for (clear_from(y, x), i = y + 1; i < rows; i++)
			clear_from(i, 0);
	else if (p[len] == 'm')
		colored = true;
	else if (!strncmp(p, "[?25", 4))
		cursor_hidden = p[len] == 'l';
	else
		unknown_sequence = true;
	return len + 1;
}

static void put(char c)
{
	if (x == columns) {
		x = 0;
		line_feed();
	}
	grid[y][x++] = c;
}

/*
 * All that was written so far. The kernel hands it over when it sees fit, so a
 * mark is written behind it and waited for.
 */
static ssize_t read_all(char *buf, size_t size)
{
	struct pollfd in = { .fd = master, .events = POLLIN };
	const char mark = MARK;
	size_t len = 0;
	ssize_t n;

	if (write(slave, &mark, 1) != 1)
		return 0;
	while (!len || buf[len - 1] != MARK) {
		if (poll(&in, 1, 10000) <= 0)
			break;
		n = read(master, buf + len, size - len - 1);
		if (n <= 0)
			break;
		len += n;
	}
	if (len)
		len--;
	buf[len] = '\0';
	return len;
}

/* What was written so far happens on the grid. */
static void emulate(void)
{
	static char buf[1 << 20];
	ssize_t n = read_all(buf, sizeof(buf)), i;

	for (i = 0; i < n; i++) {
		if (buf[i] == '\033')
			i += sequence(buf + i + 1);
		else if (buf[i] == '\r')
			x = 0;
		else if (buf[i] == '\n')
			line_feed();
		else if ((buf[i] & 0xc0) != 0x80)
			put(buf[i] & 0x80 ? '#' : buf[i]);
	}
}

static void resize(int r, int c)
{
	struct winsize size = { .ws_row = r, .ws_col = c };

	rows = r;
	columns = c;
	ioctl(slave, TIOCSWINSZ, &size);
}

static void open_terminal(int r, int c)
{
	struct termios raw;
	int i;

	master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	grantpt(master);
	unlockpt(master);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	tcgetattr(slave, &raw);
	raw.c_oflag |= OPOST | ONLCR;
	tcsetattr(slave, TCSANOW, &raw);
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	resize(r, c);
	for (i = 0; i < rows; i++)
		clear_from(i, 0);
	x = 0;
	y = 0;
	scrolled = 0;
	cursor_hidden = false;
	unknown_sequence = false;
	colored = false;
}

static void close_terminal(void)
{
	close(master);
	close(slave);
}

static struct table_row table_rows[2][4];
static struct table_block blocks[2];

static void make_blocks(void)
{
	size_t i, j;

	memset(table_rows, 0, sizeof(table_rows));
	memset(blocks, 0, sizeof(blocks));
	for (i = 0; i < 2; i++) {
		snprintf(blocks[i].title, sizeof(blocks[i].title), "block%zu", i);
		snprintf(blocks[i].phase, sizeof(blocks[i].phase), "phase%zu", i);
		blocks[i].rows = table_rows[i];
		blocks[i].nr_rows = 4;
		for (j = 0; j < 4; j++) {
			snprintf(table_rows[i][j].name, sizeof(table_rows[i][j].name),
				 "row%zu%zu", i, j);
			strcpy(table_rows[i][j].flavor, "rcu");
		}
	}
}

static void end_block(struct screen *s, size_t i)
{
	size_t j;

	for (j = 0; j < 4; j++) {
		table_rows[i][j].ended = true;
		strcpy(table_rows[i][j].verdict, "held");
	}
	blocks[i].ended = true;
	strcpy(blocks[i].phase, "pass");
	screen_keep(s, blocks, 2, &blocks[i]);
}

/* How many lines of the grid hold the text. */
static int seen(const char *text)
{
	int i, n = 0;

	for (i = 0; i < rows; i++)
		n += !!strstr(grid[i], text);
	return n;
}

static void region(void)
{
	struct screen *s;
	int i;

	open_terminal(24, 80);
	make_blocks();
	s = screen_new(slave, true);
	blocks[0].started = true;
	for (i = 0; i < 5; i++) {
		screen_update(s, blocks, 2, "the footer");
		emulate();
	}
	kt_check(cursor_hidden, "the cursor is hidden meanwhile");
	kt_check(seen("pattern") == 1 && seen("block0") == 1 && seen("row0") == 4 &&
		 seen("the footer") == 1 && !seen("block1"), "drawn five times, seen once");
	end_block(s, 0);
	blocks[1].started = true;
	screen_update(s, blocks, 2, "the footer");
	emulate();
	kt_check(seen("block0") == 1 && seen("held") == 4, "what has ended stays");
	kt_check(seen("block1") == 1 && seen("row1") == 4 && seen("the footer") == 1,
		 "below it is what works");
	end_block(s, 1);
	screen_free(s);
	emulate();
	kt_check(seen("block0") == 1 && seen("block1") == 1 && seen("held") == 8, "all stays");
	kt_check(!seen("footer") && !cursor_hidden, "the region is gone, the cursor back");
	kt_check(x == 0 && y == 11, "the cursor is below the last line: %d, %d", x, y);
	kt_check(!unknown_sequence && colored, "sequences");
	close_terminal();
}

/* More rows than lines: the region must not scroll, or it multiplies. */
static void small_terminals(void)
{
	struct screen *s;
	int height, i;

	for (height = 3; height < 12; height++) {
		open_terminal(height, 40);
		make_blocks();
		s = screen_new(slave, true);
		blocks[0].started = true;
		strcpy(table_rows[0][1].state, "running");
		screen_update(s, blocks, 2, "the footer");
		emulate();
		scrolled = 0;
		for (i = 0; i < 5; i++) {
			screen_update(s, blocks, 2, "the footer");
			emulate();
		}
		kt_check(!scrolled, "%d lines: it scrolled %d", height, scrolled);
		kt_check(seen("the footer") == 1, "%d lines: %d footers", height,
			 seen("the footer"));
		screen_free(s);
		close_terminal();
	}
}

static void widths_change(void)
{
	static const int widths[] = { 120, 40, 80, 20, 200 };
	struct screen *s;
	size_t i;
	int row;

	open_terminal(24, 80);
	make_blocks();
	s = screen_new(slave, true);
	blocks[0].started = true;
	screen_update(s, blocks, 2, "the footer");
	emulate();
	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		/* A terminal that does not wrap anew: only what is drawn next counts. */
		for (row = 0; row < rows; row++)
			clear_from(row, 0);
		resize(24, widths[i]);
		for (row = 0; row < rows; row++)
			clear_from(row, 0);
		x = 0;
		screen_update(s, blocks, 2, "the footer");
		screen_update(s, blocks, 2, "the footer");
		emulate();
		kt_check(seen("row0") == 4 && seen("the footer") == 1, "%d columns", widths[i]);
	}
	screen_free(s);
	close_terminal();
}

static void no_color(void)
{
	struct screen *s;

	open_terminal(24, 80);
	setenv("NO_COLOR", "1", 1);
	make_blocks();
	s = screen_new(slave, true);
	blocks[0].started = true;
	screen_update(s, blocks, 2, "the footer");
	end_block(s, 0);
	screen_free(s);
	emulate();
	kt_check(!colored && seen("block0") == 1, "NO_COLOR");
	close_terminal();
}

/* TERM=dumb, --no-live, and no terminal at all. */
static void plain(void)
{
	struct screen *s;
	int way;

	for (way = 0; way < 2; way++) {
		open_terminal(24, 100);
		if (!way)
			setenv("TERM", "dumb", 1);
		make_blocks();
		s = screen_new(slave, !way);
		blocks[0].started = true;
		screen_update(s, blocks, 2, "the footer");
		screen_update(s, blocks, 2, "the footer");
		strcpy(table_rows[0][2].state, "running");
		table_rows[0][2].counted = true;
		screen_update(s, blocks, 2, "the footer");
		screen_update(s, blocks, 2, "the footer");
		table_rows[0][2].rounds = 1;
		end_block(s, 0);
		screen_free(s);
		emulate();
		kt_check(seen("block0: phase0") == 1, "its phase is told once");
		kt_check(seen("row02 rcu: running; 0 ops") == 1, "a change is told once");
		kt_check(seen("row02 rcu: held") == 1, "its end is told");
		kt_check(seen("block0: pass") == 1, "the verdict is told");
		kt_check(!seen("footer") && !cursor_hidden && y == 4, "nothing else: %d lines",
			 y);
		close_terminal();
	}
}

static const struct kt_case cases[] = {
	{ "a region that is drawn again, and blocks that stay", region },
	{ "terminals that are too small", small_terminals },
	{ "widths that change", widths_change },
	{ "NO_COLOR", no_color },
	{ "plain lines", plain },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
