/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lines.h - which line of source a module's frame is
 *
 * A report of the kernel says func+0x10/0x24 [module]; the module's debug
 * information, kept beside it as MODULE.ko.debug, says which line that is.
 */
#ifndef LASTREF_LINES_H
#define LASTREF_LINES_H

struct lines;

/* @modules: the directory of the .ko.debug files, which need not be there. */
struct lines *lines_new(const char *modules);
void lines_free(struct lines *l);

/*
 * @text with " (file.c:line)" behind each frame of a module that can be found;
 * free() it. Understands what the kernel prints and what symbols_decode() adds.
 */
char *lines_decode(struct lines *l, const char *text);

#endif
