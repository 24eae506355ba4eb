/* SPDX-License-Identifier: GPL-2.0 */
/* unload_alone.h - wrong forms, with nobody to watch them, each in fresh machines */
#ifndef LASTREF_UNLOAD_ALONE_H
#define LASTREF_UNLOAD_ALONE_H

#include "unload.h"

/* All cells of wrong forms. @told is called when one is through. */
void unload_alone(struct unload *u, void (*told)(struct unload *u, struct unload_cell *c));

#endif
