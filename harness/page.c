// SPDX-License-Identifier: GPL-2.0
/*
 * The frame: what it is, what came out, and the parts in the order in which a
 * reader wants them. Nothing is loaded from anywhere; without figures, colours
 * or a mouse the page says the same.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler.h"
#include "figures.h"
#include "html.h"
#include "page.h"
#include "paths.h"
#include "report.h"

#define STYLE_MAX	16384
#define FIGURES_OPEN	3

static const struct {
	const char *id, *title, *words;
} figure_groups[] = {
	[FIGURE_MATRIX] = { "speed", "Speed on each kernel",
		"Operations a second of each pattern. Kernels differ: compare within one." },
	[FIGURE_CAUGHT] = { "catches", "Time to catch", "A dot is one catch of a busted form." },
	[FIGURE_RATES] = { "rates", "Rates over time",
		"Operations a second between two looks. Runs of one scenario share the machine." },
	[FIGURE_RECLAIM] = { "reclaim", "Reclaim latency",
		"From delete until the element was freed." },
	[FIGURE_BARRIER] = { "barrier", "Barrier latency", "How long a barrier took." },
};

static_assert(ARRAY_SIZE(figure_groups) == NR_FIGURE_KINDS);

struct page {
	const struct tour_result *tour;
	const char *dir;
	struct plots *plots;
	struct figure *figures;
	size_t nr_figures;
	struct errbuf why;		/* there are no figures */
	bool drawn;
};

static void put_term(FILE *out, const char *term, const char *text)
{
	html_element(out, "dt", "%s", term);
	html_element(out, "dd", "%s", text ? text : "?");
}

/* Each kernel once, with its release and how it was run. */
static void put_kernels(FILE *out, const struct tour_result *t)
{
	size_t i, j;

	html_element(out, "dt", "kernels");
	for (i = 0; i < t->nr_cases; i++) {
		const struct case_result *c = &t->cases[i];

		for (j = 0; j < i && strcmp(t->cases[j].kernel, c->kernel); j++)
			;
		if (j == i)
			html_element(out, "dd", "%s%s%s%s%s", c->kernel, c->release ? " = " : "",
				     c->release ? c->release : "", c->accel ? ", " : "",
				     c->accel ? c->accel : "");
	}
}

/* The style is a file of the tree, and part of the page: it is to be sent around. */
static void put_style(FILE *out)
{
	char *path = paths_in_root("harness/report.css"), text[STYLE_MAX];
	FILE *in = path ? fopen(path, "r") : NULL;
	size_t n = in ? fread(text, 1, sizeof(text), in) : 0;

	fprintf(out, "\n<style>\n%.*s</style>", (int)n, text);
	if (in)
		fclose(in);
	free(path);
}

static void put_head(FILE *out, const struct tour_result *t)
{
	static const char *const classes[] = {
		[STATUS_PASS] = "pass", [STATUS_FAIL] = "fail", [STATUS_ERROR] = "error",
		[STATUS_NOTRUN] = "notrun",
	};
	char seed[32], *line = NULL;
	size_t size;
	FILE *text = open_memstream(&line, &size);

	report_headline(text, t, false);
	fclose(text);
	line[strcspn(line, "\n")] = '\0';
	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n", out);
	html_element(out, "title", "lastref: %s", line);
	put_style(out);
	fputs("</head>\n<body>\n<header>\n", out);
	fprintf(out, "<h1 class=\"verdict %s\">", classes[report_status(t)]);
	html_put(out, line);
	fputs("</h1>\n<dl>\n", out);
	put_term(out, "started", t->started);
	put_kernels(out, t);
	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)t->seed);
	put_term(out, "seed", seed);
	put_term(out, "repeat", t->command);
	fputs("</dl>\n</header>\n", out);
	free(line);
}

