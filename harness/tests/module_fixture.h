/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that look like modules: what the compiler makes of a few lines of C has
 * a symbol table as a module has, and .modinfo is a section like any other.
 */
#ifndef LASTREF_TESTS_MODULE_FIXTURE_H
#define LASTREF_TESTS_MODULE_FIXTURE_H

#include <archive.h>
#include <archive_entry.h>
#include <stdarg.h>

#include "content.h"
#include "fake.h"
#include "kt.h"

#define MODINFO(text)	\
	"__attribute__((section(\".modinfo\"), used)) static const char info[] = " text ";\n"
#define HAS_INIT	"int init_module(void) { return 0; }\n"
#define HAS_EXIT	"void cleanup_module(void) { go(); }\n"
/* Two functions that are not here; the names of each are given once. */
#define CALLS(a, b)	"#define A " a "\n#define B " b "\n" \
			"void A(void); void B(void); void go(void) { A(); B(); }\n"

/* A path in the test's directory; the last four stay valid. */
__printf(1, 2)
static inline const char *fixture_path(const char *fmt, ...)
{
	static char paths[4][PATH_MAX];
	static int next;
	char *path = paths[next++ % 4];
	int len = snprintf(path, PATH_MAX, "%s/", fake_dir());
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path + len, PATH_MAX - len, fmt, ap);
	va_end(ap);
	return path;
}

static inline void fixture_write(const char *path, const void *bytes, size_t n)
{
	FILE *out = fopen(path, "w");

	kt_check(out && fwrite(bytes, 1, n, out) == n, "%s cannot be written", path);
	if (out)
		fclose(out);
}

static inline void fixture_compile(const char *path, const char *source)
{
	const char *c = fixture_path("fixture.c");
	char command[3 * PATH_MAX];

	fixture_write(c, source, strlen(source));
	snprintf(command, sizeof(command), "${CC:-gcc} -c -O1 -fno-builtin -o '%s' '%s'", path, c);
	kt_check(!system(command), "%s does not compile:\n%s", path, source);
}

/* Packed with one of libarchive's filters, as "xz". */
static inline void fixture_pack(const char *path, const char *from, const char *filter)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	struct content c;
	int bad;

	kt_check(!content_map(from, &c), "%s cannot be read", from);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_pathname(e, "module");
	bad = archive_write_set_format_raw(a) || archive_write_add_filter_by_name(a, filter) ||
	      archive_write_open_filename(a, path) || archive_write_header(a, e) ||
	      archive_write_data(a, c.bytes, c.size) != (ssize_t)c.size || archive_write_close(a);
	kt_check(!bad, "%s: %s", path, archive_error_string(a));
	archive_write_free(a);
	archive_entry_free(e);
	content_unmap(&c);
}

#endif
