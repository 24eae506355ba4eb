// SPDX-License-Identifier: GPL-2.0
/* Which line of source a module's frame is, by elfutils' libdwfl: see lines.h. */
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"
#include "textbuf.h"

#define MODULES_MAX	16

struct image {
	char name[64];
	Dwfl *dwfl;		/* NULL: there is no debug information */
	Dwfl_Module *module;
};

struct lines {
	char *dir;
	struct image images[MODULES_MAX];
	size_t nr;
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

struct lines *lines_new(const char *modules)
{
	struct lines *l = calloc(1, sizeof(*l));

	if (l)
		l->dir = strdup(modules);
	return l;
}

void lines_free(struct lines *l)
{
	while (l && l->nr)
		dwfl_end(l->images[--l->nr].dwfl);
	if (l)
		free(l->dir);
	free(l);
}

static void open_image(const struct lines *l, struct image *image)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.ko.debug", l->dir, image->name);
	image->dwfl = access(path, R_OK) ? NULL : dwfl_begin(&callbacks);
	if (!image->dwfl)
		return;
	dwfl_report_begin(image->dwfl);
	image->module = dwfl_report_offline(image->dwfl, image->name, path, -1);
	dwfl_report_end(image->dwfl, NULL, NULL);
}

/* A module is opened once, also if it cannot be. */
static Dwfl_Module *find_module(struct lines *l, const char *name)
{
	struct image *image;
	size_t i;

	for (i = 0; i < l->nr; i++)
		if (!strcmp(l->images[i].name, name))
			return l->images[i].module;
	if (l->nr == MODULES_MAX)
		return NULL;
	image = &l->images[l->nr++];
	snprintf(image->name, sizeof(image->name), "%s", name);
	open_image(l, image);
	return image->module;
}

static bool find_line(Dwfl_Module *module, const char *func, unsigned long offset,
		      char *buf, size_t size)
{
	int n = dwfl_module_getsymtab(module), i, number;
	const char *name, *file, *ours;
	Dwfl_Line *line = NULL;
	GElf_Addr address;
	GElf_Sym sym;

	for (i = 0; i < n && !line; i++) {
		name = dwfl_module_getsym_info(module, i, &sym, &address, NULL, NULL, NULL);
		if (name && GELF_ST_TYPE(sym.st_info) == STT_FUNC && !strcmp(name, func))
			line = dwfl_module_getsrc(module, address + offset);
	}
	file = line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL) : NULL;
	if (!file)
		return false;
	/* As a reader of the source knows it. */
	ours = strstr(file, "/module/");
	if (!ours)
		ours = strstr(file, "/include/");
	snprintf(buf, size, " (%s:%d)", ours ? ours + 1 : file, number);
	return true;
}

/* "func+0x10/0x24 [module]" or "module!func+0x10/0x24": where the next frame begins. */
struct frame {
	char module[64], func[128];
	unsigned long offset;
	size_t end;		/* of the frame in its line */
};

static bool parse_frame(const char *line, size_t len, struct frame *f)
{
	const char *plus = memmem(line, len, "+0x", 3), *start, *bang;
	char tail[80] = "";
	int used = 0;

	if (!plus)
		return false;
	for (start = plus; start > line && start[-1] != ' ' && start[-1] != '<' &&
	     start[-1] != ':'; start--)
		;
	snprintf(f->func, sizeof(f->func), "%.*s", (int)(plus - start), start);
	if (sscanf(plus, "+0x%lx/0x%*x%n", &f->offset, &used) != 1 || !used)
		return false;
	f->end = plus + used - line;
	bang = strchr(f->func, '!');
	if (bang) {
		snprintf(f->module, sizeof(f->module), "%.*s", (int)(bang - f->func), f->func);
		memmove(f->func, bang + 1, strlen(bang));
		return true;
	}
	if (sscanf(line + f->end, " [%79[^] ]", tail) != 1)
		return false;
	snprintf(f->module, sizeof(f->module), "%.63s", tail);
	f->end += strcspn(line + f->end, "]") + 1;
	return true;
}

/* A caller's address is that of the instruction behind its call. */
static void decode_line(struct lines *l, const char *line, size_t len, struct textbuf *out)
{
	bool here = len && *line != ' ';
	Dwfl_Module *module;
	struct frame f;
	char where[300];

	if (!parse_frame(line, len, &f) || f.end > len) {
		textbuf_add(out, line, len);
		return;
	}
	textbuf_add(out, line, f.end);
	module = find_module(l, f.module);
	if (module && find_line(module, f.func, f.offset - (!here && f.offset), where,
				sizeof(where)))
		textbuf_addf(out, "%s", where);
	textbuf_add(out, line + f.end, len - f.end);
}

char *lines_decode(struct lines *l, const char *text)
{
	struct textbuf out = { 0 };

	while (*text) {
		size_t len = strcspn(text, "\n");

		decode_line(l, text, len, &out);
		text += len;
		if (*text)
			textbuf_add(&out, text++, 1);
	}
	return textbuf_take(&out);
}