static void put_figure(FILE *out, const struct page *p, const struct figure *f)
{
	fputs(f->kind == FIGURE_MATRIX ? "<figure class=\"onfill\"><figcaption>" :
	      "<figure><figcaption>", out);
	html_put(out, f->title);
	fputs("</figcaption>\n", out);
	plots_put(p->plots, f->plot, out, f->words);
	fputs("</figure>\n", out);
}

/* The first of them, and the others folded: a matrix has dozens. */
static void put_figures(FILE *out, const struct page *p, enum figure_kind kind)
{
	size_t count = 0, nth = 0, i;

	for (i = 0; i < p->nr_figures && p->drawn; i++)
		count += p->figures[i].kind == kind;
	if (!count)
		return;
	fprintf(out, "<h2 id=\"%s\">%s</h2>\n<p>%s</p>\n", figure_groups[kind].id,
		figure_groups[kind].title, figure_groups[kind].words);
	for (i = 0; i < p->nr_figures; i++) {
		if (p->figures[i].kind != kind)
			continue;
		if (nth++ == FIGURES_OPEN)
			fprintf(out, "<details><summary>%zu more</summary>\n",
				count - FIGURES_OPEN);
		put_figure(out, p, &p->figures[i]);
	}
	fputs(count > FIGURES_OPEN ? "</details>\n" : "", out);
}

/* The body first, then a list of its headings. A matrix is the better overview. */
static char *make_body(const struct page *p)
{
	const struct tour_result *t = p->tour;
	char *text = NULL;
	bool matrix;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	matrix = page_matrix(out, t);
	page_failures(out, t, p->dir);
	if (!matrix)
		page_cases(out, t);
	page_busted(out, t);
	put_figures(out, p, FIGURE_CAUGHT);
	page_held(out, t);
	put_figures(out, p, FIGURE_MATRIX);
	put_figures(out, p, FIGURE_RATES);
	put_figures(out, p, FIGURE_RECLAIM);
	put_figures(out, p, FIGURE_BARRIER);
	if (matrix)
		page_cases(out, t);
	page_tests(out, t);
	page_not_run(out, t);
	fclose(out);
	return text;
}

static void put_contents(FILE *out, const char *body)
{
	static const char mark[] = "<h2 id=\"";
	const char *p = body, *title;

	fputs("<nav aria-label=\"Contents\"><ul>", out);
	while ((p = strstr(p, mark))) {
		p += strlen(mark);
		title = strchr(p, '>') + 1;
		fprintf(out, "<li><a href=\"#%.*s\">%.*s</a></li>", (int)strcspn(p, "\""), p,
			(int)strcspn(title, "<"), title);
	}
	fputs("</ul></nav>\n<main>\n", out);
}

static void write_page(FILE *out, const struct page *p)
{
	char *body = make_body(p);

	put_head(out, p->tour);
	put_contents(out, body);
	fputs(body, out);
	if (!p->drawn && p->nr_figures)
		html_element(out, "p class=\"notes\"", "No figures: %s", p->why.text);
	fputs("</main>\n", out);
	html_element(out, "footer",
		     "Made by lastref, figures by gnuplot. The numbers are in result.json.");
	fputs("\n</body></html>\n", out);
	free(body);
}

int page_save(const struct tour_result *t, const char *dir, struct errbuf *err)
{
	struct page p = { .tour = t, .dir = dir, .plots = plots_new() };
	char path[4096], tmp[4110];
	FILE *out;
	int bad;

	p.figures = figures_plan(p.plots, t, &p.nr_figures);
	p.drawn = p.nr_figures && !plots_draw(p.plots, &p.why);
	snprintf(path, sizeof(path), "%s/report.html", dir);
	snprintf(tmp, sizeof(tmp), "%s.tmp", path);
	out = fopen(tmp, "w");
	if (out)
		write_page(out, &p);
	bad = !out || ferror(out);
	bad |= (out && fclose(out)) || (!bad && rename(tmp, path));
	if (bad) {
		errbuf_set(err, "%s cannot be written: %s", path, strerror(errno));
		unlink(tmp);
	}
	free(p.figures);
	plots_free(p.plots);
	return bad ? -1 : 0;
}
