// SPDX-License-Identifier: GPL-2.0
/*
 * What a module needs, as modinfo has it: the words after "depends=" in the
 * section .modinfo of its file, between commas.
 *
 * A file that is no module is no error here: the kernel has the better words.
 */
#include <elf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "agent.h"

struct image {
	const char *bytes;
	size_t size;
};

static const void *image_at(const struct image *image, size_t offset, size_t n)
{
	if (offset > image->size || n > image->size - offset)
		return NULL;
	return image->bytes + offset;
}

static const Elf64_Shdr *section_header(const struct image *image,
					const Elf64_Ehdr *elf, unsigned int i)
{
	return image_at(image, elf->e_shoff + i * sizeof(Elf64_Shdr),
			sizeof(Elf64_Shdr));
}

static bool is_named(const struct image *image, const Elf64_Shdr *names,
		     const Elf64_Shdr *section, const char *name)
{
	const char *at = image_at(image, names->sh_offset + section->sh_name,
				  strlen(name) + 1);

	return at && !memcmp(at, name, strlen(name) + 1);
}

static const Elf64_Shdr *find_section(const struct image *image,
				      const char *name)
{
	const Elf64_Ehdr *elf = image_at(image, 0, sizeof(*elf));
	const Elf64_Shdr *names, *section;
	unsigned int i;

	if (!elf || memcmp(elf->e_ident, ELFMAG, SELFMAG) ||
	    elf->e_ident[EI_CLASS] != ELFCLASS64)
		return NULL;
	names = section_header(image, elf, elf->e_shstrndx);
	for (i = 0; names && i < elf->e_shnum; i++) {
		section = section_header(image, elf, i);
		if (section && is_named(image, names, section, name))
			return section;
	}
	return NULL;
}

/* Of texts that each end with a zero byte: what follows key in one of them. */
static const char *find_value(const char *texts, size_t size, const char *key)
{
	const char *end = texts + size, *zero;

	for (; texts < end; texts = zero + 1) {
		zero = memchr(texts, '\0', end - texts);
		if (!zero)
			break;
		if (!strncmp(texts, key, strlen(key)))
			return texts + strlen(key);
	}
	return NULL;
}

static void copy_depends(const struct image *image, char *names, size_t size)
{
	const Elf64_Shdr *info = find_section(image, ".modinfo");
	const char *texts = NULL, *value = NULL;

	if (info)
		texts = image_at(image, info->sh_offset, info->sh_size);
	if (texts)
		value = find_value(texts, info->sh_size, "depends=");
	if (value && strlen(value) < size)
		memcpy(names, value, strlen(value) + 1);
}

void module_depends(int fd, char *names, size_t size)
{
	struct image image;
	struct stat st;
	void *map;

	names[0] = '\0';
	if (fstat(fd, &st) || st.st_size <= 0)
		return;
	map = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return;
	image.bytes = map;
	image.size = st.st_size;
	copy_depends(&image, names, size);
	munmap(map, st.st_size);
}
