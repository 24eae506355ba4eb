// SPDX-License-Identifier: GPL-2.0
/* Sections and symbols of an ELF file. See symbols_elf.h. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols_elf.h"

static char *copy(const char *s)
{
	char *c = strdup(s);

	if (!c)
		abort();
	return c;
}

/* Room for one more in an array that doubles. */
static void *grow(void *array, size_t nr, size_t size)
{
	if (nr & (nr - 1))
		return array;
	array = reallocarray(array, nr ? 2 * nr : 1, size);
	if (!array)
		abort();
	return array;
}

static void read_sections(struct elf_image *image, Elf *elf, size_t names)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr header;

	while ((scn = elf_nextscn(elf, scn))) {
		const char *name;

		if (!gelf_getshdr(scn, &header) || !(header.sh_flags & SHF_ALLOC) ||
		    !header.sh_size)
			continue;
		name = elf_strptr(elf, names, header.sh_name);
		image->sections = grow(image->sections, image->nr_sections,
				       sizeof(*image->sections));
		image->sections[image->nr_sections++] = (struct elf_section){
			.name = copy(name ? name : "?"), .address = header.sh_addr,
			.size = header.sh_size, .index = elf_ndxscn(scn),
			.text = header.sh_flags & SHF_EXECINSTR,
		};
	}
}

static bool find_section(const struct elf_image *image, size_t index, size_t *found)
{
	size_t i;

	for (i = 0; i < image->nr_sections; i++) {
		if (image->sections[i].index == index) {
			*found = i;
			return true;
		}
	}
	return false;
}

/* Functions and data; not sections, files, and what tools put there. */
static bool is_wanted(const GElf_Sym *sym, const char *name)
{
	int type = GELF_ST_TYPE(sym->st_info);

	if (!name || !*name || !strncmp(name, "__pfx_", 6) || strchr(".$", *name))
		return false;
	return type == STT_FUNC || type == STT_OBJECT || type == STT_NOTYPE;
}

static void read_symbols(struct elf_image *image, Elf *elf, Elf_Scn *scn,
			 const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Sym sym;
	int i;

	for (i = 0; data && gelf_getsym(data, i, &sym); i++) {
		const char *name = elf_strptr(elf, header->sh_link, sym.st_name);
		size_t section;

		if (!is_wanted(&sym, name) || !find_section(image, sym.st_shndx, &section))
			continue;
		image->symbols = grow(image->symbols, image->nr_symbols,
				      sizeof(*image->symbols));
		image->symbols[image->nr_symbols++] = (struct elf_symbol){
			.value = sym.st_value, .size = sym.st_size,
			.section = section, .name = copy(name),
		};
	}
}

static int by_place(const void *a, const void *b)
{
	const struct elf_symbol *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->size < y->size ? -1 : x->size > y->size;
}

static int read_elf(struct elf_image *image, Elf *elf, const char *path,
		    struct errbuf *err)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_kind(elf) != ELF_K_ELF || elf_getshdrstrndx(elf, &names)) {
		errbuf_set(err, "%s is no ELF file: build it again, uncompressed", path);
		return -ENOEXEC;
	}
	read_sections(image, elf, names);
	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &header) && header.sh_type == SHT_SYMTAB)
			read_symbols(image, elf, scn, &header);
	if (!image->nr_symbols) {
		errbuf_set(err, "%s has no symbols: use one that is not stripped", path);
		return -ENODATA;
	}
	qsort(image->symbols, image->nr_symbols, sizeof(*image->symbols), by_place);
	return 0;
}

int elf_image_read(struct elf_image *image, const char *path, struct errbuf *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf;
	int ret;

	*image = (struct elf_image){ 0 };
	if (fd < 0) {
		ret = -errno;
		errbuf_set(err, "%s: %s", path, strerror(errno));
		return ret;
	}
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	ret = read_elf(image, elf, path, err);
	elf_end(elf);
	close(fd);
	if (ret)
		elf_image_free(image);
	return ret;
}

void elf_image_free(struct elf_image *image)
{
	size_t i;

	for (i = 0; i < image->nr_symbols; i++)
		free(image->symbols[i].name);
	for (i = 0; i < image->nr_sections; i++)
		free(image->sections[i].name);
	free(image->symbols);
	free(image->sections);
	*image = (struct elf_image){ 0 };
}

const struct elf_symbol *elf_image_find(const struct elf_image *image,
					size_t section, uint64_t value)
{
	const struct elf_symbol *found = NULL;
	size_t low = 0, high = image->nr_symbols;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct elf_symbol *sym = &image->symbols[middle];

		if (sym->section < section ||
		    (sym->section == section && sym->value <= value)) {
			found = sym;
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return found && found->section == section ? found : NULL;
}
