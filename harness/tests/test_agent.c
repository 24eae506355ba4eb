// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's PID 1, its parts that need no guest, on the host.
 *
 * The sources are included, so that they are built with this test's sanitizers.
 * Garbage only ever reaches verbs that do nothing: those that write files, run
 * programs or end machines get what is written here and nothing else.
 */
#include "../../vm-images/init/line.c"
#include "../../vm-images/init/reply.c"
#include "../../vm-images/init/serve.c"
#include "../../vm-images/init/verb_file.c"
#include "../../vm-images/init/verb_run.c"

#undef ARRAY_SIZE
#undef __printf
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "fake.h"
#include "kt.h"

#define FUZZ_LINES	50000

/* ---- what the agent said ---- */

static struct agent agent;
static char *said;
static size_t said_len;

static int verb_nop(struct agent *a, const struct command *cmd)
{
	int i;

	for (i = 1; i < cmd->argc; i++)
		reply_line(&a->out, "%s", cmd->argv[i]);
	return cmd->argc - 1;
}

static const struct verb verbs[] = {
	{ "nop", 0, 0, "", verb_nop },
	{ "few", 1, 3, "A [B [C]]", verb_nop },
	{ "many", 0, -1, "...", verb_nop },
	{ "cat", 1, 1, "", verb_cat },
	{ "write", 1, -1, "", verb_write },
	{ "wait", 3, 3, "", verb_wait },
	{ "run", 1, -1, "", verb_run },
	{ NULL, 0, 0, NULL, NULL },
};

static const struct verb *const harmless = verbs;	/* the first three */

/* Does one line and collects what comes out, in a file so that nothing blocks. */
static void act(const char *line)
{
	FILE *f = tmpfile();
	struct stat st;

	agent_init(&agent, fileno(f), verbs);
	agent_do(&agent, line);
	fstat(fileno(f), &st);
	free(said);
	said_len = st.st_size;
	said = calloc(1, said_len + 1);
	rewind(f);
	if (fread(said, 1, said_len, f) != said_len)
		said_len = 0;
	fclose(f);
}

/* A dialogue is lines that begin with a mark, and its last is the one status. */
static bool well_formed(void)
{
	size_t i, start = 0, statuses = 0;

	for (i = 0; i < said_len; i++) {
		unsigned char c = said[i];

		if (c == '\n') {
			if (i - start < 2 || i - start > 4100 || said[start + 1] != ' ')
				return false;
			statuses += said[start] == '=';
			if (said[start] != '|' && said[start] != '=')
				return false;
			start = i + 1;
		} else if (c != '\t' && (c < ' ' || c > '~')) {
			return false;
		}
	}
	return start == said_len && statuses <= 1 &&
	       (!said_len || statuses == 1);
}

static int status(void)
{
	char *p = said_len ? strstr(said, "= ") : NULL, *next;

	while (p && (next = strstr(p + 1, "\n= ")))
		p = next + 1;
	return p ? atoi(p + 2) : -1;
}

static bool says(const char *line, int expected, const char *text)
{
	act(line);
	return kt_check(well_formed(), "%s: %.200s", line, said) &
	       kt_check(status() == expected, "%s: %.200s", line, said) &
	       kt_check(strstr(said, text), "%s: %.200s", line, said);
}

/* ---- lines and words ---- */

static void splits(void)
{
	static struct command c;
	char many[WORDS_MAX * 2 + 4];
	int i;

	kt_check(!line_split(&c, "  write /x  a  b \r") && c.argc == 4, "%d", c.argc);
	kt_check(!strcmp(c.argv[1], "/x") && !strcmp(c.tail[2], "a  b"), "%s", c.tail[2]);
	kt_check(!strcmp(c.tail[3], "b") && !c.argv[4], "%s", c.tail[3]);
	kt_check(line_split(&c, "") == -ENODATA, "nothing");
	kt_check(line_split(&c, " \t \r") == -ENODATA, "blanks");
	kt_check(line_split(&c, "a\x01") == -EINVAL, "a control byte");
	kt_check(line_split(&c, "a\rb") == -EINVAL, "a carriage return inside");
	kt_check(!line_split(&c, "caf\xc3\xa9 \xff") && c.argc == 2, "high bytes");
	for (i = 0; i < WORDS_MAX + 1; i++)
		memcpy(many + 2 * i, "a ", 3);
	kt_check(line_split(&c, many) == -E2BIG, "%d words", c.argc);
	many[2 * WORDS_MAX] = '\0';
	kt_check(!line_split(&c, many) && c.argc == WORDS_MAX, "%d words", c.argc);
}

