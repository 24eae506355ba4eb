// SPDX-License-Identifier: GPL-2.0
/*
 * Each figure is a file of its own in a directory that lives as long as the
 * struct. The script is data from a guest too, so every text in it goes through
 * plots_quote(): a name cannot become a command.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "html.h"
#include "paths.h"
#include "plot.h"

#define GNUPLOT_MS	60000

struct plots {
	char dir[64];
	FILE *script;
	size_t nr;
	bool drawn;
};

struct plots *plots_new(void)
{
	struct plots *p = calloc(1, sizeof(*p));
	const char *tmp = getenv("TMPDIR");
	char path[96];

	if (!p)
		return NULL;
	if (!tmp || strlen(tmp) > 32)
		tmp = "/tmp";
	snprintf(p->dir, sizeof(p->dir), "%s/lastref-plot-XXXXXX", tmp);
	if (!mkdtemp(p->dir)) {
		free(p);
		return NULL;
	}
	snprintf(path, sizeof(path), "%s/script", p->dir);
	p->script = fopen(path, "w+");
	return p;
}

static void figure_path(const struct plots *p, size_t id, char *path, size_t size)
{
	snprintf(path, size, "%s/%zu.svg", p->dir, id);
}

void plots_free(struct plots *p)
{
	char path[96];
	size_t i;

	if (!p)
		return;
	if (p->script)
		fclose(p->script);
	for (i = 0; i < p->nr; i++) {
		figure_path(p, i, path, sizeof(path));
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/script", p->dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/said", p->dir);
	unlink(path);
	rmdir(p->dir);
	free(p);
}

FILE *plots_add(struct plots *p, unsigned int width, unsigned int height, size_t *id)
{
	if (!p || !p->script)
		return NULL;
	*id = p->nr++;
	/* Colours of frame and text are the page's matter: it may be dark. */
	fprintf(p->script, "reset session\n"
		"set terminal svg size %u,%u dynamic noenhanced name 'fig%zu' font ',13'\n"
		"set output '%s/%zu.svg'\n"
		"set border 3 lc rgb '#808080'\nset tics nomirror out\n"
		"set grid lc rgb '#808080' lw 0.4 dt 3\n"
		"set key outside right top Left reverse samplen 2\n", width, height, *id,
		p->dir, *id);
	return p->script;
}

void plots_quote(FILE *script, const char *text)
{
	putc('\'', script);
	for (; *text; text++)
		putc(isalnum((unsigned char)*text) || strchr(" _-+:./,()#%", *text) ? *text : '?',
		     script);
	putc('\'', script);
}

/* The last line that gnuplot said is the one that names the matter. */
static void quote_words(const struct plots *p, struct errbuf *err)
{
	char path[96], line[256], last[256] = "and said nothing";
	FILE *in;

	snprintf(path, sizeof(path), "%s/said", p->dir);
	in = fopen(path, "r");
	while (in && fgets(line, sizeof(line), in))
		if (line[strspn(line, " ^\n")])
			snprintf(last, sizeof(last), "%s", line);
	if (in)
		fclose(in);
	errbuf_set(err, "gnuplot could not draw the figures: %s", last);
}

int plots_draw(struct plots *p, struct errbuf *err)
{
	char *gnuplot = paths_program("gnuplot"), path[96];
	pid_t parent = getpid(), pid;
	int status;

	snprintf(path, sizeof(path), "%s/script", p->dir);
	if (!gnuplot) {
		errbuf_set(err, "there is no gnuplot to draw figures: apt-get install gnuplot-nox");
		return -1;
	}
	fflush(p->script);
	pid = fork();
	if (pid == 0) {
		child_die_with_parent(parent);
		snprintf(path, sizeof(path), "%s/said", p->dir);
		if (!freopen(path, "w", stderr))
			_exit(127);
		snprintf(path, sizeof(path), "%s/script", p->dir);
		execl(gnuplot, "gnuplot", "-d", path, NULL);
		_exit(127);
	}
	free(gnuplot);
	p->drawn = pid > 0 && !child_wait(pid, GNUPLOT_MS, &status) && WIFEXITED(status) &&
		   !WEXITSTATUS(status);
	if (!p->drawn)
		quote_words(p, err);
	return p->drawn ? 0 : -1;
}

void plots_put(const struct plots *p, size_t id, FILE *out, const char *words)
{
	char path[96], *line = NULL, *svg;
	bool begun = false;
	size_t size = 0;
	FILE *in;

	figure_path(p, id, path, sizeof(path));
	in = p->drawn ? fopen(path, "r") : NULL;
	while (in && getline(&line, &size, in) > 0) {
		svg = begun ? NULL : strstr(line, "<svg");
		if (svg) {
			fprintf(out, "<svg role=\"img\" aria-label=\"");
			html_put(out, words);
			fprintf(out, "\"%s", svg + strlen("<svg"));
		} else if (begun) {
			fputs(line, out);
		}
		begun |= !!svg;
	}
	free(line);
	if (in)
		fclose(in);
}
