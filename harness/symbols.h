/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Give names to addresses the kernel could not name.
 *
 * When a callback runs after its module was unloaded, the kernel prints bare
 * numbers: the symbols went with the text. The harness knows better, for the
 * agent reported where insmod put each section, and the .ko is at hand.
 * 0xffffffffc0201010 becomes "unload_demo!cb+0x10/0x24 (text gone)".
 */
#ifndef LASTREF_SYMBOLS_H
#define LASTREF_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct errbuf;			/* vm.h */
struct symbols;

struct symbols *symbols_new(void);
void symbols_free(struct symbols *s);

/*
 * Read a module's symbols. Addresses decode once symbols_learn() has seen
 * where it was loaded. 0, or -errno with the reason in @err.
 */
int symbols_add_module(struct symbols *s, const char *name, const char *ko_path,
		       struct errbuf *err);

/* Whether a module of this name was added. */
bool symbols_knows(const struct symbols *s, const char *name);

/* Read a vmlinux with a symbol table; KASLR's offset is learned. */
int symbols_add_vmlinux(struct symbols *s, const char *path, struct errbuf *err);

/*
 * Learn from a line, if it is one of these, else do nothing:
 *	module NAME ADDRESS [SECTION=ADDRESS ...]	(agent, after insmod)
 *	Kernel Offset: 0x1c000000 from 0x...		(console, in a panic)
 * A module loaded again at another place keeps its earlier places too: an
 * address is looked up in the latest that holds it.
 */
void symbols_learn(struct symbols *s, const char *line);

/* The module was removed: what decodes to it is marked "(text gone)". */
void symbols_module_gone(struct symbols *s, const char *name);

/* "module!func+0x10/0x24", with " (text gone)" if so; false if unknown. */
bool symbols_name(const struct symbols *s, uint64_t address, char *buf, size_t len);

/* @text with each address that can be named followed by its name; free() it. */
char *symbols_decode(const struct symbols *s, const char *text);

#endif