static void numbers(void)
{
	static const struct {
		const char *word;
		unsigned long long max;
		int err;
	} table[] = {
		{ "0", 0, 0 }, { "1", 0, -EINVAL }, { "00012", 12, 0 },
		{ "13", 12, -EINVAL }, { "", 5, -EINVAL }, { "-1", 5, -EINVAL },
		{ "+1", 5, -EINVAL }, { "1 ", 5, -EINVAL }, { "0x1", 5, -EINVAL },
		{ "18446744073709551615", -1ULL, 0 },
		{ "18446744073709551616", -1ULL, -EINVAL },
		{ "99999999999999999999999", -1ULL, -EINVAL },
		{ "9", 4, -EINVAL }, { "10", 9, -EINVAL },
	};
	unsigned long long v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		kt_check(line_number(table[i].word, table[i].max, &v) == table[i].err,
			 "%s of %llu", table[i].word, table[i].max);
}

static void module_names(void)
{
	static const char *const table[][2] = {
		{ "foo", "foo" }, { "foo-bar", "foo_bar" }, { "/x/y-z.ko", "y_z" },
		{ "a.ko.ko", "a.ko" }, { ".ko", ".ko" }, { "/", NULL }, { "", NULL },
		{ "a_name_that_is_much_longer_than_any_modules_name_may_ever_be_here",
		  NULL },
	};
	char name[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		int err = line_module_name(table[i][0], name, sizeof(name));

		if (table[i][1])
			kt_check(!err && !strcmp(name, table[i][1]), "%s: %s",
				 table[i][0], name);
		else
			kt_check(err == -EINVAL, "%s: %s", table[i][0], name);
	}
}

static void pieces(void)
{
	static struct line_reader r;
	static char big[3 * LINE_MAX_BYTES];
	const char *p = "ab\nc";
	size_t n = 4;

	kt_check(line_take(&r, &p, &n) == 1 && !strcmp(r.buf, "ab") && n == 1, "%s", r.buf);
	kt_check(line_take(&r, &p, &n) == 0 && !n, "half a line");
	p = "\0d\n";
	n = 3;
	kt_check(line_take(&r, &p, &n) == 1 && !strcmp(r.buf, "c\1d"), "a NUL: %s", r.buf);
	memset(big, 'x', sizeof(big));
	p = big;
	n = sizeof(big);
	kt_check(line_take(&r, &p, &n) == 0, "too long and not over");
	p = "\nok\n";
	n = 4;
	kt_check(line_take(&r, &p, &n) == -E2BIG, "too long");
	kt_check(line_take(&r, &p, &n) == 1 && !strcmp(r.buf, "ok"), "then: %s", r.buf);
}

/* ---- replies ---- */

static void refusals(void)
{
	says("bogus", EOPNOTSUPP, "no such command: bogus");
	says("nop x", EINVAL, "usage: nop");
	says("few", EINVAL, "usage: few A");
	says("few 1 2 3 4", EINVAL, "usage");
	says("few 1 2", 2, "| 1\n| 2\n= 2\n");
	says("few \x1b", EINVAL, "control byte");
	act("   ");
	kt_check(!said_len, "a blank line is answered: %s", said);
}

static void escapes(void)
{
	char text[256];
	int fds[2], i;
	char buf[2048] = "";

	for (i = 0; i < 256; i++)
		text[i] = i;
	if (!kt_check(!pipe(fds), "no pipe"))
		return;
	agent_init(&agent, fds[1], verbs);
	reply_text(&agent.out, text, sizeof(text));
	reply_status(&agent.out, 0, "with \n and \xff");
	kt_check(read(fds[0], buf, sizeof(buf) - 1) > 0, "nothing");
	kt_check(strstr(buf, "| \\x00\\x01") && strstr(buf, "\\x08\t\n| \\x0b") &&
		 strstr(buf, "XYZ[\\]^") && strstr(buf, "\\x7f\\x80") &&
		 strstr(buf, "\\xff\n= 0 with \\x0a and \\xff\n"), "%s", buf);
	close(fds[0]);
	close(fds[1]);
}

