// SPDX-License-Identifier: GPL-2.0
/*
 * Give names to addresses the kernel could not name.
 *
 * An image is a file's symbols; a place is where an image was loaded. A module
 * that comes and goes has one image and many places. Places are kept in the
 * order they were learned and searched from the latest, because memory that a
 * module has left is soon another's.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols.h"
#include "symbols_elf.h"
#include "textbuf.h"

#define MAX_IMAGES	32
#define MAX_PLACES	256
#define NAME_SIZE	64
#define VMLINUX		"vmlinux"

struct image {
	char name[NAME_SIZE];
	struct elf_image elf;
};

struct place {
	const struct image *image;
	uint64_t *start;	/* by section, 0: not known */
	bool gone;
};

struct symbols {
	struct image images[MAX_IMAGES];
	size_t nr_images;
	struct place places[MAX_PLACES];
	size_t nr_places;	/* ever learned: the latest is (nr_places - 1) % MAX */
	uint64_t kernel_offset;
};

struct symbols *symbols_new(void)
{
	struct symbols *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	return s;
}

void symbols_free(struct symbols *s)
{
	size_t i;

	if (!s)
		return;
	for (i = 0; i < MAX_PLACES; i++)
		free(s->places[i].start);
	for (i = 0; i < s->nr_images; i++)
		elf_image_free(&s->images[i].elf);
	free(s);
}

static int add_image(struct symbols *s, const char *name, const char *path,
		     struct errbuf *err)
{
	struct image *image = &s->images[s->nr_images];
	int ret;

	if (s->nr_images == MAX_IMAGES) {
		errbuf_set(err, "%s: symbols of %d files are known already", path,
			   MAX_IMAGES);
		return -ENOSPC;
	}
	ret = elf_image_read(&image->elf, path, err);
	if (ret)
		return ret;
	snprintf(image->name, sizeof(image->name), "%s", name);
	s->nr_images++;
	return 0;
}

static const struct image *find_image(const struct symbols *s, const char *name)
{
	size_t i = s->nr_images;

	while (i--)
		if (!strcmp(s->images[i].name, name))
			return &s->images[i];
	return NULL;
}

int symbols_add_module(struct symbols *s, const char *name, const char *ko_path,
		       struct errbuf *err)
{
	return add_image(s, name, ko_path, err);
}

bool symbols_knows(const struct symbols *s, const char *name)
{
	return find_image(s, name);
}

int symbols_add_vmlinux(struct symbols *s, const char *path, struct errbuf *err)
{
	return add_image(s, VMLINUX, path, err);
}

/* ---- where things are ---- */

static struct place *new_place(struct symbols *s, const struct image *image)
{
	struct place *place = &s->places[s->nr_places++ % MAX_PLACES];

	free(place->start);
	place->image = image;
	place->gone = false;
	place->start = calloc(image->elf.nr_sections + 1, sizeof(*place->start));
	if (!place->start)
		abort();
	return place;
}

static void set_start(struct place *place, const char *section, uint64_t start)
{
	const struct elf_image *elf = &place->image->elf;
	size_t i;

	for (i = 0; i < elf->nr_sections; i++)
		if (!strcmp(elf->sections[i].name, section))
			place->start[i] = start;
}

/* "module NAME ADDRESS [SECTION=ADDRESS ...]"; an ADDRESS of "-" is not known. */
static void learn_module(struct symbols *s, char *words)
{
	char *save, *name = strtok_r(words, " \t", &save);
	char *text = strtok_r(NULL, " \t", &save);
	const struct image *image = name ? find_image(s, name) : NULL;
	struct place *place;
	char *word;

	if (!image || !text)
		return;
	place = new_place(s, image);
	set_start(place, ".text", strtoull(text, NULL, 16));
	while ((word = strtok_r(NULL, " \t", &save))) {
		char *equal = strchr(word, '=');

		if (!equal)
			continue;
		*equal = '\0';
		set_start(place, word, strtoull(equal + 1, NULL, 16));
	}
}

