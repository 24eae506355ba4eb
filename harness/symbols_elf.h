/* SPDX-License-Identifier: GPL-2.0 */
/* Sections and symbols of an ELF file, sorted for looking up addresses. */
#ifndef LASTREF_SYMBOLS_ELF_H
#define LASTREF_SYMBOLS_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "errbuf.h"

struct elf_symbol {
	uint64_t value;		/* offset in its section; address in a vmlinux */
	uint64_t size;		/* 0: not known */
	size_t section;		/* index into elf_image.sections */
	char *name;
};

struct elf_section {
	char *name;
	uint64_t address;	/* 0 in a module: chosen when it is loaded */
	uint64_t size;
	size_t index;		/* in the file */
	bool text;
};

struct elf_image {
	struct elf_section *sections;	/* those that are loaded */
	size_t nr_sections;
	struct elf_symbol *symbols;	/* by section, then by value */
	size_t nr_symbols;
};

/* 0, or -errno with the reason in @err and nothing to free. */
int elf_image_read(struct elf_image *image, const char *path, struct errbuf *err);
void elf_image_free(struct elf_image *image);

/* The last symbol of the section at or before @value, or NULL. */
const struct elf_symbol *elf_image_find(const struct elf_image *image,
					size_t section, uint64_t value);

#endif