static unsigned int random_byte(void)
{
	static const char likely[] = " \t\n\r|=@><\\0123456789-+nopfewmany/.{}";

	return random() % 3 ? likely[random() % (sizeof(likely) - 1)] :
			      random() % 256;
}

static void fuzz(void)
{
	static char line[2 * LINE_MAX_BYTES];
	size_t i, j, n;

	srandom(42);
	for (i = 0; i < FUZZ_LINES; i++) {
		n = random() % (random() % 100 ? 60 : sizeof(line) - 8);
		strcpy(line, random() % 2 ? harmless[random() % 3].name : "");
		j = strlen(line);
		if (j)
			line[j++] = ' ';
		for (; j < n; j++)
			line[j] = random_byte() ? random_byte() : ' ';
		line[j] = '\0';
		/* Only verbs without effect may be reached by chance. */
		if (strstr(line, "cat") || strstr(line, "write") ||
		    strstr(line, "wait") || strstr(line, "run"))
			continue;
		act(line);
		if (!well_formed() && !kt_check(false, "line %zu: %s", i, line))
			return;
	}
	kt_check(i == FUZZ_LINES, "%zu lines", i);
}

/* The loop: every line of a stream of bytes is answered once, then it ends. */
static void stream(void)
{
	static const char input[] = "nop\nmany a b\r\n\n\x80\xff\nfew\n\0\nnop";
	char buf[2048] = "";
	int fds[2];
	ssize_t n;

	if (!kt_check(!socketpair(AF_UNIX, SOCK_STREAM, 0, fds), "no sockets"))
		return;
	n = write(fds[0], input, sizeof(input) - 1);
	shutdown(fds[0], SHUT_WR);
	agent_init(&agent, fds[1], verbs);
	agent_serve(&agent, fds[1], true);
	kt_check(read(fds[0], buf, sizeof(buf) - 1) > 0 && n > 0, "nothing");
	kt_check(!strcmp(buf, "> nop\n= 0\n> many a b\\x0d\n| a\n| b\n= 2\n"
			      "> \\x80\\xff\n= 95 no such command: \\x80\\xff\n"
			      "> few\n= 22 usage: few A [B [C]]\n"
			      "> \\x01\n= 22 the command has a control byte\n"),
		 "%s", buf);
	close(fds[0]);
	close(fds[1]);
}

/* ---- files ---- */

static char *line_of(const char *fmt, const char *name)
{
	static char line[PATH_MAX + 100];
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", fake_dir(), name);
	snprintf(line, sizeof(line), fmt, path);
	return line;
}

static void host_file(const char *name, const char *text, int times)
{
	FILE *f = fopen(line_of("%s", name), "w");

	while (times--)
		fputs(text, f);
	fclose(f);
}

static void cats(void)
{
	size_t i, lines = 0;

	host_file("small", "a\n\nno newline", 1);
	says(line_of("cat %s", "small"), 0, "| a\n| \n| no newline\n= 0\n");
	host_file("empty", "", 1);
	says(line_of("cat %s", "empty"), 0, "= 0\n");
	says(line_of("cat %s", "missing"), ENOENT, "No such file");
	says(line_of("cat %s", ""), EISDIR, "directory");
	host_file("big", "0123456789012345678901234567890123456789\n", 100000);
	says(line_of("cat %s", "big"), 0, "= 0\n");
	for (i = 0; i < said_len; i++)
		lines += said[i] == '\n';
	kt_check(lines == 100001, "%zu lines", lines);
	host_file("wide", "0123456789", 100000);
	says(line_of("cat %s", "wide"), 0, "= 0\n");
	says("cat /dev/zero", EFBIG, "cut at 8 MiB");
	mkfifo(line_of("%s", "fifo"), 0600);
	says(line_of("cat %s", "fifo"), 0, "= 0\n");
}