void symbols_learn(struct symbols *s, const char *line)
{
	size_t len = strcspn(line, "\r\n");
	unsigned long long offset;
	char *words;

	if (sscanf(line, "Kernel Offset: 0x%llx from ", &offset) == 1)
		s->kernel_offset = offset;
	if (strncmp(line, "module ", 7))
		return;
	words = strndup(line + 7, len - 7);
	if (!words)
		abort();
	learn_module(s, words);
	free(words);
}

void symbols_module_gone(struct symbols *s, const char *name)
{
	size_t i;

	for (i = 0; i < MAX_PLACES; i++)
		if (s->places[i].image && !strcmp(s->places[i].image->name, name))
			s->places[i].gone = true;
}

/* ---- what is where ---- */

static void say_name(const struct image *image, size_t section, uint64_t value,
		     const char *gone, char *buf, size_t len)
{
	const struct elf_symbol *sym = elf_image_find(&image->elf, section, value);
	const struct elf_section *sec = &image->elf.sections[section];
	unsigned long long offset = value - (sym ? sym->value : sec->address);
	unsigned long long size = sym && sym->size ? sym->size : sec->size;

	snprintf(buf, len, "%s!%s+0x%llx/0x%llx%s", image->name,
		 sym ? sym->name : sec->name, offset, size, gone);
}

static bool name_in_place(const struct place *place, uint64_t address,
			  char *buf, size_t len)
{
	const struct elf_image *elf = &place->image->elf;
	size_t i;

	for (i = 0; i < elf->nr_sections; i++) {
		const struct elf_section *sec = &elf->sections[i];
		uint64_t start = place->start[i];

		if (!start || address < start || address - start >= sec->size)
			continue;
		say_name(place->image, i, address - start, !place->gone ? "" :
			 sec->text ? " (text gone)" : " (data gone)", buf, len);
		return true;
	}
	return false;
}

static bool name_in_kernel(const struct symbols *s, uint64_t address,
			   char *buf, size_t len)
{
	const struct image *image = find_image(s, VMLINUX);
	uint64_t value = address - s->kernel_offset;
	size_t i;

	for (i = 0; image && i < image->elf.nr_sections; i++) {
		const struct elf_section *sec = &image->elf.sections[i];

		if (sec->address && value >= sec->address &&
		    value - sec->address < sec->size) {
			say_name(image, i, value, "", buf, len);
			return true;
		}
	}
	return false;
}

bool symbols_name(const struct symbols *s, uint64_t address, char *buf, size_t len)
{
	size_t n = s->nr_places < MAX_PLACES ? s->nr_places : MAX_PLACES;
	size_t i;

	for (i = 1; i <= n; i++)
		if (name_in_place(&s->places[(s->nr_places - i) % MAX_PLACES],
				  address, buf, len))
			return true;
	return name_in_kernel(s, address, buf, len);
}

/* ---- text ---- */

#define DIGITS	16

/* Sixteen hex digits, no more, and no letter before: an address as printed. */
static bool is_address(const char *text, const char *p, uint64_t *address)
{
	const char *before = p > text + 1 && p[-1] == 'x' && p[-2] == '0' ? p - 2 : p;
	char digits[DIGITS + 1];
	size_t i;

	if (before > text && isalnum((unsigned char)before[-1]))
		return false;
	for (i = 0; i < DIGITS; i++)
		if (!isxdigit((unsigned char)p[i]))
			return false;
	if (isalnum((unsigned char)p[DIGITS]))
		return false;
	memcpy(digits, p, DIGITS);
	digits[DIGITS] = '\0';
	*address = strtoull(digits, NULL, 16);
	return true;
}

char *symbols_decode(const struct symbols *s, const char *text)
{
	struct textbuf b = { 0 };
	const char *p = text;
	uint64_t address;
	char name[256];

	while (*p) {
		size_t n = 1;

		if (isxdigit((unsigned char)*p) && is_address(text, p, &address)) {
			n = DIGITS;
			textbuf_add(&b, p, n);
			if (symbols_name(s, address, name, sizeof(name)))
				textbuf_addf(&b, " <%s>", name);
		} else {
			textbuf_add(&b, p, n);
		}
		p += n;
	}
	return textbuf_take(&b);
}
