// SPDX-License-Identifier: GPL-2.0
/*
 * A module is a relocatable ELF file with a section .modinfo. What it imports
 * are the undefined names of its symbol table; a module cannot be stripped of
 * that, for the kernel links it by these names.
 */
#include <archive.h>
#include <archive_entry.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "content.h"
#include "module_file.h"

#define UNPACKED_FIRST	0x100000
#define UNPACKED_MAX	(512U << 20)

static int open_packed(struct archive *a, const struct content *c)
{
	struct archive_entry *entry;

	archive_read_support_format_raw(a);
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	if (archive_read_open_memory(a, c->bytes, c->size) != ARCHIVE_OK)
		return -1;
	return archive_read_next_header(a, &entry) == ARCHIVE_OK ? 0 : -1;
}

/* The whole stream into memory that grows. */
static int read_packed(struct archive *a, struct module_file *m)
{
	size_t room = 0;
	ssize_t n;

	for (;;) {
		if (m->size == room) {
			unsigned char *more;

			room = room ? 2 * room : UNPACKED_FIRST;
			more = room <= UNPACKED_MAX ? realloc(m->bytes, room) : NULL;
			if (!more)
				return -1;
			m->bytes = more;
		}
		n = archive_read_data(a, m->bytes + m->size, room - m->size);
		if (n <= 0)
			return n;
		m->size += n;
	}
}

static int unpack(struct module_file *m, const struct content *c, const char *path,
		  struct errbuf *err)
{
	struct archive *a = archive_read_new();
	int ret = a ? open_packed(a, c) : -1;

	if (!ret)
		ret = read_packed(a, m);
	if (ret && a && archive_error_string(a))
		errbuf_set(err, "%s is cut short or damaged: %s", path, archive_error_string(a));
	else if (ret)
		errbuf_set(err, "%s is too big to be unpacked", path);
	if (a)
		archive_read_free(a);
	return ret;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_import(struct module_file *m, const char *name)
{
	char **more = m->imports;

	/* Doubles whenever the count reaches a power of two. */
	if (!(m->nr_imports & (m->nr_imports - 1)))
		more = reallocarray(m->imports, m->nr_imports ? 2 * m->nr_imports : 1,
				    sizeof(*more));
	if (!more)
		return -1;
	m->imports = more;
	more[m->nr_imports] = strdup(name);
	return more[m->nr_imports++] ? 0 : -1;
}

static int read_symbols(struct module_file *m, Elf *elf, Elf_Scn *scn, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Sym sym;
	int i;

	for (i = 1; data && gelf_getsym(data, i, &sym); i++) {
		const char *name = elf_strptr(elf, header->sh_link, sym.st_name);

		if (!name || !*name)
			continue;
		if (sym.st_shndx == SHN_UNDEF && add_import(m, name))
			return -1;
		if (sym.st_shndx == SHN_UNDEF)
			continue;
		m->has_init |= !strcmp(name, "init_module");
		m->has_exit |= !strcmp(name, "cleanup_module");
	}
	return 0;
}

/* .modinfo: "key=value" after "key=value", each with its NUL. */
static int read_modinfo(struct module_file *m, Elf_Scn *scn)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	const char *at = data ? data->d_buf : NULL, *end = at + (at ? data->d_size : 0);
	char **field;

	for (; at && at < end; at += strnlen(at, end - at) + 1) {
		size_t len = strnlen(at, end - at);

		field = NULL;
		if (len > 5 && !strncmp(at, "name=", 5))
			snprintf(m->name, sizeof(m->name), "%.*s", (int)len - 5, at + 5);
		else if (len >= 9 && !strncmp(at, "vermagic=", 9))
			field = &m->vermagic;
		else if (len >= 8 && !strncmp(at, "depends=", 8))
			field = &m->depends;
		else if (len >= 8 && !strncmp(at, "softdep=", 8))
			field = &m->softdep;
		if (!field)
			continue;
		free(*field);
		*field = strndup(at, len);
		if (!*field)
			return -1;
		memmove(*field, strchr(*field, '=') + 1, strlen(strchr(*field, '=')));
	}
	return 0;
}