static void writes(void)
{
	host_file("w", "old old old", 1);
	says(line_of("write %s new  text ", "w"), 0, "= 0\n");
	says(line_of("cat %s", "w"), 0, "| new  text\n= 0\n");
	says(line_of("write %s", "w"), 0, "= 0\n");
	says(line_of("cat %s", "w"), 0, "| \n= 0\n");
	says("write /dev/full x", ENOSPC, "No space");
	says("write /nonexistent/x y", ENOENT, "No such file");
}

static void waits(void)
{
	host_file("state", "one: 1\ntwo: 22\n", 1);
	says(line_of("wait %s ^two:[[:space:]][0-9]+$ 1000", "state"), 0,
	     "| two: 22\n= 0\n");
	says(line_of("wait %s three 50", "state"), ETIMEDOUT, "no line matches");
	says(line_of("wait %s x 50", "missing"), ETIMEDOUT, "No such file");
	says(line_of("wait %s ( 50", "state"), EINVAL, "");
	says(line_of("wait %s a{1000}{1000} 50", "state"), EINVAL, "intervals");
	says(line_of("wait %s (a*)\\1 50", "state"), EINVAL, "back references");
	says(line_of("wait %s two\\: 50", "state"), 0, "= 0\n");
	says(line_of("wait %s two -5", "state"), EINVAL, "milliseconds");
	says(line_of("wait %s two 99999999999", "state"), EINVAL, "milliseconds");
}

/* ---- programs ---- */

static void runs(void)
{
	says("run echo a b", 0, "| a b\n= 0\n");
	says("run false", 1, "= 1\n");
	says("run /nonexistent/program", 127, "No such file");
	says("run /etc/passwd", 126, "denied");
	host_file("kill.sh", "kill -9 $$\n", 1);
	says(line_of("run sh %s", "kill.sh"), 137, "Killed");
	says("run cat", 0, "= 0\n");
	host_file("err.sh", "echo to stderr >&2; exit 3\n", 1);
	says(line_of("run sh %s", "err.sh"), 3, "| to stderr\n= 3\n");
	says("run -t x true", EINVAL, "SECONDS");
	says("run -t 0 true", EINVAL, "SECONDS");
	says("run -t 5", EINVAL, "SECONDS");
}

static void hanging_programs(void)
{
	long long start = now_ms();

	says("run -t 1 sleep 100", ETIMEDOUT, "no end after 1 s, killed");
	host_file("group.sh", "sleep 100 & sleep 100\n", 1);
	says(line_of("run -t 1 sh %s", "group.sh"), ETIMEDOUT, "killed");
	/* It ends, but a child of its own keeps the pipe open. */
	host_file("left.sh", "echo done; sleep 100 &\n", 1);
	says(line_of("run -t 50 sh %s", "left.sh"), 0, "| done\n= 0\n");
	host_file("away.sh", "echo done; setsid sleep 10 &\n", 1);
	says(line_of("run -t 50 sh %s", "away.sh"), 0, "| done\n= 0\n");
	kt_check(now_ms() - start < 8000, "%lld ms", now_ms() - start);
}

static void flooding_program(void)
{
	says("run head -c 20000000 /dev/zero", 0, "bytes of output dropped");
	kt_check(said_len < 80 << 20, "%zu bytes", said_len);
	says("run -t 1 yes", ETIMEDOUT, "killed");
}

static const struct kt_case cases[] = {
	{ "a line in words", splits },
	{ "numbers", numbers },
	{ "the name of a module", module_names },
	{ "lines from pieces, and lines too long", pieces },
	{ "what does not fit the table of verbs", refusals },
	{ "every byte is escaped", escapes },
	{ "50,000 lines of garbage: one status each", fuzz },
	{ "a stream of bytes", stream },
	{ "cat", cats },
	{ "write", writes },
	{ "wait", waits },
	{ "run", runs },
	{ "programs that hang", hanging_programs },
	{ "a program that floods", flooding_program },
};

int main(void)
{
	int ret = kt_run(cases, ARRAY_SIZE(cases));

	free(said);
	return ret;
}