/* 1: it has what makes it a module; 0: it has not; -1: no memory. */
static int read_sections(struct module_file *m, Elf *elf)
{
	size_t names;
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	GElf_Ehdr ehdr;
	bool is_module = false, symbols = false;
	int ret = 0;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &ehdr) ||
	    ehdr.e_type != ET_REL || elf_getshdrstrndx(elf, &names))
		return 0;
	while (!ret && (scn = elf_nextscn(elf, scn))) {
		const char *name;

		if (!gelf_getshdr(scn, &header))
			continue;
		name = elf_strptr(elf, names, header.sh_name);
		if (header.sh_type == SHT_SYMTAB) {
			symbols = true;
			ret = read_symbols(m, elf, scn, &header);
		} else if (name && !strcmp(name, ".modinfo")) {
			is_module = true;
			ret = read_modinfo(m, scn);
		}
	}
	return ret ? ret : is_module && symbols;
}

static int read_elf(struct module_file *m, const char *path, struct errbuf *err)
{
	Elf *elf;
	int ret = 0;

	elf_version(EV_CURRENT);
	elf = m->size ? elf_memory((char *)m->bytes, m->size) : NULL;
	if (elf)
		ret = read_sections(m, elf);
	elf_end(elf);
	if (ret > 0 && !m->vermagic)
		m->vermagic = strdup("");
	if (ret > 0 && !m->depends)
		m->depends = strdup("");
	if (ret > 0 && !m->softdep)
		m->softdep = strdup("");
	if (ret < 0 || (ret && (!m->vermagic || !m->depends || !m->softdep)))
		errbuf_set(err, "out of memory");
	else if (!ret)
		errbuf_set(err, "%s is not a kernel module: what `make` leaves as NAME.ko is wanted",
			   path);
	return ret > 0 ? 0 : -1;
}

int module_file_read(struct module_file *m, const char *path, struct errbuf *err)
{
	struct content c;
	int ret = content_map(path, &c);

	*m = (struct module_file){ 0 };
	if (ret) {
		errbuf_set(err, "%s: %s", path, strerror(-ret));
		return -1;
	}
	if (c.size)
		ret = unpack(m, &c, path, err);
	content_unmap(&c);
	/* The older ones do not tell their names; the file's name is the next best. */
	if (!ret && !module_file_named(path, m->name))
		snprintf(m->name, sizeof(m->name), "module");
	if (!ret)
		ret = read_elf(m, path, err);
	if (ret)
		module_file_free(m);
	else if (m->nr_imports)
		qsort(m->imports, m->nr_imports, sizeof(*m->imports), by_name);
	return ret;
}

void module_file_free(struct module_file *m)
{
	size_t i;

	for (i = 0; i < m->nr_imports; i++)
		free(m->imports[i]);
	free(m->imports);
	free(m->vermagic);
	free(m->depends);
	free(m->softdep);
	free(m->bytes);
	*m = (struct module_file){ 0 };
}

bool module_file_imports(const struct module_file *m, const char *symbol)
{
	return m->nr_imports &&
	       bsearch(&symbol, m->imports, m->nr_imports, sizeof(*m->imports), by_name);
}

bool module_file_permanent(const struct module_file *m)
{
	return m->has_init && !m->has_exit;
}

bool module_file_named(const char *path, char name[MODULE_NAME_SIZE])
{
	static const char *const endings[] = { ".ko", ".ko.xz", ".ko.zst", ".ko.gz" };
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t len = strlen(base), i;
	char *p;

	for (i = 0; i < ARRAY_SIZE(endings); i++) {
		size_t stem = len - strlen(endings[i]);

		if (len <= strlen(endings[i]) || strcmp(base + stem, endings[i]))
			continue;
		if (name)
			snprintf(name, MODULE_NAME_SIZE, "%.*s", (int)stem, base);
		for (p = name; p && *p; p++)
			if (*p == '-')
				*p = '_';
		return true;
	}
	return false;
}
